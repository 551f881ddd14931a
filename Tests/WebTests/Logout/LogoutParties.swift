import Cryptography
import Deflate
import JOSE
import SAML
import SQLiteStores
import Settings
import SignOn
import SimulatedJPKI
import Testing
import Vocabulary
import XML
import XMLSecurity

/// Services that can be logged out of: each in its own way.
extension Parties {
    /// By the browser, HTTP-Redirect; its answers go elsewhere.
    static let city = "https://city.example.go.jp/sp"
    static let cityLogout = "https://city.example.go.jp/slo"
    /// By the browser, HTTP-POST.
    static let school = "https://school.example.go.jp/sp"
    static let schoolLogout = "https://school.example.go.jp/slo"
    /// By SOAP, and by the browser.
    static let clinic = "https://clinic.example.jp/sp"
    static let clinicLogout = "https://clinic.example.jp/slo"
    /// OpenID, by logout tokens.
    static let cafe = "RP00000003"
    static let cafeCallback = "https://cafe.example.jp/callback"
    static let cafeBack = "https://cafe.example.jp/bye?shop=1"
    static let cafeBackchannel = "https://cafe.example.jp/backchannel"
    /// OpenID, without any way to be told.
    static let kiosk = "RP00000004"
    static let kioskCallback = "https://kiosk.example.jp/callback"
    static let kioskBack = "https://kiosk.example.jp/bye"

    func logoutFiles(jwks: String) throws -> [(name: String, text: String)] {
        func saml(_ name: String, _ id: String, _ services: [(String, String, String?)]) throws -> [(name: String, text: String)] {
            [
                (name + ".xml", try logoutMetadata(id, services)),
                (name + ".yaml", Self.member(id, "private-verifier", name, "points", "saml:\n  metadata: \(name).xml\n")),
            ]
        }
        func openID(_ name: String, _ id: String, _ callback: String, _ rest: String) -> (name: String, text: String) {
            (
                name + ".yaml",
                Self.member(
                    id, "private-verifier", name, "points",
                    "openid:\n  redirect-uris: [\"\(callback)\"]\n  authentication: private_key_jwt\n  jwks: \(jwks)\n\(rest)")
            )
        }
        return try saml("city", Self.city, [("HTTP-Redirect", Self.cityLogout, Self.cityLogout + "/answers")])
            + saml("school", Self.school, [("HTTP-POST", Self.schoolLogout, nil)])
            + saml("clinic", Self.clinic, [("HTTP-Redirect", Self.clinicLogout, nil), ("SOAP", Self.clinicLogout + "/soap", nil)])
            + [
                openID(
                    "cafe", Self.cafe, Self.cafeCallback,
                    "  post-logout-redirect-uris: [\"\(Self.cafeBack)\"]\n  backchannel-logout-uri: \"\(Self.cafeBackchannel)\"\n"),
                openID("kiosk", Self.kiosk, Self.kioskCallback, "  post-logout-redirect-uris: [\"\(Self.kioskBack)\"]\n"),
            ]
    }

    private func logoutMetadata(_ id: String, _ services: [(String, String, String?)]) throws -> String {
        let certificate = try SelfSigned.certificate(
            for: key.key, commonName: "logout", notBefore: World.now, notAfter: World.now.adding(seconds: 86_400))
        let bindings = "urn:oasis:names:tc:SAML:2.0:bindings:"
        let logout = services.map { binding, location, answers in
            "<md:SingleLogoutService Binding=\"\(bindings)\(binding)\" Location=\"\(location)\""
                + (answers.map { " ResponseLocation=\"\($0)\"" } ?? "") + "/>"
        }
        return """
            <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(id)">
              <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
                  <ds:X509Certificate>\(Base64.encode(certificate))</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
                \(logout.joined())
                <md:AssertionConsumerService index="0" Binding="\(bindings)HTTP-POST" Location="\(id)/acs"/>
              </md:SPSSODescriptor>
            </md:EntityDescriptor>

            """
    }
}

/// One citizen's browser, logged in at services, and what those services say about logout.
struct Leaver {
    static let samlp = "urn:oasis:names:tc:SAML:2.0:protocol"
    static let saml = "urn:oasis:names:tc:SAML:2.0:assertion"

    let house: House
    let browser: Browser

    init(
        _ deliver: @escaping @Sendable (SQLiteStore, LogoutID, Timestamp) async -> Void = Self.everybodyAnswers
    ) async throws {
        house = try House(await World.shared(), deliver: deliver)
        browser = Browser(house)
    }

    init(_ house: House) {
        self.house = house
        browser = Browser(house)
    }

    /// Members that are told without a browser end their sessions at once.
    @Sendable static func everybodyAnswers(_ store: SQLiteStore, _ id: LogoutID, _ now: Timestamp) async {
        await tell(store, id, now) { _ in .ended }
    }

    @Sendable static func tell(
        _ store: SQLiteStore, _ id: LogoutID, _ now: Timestamp, _ answer: (LogoutLeg) -> LogoutLeg.State
    ) async {
        let due = (try? await store.takeDue(of: id, lease: now.adding(seconds: 30), limit: 20, at: now)) ?? []
        for (_, leg) in due {
            _ = try? await store.ask(leg.id, by: "r-\(leg.id.number)", at: now)
            switch answer(leg) {
            case .ended: _ = try? await store.settle(leg.id, as: .ended, nil, recording: Record("logout.member", at: now), at: now)
            case .failed: _ = try? await store.settle(leg.id, as: .failed, .refused, recording: Record("logout.member", at: now), at: now)
            default: try? await store.postpone(leg.id, until: now.adding(seconds: 5), .unreachable, at: now)
            }
        }
    }

    /// What a SAML service learns at a login.
    @discardableResult
    func saml(_ member: String, policy: [(String, String)]? = nil) async throws -> SAMLReading {
        var question = SAMLQuestion(member, at: house.now)
        question.consumer = nil
        question.policy = policy
        return try SAMLReading(try await through(question.path), in: house.world)
    }

    /// The ID token that an OpenID service gets at a login.
    @discardableResult
    func openID(_ client: String) async throws -> String {
        var question = OpenIDQuestion(client)
        question.callback = client == Parties.cafe ? Parties.cafeCallback : Parties.kioskCallback
        let answer = try await through(question.path)
        let code = try #require(answer.parameter("code"), "\(answer.text)")
        let tokens = try await Browser(house).post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        return try #require(try tokens.json["id_token"]?.string, "\(tokens.text)")
    }

    private func through(_ path: String) async throws -> Answer {
        let first = try await browser.get(path)
        guard let journey = first.location, journey.has("/journey/") else { return first }
        return try await browser.login("hanako", at: journey)
    }

    var isLoggedIn: Bool { get async throws { try await browser.get("/").text.has("ログイン中") } }

    // MARK: - Messages of services

    func request(
        _ member: String, _ name: String?, format: String? = nil, index: String? = nil, id: String? = nil, extensions: [XMLNode] = [],
        to address: String = "/saml/logout"
    ) -> XMLTag {
        var random = SystemRandom()
        var children = extensions
        if let name {
            children.append(
                .element(XMLTag("saml", Self.saml, "NameID", attributes: format.map { [("Format", $0)] } ?? [], text: name)))
        }
        if let index { children.append(.element(XMLTag("samlp", Self.samlp, "SessionIndex", text: index))) }
        return message("LogoutRequest", member, id: id ?? "_" + Hexadecimal.encode(random.bytes(16)), [], address, children)
    }

    func response(_ member: String, to request: String, _ status: String = "Success", second: String? = nil) -> XMLTag {
        var random = SystemRandom()
        func code(_ value: String, _ inner: [XMLNode]) -> XMLNode {
            .element(
                XMLTag(
                    "samlp", Self.samlp, "StatusCode", attributes: [("Value", "urn:oasis:names:tc:SAML:2.0:status:" + value)],
                    children: inner))
        }
        let status = XMLTag("samlp", Self.samlp, "Status", children: [code(status, second.map { [code($0, [])] } ?? [])])
        return message(
            "LogoutResponse", member, id: "_" + Hexadecimal.encode(random.bytes(16)), [("InResponseTo", request)], "/saml/logout",
            [.element(status)])
    }

    private func message(
        _ kind: String, _ member: String, id: String, _ attributes: [(String, String)], _ address: String, _ children: [XMLNode]
    ) -> XMLTag {
        XMLTag(
            "samlp", Self.samlp, kind,
            attributes: [
                ("ID", id), ("Version", "2.0"), ("IssueInstant", house.now.text),
                ("Destination", house.world.configuration.baseURL + address),
            ] + attributes,
            children: [.element(XMLTag("saml", Self.saml, "Issuer", text: member))] + children)
    }

    /// By HTTP-Redirect, signed: the path on our side.
    func path(_ tag: XMLTag, relayState: String? = nil, isSigned: Bool = true) throws -> String {
        let bytes = tag.canonicalBytes()
        let length = UInt16(bytes.count)
        let stored = [0x01, UInt8(length & 0xff), UInt8(length >> 8), UInt8(~length & 0xff), UInt8(~length >> 8)] + bytes
        var query = (tag.local == "LogoutRequest" ? "SAMLRequest=" : "SAMLResponse=") + Form.encoded(Base64.encode(stored))
        if let relayState { query += "&RelayState=" + Form.encoded(relayState) }
        guard isSigned else { return "/saml/logout?" + query }
        query += "&SigAlg=" + Form.encoded("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256")
        let signature = try house.world.parties.key.key.sign(Array(query.utf8), .ecdsa(.sha256), encoding: .raw)
        return "/saml/logout?" + query + "&Signature=" + Form.encoded(Base64.encode(signature))
    }

    func signed(_ tag: XMLTag) throws -> XMLTag {
        try XMLSigner(key: house.world.parties.key.key, algorithm: .ecdsa(.sha256)).sign(tag)
    }

    /// By HTTP-POST, signed: the form.
    func form(_ tag: XMLTag, relayState: String? = nil) throws -> [(String, String)] {
        [(tag.local == "LogoutRequest" ? "SAMLRequest" : "SAMLResponse", Base64.encode(try signed(tag).canonicalBytes()))]
            + (relayState.map { [("RelayState", $0)] } ?? [])
    }

    // MARK: - Messages of ours

    /// The logout message in a redirect or a form of ours, its signature checked where it is in the XML.
    func read(_ answer: Answer) throws -> (root: XMLElement, address: String, relayState: String?) {
        if let form = answer.form {
            let field = try #require(form.fields.first { $0.0.hasPrefix("SAML") })
            let root = try XMLDocument(parsing: try #require(Base64.decodeLenient(field.1))).root
            let key = house.world.configuration.identityProvider.signingKey(at: World.now).key.publicKey
            return (
                try EnvelopedSignature.verify(root, keys: [key]).element, form.action,
                form.fields.first { $0.0 == "RelayState" }?.1
            )
        }
        let location = try #require(answer.location, "\(answer.text)")
        let sent = try #require(answer.parameter("SAMLRequest") ?? answer.parameter("SAMLResponse"), "\(location)")
        #expect(answer.parameter("Signature") != nil)
        let bytes = try Inflate.bytes(try #require(Base64.decode(sent)), limit: 65_536, ratio: 64)
        return (try XMLDocument(parsing: bytes).root, String(location.prefix { $0 != "?" }), answer.parameter("RelayState"))
    }

    /// What the page says of each service, by name.
    func results(_ page: Answer) -> [String: String] {
        var results: [String: String] = [:]
        for part in page.text.components(between: "<dt><strong><bdi>", and: "</dd>") {
            let name = part.components(between: "", and: "</bdi>").first ?? ""
            results[name] = part.components(between: "data-result=\"", and: "\"").first
        }
        return results
    }
}
