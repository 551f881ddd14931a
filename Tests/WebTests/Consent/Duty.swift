import SignOn
import Testing
import Vocabulary
import Web

/// Rules that oblige to something, one for each of the test's services; each is joined with the sample rule that permits the service.
enum Duty {
    static let rules = """
        rules:
          - id: bank-asks
            effect: permit
            says: {ja: 口座の本人確認に必要です。, en: The bank has to know how you logged in.}
            member: RP00000002
            floor: card-pin
            obligations: {consent: [pin-used, card-mode], opt-out: [card-mode], ledger: true}
            basis: bank law
          - id: shop-asks-for-the-card
            effect: permit
            says: {ja: 高額な買い物です。, en: This is an expensive purchase.}
            member: RP00000001
            floor: card-pin
            obligations: {authenticate-again: {mode: pin, within: 5m}}
            basis: shop law
          - id: app-refreshes-with-consent
            effect: permit
            member: RP00000021
            obligations: {consent: [pin-used], ledger: true}
            basis: app law
          - id: library-stands-apart
            effect: permit
            member: https://library.example.jp/sp
            obligations: {session: {island: books}, consent: [card-mode], ledger: true}
            basis: library law
          - id: ministry-once
            effect: permit
            member: https://ministry.example.go.jp/sp
            purpose: procedure
            floor: card-pin
            obligations: {session: {once: true}}
            basis: ministry law
          - id: counter-once
            effect: permit
            member: RP00000013
            obligations: {session: {once: true}}
            basis: counter law
          - id: move-is-written-down
            effect: permit
            member: RP00000191
            obligations: {ledger: true}
            basis: moving law
          - id: portal-on-line
            effect: permit
            member: https://portal.example.jp/sp
            obligations: {refresh-status: 15m}
            basis: portal law
        """

    static func house(refresh: @escaping CardDesk.Refresh = { _, _ in .unknown }) async throws -> House {
        try House(try await World.dutiful(), refresh: refresh)
    }

    /// What the consent page's form would send.
    static func form(_ page: Answer, _ decision: String = "give", tell: [String]? = nil) throws -> [(String, String)] {
        let mark = try #require(page.between("name=\"form\" value=\"", "\""), "\(page.text)")
        let ticked = tell ?? page.text.components(between: "name=\"tell\" checked value=\"", and: "\"")
        return [("form", mark), ("decision", decision)] + ticked.map { ("tell", $0) }
    }

    /// From a login that ends at the consent page to what the browser shows behind the citizen's yes.
    static func agree(_ browser: Browser, _ journey: String, tell: [String]? = nil) async throws -> Answer {
        let page = try await browser.get(journey + "/consent")
        let given = try await browser.post(journey + "/consent", try form(page, tell: tell))
        return try await browser.get(try #require(given.location, "\(given.text)"))
    }
}
