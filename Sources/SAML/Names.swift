import SignOn
import Vocabulary
import XML

/// The names of SAML 2.0 that we read and write, each once.
enum Namespace {
    static let assertion = "urn:oasis:names:tc:SAML:2.0:assertion"
    static let `protocol` = "urn:oasis:names:tc:SAML:2.0:protocol"
    static let metadata = "urn:oasis:names:tc:SAML:2.0:metadata"
    static let signature = "http://www.w3.org/2000/09/xmldsig#"
    static let signature11 = "http://www.w3.org/2009/xmldsig11#"
    static let algorithms = "urn:oasis:names:tc:SAML:metadata:algsupport"
    static let attributes = "urn:oasis:names:tc:SAML:metadata:attribute"
}

enum Binding {
    static let redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
    static let post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    static let artifact = MetadataNamespace.artifact
    static let deflate = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"
}

/// SAML Core §8.3. Formats that we cannot fill have no name here: `emailAddress`, of 1.1 as of the wrong 2.0 URN that real service
/// providers send, `X509SubjectName`, `WindowsDomainQualifiedName`, `kerberos` are refused like any unknown one (S23, S47).
package enum NameIDFormat {
    package static let persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    package static let transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    package static let unspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
    static let entity = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
    /// Of our own records alone: what a session is called at a member that was told no name.
    package static let untold = "urn:x-sekisho:name-id:none"
}

extension MemberName {
    /// Whether a member's name of the same text is the one that it was given: what it left out of format and qualifiers matches.
    func means(_ given: MemberName, of member: MemberID, from provider: MemberID) -> Bool {
        let format = self.format ?? NameIDFormat.unspecified
        return (format == NameIDFormat.unspecified || format == given.format)
            && (nameQualifier.map { $0 == given.nameQualifier ?? provider.text } ?? true)
            && (spNameQualifier.map { $0 == given.spNameQualifier ?? member.text } ?? true)
    }
}

enum Confirmation {
    static let bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
}

enum AttributeNameFormat {
    static let uri = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
    static let basic = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
    static let unspecified = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
}

/// The types that values may name.
enum XMLSchema {
    static let prefix = "xs"
    static let namespace = "http://www.w3.org/2001/XMLSchema"
    static let instance = "http://www.w3.org/2001/XMLSchema-instance"
}

extension XMLName {
    static func assertion(_ local: String) -> XMLName { XMLName(Namespace.assertion, local) }
    static func `protocol`(_ local: String) -> XMLName { XMLName(Namespace.protocol, local) }
    static func metadata(_ local: String) -> XMLName { XMLName(Namespace.metadata, local) }
    static func signature(_ local: String) -> XMLName { XMLName(Namespace.signature, local) }
    static func signature11(_ local: String) -> XMLName { XMLName(Namespace.signature11, local) }
}

/// Text forms of XML Schema that SAML uses.
enum Lexical {
    /// `xs:boolean`, white space collapsed.
    static func boolean(_ text: String) -> Bool? {
        switch trimmed(text) {
        case "true", "1": true
        case "false", "0": false
        default: nil
        }
    }

    /// `xs:dateTime`, white space collapsed.
    static func moment(_ text: String) -> Timestamp? { Timestamp(trimmed(text)) }

    /// `xs:anyURI` and `xs:boolean` collapse white space (XML Schema 2 §4.3.6); pretty-printing senders rely on it.
    static func trimmed(_ text: String) -> String { XMLWhiteSpace.trimmed(text) }

    static func isSpace(_ byte: UInt8) -> Bool { XMLWhiteSpace.contains(byte) }

    /// `xs:NCName` (Namespaces in XML §3), which every `ID` is. Quotes, colons and white space have no place in it (checklist A14).
    static func isNCName(_ text: String) -> Bool {
        var isFirst = true
        for scalar in text.unicodeScalars {
            guard startsName(scalar.value) || (!isFirst && continuesName(scalar.value)) else { return false }
            isFirst = false
        }
        return !isFirst
    }

    /// The characters of an NCName, whichever is first: an ID as real software sends it. Bare UUIDs and random Base64url begin with a digit or
    /// a hyphen now and then (minisaml: one login in six), no schema validator stands between, and such an ID is as harmless (A14).
    static func isMessageID(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { startsName($0.value) || continuesName($0.value) }
    }

    private static func startsName(_ value: UInt32) -> Bool {
        switch value {
        case 0x41...0x5a, 0x5f, 0x61...0x7a: true
        case 0..<0xc0: false
        case 0xd7, 0xf7, 0x300...0x36f, 0x37e, 0x2000...0x200b, 0x200e...0x206f, 0x2190...0x2bff, 0x2ff0...0x3000: false
        case 0xc0...0xd7ff, 0xf900...0xfdcf, 0xfdf0...0xfffd, 0x10000...0xeffff: true
        default: false
        }
    }

    private static func continuesName(_ value: UInt32) -> Bool {
        switch value {
        case 0x2d, 0x2e, 0x30...0x39, 0xb7, 0x300...0x36f, 0x203f...0x2040: true
        default: false
        }
    }
}
