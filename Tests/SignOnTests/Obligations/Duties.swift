import Credentials
import SignOn
import TrustFramework
import Vocabulary

/// One rule with obligations, one member, one citizen.
enum Duties {
    static let citizen = "citizen-0123456789"
    static let facts: Set<AttributeSource> = [.pinUsed, .cardMode]
    static let person: Set<AttributeSource> = [.name, .birthDate, .address]

    static func policy(
        _ obligations: Obligations, release: Set<AttributeSource> = facts, says: [String: String] = ["en": "Because it matters."],
        condition: Condition = Condition([:]), version: String = "v1", more: [Rule] = []
    ) -> Policy {
        Policy(
            rules: [
                Rule(
                    id: "dutiful", effect: .permit, says: says, condition: condition, release: release, obligations: obligations,
                    basis: "law")
            ] + more, ladder: Fixture.ladder, version: version)
    }

    static func member(_ id: String = "bank", attributes: Set<AttributeSource>? = nil) throws(Missing) -> Member {
        let purpose = try Fixture.some(Purpose("account-opening"), "purpose")
        return Member(
            id: try Fixture.some(MemberID(id), id), kind: .privateVerifier, displayName: ["en": id],
            accreditation: Accreditation(
                state: .accredited, notBefore: Fixture.now.adding(seconds: -86_400), notAfter: Fixture.now.adding(seconds: 86_400),
                purposes: [purpose], attributes: attributes),
            defaultPurpose: purpose)
    }

    static func ask(_ member: Member, _ wish: ReleaseWish = .unsaid, passive: Bool = false, acting: ActingFor = .nobody) -> Ask {
        Ask(member: member.id, passive: passive, askedAt: Fixture.now, wish: wish, by: .openid, actingFor: acting)
    }

    static func login(
        _ mode: CardMode = .pin, before seconds: Int64 = 0, source: StatusSource = .crl, statusBefore: Int64 = 600, island: String? = nil,
        spent: Bool = false, certificate der: [UInt8]? = nil, serial: String = "01"
    ) -> SessionAuthentication {
        let moment = Fixture.now.adding(seconds: -seconds)
        return SessionAuthentication(
            restored: AssuranceFacts(
                mode: mode, modeIsStated: true, carrier: .card, door: .challenge, statusSource: source,
                statusAt: Fixture.now.adding(seconds: -statusBefore), authenticatedAt: moment),
            certificate: CertificateIdentity(issuer: String(repeating: "a", count: 64), serial: serial), terminal: nil, island: island,
            isSpent: spent, certificateDER: der)
    }

    static func session(_ logins: SessionAuthentication...) throws(Missing) -> Session {
        let oldest = logins.map(\.facts.authenticatedAt).min() ?? Fixture.now
        return try Fixture.session(logins, created: oldest, seen: Fixture.now)
    }

    static func next(
        _ ask: Ask, _ member: Member, _ session: Session?, _ policy: Policy, given: Given = .nothing, at moment: Timestamp = Fixture.now
    ) -> Step {
        SignOn.next(for: ask, by: member, in: session, under: policy, sessions: Fixture.rules, given: given, at: moment)
    }

    static func record(_ member: Member, alive: Bool = true) throws(Missing) -> IdentityRecord {
        let birth = try Fixture.some(BirthDate(year: 1990, month: 4, day: 1), "birth date")
        let attributes = BasicAttributes(
            name: "山田太郎", nameSubstitutes: [Bool](repeating: false, count: 4), birth: birth, sex: .male, address: "東京都千代田区",
            addressSubstitutes: [Bool](repeating: false, count: 7))
        return IdentityRecord(
            restored: try Fixture.some(attributes, "attributes"), place: AddressPlace(prefecture: "東京都", municipality: "千代田区"),
            certificate: [UInt8](repeating: 9, count: 32), carrier: .card, tie: .card, presentedFor: member.defaultPurpose,
            member: member.id, at: Fixture.now.adding(seconds: -60), statusAt: Fixture.now.adding(seconds: -60),
            expiresAt: Fixture.now.adding(seconds: alive ? 3_600 : -1))
    }

    /// The citizen's yes to what `step` asks.
    static func yes(to step: Step, without declined: Set<AttributeSource> = []) throws(Missing) -> Consent {
        guard case .consent(let need) = step else { throw Missing(what: "a consent that is asked for, not: " + step.picture) }
        return try Fixture.some(need.agreed(without: declined, at: Fixture.now), "a consent without " + declined.description)
    }
}
