import Cryptography
import Testing
import Vocabulary
import XML
import XMLSecurity

let samlp = "urn:oasis:names:tc:SAML:2.0:protocol"
let saml = "urn:oasis:names:tc:SAML:2.0:assertion"
let ds = "http://www.w3.org/2000/09/xmldsig#"

/// Keys of the small imaginary federation, generated once per run.
enum Keys {
    private static let made: [KeyKind: PrivateKey] = {
        var all: [KeyKind: PrivateKey] = [:]
        for kind in [KeyKind.rsa(bits: 2048), .ec(.p256), .ec(.p384), .ec(.p521)] { all[kind] = try? PrivateKey.generate(kind) }
        return all
    }()
    private static let stranger = try? PrivateKey.generate(.rsa(bits: 2048))

    static func of(_ kind: KeyKind = .rsa(bits: 2048)) throws -> PrivateKey { try #require(made[kind]) }
    static func ofStranger() throws -> PrivateKey { try #require(stranger) }
}

/// The five kinds of message whose root may be signed.
enum Message: String, CaseIterable, Sendable {
    case authnRequest = "AuthnRequest"
    case logoutRequest = "LogoutRequest"
    case logoutResponse = "LogoutResponse"
    case response = "Response"
    case assertion = "Assertion"

    func tag(id: String = "_genuine", name: String = "hanako") -> XMLTag {
        let issuer = XMLNode.element(XMLTag("saml", saml, "Issuer", text: "https://peer.example"))
        let subject = XMLNode.element(
            XMLTag("saml", saml, "Subject", children: [.element(XMLTag("saml", saml, "NameID", text: name))]))
        let attributes = [("ID", id), ("Version", "2.0"), ("IssueInstant", "2026-11-21T00:00:00Z")]
        switch self {
        case .assertion: return XMLTag("saml", saml, rawValue, attributes: attributes, children: [issuer, subject])
        case .response:
            let inner = Message.assertion.tag(id: id + "-assertion", name: name)
            return XMLTag("samlp", samlp, rawValue, attributes: attributes, children: [issuer, .element(inner)])
        default: return XMLTag("samlp", samlp, rawValue, attributes: attributes, children: [issuer, subject])
        }
    }

    /// The genuine message, signed, as text.
    func signed(id: String = "_genuine", name: String = "hanako") throws -> String {
        text(try EnvelopedSignature.sign(tag(id: id, name: name), key: try Keys.of(), algorithm: .rsaPKCS1(.sha256)))
    }
}

func text(_ tag: XMLTag) -> String { String(decoding: tag.canonicalBytes(), as: UTF8.self) }

func parse(_ text: String) throws -> XMLElement { try XMLDocument(parsing: Array(text.utf8)).root }

/// Every element named so, anywhere.
func all(_ local: String, in root: XMLElement) -> [XMLElement] {
    var found: [XMLElement] = []
    root.forEachInSubtree { if $0.name.local == local { found.append($0) } }
    return found
}

func refusal(_ text: String, keys: [PublicKey]? = nil, allowed: Set<SignatureAlgorithm> = .modernXMLSignatures) throws
    -> XMLSignatureRefusal?
{
    let keys = try keys ?? [try Keys.of().publicKey]
    do throws(XMLSignatureRefusal) {
        _ = try EnvelopedSignature.verify(try parsed(text), keys: keys, allowed: allowed)
        return nil
    } catch {
        return error
    }
}

/// A text that is not even XML would make a refusal meaningless, so it fails the test loudly and reads as "no signature".
private func parsed(_ text: String) throws(XMLSignatureRefusal) -> XMLElement {
    do { return try parse(text) } catch {
        Issue.record("not parsed: \(error)")
        throw .noSignature
    }
}

extension String {
    /// From the first `start` to the first `end` after it, both included.
    func part(_ start: String, _ end: String) throws -> String {
        let first = try #require(firstRange(of: start))
        let last = try #require(self[first.upperBound...].firstRange(of: end))
        return String(self[first.lowerBound..<last.upperBound])
    }

    func with(_ old: String, _ new: String) throws -> String {
        let range = try #require(firstRange(of: old), "nothing to replace: \(old)")
        return replacingCharacters(in: range, with: new)
    }

    private func replacingCharacters(in range: Range<String.Index>, with new: String) -> String {
        self[..<range.lowerBound] + new + self[range.upperBound...]
    }

    var signature: String { get throws { try part("<ds:Signature ", "</ds:Signature>") } }
}
