import Cryptography
import HTTPTypes
import JOSE
import SAML
import Settings
import Testing
import Vocabulary
import XML
import XMLSecurity

/// The archive's server, which speaks with us behind the browser's back.
struct Archive {
    static let samlp = "urn:oasis:names:tc:SAML:2.0:protocol"
    static let saml = "urn:oasis:names:tc:SAML:2.0:assertion"

    let house: House

    func message(
        _ name: String, id: String? = nil, issuer: String = Parties.archive, attributes: [(String, String)] = [], _ children: [XMLNode]
    ) -> XMLTag {
        var random = SystemRandom()
        let id = id ?? "_" + Hexadecimal.encode(random.bytes(16))
        return XMLTag(
            "samlp", Self.samlp, name, attributes: [("ID", id), ("Version", "2.0"), ("IssueInstant", house.now.text)] + attributes,
            children: [.element(XMLTag("saml", Self.saml, "Issuer", text: issuer))] + children)
    }

    func signed(_ tag: XMLTag) throws -> XMLTag {
        try XMLSigner(key: house.world.parties.key.key, algorithm: .ecdsa(.sha256)).sign(tag)
    }

    func post(_ path: String, _ tag: XMLTag, type: String = "text/xml; charset=utf-8") async throws -> Answer {
        try await post(path, SOAPEnvelope.wrap(tag), type: type)
    }

    func post(_ path: String, _ body: [UInt8], type: String = "text/xml; charset=utf-8") async throws -> Answer {
        var headers = HTTPFields()
        headers[.contentType] = type
        return try await house.send(.post, path, headers, body)
    }

    func resolve(_ artifact: String, id: String? = nil) async throws -> Answer {
        try await post("/saml/artifact", signed(question(artifact, id: id)))
    }

    func question(_ artifact: String, id: String? = nil) -> XMLTag {
        message("ArtifactResolve", id: id, [.element(XMLTag("samlp", Self.samlp, "Artifact", text: artifact))])
    }

    func query(_ nameID: String, id: String? = nil) async throws -> Answer {
        let name = XMLTag("saml", Self.saml, "NameID", text: nameID)
        let subject = XMLTag("saml", Self.saml, "Subject", children: [.element(name)])
        return try await post("/saml/attributes", signed(message("AttributeQuery", id: id, [.element(subject)])))
    }

    /// The signed message in an answer of ours, proven by our published key.
    func proven(_ answer: Answer) throws -> XMLElement {
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.headers[.contentType] == "text/xml; charset=utf-8")
        let key = house.world.configuration.identityProvider.signingKey(at: World.now).key.publicKey
        return try EnvelopedSignature.verify(SOAPEnvelope.body(of: answer.body), keys: [key]).element
    }

    /// A login at the archive: what the browser brings there.
    func login(_ browser: Browser, relayState: String? = "/files/1") async throws -> Answer {
        var question = SAMLQuestion(Parties.archive, relayState: relayState)
        question.consumer = nil
        let first = try await browser.get(question.path)
        guard let journey = first.location, journey.contains("/journey/") else { return first }
        return try await browser.login("hanako", at: journey)
    }
}

extension XMLElement {
    func named(_ local: String) -> XMLElement? { children.first { $0.name.local == local } }

    /// The top and the second status.
    var codes: [String] {
        let top = named("Status")?.named("StatusCode")
        return [top, top?.named("StatusCode")].compactMap { $0?.attribute("Value")?.split(separator: ":").last.map(String.init) }
    }
}
