import Cryptography
import JOSE
import OpenID
import SAML
import Settings
import Testing
import Vocabulary
import XML
import XMLSecurity

/// The services of the tests: two that speak SAML, three that speak OpenID.
struct Parties: Sendable {
    /// Needs the PIN.
    static let ministry = "https://ministry.example.go.jp/sp"
    static let ministryACS = "https://ministry.example.go.jp/acs"
    /// A card is enough.
    static let library = "https://library.example.jp/sp"
    static let libraryACS = "https://library.example.jp/acs"
    /// A card is enough; takes answers that it did not ask for.
    static let portal = "https://portal.example.jp/sp"
    static let portalACS = "https://portal.example.jp/acs"
    /// A card is enough; takes its answers by artifact, sends its requests so, and may ask for attributes.
    static let archive = "https://archive.example.go.jp/sp"
    static let archiveACS = "https://archive.example.go.jp/acs"
    static let archiveService = "https://archive.example.go.jp/artifact"
    /// A card is enough.
    static let shop = "RP00000001"
    static let shopCallback = "https://shop.example.jp/callback"
    /// Needs the PIN, and has a name that is an attack.
    static let bank = "RP00000002"
    static let bankCallback = "https://bank.example.jp/callback?tenant=1"
    static let hostileName = "<script>alert('1')</script>\"><img src=x onerror=alert(2)>&amp;"

    let key: SigningKey
    let base: String

    func files() throws -> [(name: String, text: String)] {
        let point = try #require(key.key.publicKey.ecPoint)
        let jwks = "{keys: [{kty: EC, crv: P-256, kid: one, x: \(Base64url.encode(point.x)), y: \(Base64url.encode(point.y))}]}"
        func openID(_ callback: String) -> String {
            "openid:\n  redirect-uris: [\"\(callback)\"]\n  authentication: private_key_jwt\n  jwks: \(jwks)\n"
        }
        return [
            ("ministry.xml", Self.metadata(Self.ministry, Self.ministryACS)),
            ("ministry.yaml", Self.member(Self.ministry, "ministry", "見本省", "procedure", "saml:\n  metadata: ministry.xml\n")),
            ("library.xml", Self.metadata(Self.library, Self.libraryACS)),
            ("library.yaml", Self.member(Self.library, "private-verifier", "見本図書館", "points", "saml:\n  metadata: library.xml\n")),
            ("portal.xml", Self.metadata(Self.portal, Self.portalACS)),
            (
                "portal.yaml",
                Self.member(
                    Self.portal, "private-verifier", "見本ポータル", "points", "saml:\n  metadata: portal.xml\n  unsolicited: true\n")
            ),
            ("archive.xml", try archiveMetadata()),
            (
                "archive.yaml",
                Self.member(
                    Self.archive, "private-verifier", "見本文書館", "points", "saml:\n  metadata: archive.xml\n  attribute-query: true\n")
            ),
            ("shop.yaml", Self.member(Self.shop, "private-verifier", "見本商店", "points", openID(Self.shopCallback))),
            ("bank.yaml", Self.member(Self.bank, "private-verifier", Self.hostileName, "identity-check", openID(Self.bankCallback))),
        ] + tokenFiles(jwks: jwks) + (try logoutFiles(jwks: jwks)) + waitingFiles(jwks: jwks)
            + authorizeFiles(jwks: jwks)
            + resourceFiles(jwks: jwks)
            + Self.registerFiles
            + Self.clubFiles
    }

    static func member(_ id: String, _ kind: String, _ name: String, _ purpose: String, _ rest: String) -> String {
        """
        id: "\(id)"
        kind: \(kind)
        names: {ja: "\(name.replacingQuotes)", en: "\(name.replacingQuotes)"}
        accreditation: {state: accredited, not-before: 2026-04-01, not-after: 2027-03-31, purposes: [\(purpose)]}
        \(rest)
        """
    }

    private func archiveMetadata() throws -> String {
        let certificate = try SelfSigned.certificate(
            for: key.key, commonName: "archive", notBefore: World.now, notAfter: World.now.adding(seconds: 86_400))
        let bindings = "urn:oasis:names:tc:SAML:2.0:bindings:"
        return """
            <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(Self.archive)">
              <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
                  <ds:X509Certificate>\(Base64.encode(certificate))</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
                <md:ArtifactResolutionService index="0" Binding="\(bindings)SOAP" Location="\(Self.archiveService)"/>
                <md:AssertionConsumerService index="0" Binding="\(bindings)HTTP-Artifact" Location="\(Self.archiveACS)"/>
              </md:SPSSODescriptor>
            </md:EntityDescriptor>

            """
    }

    private static func metadata(_ id: String, _ location: String) -> String {
        """
        <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="\(id)">
          <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            <md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="\(location)"/>
          </md:SPSSODescriptor>
        </md:EntityDescriptor>

        """
    }
}

extension String {
    fileprivate var replacingQuotes: String { split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") }
}

/// What a service sends to our SAML door.
struct SAMLQuestion {
    var id: String
    var issuer = Parties.ministry
    var consumer: String? = Parties.ministryACS
    var relayState: String? = "/procedures/7"
    var force = false
    var passive = false
    var at = World.now
    var destination: String?
    /// Attributes of a NameIDPolicy.
    var policy: [(String, String)]?

    init(_ issuer: String = Parties.ministry, at now: Timestamp = World.now, relayState: String? = "/procedures/7") {
        var random = SystemRandom()
        id = "_" + Hexadecimal.encode(random.bytes(16))
        self.issuer = issuer
        consumer = issuer == Parties.ministry ? Parties.ministryACS : Parties.libraryACS
        at = now
        self.relayState = relayState
    }

    private var message: [UInt8] {
        var attributes = [("ID", id), ("IssueInstant", at.text), ("Version", "2.0")]
        if let consumer { attributes.append(("AssertionConsumerServiceURL", consumer)) }
        if let destination { attributes.append(("Destination", destination)) }
        if force { attributes.append(("ForceAuthn", "true")) }
        if passive { attributes.append(("IsPassive", "true")) }
        let samlp = "urn:oasis:names:tc:SAML:2.0:protocol"
        var children = [XMLNode.element(XMLTag("saml", "urn:oasis:names:tc:SAML:2.0:assertion", "Issuer", text: issuer))]
        if let policy { children.append(.element(XMLTag("samlp", samlp, "NameIDPolicy", attributes: policy))) }
        return XMLTag("samlp", samlp, "AuthnRequest", attributes: attributes, children: children).canonicalBytes()
    }

    /// By HTTP-Redirect: the address on our side.
    var path: String {
        let bytes = message
        let length = UInt16(bytes.count)
        // One stored block (RFC 1951 §3.2.4).
        let stored = [0x01, UInt8(length & 0xff), UInt8(length >> 8), UInt8(~length & 0xff), UInt8(~length >> 8)] + bytes
        return "/saml/sso?" + Form.text([("SAMLRequest", Base64.encode(stored))] + state)
    }

    /// By HTTP-POST: the body.
    var form: [(String, String)] { [("SAMLRequest", Base64.encode(message))] + state }

    private var state: [(String, String)] { relayState.map { [("RelayState", $0)] } ?? [] }
}

/// What a service reads from a SAML answer, after it has verified both signatures.
struct SAMLReading {
    let status: [String]
    let inResponseTo: String?
    let nameID: String?
    let context: String?
    let authenticatedAt: String?
    let sessionIndex: String?
    let xml: String

    var isSuccess: Bool { status.first == "urn:oasis:names:tc:SAML:2.0:status:Success" }
    func has(_ status: String) -> Bool { self.status.contains { $0.hasSuffix(":" + status) } }

    init(_ page: Answer, in world: World) throws {
        let fields = try #require(page.form?.fields)
        let bytes = try #require(fields.first { $0.0 == "SAMLResponse" }.flatMap { Base64.decodeLenient($0.1) })
        xml = String(decoding: bytes, as: UTF8.self)
        let samlp = "urn:oasis:names:tc:SAML:2.0:protocol"
        let saml = "urn:oasis:names:tc:SAML:2.0:assertion"
        let key = world.configuration.identityProvider.signingKey(at: World.now).key.publicKey
        let response = try EnvelopedSignature.verify(try XMLDocument(parsing: bytes).root, keys: [key]).element
        var codes: [String] = []
        var code = response.child(XMLName(samlp, "Status"))?.child(XMLName(samlp, "StatusCode"))
        while let found = code {
            codes.append(found.attribute("Value") ?? "")
            code = found.child(XMLName(samlp, "StatusCode"))
        }
        status = codes
        inResponseTo = response.attribute("InResponseTo")
        guard let unverified = response.child(XMLName(saml, "Assertion")) else {
            (nameID, context, authenticatedAt, sessionIndex) = (nil, nil, nil, nil)
            return
        }
        let assertion = try EnvelopedSignature.verify(unverified, keys: [key]).element
        let statement = assertion.child(XMLName(saml, "AuthnStatement"))
        nameID = assertion.child(XMLName(saml, "Subject"))?.child(XMLName(saml, "NameID"))?.text
        context = statement?.child(XMLName(saml, "AuthnContext"))?.child(XMLName(saml, "AuthnContextClassRef"))?.text
        authenticatedAt = statement?.attribute("AuthnInstant")
        sessionIndex = statement?.attribute("SessionIndex")
    }
}

/// A relying party's side of one OpenID login.
struct OpenIDQuestion {
    var client = Parties.shop
    var callback = Parties.shopCallback
    var state: String? = "s-1"
    var more: [(String, String)] = []
    let nonce: String
    let verifier: String

    init(_ client: String = Parties.shop, _ more: [(String, String)] = []) {
        var random = SystemRandom()
        nonce = Base64url.encode(random.bytes(16))
        verifier = Base64url.encode(random.bytes(32))
        self.client = client
        callback = client == Parties.shop ? Parties.shopCallback : Parties.bankCallback
        self.more = more
    }

    var form: [(String, String)] {
        [
            ("response_type", "code"), ("scope", "openid"), ("client_id", client), ("redirect_uri", callback), ("nonce", nonce),
            ("code_challenge_method", "S256"), ("code_challenge", Base64url.encode(Digest.sha256(Array(verifier.utf8)))),
        ] + (state.map { [("state", $0)] } ?? []) + more
    }

    var path: String { "/openid/authorize?" + Form.text(form) }

    func tokenForm(_ code: String, in world: World, at now: Timestamp, verifier: String? = nil) throws -> [(String, String)] {
        var random = SystemRandom()
        let assertion = try world.parties.key.signed(
            [
                "iss": .string(client), "sub": .string(client), "aud": .string(world.configuration.baseURL + "/openid/token"),
                "iat": .integer(now.seconds), "exp": .integer(now.seconds + 120), "jti": .string(Base64url.encode(random.bytes(16))),
            ], type: "JWT")
        return [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", callback), ("code_verifier", verifier ?? self.verifier),
            ("client_id", client), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ]
    }

    /// The claims of a verified ID token.
    func claims(_ answer: Answer, in world: World) throws -> JSON {
        let compact = try #require(try answer.json["id_token"]?.string)
        let keys = try JWKSet(reading: world.configuration.openIDProvider.jwks(at: World.now))
        return try JSON(reading: UnverifiedJWS(compact: compact).verified(by: keys.keys, allowed: [.es256]).payload)
    }
}
