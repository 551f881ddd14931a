package import Cryptography
package import Vocabulary

/// What of our answer carries a signature of its own (S40): service providers fail on each of the choices, so it is set per member.
package enum ResponseSigning: String, Sendable, CaseIterable {
    /// SDP-IDP09 asks for a signed Response over HTTP-POST; signing the Assertion too serves everybody else.
    case both
    case assertion
    case response
}

/// One `AssertionConsumerService` of a member: the only kind of address an answer is ever sent to.
package struct AssertionConsumer: Hashable, Sendable {
    package let index: Int
    package let binding: String
    /// Passed the scheme allow-list when it was read.
    package let location: String
    /// Nil when the metadata does not say: that is not the same as false (SAML Metadata §2.2.3).
    package let isDefault: Bool?
}

/// A member as a SAML service provider: what its metadata says, read once, immutable.
package struct ServiceProvider: Hashable, Sendable {
    package let entityID: MemberID
    /// Never without one that takes HTTP-POST.
    package let consumers: [AssertionConsumer]
    /// All keys for signing, in the order of the metadata; a message may be signed by any (IIP-MD07). The certificates around them say
    /// nothing to us: not their dates, not their issuers (IIP-MD05, MD12).
    package private(set) var signingKeys: [PublicKey]
    package private(set) var authnRequestsSigned: Bool
    package let wantAssertionsSigned: Bool
    package let nameIDFormats: [String]
    /// Indices of the `AttributeConsumingService` elements.
    package let attributeServices: Set<Int>
    /// After this moment the member's metadata may not be used (SAML Metadata §2.3.2).
    package let validUntil: Timestamp?
    /// Development: `http` addresses passed.
    let development: Bool
    package private(set) var signing: ResponseSigning = .both

    /// The same member with the operator's choice of what is signed. `wantAssertionsSigned` is honoured whatever the choice.
    package func signing(_ choice: ResponseSigning) -> ServiceProvider {
        var copy = self
        copy.signing = choice == .response && wantAssertionsSigned ? .both : choice
        return copy
    }

    /// The same member with those of its keys that a certificate profile believes. Its requests have to be signed from then on: without any
    /// key each of them is refused.
    package func signing(onlyWith keys: [PublicKey]) -> ServiceProvider {
        var copy = self
        copy.signingKeys = signingKeys.filter(keys.contains)
        copy.authnRequestsSigned = true
        return copy
    }
}
