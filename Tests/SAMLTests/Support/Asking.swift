import Cryptography
import SAML
import Testing
import Vocabulary
import XML
import XMLSecurity

/// An AuthnRequest as text, part by part, so that a test can bend any part of it.
struct Asking {
    var id = "_request-1"
    var issuer: String
    var issuerMarkup: String?
    var version = "2.0"
    var issued = Federation.now.adding(seconds: -5).text
    var destination: String?
    var attributes = ""
    var before = ""
    var children = ""

    static func ministry(_ destination: String? = Federation.redirectAddress, attributes: String = "", children: String = "") -> Asking {
        Asking(issuer: Federation.ministryID, destination: destination, attributes: attributes, children: children)
    }

    static func library(_ destination: String? = Federation.redirectAddress, attributes: String = "", children: String = "") -> Asking {
        Asking(issuer: Federation.libraryID, destination: destination, attributes: attributes, children: children)
    }

    var xml: String {
        let destination = destination.map { " Destination=\"\($0)\"" } ?? ""
        return """
            <samlp:AuthnRequest xmlns:saml="\(Name.assertion)" xmlns:samlp="\(Name.protocol)"\(destination) ID="\(id)" \
            IssueInstant="\(issued)" Version="\(version)" \(attributes)>\(issuerMarkup ?? "<saml:Issuer>\(issuer)</saml:Issuer>")\
            \(before)\(children)</samlp:AuthnRequest>
            """
    }

    /// The same message with an XML signature by `key`, made by our own signer over our own serializer.
    func signedXML(by key: PrivateKey, algorithm: SignatureAlgorithm = .rsaPKCS1(.sha256)) throws -> String {
        let tag = try #require(Copy.tag(of: XMLDocument(parsing: Array(xml.utf8)).root))
        let signed = try XMLSigner(key: key, algorithm: algorithm, certificate: Federation.certificate(of: key)).sign(tag)
        return String(decoding: signed.canonicalBytes(), as: UTF8.self)
    }

    enum Name {
        static let assertion = "urn:oasis:names:tc:SAML:2.0:assertion"
        static let `protocol` = "urn:oasis:names:tc:SAML:2.0:protocol"
    }
}

/// A parsed element as a tag, to be signed. Knows the prefixes of these tests.
enum Copy {
    static func tag(of element: XMLElement) -> XMLTag? {
        let name = element.name
        let prefix = name.namespace == Asking.Name.assertion ? "saml" : name.namespace == Asking.Name.protocol ? "samlp" : "x"
        var children: [XMLNode] = element.children.compactMap { tag(of: $0).map(XMLNode.element) }
        // The signer counts the children of the root for the place of its signature.
        if children.isEmpty || element.parent != nil, !element.text.isEmpty { children.insert(.text(element.text), at: 0) }
        return XMLTag(
            prefix, name.namespace, name.local, attributes: element.attributes.map { ($0.name.local, $0.value) }, children: children)
    }
}

/// A message in a query or a form.
enum Wire {
    static func query(_ xml: String, relayState: String? = nil, signedBy key: PrivateKey? = nil) throws -> String {
        try query(deflated: stored(Array(xml.utf8)), relayState: relayState, signedBy: key)
    }

    static func query(
        deflated: [UInt8], relayState: String? = nil, signedBy key: PrivateKey? = nil,
        algorithm: SignatureAlgorithm = .rsaPKCS1(.sha256), identifier: String = rsaSHA256, encoding: SignatureEncoding = .der
    ) throws -> String {
        var query = "SAMLRequest=" + escaped(Base64.encode(deflated))
        if let relayState { query += "&RelayState=" + escaped(relayState) }
        guard let key else { return query }
        query += "&SigAlg=" + escaped(identifier)
        return query + "&Signature=" + escaped(Base64.encode(try key.sign(Array(query.utf8), algorithm, encoding: encoding)))
    }

    static func form(_ xml: String, relayState: String? = nil) -> [UInt8] {
        var form = "SAMLRequest=" + escaped(Base64.encode(Array(xml.utf8)))
        if let relayState { form += "&RelayState=" + escaped(relayState) }
        return Array(form.utf8)
    }

    /// Raw DEFLATE of stored blocks.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(65_535)
            let length = UInt16(block.count)
            out += [rest.isEmpty ? 1 : 0, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
            out += block
        } while !rest.isEmpty
        return out
    }

    static func escaped(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            if byte.isBase64url || byte == 0x2e || byte == 0x7e {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                out += "%" + Hexadecimal.encode([byte]).uppercased()
            }
        }
        return out
    }

    static let rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
}

extension UnverifiedAuthnRequest {
    /// The reason of a refusal on the whole way, or nil.
    static func reason(
        _ read: () throws -> UnverifiedAuthnRequest, for provider: ServiceProvider?, at idp: IdentityProvider? = nil,
        now: Timestamp = Federation.now
    ) throws -> SAMLRefusal.Reason? {
        try refusal(read, for: provider, at: idp, now: now)?.reason
    }

    static func refusal(
        _ read: () throws -> UnverifiedAuthnRequest, for provider: ServiceProvider?, at idp: IdentityProvider? = nil,
        now: Timestamp = Federation.now
    ) throws -> SAMLRefusal? {
        do {
            _ = try read().verified(for: provider, at: try idp ?? Federation.identityProvider(), at: now)
            return nil
        } catch let refusal as SAMLRefusal {
            return refusal
        }
    }
}
