import Credentials
import Cryptography
import Vocabulary

/// The `card:` part of sekisho.yaml: which certificates log in, by which doors, and how their status is learnt.
struct CardPart {
    /// Names the user-authentication authority of every generation (`jpki.md` §1.1).
    static let authority = "OU=Japan Agency for Local Authority Information Systems,OU=JPKI for user authentication,O=JPKI,C=JP"
    /// The card's own policy (`jpki.md` §1.2). The phone's is not published, so a deployment that takes phones names it.
    static let cardPolicy = "1.2.392.200149.8.5.1.3.30"
    static let signaturePolicies = ["1.2.392.200149.8.5.1.1.20", "1.2.392.200149.8.5.1.0.20"]

    let allowSimulated: Bool
    let loginPolicies: [Carrier: [ObjectIdentifier]]
    let signaturePolicies: [ObjectIdentifier]
    let loginAuthorities: [String]
    let algorithms: Set<CardAlgorithm>
    let tls: TLSPart?
    let tlsWeakest: CardMode
    let challengeWeakest: CardMode
    /// An app on another device than the browser may answer, bound to it by a number that the citizen types.
    let pairsDevices: Bool
    /// Says that every middleware that reaches the door asks for the PIN: the operator's word for what the platform cannot see.
    let assured: Set<Door>
    let revocation: Configuration.Revocation
    let identity: IdentityPart
    let lines: [String: Int]

    struct TLSPart {
        let origin: BaseAddress
        let listen: Endpoint
    }

    /// Modes that a door may give without a statement. A face cannot be among them: only an attended terminal compares one, and it signs.
    enum Weakest: String, CaseIterable {
        case presence, pin
        var mode: CardMode { self == .pin ? .pin : .presence }
    }

    static func read(_ section: Section?, isDevelopment: Bool, _ whole: Section, port: Int? = nil) -> CardPart? {
        let section = section ?? Section([], file: whole.file, line: whole.line, path: "card", findings: whole.findings)
        defer { section.finish() }
        let allowSimulated = section.flag("allow-simulated", default: false)
        let policies = section.section("login-policies")
        var loginPolicies: [Carrier: [ObjectIdentifier]] = [:]
        for carrier in Carrier.allCases {
            let standard = carrier == .card ? [cardPolicy] : []
            loginPolicies[carrier] = identifiers(policies, carrier.rawValue, standard)
        }
        policies?.finish()
        refuseShared(loginPolicies, policies ?? section)
        let signature = identifiers(section, "signature-policies", signaturePolicies)
        let authorities = section.texts("login-authorities")?.map(\.text) ?? [authority]
        let algorithms = section.choices("algorithms", CardAlgorithm.self) ?? Set(CardAlgorithm.allCases)
        if algorithms.isEmpty {
            section.report(
                "card.algorithms", at: section.line(of: "algorithms"), "no algorithm is allowed, so no card is", "name RS256, ES384 or both"
            )
        }
        let doors = section.section("doors")
        let tls = doors?.section("tls")
        let challenge = doors?.section("challenge")
        let tlsWeakest = weakest(tls), challengeWeakest = weakest(challenge)
        let pairsDevices = challenge?.flag("other-devices", default: true) ?? true
        let assured = assurance(tls, .tls).union(assurance(challenge, .challenge))
        let door = tls.flatMap { self.tls($0, port: port) }
        tls?.finish()
        challenge?.finish()
        doors?.finish()
        let revocation = RevocationSection.read(section.section("revocation"), section)
        let identity = IdentityPart.read(section.section("identity"))
        var lines = ["card": section.line, "card.allow-simulated": section.line(of: "allow-simulated")]
        for (name, door) in [("tls", tls), ("challenge", challenge)] { lines["card.doors." + name] = door?.line(of: "weakest-mode") }
        lines["card.doors.tls.origin"] = tls?.line(of: "origin")
        lines["card.revocation"] = section.line(of: "revocation")
        return CardPart(
            allowSimulated: allowSimulated, loginPolicies: loginPolicies, signaturePolicies: signature, loginAuthorities: authorities,
            algorithms: algorithms, tls: door, tlsWeakest: tlsWeakest, challengeWeakest: challengeWeakest, pairsDevices: pairsDevices,
            assured: assured,
            revocation: revocation, identity: identity, lines: lines)
    }

    private static func tls(_ section: Section, port: Int?) -> TLSPart? {
        let origin = section.origin("origin", required: true)
        let listen = section.endpoint("listen", host: "127.0.0.1", port: 8443)
        if let origin, !origin.isSecure {
            section.report("card.door.tls", at: section.line(of: "origin"), "the TLS door's origin is not https", "write https://")
        }
        return origin.map { TLSPart(origin: $0, listen: Endpoint(host: listen.host, port: port ?? listen.port)) }
    }

    private static func weakest(_ section: Section?) -> CardMode { section?.choice("weakest-mode", Weakest.self)?.mode ?? .presence }

    private static func assurance(_ section: Section?, _ door: Door) -> Set<Door> {
        section?.flag("every-client-asks-for-the-pin", default: false) == true ? [door] : []
    }

    private static func identifiers(_ section: Section?, _ key: String, _ standard: [String]) -> [ObjectIdentifier] {
        let texts = section?.texts(key, limit: 128) ?? standard.map { ($0, 0) }
        return texts.compactMap { text, line in
            if let identifier = ObjectIdentifier(text) { return identifier }
            section?.report(
                "card.policy", at: line, "`" + Explanation.redacted(text) + "` is no object identifier", "write it with dots: 1.2.392.…")
            return nil
        }
    }

    /// A policy says what carries the key; one that says both says nothing.
    private static func refuseShared(_ policies: [Carrier: [ObjectIdentifier]], _ section: Section) {
        for identifier in policies[.card, default: []] where policies[.phone, default: []].contains(identifier) {
            section.report(
                "card.policy.shared", at: section.line(of: "phone"), "`\(identifier.dotted)` is named for card and phone",
                "let one policy name one carrier")
        }
    }
}
