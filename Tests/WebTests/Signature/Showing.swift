import Credentials
import Settings
import SimulatedJPKI
import Testing
import Vocabulary
import Web

/// Rules that tell who a citizen is, and the use of the signature key as a card client does it.
enum Showing {
    static let rules = """
        rules:
          - id: bank-learns-who
            effect: permit
            member: RP00000002
            purpose: identity-check
            floor: card-pin
            release: [name, birth-date, sex, address, over-18, over-65, birth-year, prefecture, municipality, comparison, pin-used]
            basis: bank law
          - id: shop-learns-the-age
            effect: permit
            member: RP00000001
            floor: card-pin
            release: [birth-date]
            obligations: {derive: {birth-date: over-18}}
            basis: shop law
          - id: library-learns-the-name
            effect: permit
            member: https://library.example.jp/sp
            floor: card-pin
            release: [name, prefecture]
            basis: library law
          - id: register-learns-who
            effect: permit
            member: https://register.example.go.jp/sp
            floor: card-pin
            release: [name, name-substitution, birth-date, sex, address, address-substitution]
            basis: register law
        """

    /// What a citizen agrees to before it is told: facts of the login, and what the certificate says.
    static let asking = """
        rules:
          - id: counter-asks-first
            effect: permit
            member: RP00000013
            floor: card-pin
            release: [name, birth-date, sex, address, over-18, birth-year, pin-used, card-mode, carrier, revocation-source, revocation-time]
            obligations: {consent: [name, birth-date, sex, address, pin-used], ledger: true}
            basis: counter law
        """

    static let askedClaims =
        #"{"userinfo":{"name":null,"birthdate":null,"gender":null,"address":null,"over_18":null,"birth_year":null},"#
        + #""id_token":{"pin_used":null,"card_mode":null,"card_carrier":null,"revocation_source":null,"revocation_time":null}}"#

    static let claims =
        #"{"userinfo":{"name":null,"birthdate":null,"gender":null,"address":null,"over_18":null,"over_65":null,"municipality":null,"prefecture":null,"birth_year":null},"id_token":{"over_18":null}}"#

    static func house() async throws -> House { try House(try await World.showing()) }

    static func question(_ claims: String = claims) -> OpenIDQuestion { OpenIDQuestion(Parties.bank, [("claims", claims)]) }
}

extension House {
    func declaration(_ asked: JSON, _ journey: String) throws -> DeclarationText {
        let text = try #require(asked["text"]?.string)
        return try #require(
            DeclarationText(
                text, id: asked["challenge"]?.string ?? "", base: world.configuration.baseURL, transaction: Self.transaction(journey)))
    }

    /// What a card client answers; `changing` may spoil it.
    func presented(
        _ asked: JSON, _ handle: String, _ journey: String, tie: IdentityTie = .journey, wished: IdentityTie = .journey,
        text: DeclarationText? = nil
    ) throws -> JSON {
        let declaration = try text ?? declaration(asked, journey)
        let holder = CardHolder(
            try world.simulator.card(handle), pin: "1234", password: "SAMPLE2026", terminal: try world.simulator.terminal("sekisho-app"))
        let shown = try holder.present(
            declaration, tie: tie, wished: wished, algorithms: asked["algorithms"]?.strings ?? [], at: now)
        return shown.json(for: declaration)
    }
}

extension Browser {
    /// Logs in and comes to the page that asks who the citizen is; the address of the journey.
    func askedWho(_ handle: String = "hanako", _ question: OpenIDQuestion = Showing.question()) async throws -> String {
        let journey = try await begin(question.path)
        let next = try await login(handle, at: journey)
        try #require(next.location == journey + "/identity", "\(next.location ?? next.text)")
        return journey
    }

    /// The mark of the form that deletes.
    func identityMark() async throws -> (String, String) {
        let page = try await get("/identity")
        return ("form", try #require(page.between("name=\"form\" value=\"", "\""), "\(page.text)"))
    }

    func show(_ handle: String, at journey: String, tie: IdentityTie = .journey) async throws -> Answer {
        let asked = try await post(journey + "/identity/challenge", json: [:])
        guard asked.status == 200 else { return asked }
        return try await post(journey + "/identity/answer", json: try house.presented(try asked.json, handle, journey, tie: tie))
    }
}
