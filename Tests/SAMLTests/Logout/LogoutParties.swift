import Cryptography
import Deflate
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary
import XML
import XMLSecurity

/// Logout in the small federation: what a ministry that signs sends, and what its session with us is.
enum Leaving {
    static let redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
    static let post = Federation.post
    static let soap = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
    static let address = Federation.base + "/saml/logout"
    static let soapAddress = Federation.base + "/saml/logout/soap"
    static let back = "https://sp.ministry.example/slo"

    static func service(_ binding: String, _ location: String = back, answers: String? = nil) -> String {
        let answers = answers.map { " ResponseLocation=\"\($0)\"" } ?? ""
        return "<md:SingleLogoutService Binding=\"\(binding)\" Location=\"\(location)\"\(answers)/>"
    }

    static func ministry(_ services: String...) throws -> ServiceProvider {
        try Federation.ministry(extra: (services.isEmpty ? [service(redirect)] : services).joined())
    }

    /// Can read what is encrypted to it: the key that is published, and the one before it.
    static func identityProvider(_ keys: [PrivateKey] = []) throws -> IdentityProvider {
        let plain = try Federation.identityProvider()
        return IdentityProvider(
            entityID: plain.entityID, endpoints: plain.endpoints, signingKeys: plain.signingKeys,
            encryption: try keys.enumerated().map { number, key in
                DecryptionKey(name: "e\(number)", key: key, certificate: try Federation.certificate(of: key))
            })
    }

    static let index = "_0123456789abcdef0123456789abcdef"

    static func participation(
        _ name: MemberName? = nil, index: String = index, member: String = Federation.ministryID
    ) throws -> Participation {
        Participation(
            thread: try #require(SessionThread([UInt8](repeating: 1, count: 32))), subject: try #require(SubjectID("0123456789abcdef")),
            member: try #require(MemberID(member)), name: name ?? persistent, sessionIndex: index, joinedAt: Federation.now,
            expiresAt: Federation.now.adding(seconds: 3600))
    }

    static let persistent = MemberName.nameID(
        Federation.citizen, format: NameIDFormat.persistent, nameQualifier: Federation.base + "/saml/metadata",
        spNameQualifier: Federation.ministryID)

    /// A LogoutRequest as text, part by part.
    struct Request {
        var id = "_logout-1"
        var issuer = Federation.ministryID
        var destination: String? = Leaving.address
        var issued = Federation.now.adding(seconds: -5).text
        var attributes = ""
        var extensions = ""
        var principal: String? = "<saml:NameID>\(Federation.citizen)</saml:NameID>"
        var indexes = [Leaving.index]

        var xml: String {
            let destination = destination.map { " Destination=\"\($0)\"" } ?? ""
            let indexes = indexes.map { "<samlp:SessionIndex>\($0)</samlp:SessionIndex>" }.joined()
            return """
                <samlp:LogoutRequest xmlns:saml="\(Asking.Name.assertion)" xmlns:samlp="\(Asking.Name.protocol)"\(destination) ID="\(id)" \
                IssueInstant="\(issued)" Version="2.0" \(attributes)><saml:Issuer>\(issuer)</saml:Issuer>\(extensions)\(principal ?? "")\
                \(indexes)</samlp:LogoutRequest>
                """
        }
    }

    static func signed(_ xml: String, by key: PrivateKey = Federation.ministryKey) throws -> XMLTag {
        let tag = try #require(Copy.tag(of: XMLDocument(parsing: Array(xml.utf8)).root))
        return try XMLSigner(
            key: key, algorithm: .rsaPKCS1(.sha256), certificate: Federation.certificate(of: key)
        ).sign(tag)
    }

    static func text(_ tag: XMLTag) -> String { String(decoding: tag.canonicalBytes(), as: UTF8.self) }

    static func message(_ request: Request, by binding: MessageBinding = .redirect, relayState: String? = nil) throws
        -> UnverifiedLogoutMessage
    {
        switch binding {
        case .redirect:
            try .redirect(query: Wire.query(request.xml, relayState: relayState, signedBy: Federation.ministryKey))
        case .post: try .post(form: Wire.form(text(signed(request.xml)), relayState: relayState))
        default: try .soap(SOAPEnvelope.wrap(signed(request.xml)))
        }
    }

    static func verified(
        _ request: Request = Request(), by binding: MessageBinding = .redirect, from provider: ServiceProvider? = nil,
        relayState: String? = nil, at idp: IdentityProvider? = nil
    ) throws -> VerifiedLogoutRequest {
        try message(request, by: binding, relayState: relayState).request(
            from: provider ?? ministry(), at: try idp ?? identityProvider(), at: Federation.now
        ).get()
    }
}

/// A logout message of ours as a member reads it.
struct ReadLogout {
    let root: XMLElement
    let relayState: String?
    let address: String
    /// Whether our signature over it is good, wherever the binding puts it.
    let isSigned: Bool

    init(_ message: OutgoingLogout) throws {
        switch message.carrier {
        case .redirect(let text):
            let question = try #require(text.firstIndex(of: "?"))
            address = String(text[..<question])
            let query = String(text[text.index(after: question)...])
            var values: [String: String] = [:]
            for pair in query.split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                values[parts[0]] = Self.decoded(parts.count > 1 ? parts[1] : "")
            }
            let field = values["SAMLRequest"] ?? values["SAMLResponse"] ?? ""
            let deflated = try #require(Base64.decode(field)), xml = try Inflate.bytes(deflated, limit: 65_536, ratio: 64)
            #expect(deflated.count * 4 < xml.count * 3, "IIS takes no more than 2,048 octets of a query")
            root = try XMLDocument(parsing: xml).root
            relayState = values["RelayState"]
            let octets = query.prefix(upTo: try #require(query.firstRange(of: "&Signature=")).lowerBound)
            isSigned =
                Federation.ownKey.publicKey.verifies(
                    try #require(Base64.decode(values["Signature"] ?? "")), over: Array(octets.utf8), .rsaPKCS1(.sha256), encoding: .raw)
                && values["SigAlg"] == Wire.rsaSHA256 && !EnvelopedSignature.isPresent(in: root)
        case .post(let destination, _, let bytes, let relayState):
            address = destination
            root = try XMLDocument(parsing: bytes).root
            self.relayState = relayState
            isSigned = (try? EnvelopedSignature.verify(root, keys: [Federation.ownKey.publicKey])) != nil
        case .soap(let to, let envelope):
            address = to
            root = try SOAPEnvelope.body(of: envelope)
            relayState = nil
            isSigned = (try? EnvelopedSignature.verify(root, keys: [Federation.ownKey.publicKey])) != nil
        }
    }

    var status: [String] {
        var values: [String] = []
        var next = root.children.first { $0.name.local == "Status" }?.children.first { $0.name.local == "StatusCode" }
        while let code = next {
            values.append(String((code.attribute("Value") ?? "").split(separator: ":").last ?? ""))
            next = code.children.first
        }
        return values
    }

    /// What stands in the KeyInfo of the signature, sorted.
    var keyInfo: [String] {
        let parts = child("Signature")?.children.filter { $0.name.local == "KeyInfo" } ?? []
        return parts.flatMap(\.children).map(\.name.local).sorted()
    }

    func child(_ name: String) -> XMLElement? { root.children.first { $0.name.local == name } }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, let value = Hexadecimal.decode(String(decoding: rest.prefix(2), as: UTF8.self))?.first {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
