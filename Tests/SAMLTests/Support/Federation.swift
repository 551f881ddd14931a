import Credentials
import Cryptography
import SAML
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// A small imaginary federation that signs real messages: one identity provider, a ministry that signs its requests, a library that does
/// not, and a citizen with a card. Everything is made through the front doors.
enum Federation {
    static let now = Timestamp(seconds: 1_795_233_600)
    static let base = "https://idp.sekisho.example"
    static let redirectAddress = base + "/saml/redirect"
    static let postAddress = base + "/saml/post"

    static let ministryID = "https://sp.ministry.example/metadata"
    static let ministryConsumer = "https://sp.ministry.example/acs"
    static let libraryID = "https://library.example/sp"
    static let libraryConsumer = "https://library.example/acs"

    static let ministryKey = key(.rsa(bits: 2048))
    static let otherKey = key(.rsa(bits: 2048))
    static let curveKey = key(.ec(.p256))
    static let ownKey = key(.rsa(bits: 2048))

    static let ladder = AssuranceLadder([
        context("presence", ["urn:x-sekisho:ac:presence"], 1, [.presence, .face, .pin]),
        context("face", ["urn:x-sekisho:ac:face"], 2, [.face, .pin]),
        context("pin", ["urn:x-sekisho:ac:pin", "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"], 3, [.pin]),
    ])

    static let citizen = "abcdefghijklmnopqrstuvwxyz234567"

    static func identityProvider(
        wantSigned: Bool = false, upcoming: [[UInt8]] = [], limits: MessageLimits = .standard
    ) throws -> IdentityProvider {
        IdentityProvider(
            entityID: try #require(MemberID(base + "/saml/metadata")),
            endpoints: Endpoints(base: base, singleSignOnRedirect: redirectAddress, singleSignOnPost: postAddress),
            signingKeys: SigningKeys(
                try SAMLSigningKey(key: ownKey, certificate: certificate(of: ownKey), algorithm: .rsaPKCS1(.sha256)),
                upcoming: try upcoming.map {
                    OwnKey(name: "next", publicKey: try Certificate(der: $0).publicKey, certificate: $0, life: .waiting)
                }),
            wantAuthnRequestsSigned: wantSigned, limits: limits)
    }

    /// Signs its requests, says so, and wants signed assertions.
    static func ministry(keys: [PrivateKey]? = nil, signed: Bool = true, extra: String = "") throws -> ServiceProvider {
        try one(
            metadata(
                ministryID, attributes: "AuthnRequestsSigned=\"\(signed)\" WantAssertionsSigned=\"true\"",
                keys: try (keys ?? [ministryKey]).map { keyDescriptor(try certificate(of: $0), use: "signing") }.joined(),
                consumers: """
                    <md:AssertionConsumerService index="0" Binding="\(post)" Location="\(ministryConsumer)" isDefault="true"/>
                    <md:AssertionConsumerService index="1" Binding="\(post)" Location="\(ministryConsumer)/second"/>
                    <md:AssertionConsumerService index="2" Binding="\(artifact)" Location="\(ministryConsumer)/artifact"/>
                    """ + extra))
    }

    /// Has no key.
    static func library(formats: [String] = [], extra: String = "") throws -> ServiceProvider {
        try one(
            metadata(
                libraryID, before: formats.map { "<md:NameIDFormat>\($0)</md:NameIDFormat>" }.joined(),
                consumers: "<md:AssertionConsumerService index=\"0\" Binding=\"\(post)\" Location=\"\(libraryConsumer)\"/>" + extra))
    }

    static let post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    static let artifact = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"

    static func one(_ xml: String, development: Bool = false) throws -> ServiceProvider {
        let all = try ServiceProvider.read(metadata: Array(xml.utf8), development: development)
        #expect(all.count == 1)
        return try #require(all.first)
    }

    static func metadata(
        _ id: String, outer: String = "", attributes: String = "", keys: String = "", before: String = "",
        consumers: String = "<md:AssertionConsumerService index=\"0\" Binding=\"\(post)\" Location=\"https://sp.example/acs\"/>"
    ) -> String {
        """
        <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" \
        entityID="\(id)" \(outer)>
          <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" \(attributes)>
            \(keys)\(before)\(consumers)
          </md:SPSSODescriptor>
        </md:EntityDescriptor>
        """
    }

    static func keyDescriptor(_ certificate: [UInt8], use: String?) -> String {
        """
        <md:KeyDescriptor\(use.map { " use=\"\($0)\"" } ?? "")><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>\
        <ds:X509Certificate>\(Base64.encode(certificate))</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
        """
    }

    static func certificate(of key: PrivateKey) throws -> [UInt8] {
        try SelfSigned.certificate(
            for: key, commonName: "test", notBefore: Timestamp(seconds: 1_500_000_000), notAfter: Timestamp(seconds: 1_500_086_400))
    }

    /// Through `SignOn.next` and `Permit.grant`, as the shell does it.
    static func grant(
        for ask: Ask, mode: CardMode = .pin, to pairwise: String = citizen, release: Set<AttributeSource> = [.pinUsed, .cardMode],
        authenticatedAt: Timestamp = now.adding(seconds: -30)
    ) throws -> Grant {
        let purpose = try #require(Purpose("procedure"))
        let member = Member(
            id: ask.member, kind: .ministry, displayName: [:],
            accreditation: Accreditation(
                state: .accredited, notBefore: now.adding(seconds: -86_400), notAfter: now.adding(seconds: 86_400), purposes: [purpose]),
            defaultPurpose: purpose)
        let policy = Policy(
            rules: [Rule(id: "all", effect: .permit, release: release, basis: "test")], ladder: ladder, version: "test")
        let session = Session(
            id: try #require(SessionID([UInt8](repeating: 7, count: 32))), subject: try #require(SubjectID("0123456789abcdef")),
            authentications: [
                SessionAuthentication(
                    restored: AssuranceFacts(
                        mode: mode, modeIsStated: true, carrier: .card, door: .challenge, statusSource: .ocsp,
                        statusAt: now.adding(seconds: -60), authenticatedAt: authenticatedAt),
                    certificate: CertificateIdentity(issuer: "authority", serial: "424242"), terminal: nil)
            ],
            createdAt: authenticatedAt, lastSeenAt: now, indexSeed: [UInt8](repeating: 9, count: 32))
        let step = SignOn.next(
            for: ask, by: member, in: session, under: policy, sessions: SessionRules(idle: 1800, absolute: 28_800), at: now)
        guard case .permit(let permit) = step else { throw Unexpected("\(step)") }
        return try permit.grant(to: try #require(PairwiseID(pairwise)), for: ask)
    }

    private static func key(_ kind: KeyKind) -> PrivateKey {
        do {
            return try PrivateKey.generate(kind)
        } catch {
            fatalError("no key: \(error)")
        }
    }

    private static func context(_ name: String, _ classes: [String], _ level: Int, _ modes: Set<CardMode>) -> AssuranceContext {
        AssuranceContext(
            name: name, samlClasses: classes, acrValues: [name], amr: [], proofingLevel: level, authenticationLevel: level, modes: modes,
            carriers: [.card, .phone], needsStatement: false)
    }
}

struct Unexpected: Error {
    let what: String
    init(_ what: String) { self.what = what }
}

/// The same numbers each time.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64 = 1) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

extension Federation {
    /// With a scope for subject identifiers, or none.
    static func scoped(_ scope: String?) throws -> IdentityProvider {
        var details = PublishedDetails()
        details.scopes = scope.map { [$0] } ?? []
        return IdentityProvider(
            entityID: try #require(MemberID(base + "/saml/metadata")),
            endpoints: Endpoints(base: base, singleSignOnRedirect: redirectAddress, singleSignOnPost: postAddress),
            signingKeys: SigningKeys(
                try SAMLSigningKey(key: ownKey, certificate: certificate(of: ownKey), algorithm: .rsaPKCS1(.sha256))), details: details)
    }
}

extension Federation {
    /// Signs with a P-256 key.
    static func curved() throws -> IdentityProvider {
        IdentityProvider(
            entityID: try #require(MemberID(base + "/saml/metadata")),
            endpoints: Endpoints(base: base, singleSignOnRedirect: redirectAddress, singleSignOnPost: postAddress),
            signingKeys: SigningKeys(
                try SAMLSigningKey(key: curveKey, certificate: certificate(of: curveKey), algorithm: .ecdsa(.sha256))))
    }
}
