import SampleParties
import SimulatedJPKI
import Vocabulary

/// Bank and insurer.
extension Situations {
    mutating func accountOpening() async {
        stage.title(6, "口座開設", "Opening an account", "account-opening")
        var hanako = stage.browser()
        await play(
            "Hanako shows her signature certificate (its password, after the PIN) and agrees that the bank learns its four attributes",
            at: "bank-accounts", with: Evidence(card: "hanako", showsSignature: true), .served(["account-opening"]), in: &hanako,
            uses: [.pin], reads: ["account-opening"], shows: ["関所 花子", "1990-04-02", "見本県関町市本町一丁目２番３号", "account opened: C-1001"])
        var taro = stage.browser()
        await play(
            "Taro reads what the bank would learn, and says no", at: "bank-accounts",
            with: Evidence(card: "taro", showsSignature: true, consents: false), .refused(code: "signon.consent.refused"), in: &taro,
            reads: ["account-opening"])
        var minoru = stage.browser()
        await play(
            "Minoru moved house: he can log in, but his signature certificate says what is not true any more", at: "bank-accounts",
            with: Evidence(card: "minoru", showsSignature: true), .cardRefused(code: "card.status.revoked"), in: &minoru)
        var more = stage.browser()
        await play(
            "The bank asks whether the customer is over 65, which an account does not take: it is told nothing", at: "bank-accounts",
            query: "?claims=%7B%22userinfo%22%3A%7B%22name%22%3Anull%2C%22over_65%22%3Anull%7D%7D", with: Evidence(card: "hanako"),
            .refused(code: "policy.no-permit"), in: &more)
    }

    mutating func onlineBanking() async {
        stage.title(7, "オンラインバンキング", "On-line banking of a linked customer", "online-banking")
        var hanako = stage.browser()
        await play("Hanako is in the portal …", at: "portal", with: Evidence(card: "hanako"), .served(["portal"]), in: &hanako)
        await play(
            "… which does not open the bank: it takes the PIN again, and knows its customer by the identifier of its own sector",
            at: "bank",
            with: Evidence(card: "hanako"), .served(["online-banking"]), in: &hanako, uses: [.pin], reads: ["online-banking"],
            shows: ["linked: C-1001"])
        var box = stage.browser()
        await play(
            "On the set-top box in the living room the card alone is not enough; with the PIN it is", at: "bank",
            with: Evidence(card: "hanako", mode: .presence, terminal: "set-top-box"), .served(["online-banking"]), in: &box,
            uses: [.presence, .pin], reads: ["online-banking"], shows: ["linked: C-1001"])
        var misaki = stage.browser()
        await play(
            "Misaki has no account: the bank learns that somebody is there, and links nobody", at: "bank", with: Evidence(card: "misaki"),
            .served(["online-banking"]), in: &misaki, uses: [.pin], shows: ["nobody is linked"])
        var name = stage.browser()
        await play(
            "The bank asks for the name that it knows: nothing is told", at: "bank",
            query: "?claims=%7B%22id_token%22%3A%7B%22name%22%3Anull%7D%7D",
            with: Evidence(card: "hanako"), .refused(code: "policy.no-permit"), in: &name)
    }

    mutating func changeWatch() async {
        stage.title(8, "変更確認", "An insurer's change watch", "change-watch")
        var hanako = stage.browser()
        await play(
            "Hanako agrees that her insurer hears of her certificate's status", at: "insurer", with: Evidence(card: "hanako"),
            .served(["change-watch"]), in: &hanako, uses: [.pin], reads: ["change-watch"], shows: ["revocation_time"])
        await later("The insurer asks again at night, without her", in: &hanako, expect: nil)
        await stage.withdrawal("Hanako takes her consent back, on her own page", of: "change-watch", in: &hanako)
        await later("The insurer asks again: it is told nothing any more", in: &hanako, expect: "invalid_grant")
        var address = stage.browser()
        await play(
            "An insurer that asks for the new address itself is told nothing", at: "insurer",
            query: "?claims=%7B%22userinfo%22%3A%7B%22address%22%3Anull%7D%7D", with: Evidence(card: "hanako"),
            .refused(code: "policy.no-permit"), in: &address)
    }

    /// The insurer's own nightly run. `expect`: nil when it is told, else the error that it is refused with.
    private mutating func later(_ says: String, in browser: inout DemoBrowser, expect: String?) async {
        await stage.visit(says, services.later("insurer"), in: &browser) { arrival in
            guard let expect else {
                return arrival.status == 200 && arrival.text.contains("revocation_time") ? [] : ["the insurer is not told the status"]
            }
            return arrival.status == 403 && arrival.text.contains(expect) ? [] : ["the insurer is not refused with \(expect)"]
        }
    }
}
