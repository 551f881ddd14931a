import JOSE
import OpenID
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Trust marks, OpenID Federation 1.0 §7, §8.4–8.6, §9` {
    static let now = Federation.now
    static let type = TrustMarkType(.privateVerifier)

    static func read(_ text: String, by federation: Federation) throws -> (type: String?, claims: JSON) {
        let keys = try JWKSet(reading: federation.provider.jwks(at: now))
        let verified = try UnverifiedJWS(compact: text).verified(by: keys.keys, allowed: [.es256])
        return (verified.type, try JSON(reading: verified.payload))
    }

    static func member(_ events: [(Accreditation.State, Int64)]) throws -> Member {
        let federation = try Federation()
        let plain = try federation.member()
        let term = AccreditationTerm(notBefore: now.adding(seconds: -86_400), notAfter: now.adding(seconds: 86_400))
        let history = try AccreditationHistory(
            events.map {
                AccreditationEvent(
                    state: $0.0, at: now.adding(seconds: $0.1), by: "registrar", reason: "test", term: $0.0 == .accredited ? term : nil)
            })
        let accreditation = try #require(
            Accreditation(
                history: history, notBefore: now.adding(seconds: -86_400), notAfter: now.adding(seconds: 86_400),
                purposes: plain.accreditation.purposes))
        return Member(
            id: plain.id, kind: plain.kind, displayName: [:], accreditation: accreditation, defaultPurpose: plain.defaultPurpose)
    }

    static func presented(_ text: String, to federation: Federation) throws -> PresentedTrustMark {
        try PresentedTrustMark(form: Array(("trust_mark=" + text).utf8), at: federation.provider)
    }

    static func refusal(_ work: () throws -> Void) -> String? {
        do {
            try work()
            return nil
        } catch let refusal as TrustMarkRefusal { return "\(refusal.status) \(refusal.explanation.code)" } catch { return "\(error)" }
    }

    @Test func `a mark says who is accredited as what, until when, and by whom`() throws {
        let federation = try Federation()
        let mark = try federation.provider.trustMark(for: federation.member(), as: Self.type, lifetime: 3600, at: Self.now)
        let (type, claims) = try Self.read(mark.text, by: federation)
        #expect(type == "trust-mark+jwt")
        #expect(claims["iss"]?.string == Federation.issuer && claims["sub"]?.string == "shop")
        #expect(claims["trust_mark_type"]?.string == Federation.issuer + "/trust-marks/private-verifier")
        #expect(claims["iat"]?.integer == Self.now.seconds && claims["exp"]?.integer == Self.now.seconds + 3600)
    }

    @Test func `and never lives longer than the accreditation`() throws {
        let federation = try Federation()
        let member = try Self.member([(.accredited, -60)])
        let mark = try federation.provider.trustMark(for: member, as: Self.type, lifetime: 10 * 86_400, at: Self.now)
        #expect(mark.expiresAt == Self.now.adding(seconds: 86_400))
    }

    @Test(arguments: [Accreditation.State.applied, .examined, .suspended, .withdrawn])
    func `nobody else gets one, and strangers hear no more than that`(state: Accreditation.State) throws {
        let federation = try Federation()
        let member = try federation.member(state: state)
        for candidate in [member, nil] {
            #expect(
                Self.refusal { _ = try federation.provider.trustMark(for: candidate, as: Self.type, lifetime: 60, at: Self.now) }
                    == "404 federation.trust-mark.unmarked")
        }
        #expect(
            Self.refusal {
                _ = try federation.provider.trustMark(
                    for: try federation.member(), as: TrustMarkType(.ministry), lifetime: 60, at: Self.now)
            } == "404 federation.trust-mark.unmarked", "a member is what it is, and nothing else")
    }

    @Test func `its status follows the standing at once, and what was suspended in between stays revoked`() throws {
        let federation = try Federation()
        let member = try Self.member([(.accredited, -3600)])
        let text = try federation.provider.trustMark(for: member, as: Self.type, lifetime: 600, at: Self.now).text
        let mark = try Self.presented(text, to: federation)
        func status(_ member: Member?, _ seconds: Int64) -> TrustMarkStatus {
            mark.status(of: member, at: Self.now.adding(seconds: seconds))
        }
        #expect(status(member, 0) == .active && status(member, 599) == .active && status(member, 600) == .expired)
        let suspended = try Self.member([(.accredited, -3600), (.suspended, 60)])
        #expect(status(suspended, 59) == .active && status(suspended, 60) == .revoked)
        let back = try Self.member([(.accredited, -3600), (.suspended, 60), (.accredited, 120)])
        #expect(status(back, 130) == .revoked)
        let renewed = try Self.member([(.accredited, -3600), (.accredited, 60)])
        #expect(status(renewed, 130) == .active, "a renewal is no gap")
        #expect(status(nil, 1) == .revoked)
        let (type, claims) = try Self.read(mark.response(.revoked, from: federation.provider, at: Self.now), by: federation)
        #expect(type == "trust-mark-status-response+jwt")
        #expect(claims["trust_mark"]?.string == text && claims["status"]?.string == "revoked" && claims["iss"]?.string == Federation.issuer)
    }

    @Test func `of what we did not sign as a mark nothing is said`() throws {
        let federation = try Federation()
        let other = try Federation()
        let text = try federation.provider.trustMark(for: federation.member(), as: Self.type, lifetime: 60, at: Self.now).text
        let parts = text.split(separator: ".").map(String.init)
        let forged = parts[0] + "." + parts[1] + "." + (parts[2].hasPrefix("A") ? "B" : "A") + parts[2].dropFirst()
        // An entity configuration and a status response are ours too, and no marks.
        let entity = try federation.provider.entityConfiguration(at: Self.now)
        let answer = try Self.presented(text, to: federation).response(.active, from: federation.provider, at: Self.now)
        for wrong in [forged, entity, answer] {
            #expect(
                Self.refusal { _ = try Self.presented(wrong, to: other) } == "404 federation.trust-mark.not-ours", "\(wrong.prefix(40))")
        }
        for (form, code) in [
            ("", "400 federation.trust-mark.parameter"), ("trust_mark=x", "400 federation.trust-mark.request"),
            ("trust_mark=" + text + "&trust_mark=" + text, "400 federation.trust-mark.request"),
            ("trust_mark=%zz", "400 federation.trust-mark.request"),
        ] {
            #expect(Self.refusal { _ = try PresentedTrustMark(form: Array(form.utf8), at: federation.provider) } == code)
        }
    }

    @Test(arguments: [
        ("", "400 federation.trust-mark.parameter"), ("trust_mark_type=x&sub=shop", "404 federation.trust-mark.type"),
        ("trust_mark_type=https%3A%2F%2Flogin.example%2Ftrust-marks%2Fministry", "400 federation.trust-mark.parameter"),
        ("trust_mark_type=https%3A%2F%2Flogin.example%2Ftrust-marks%2FMinistry&sub=shop", "404 federation.trust-mark.type"),
        ("trust_mark_type=https%3A%2F%2Flogin.example%2Ftrust-marks%2Fministry&sub=shop", nil),
    ])
    func `a question names one type of ours and one subject`(query: String, code: String?) throws {
        let federation = try Federation()
        #expect(
            Self.refusal { _ = try TrustMarkQuestion(query: Array(query.utf8), needsSubject: true, at: federation.provider) } == code)
    }

    @Test func `the entity configuration names its keys and the endpoints, and claims to be nothing more`() throws {
        let federation = try Federation()
        let (type, claims) = try Self.read(federation.provider.entityConfiguration(at: Self.now), by: federation)
        #expect(type == "entity-statement+jwt")
        #expect(claims["iss"]?.string == Federation.issuer && claims["sub"]?.string == Federation.issuer)
        #expect(claims["authority_hints"] == nil && claims["metadata"]?.members?.map(\.0) == ["federation_entity"])
        #expect(
            claims["metadata"]?["federation_entity"]?["federation_trust_mark_endpoint"]?.string == federation.provider.trustMarkEndpoint)
        #expect(claims["jwks"]?["keys"]?.array?.count == 2)
        #expect(claims["trust_mark_issuers"]?.members?.count == MemberKind.allCases.count)
        let text = String(decoding: claims.bytes, as: UTF8.self)
        #expect(!text.contains("\"d\":"))
    }
}
