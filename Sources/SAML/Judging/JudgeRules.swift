package import Cryptography
package import Vocabulary
package import XMLSecurity

/// What a judge of messages knows beside the message: whose keys count, when it is, and what the answer should have been for. What is nil
/// is not compared, and the verdict says so.
package struct JudgeRules: Sendable {
    /// How far to judge.
    package enum Depth: String, Sendable, CaseIterable {
        /// Decoding, XML, form and signature; neither times nor audiences.
        case signature
        /// Everything that SAML Profiles §4.1.4.3 asks of a service provider.
        case full
    }

    /// Whose signature must cover what is read. One that is present must be good in any case.
    package enum Coverage: String, Sendable, CaseIterable {
        case either, response, assertion, both
    }

    /// Keys of the sender, given out of band. None is ever taken from the message.
    package var keys: [PublicKey] = []
    package var decryptionKeys: [PrivateKey] = []
    package var algorithms: Set<SignatureAlgorithm> = .modernXMLSignatures
    package var ciphers: Set<ContentCipher> = .authenticated
    package var coverage = Coverage.either
    package var depth = Depth.full
    /// Seconds of tolerance towards the sender's clock (IIP-G01: 3 to 5 minutes).
    package var skew: Int64 = 180
    /// The entityID of the sender.
    package var issuer: String?
    /// Our own entityID.
    package var audience: String?
    /// The address of ours that it came to: Destination and Recipient.
    package var address: String?
    /// The request that this should answer.
    package var inResponseTo: String?
    /// Nobody asked: any InResponseTo refuses (SAML Profiles §4.1.5).
    package var isUnsolicited = false
    /// An assertion need not name anybody: the service knows people by attributes, or not at all (IIP-IDP11).
    package var mayBeUnnamed = false
    /// An identity provider's: where its member takes answers; empty: wherever the request says.
    package var consumers: [String] = []
    /// How old a request may be, in seconds, skew not counted.
    package var lifetime: Int64 = 180
    /// A signature is due: requests of members that declared it, and messages of logout and SOAP.
    package var isSignatureDue = false
    package var limits = MessageLimits.standard

    package init() {}
}

/// Where a message was refused: the stages in the order they are passed.
package enum JudgeLayer: String, Sendable, CaseIterable {
    /// Query, form, Base64, DEFLATE, envelope.
    case decode
    case xml
    /// The form that the schema and the profile give the message.
    case schema
    case issuer
    case signature
    case encryption
    case destination
    case status
    case subject
    case conditions
    case authentication
    /// What a request asks for.
    case request
    case metadata
}

/// An element that a key of `JudgeRules.keys` signed. Made only where the signature was verified.
package struct VerifiedPart: Sendable {
    package let element: String
    package let id: String
    /// Of the reference, which was recomputed over the element.
    package let digestMethod: String
    package let digest: String
    package let algorithm: String
    package let key: PublicKey
    /// It came out of an EncryptedAssertion.
    package let wasEncrypted: Bool
    /// The signature stands in the query and covers the whole message.
    package let isQuery: Bool
}

/// What a message says of itself, whether anybody believes it or not.
package struct MessageClaims: Sendable {
    package var element = ""
    package var namespace = ""
    package var id: String?
    package var issuer: String?
    package var issueInstant: String?
    package var destination: String?
    package var inResponseTo: String?

    package init() {}
}

/// A name of a citizen as the verified assertion has it.
package struct JudgedName: Hashable, Sendable {
    package let value: String
    package let format: String?
    package let nameQualifier: String?
    package let spNameQualifier: String?
}

package struct JudgedAttribute: Hashable, Sendable {
    package let name: String
    package let nameFormat: String?
    package let friendlyName: String?
    /// Texts; a value that is an element (a NameID, say) is given by its text.
    package let values: [String]
}

/// What a verified assertion says. Every value was read through the signed view.
package struct JudgedContent: Sendable {
    package var issuer = ""
    package var assertion = ""
    package var name: JudgedName?
    package var attributes: [JudgedAttribute] = []
    package var audiences: [String] = []
    package var sessionIndex: String?
    package var authenticatedAt: String?
    package var context: String?
    package var notBefore: String?
    package var notOnOrAfter: String?
    package var wasEncrypted = false

    init() {}
}

/// The answer to one message.
package struct MessageVerdict: Sendable {
    package struct Refusal: Sendable {
        package let layer: JudgeLayer
        package let explanation: Explanation

        package init(_ layer: JudgeLayer, _ explanation: Explanation) {
            self.layer = layer
            self.explanation = explanation
        }
    }

    package internal(set) var refusal: Refusal?
    package internal(set) var binding: String
    package internal(set) var claims = MessageClaims()
    package internal(set) var verified: [VerifiedPart] = []
    /// Nil unless the message was accepted.
    package internal(set) var content: JudgedContent?
    /// What a request asks for, or a document of metadata holds: names and values in their order.
    package internal(set) var facts: [(name: String, value: String)] = []
    /// Comparisons that nothing was given for.
    package internal(set) var unchecked: [String] = []
    package internal(set) var notes: [String] = []
    /// The sender's keys and addresses were those of its metadata; others that the job gave were not looked at.
    package internal(set) var isByMetadata = false

    package var isAccepted: Bool { refusal == nil }

    init(binding: String) { self.binding = binding }
}
