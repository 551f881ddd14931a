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
    /// Passed the scheme allow-list when it was read, where the binding is one that we answer by.
    package let location: String
    /// Nil when the metadata does not say: that is not the same as false (SAML Metadata §2.2.3).
    package let isDefault: Bool?
}

/// A member as a SAML service provider: what its metadata says, read once, immutable, and what the operator decided beside it.
/// A class, because it travels through a request's steps many times and has much in it.
package final class ServiceProvider: Sendable {
    package let entityID: MemberID
    /// Never without one that takes HTTP-POST or HTTP-Artifact.
    package let consumers: [AssertionConsumer]
    /// All keys for signing, in the order of the metadata; a message may be signed by any (IIP-MD07). The certificates around them say
    /// nothing to us: not their dates, not their issuers (IIP-MD05, MD12).
    package let signingKeys: [PublicKey]
    /// Keys that can be encrypted to, in the order of the metadata; those without `use` among them (IIP-MD08, MD11).
    package let encryptionKeys: [MemberEncryptionKey]
    package let authnRequestsSigned: Bool
    package let wantAssertionsSigned: Bool
    package let nameIDFormats: [String]
    /// After this moment the member's metadata may not be used (SAML Metadata §2.3.2).
    package let validUntil: Timestamp?
    /// Development: `http` addresses passed.
    let development: Bool
    package let options: MemberOptions
    package let facts: MemberFacts
    /// What follows from all of this and is made once.
    let preparation = Preparation()

    init(
        entityID: MemberID, consumers: [AssertionConsumer], signingKeys: [PublicKey], encryptionKeys: [MemberEncryptionKey],
        authnRequestsSigned: Bool, wantAssertionsSigned: Bool, nameIDFormats: [String], validUntil: Timestamp?, facts: MemberFacts,
        development: Bool
    ) {
        self.entityID = entityID
        self.consumers = consumers
        self.signingKeys = signingKeys
        self.encryptionKeys = encryptionKeys
        self.authnRequestsSigned = authnRequestsSigned
        self.wantAssertionsSigned = wantAssertionsSigned
        self.nameIDFormats = nameIDFormats
        self.validUntil = validUntil
        self.development = development
        self.facts = facts
        options = MemberOptions()
    }

    private init(_ other: ServiceProvider, signingKeys: [PublicKey], authnRequestsSigned: Bool, options: MemberOptions) {
        entityID = other.entityID
        consumers = other.consumers
        self.signingKeys = signingKeys
        encryptionKeys = other.encryptionKeys
        self.authnRequestsSigned = authnRequestsSigned
        wantAssertionsSigned = other.wantAssertionsSigned
        nameIDFormats = other.nameIDFormats
        validUntil = other.validUntil
        development = other.development
        facts = other.facts
        self.options = options
    }

    /// The same member with the operator's choices. `wantAssertionsSigned` is honoured whatever the choice.
    package func with(_ options: MemberOptions) -> ServiceProvider {
        var options = options
        if options.signing == .response, wantAssertionsSigned { options.signing = .both }
        return ServiceProvider(self, signingKeys: signingKeys, authnRequestsSigned: authnRequestsSigned, options: options)
    }

    /// The same member with the operator's choice of what is signed.
    package func signing(_ choice: ResponseSigning) -> ServiceProvider {
        var options = options
        options.signing = choice
        return with(options)
    }

    /// The same member with those of its keys that a certificate profile believes. Its requests have to be signed from then on: without any
    /// key each of them is refused.
    package func signing(onlyWith keys: [PublicKey]) -> ServiceProvider {
        ServiceProvider(self, signingKeys: signingKeys.filter(keys.contains), authnRequestsSigned: true, options: options)
    }
}

extension ServiceProvider: Hashable {
    /// Whether both say the same; what is prepared for them does not count.
    package static func == (one: ServiceProvider, other: ServiceProvider) -> Bool {
        one === other
            || one.entityID == other.entityID && one.consumers == other.consumers && one.signingKeys == other.signingKeys
                && one.encryptionKeys == other.encryptionKeys && one.authnRequestsSigned == other.authnRequestsSigned
                && one.wantAssertionsSigned == other.wantAssertionsSigned && one.nameIDFormats == other.nameIDFormats
                && one.validUntil == other.validUntil && one.development == other.development && one.options == other.options
                && one.facts == other.facts
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(entityID) }
}

extension ServiceProvider {
    package var signing: ResponseSigning { options.signing }
    package var logoutServices: [LogoutService] { facts.logoutServices }
    package var artifactServices: [ArtifactService] { facts.artifactServices }
    package var attributeConsumingServices: [AttributeConsumingService] { facts.attributeConsumingServices }
    /// Indices of the `AttributeConsumingService` elements.
    package var attributeServices: Set<Int> { Set(facts.attributeConsumingServices.map(\.index)) }
    package var entityAttributes: [String: Set<String>] { facts.entityAttributes }
    package var registrationAuthority: String? { facts.registrationAuthority }
    package var declaredSigningAlgorithms: [String] { facts.declaredSigningAlgorithms }
    package var declaredDigests: [String] { facts.declaredDigests }
    package var scopes: [String] { facts.scopes }

    /// By language tag: what it calls itself (mdui), else its service's, else its organization's name.
    package var displayNames: [String: String] {
        if !facts.display.names.isEmpty { return facts.display.names }
        if let names = defaultAttributeService?.names, !names.isEmpty { return names }
        return facts.organization
    }

    package var subjectIDRequirement: SubjectIDRequirement {
        guard let values = facts.entityAttributes[MetadataNamespace.subjectRequirement], values.count == 1, let value = values.first
        else { return .none }
        return SubjectIDRequirement(rawValue: value) ?? .none
    }
}
