import Credentials
import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// A member's form set beside the certificate (R7: 本人確認), for members that need to know whether they agree and not what it says: the
/// policy releases `comparison`, the citizen shows the certificate and agrees, and the access token opens this door.
extension Platform {
    /// A form may be mistyped and sent again; a birth date cannot be found by trying. Counted for the citizen, member and purpose: a client gets
    /// another token whenever it likes, and no more tries with it. On one day, and of one showing of the certificate.
    static let mostComparisons = 5
    static let mostComparisonsOfOneShowing = 20

    /// `POST /openid/identity/compare`: a JSON object with some of `name`, `birthdate`, `gender` and `address` as the form has them; a word
    /// for each comes back: `match`, `different` or `open`.
    func compareIdentity(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let provider = settings.openIDProvider
        do {
            guard Self.isJSON(request) else { return Self.refusal(Self.notJSON, .unsupportedMediaType) }
            let presented = try PresentedToken(authorization: request.headers[.authorization], form: nil, query: request.rawQuery)
            guard let record = try await stores.find(presented.digest, at: now), let client = settings.federation.client(record.client),
                let member = settings.federation.member(record.client)
            else { throw ResourceRefusal.tokenUnknown(presented) }
            let verified = try presented.verified(
                as: record, of: client, member, with: request.evidence(at: settings.baseURL + "/openid/identity/compare", context),
                nonces: provider.nonces, at: provider, at: now)
            if let replay = verified.replay {
                guard try await stores.claim(replay.key, scope: replay.scope, until: replay.until, at: now) else {
                    throw ResourceRefusal.proofReplayed
                }
            }
            guard let body = try await request.collected(upTo: 8_192), let form = Self.comparable(body) else {
                return Self.refusal(Self.notAForm, .badRequest)
            }
            guard let assurance = record.assurance,
                let (subject, identity) = try await comparable(record, assurance, member, settings, at: now)
            else { return Self.refusal(Self.notComparable, .forbidden) }
            guard try await mayCompare(subject, identity, at: now) else { return Self.refusal(Self.comparedOften, .tooManyRequests) }
            let comparison = IdentityComparison(
                of: form, with: identity, places: settings.cards.identity.profile.gazetteer.municipalities)
            try await stores.append(
                Record(
                    "identity.compared", at: now,
                    [
                        ("member", .string(member.id.text)), ("purpose", .string(assurance.purpose.text)),
                        ("attributes", .array(comparison.words.map { .string($0.source.rawValue) })),
                        ("policy-version", .string(settings.policy.version)),
                    ]))
            return Answer.json(.object(comparison.words.map { ($0.source.claim, .string($0.word.rawValue)) }))
        } catch let refusal as ResourceRefusal {
            return Self.answer(refusal, refusal.challenges(metadata: nil, realm: "identity"))
        }
    }

    /// What the certificate said, when this token may be told of a comparison now: at its login and still, by the rules and by the citizen.
    private func comparable(
        _ token: AccessTokenRecord, _ assurance: GrantedAssurance, _ member: Member, _ settings: Configuration, at now: Timestamp
    ) async throws -> (SubjectID, IdentityRecord)? {
        guard let claims = token.citizen, (claims.userInfo + claims.idToken).contains(.comparison),
            case .permit(_, let release) = settings.policy.decide(
                assurance.question(by: member, on: .userInfo, under: settings.policy, at: now)
            ).outcome,
            release.contains(.comparison), let owner = try await stores.owner(of: token.pairwise)
        else { return nil }
        if !claims.consented.isEmpty {
            let consent = try await stores.consent(of: owner.subject, member: member.id, purpose: assurance.purpose)
            guard let consent, Set(claims.consented).isSubset(of: consent.given) else { return nil }
        }
        return try await stores.record(of: owner.subject, for: assurance.purpose, member: member.id, at: now).map { (owner.subject, $0) }
    }

    private func mayCompare(_ subject: SubjectID, _ identity: IdentityRecord, at now: Timestamp) async throws -> Bool {
        // Of two records of one person that were made one, neither begins anew; nor do they when they are two again.
        let shown = try await stores.parts(of: subject).map {
            [$0.text, identity.member.text, identity.presentedFor.text].joined(separator: "\n")
        }
        let scope = "identity-comparison"
        let days = shown.map { $0 + "\non day " + String(now.dayInJapan) }
        let showings = shown.map { $0 + "\nshown " + String(identity.at.milliseconds) }
        guard try await isFree(days, of: Self.mostComparisons, in: scope, until: now.adding(seconds: 86_400), at: now) else { return false }
        return try await isFree(showings, of: Self.mostComparisonsOfOneShowing, in: scope, until: identity.expiresAt, at: now)
    }

    /// Takes the first number that none of these has used, for all of them.
    func isFree(_ names: [String], of most: Int, in scope: String, until end: Timestamp, at now: Timestamp) async throws -> Bool {
        for number in 1...most {
            var isFree = true
            for name in names {
                let key = Base64url.encode(Ticket.digest(of: name + "\n" + String(number)))
                if try await !stores.claim(key, scope: scope, until: end, at: now) { isFree = false }
            }
            if isFree { return true }
        }
        return false
    }

    private static let comparableClaims: [String: AttributeSource] = [
        "name": .name, "birthdate": .birthDate, "gender": .sex, "address": .address,
    ]

    /// Nil for anything but texts of those four names: eight bytes for each character that a certificate can have, and no more.
    private static func comparable(_ body: [UInt8]) -> [(AttributeSource, String)]? {
        guard let members = (try? JSON(reading: body, depth: 2))?.members, !members.isEmpty else { return nil }
        var form: [(AttributeSource, String)] = []
        for (name, value) in members {
            guard let source = comparableClaims[name], let text = value.string, text.utf8.count <= 1_600 else { return nil }
            form.append((source, text))
        }
        return form
    }

    private static let notAForm = Explanation(
        "identity.compare.form", "the form is not a JSON object of name, birthdate, gender and address as texts", clause: "decision 0054",
        remedy: "send some of the four as the citizen typed them, 8 KiB at most")
    private static let notComparable = Explanation(
        "identity.compare.not-permitted", "this token does not open a comparison, or what it was made from is gone",
        clause: "decision 0054",
        remedy:
            "ask for the claim `comparison` at the login, for a purpose whose rules release it, and compare before the record's time is over"
    )
    private static let comparedOften = Explanation(
        "identity.compare.often", "this citizen's certificate was compared as often as one day, or one showing of it, allows",
        clause: "decision 0054", remedy: "try again tomorrow, or let the citizen show the certificate again")
}
