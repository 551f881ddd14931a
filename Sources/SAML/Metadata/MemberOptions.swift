package import Cryptography
package import TrustFramework
import XMLSecurity

/// What the operator decided for one member beside its metadata: the `saml:` section of a member file. The defaults suit a member of whom
/// nothing is known but its metadata.
package struct MemberOptions: Hashable, Sendable {
    /// Whether assertions travel encrypted (S50).
    package enum Encryption: String, Sendable, CaseIterable {
        /// To the member's key for encryption, where its metadata has one.
        case whenDeclared = "when-declared"
        /// Without such a key the member gets no assertion.
        case required
        case off
    }

    /// Ciphers for the content (S51). CBC has no integrity of its own: padding oracles live there (checklist A20).
    package enum Ciphers: String, Sendable, CaseIterable {
        case gcm = "gcm-only"
        /// CBC too for the names that the member encrypts to us in messages it signed; assertions go in GCM.
        case cbcNames = "allow-cbc-names"
        /// That, and assertions in CBC where the member's metadata declares nothing better. Told to the operator at each check.
        case cbc = "allow-cbc"

        /// What the member may encrypt a name with, inside of what it signed: nobody else can try changed ciphertexts there (A20).
        var ofNames: Set<ContentCipher> {
            switch self {
            case .gcm: .authenticated
            case .cbcNames, .cbc: .withCBC
            }
        }
    }

    /// What of our key stands in a signature's KeyInfo (S56). Receivers that trust it are wrong; some cannot do without.
    package enum KeyInfo: String, Sendable, CaseIterable {
        case certificate
        /// The certificate's subject as KeyName beside it, for AD FS and its like.
        case named = "certificate-and-name"
        case none
    }

    /// `subject-id` and `pairwise-id` (SAML V2.0 Subject Identifier Attributes; S46).
    package enum SubjectIdentifier: String, Sendable, CaseIterable {
        /// What the entity attribute `subject-id:req` of its metadata asks for, but never `subject-id`, by which members could compare notes.
        case asDeclared = "as-declared"
        case pairwise = "pairwise-id"
        /// One identifier for all members that have this: an operator says so, member by member.
        case general = "subject-id"
        case none
    }

    /// Which of the attributes that policy releases are sent (S59).
    package enum Release: String, Sendable, CaseIterable {
        /// Those that the AttributeConsumingService of its metadata names; all, where there is none.
        case requested
        /// Of those, the ones with `isRequired`.
        case required
        /// All that policy releases.
        case permitted
    }

    /// The type of a text value (S49): `xsi:type="xs:string"` for readers that insist.
    package enum ValueType: String, Sendable, CaseIterable {
        case untyped
        case string = "xs:string"
    }

    /// The `Consent` of a Response (SAML Core §8.4; S58).
    package enum Consent: String, Sendable, CaseIterable {
        case unspecified, obtained, prior
        case implicit = "current-implicit"
        case explicit = "current-explicit"
        case unavailable, inapplicable
    }

    /// What `AllowCreate="false"` in a request means (Core §3.4.1.1). pysaml2 and what is built on it say so unless told otherwise.
    package enum Creation: String, Sendable, CaseIterable {
        /// What it says: a citizen whom the member does not know yet cannot come in.
        case asked = "as-asked"
        /// Nothing: an identifier is made when there is none.
        case always
    }

    /// How the member is told that a session ended, where its metadata leaves the choice.
    package enum LogoutWay: String, Sendable, CaseIterable {
        /// By our server where the metadata has an address for SOAP, else by the citizen's browser.
        case declared = "as-declared"
        /// By the browser where it can be: for a member whose server ours cannot reach, or that cannot answer over SOAP.
        case browser
    }

    /// How an answer travels when the request does not say.
    package enum ResponseBinding: String, Sendable, CaseIterable {
        case post
        case artifact
    }

    /// Another name for an attribute, as this member's software knows it.
    package struct AttributeName: Hashable, Sendable {
        package enum Format: String, Sendable, CaseIterable {
            case uri, basic, unspecified
        }

        package let name: String
        package let format: Format
        package let friendlyName: String?

        package init(name: String, format: Format = .uri, friendlyName: String? = nil) {
            self.name = name
            self.format = format
            self.friendlyName = friendlyName
        }
    }

    package var signing = ResponseSigning.both
    package var encryption = Encryption.whenDeclared
    package var ciphers = Ciphers.gcm
    /// Answers that nobody asked for (S8; SAML Profiles §4.1.5).
    package var unsolicited = false
    /// Nil: by the order and the defaults of its metadata.
    package var responseBinding: ResponseBinding?
    /// SHA-256 of the one certificate of ours that the member trusts, 64 hexadecimal digits, lower case; nil: the current one.
    package var signingKeyPin: String?
    /// Nil: by the member's declared algorithms and our keys.
    package var algorithm: SignatureAlgorithm?
    /// For requests that leave the choice to us; nil: by the formats of its metadata. `.untold`: none at all.
    package var nameID: NameIDKind?
    /// Octets of RelayState; nil: the deployment's limit. 80 is what the specification says (S32).
    package var relayState: Int?
    package var keyInfo = KeyInfo.certificate
    package var subjectIdentifier = SubjectIdentifier.asDeclared
    package var release = Release.requested
    package var valueType = ValueType.untyped
    package var attributeNames: [AttributeSource: AttributeName] = [:]
    package var consent: Consent?
    /// `SessionNotOnOrAfter`, which some service providers take for their own session's end (S44).
    package var sessionExpiry = true
    /// Whether its server may ask for the attributes of a citizen who is logged in there (S12).
    package var attributeQuery = false
    package var logout = LogoutWay.declared
    package var creation = Creation.asked

    package init() {}
}
