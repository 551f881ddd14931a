import SimulatedJPKI
import Vocabulary

/// The nine situations that are shipped in `Policies/`, end to end: evidence that satisfies, and evidence that leads to more, or to a no.
struct Situations {
    var stage: SituationStage
    private let now: @Sendable () -> Timestamp

    init(_ world: DemoWorld, depth: SituationStage.Depth, now: @escaping @Sendable () -> Timestamp) throws {
        stage = SituationStage(world, sentences: try world.sentences(), depth: depth)
        self.now = now
    }

    /// False when anything came out otherwise than it has to.
    mutating func run() async -> Bool {
        await eFiling()
        await portal()
        await healthRecord()
        await clinic()
        await shelter()
        await accountOpening()
        await onlineBanking()
        await changeWatch()
        await staff()
        Console.say(
            "\nthe nine situations: \(stage.acts - stage.failures) acts as they should be, \(stage.failures) otherwise")
        return stage.failures == 0
    }

    typealias Evidence = SituationAct.Evidence
    var services: SituationServices { stage.world.situations }

    mutating func play(
        _ says: String, at service: String, query: String = "", with evidence: Evidence? = nil, _ expect: SituationAct.Outcome,
        in browser: inout DemoBrowser, uses: [CardMode]? = nil, reads: [String] = [], shows: [String] = []
    ) async {
        await stage.play(
            SituationAct(
                says: says, start: services.start(service) + query, evidence: evidence, expect: expect, uses: uses, reads: reads,
                shows: shows), in: &browser)
    }

    // MARK: Of the administration

    private mutating func eFiling() async {
        stage.title(1, "電子申請", "E-filing", "e-filing")
        var hanako = stage.browser()
        await play(
            "Hanako files with her PIN; the status of her certificate is asked for on line", at: "e-filing", with: Evidence(card: "hanako"),
            .served(["e-filing"]), in: &hanako, uses: [.pin], shows: ["ocsp"])
        var taro = stage.browser()
        await play(
            "Taro's face was compared at the counter: not enough for a filing, so he types his PIN there", at: "e-filing",
            with: Evidence(card: "taro", mode: .face, terminal: "counter"), .served(["e-filing"]), in: &taro, uses: [.face, .pin],
            reads: ["e-filing"], shows: ["ocsp"])
        var emi = stage.browser()
        await play("Emi is in the portal …", at: "portal", with: Evidence(card: "emi"), .served(["portal"]), in: &emi)
        let world = stage.world, now = now
        await stage.note("… when her card is reported missing") {
            try world.simulator.revoke("emi", .both, reason: "certificateHold", at: now())
            return []
        }
        await play(
            "Whoever sits there goes on to a filing: the login is good, its certificate is not any more", at: "e-filing",
            .refused(code: "signon.status.revoked"), in: &emi, uses: [])
        var sent = stage.browser()
        await play(
            "A company files for its clients, as if it were an authority", at: "filing-agency", with: Evidence(card: "hanako"),
            .refused(code: "policy.no-permit"), in: &sent)
    }

    private mutating func portal() async {
        stage.title(2, "行政ポータル", "Portal, one login for all services", "portal")
        var hanako = stage.browser()
        await play(
            "Hanako logs in with her PIN", at: "portal", with: Evidence(card: "hanako"), .served(["portal"]), in: &hanako, uses: [.pin])
        await play("The city's services open without the card", at: "city", .served(["portal"]), in: &hanako, uses: [])
        var taro = stage.browser()
        await play(
            "At the city hall's counter Taro's face is enough …", at: "city",
            with: Evidence(card: "taro", mode: .face, terminal: "counter"),
            .served(["portal-at-a-counter"]), in: &taro, uses: [.face])
        await play(
            "… for that one use: a ministry's service takes his PIN", at: "portal", with: Evidence(card: "taro", terminal: "counter"),
            .served(["portal"]), in: &taro, uses: [.pin])
        var kiosk = stage.browser()
        await play(
            "At a kiosk in a shop the PIN opens the portal …", at: "portal", with: Evidence(card: "misaki", terminal: "public-kiosk"),
            .served(["portal", "portal-at-a-shared-screen"]), in: &kiosk, uses: [.pin])
        await play(
            "… once: whoever comes next is asked for a card", at: "city", with: Evidence(card: "hanako", terminal: "public-kiosk"),
            .served(["portal", "portal-at-a-shared-screen"]), in: &kiosk, uses: [.pin])
    }

    private mutating func staff() async {
        stage.title(9, "職員ログイン", "Staff login", "staff")
        let rule = Self.isWorkingTime(now()) ? "staff-in-working-hours" : "staff-out-of-hours"
        Console.say("\nIn Japan it is \(Self.clock(now())): the rule is \(rule).")
        var taro = stage.browser()
        await play(
            "An official logs in with the PIN at the reader of the desk", at: "staff",
            with: Evidence(card: "taro", terminal: "staff-reader"),
            .served([rule]), in: &taro, uses: [.pin])
        var misaki = stage.browser()
        await play(
            "A card that only lies on the reader is not enough: the PIN is asked for", at: "staff",
            with: Evidence(card: "misaki", mode: .presence, terminal: "staff-reader"), .served([rule]), in: &misaki,
            uses: [.presence, .pin],
            reads: [rule])
        var hanako = stage.browser()
        await play(
            "Hanako, an official, is in the portal as a citizen …", at: "portal", with: Evidence(card: "hanako"), .served(["portal"]),
            in: &hanako)
        await play(
            "… which is no login as an official: the two are kept apart", at: "staff",
            with: Evidence(card: "hanako", terminal: "staff-reader"),
            .served([rule]), in: &hanako, uses: [.pin], reads: [rule])
        var guards = stage.browser()
        await play(
            "A company's staff is none of ours", at: "guards", with: Evidence(card: "taro", terminal: "staff-reader"),
            .refused(code: "policy.no-permit"), in: &guards)
    }

    /// 07:00–22:00 from Monday to Friday in Japan, worked out here apart from the rules that are on show.
    static func isWorkingTime(_ moment: Timestamp) -> Bool {
        let inJapan = moment.seconds + 9 * 3600
        // 1970-01-01 was a Thursday.
        let day = (inJapan / 86_400 + 3) % 7
        return day < 5 && (7 * 3600..<22 * 3600).contains(inJapan % 86_400)
    }

    private static func clock(_ moment: Timestamp) -> String {
        let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        let inJapan = moment.seconds + 9 * 3600
        let minutes = inJapan % 86_400 / 60
        let text = { (number: Int64) in number < 10 ? "0\(number)" : "\(number)" }
        return days[Int((inJapan / 86_400 + 3) % 7)] + " " + text(minutes / 60) + ":" + text(minutes % 60)
    }

    // MARK: Of health and shelter

    private mutating func healthRecord() async {
        stage.title(3, "健康記録", "Health record on a set-top box", "health-records")
        var hanako = stage.browser()
        await play(
            "Hanako holds her card to the set-top box and sees the overview", at: "health-record",
            with: Evidence(card: "hanako", mode: .presence, terminal: "set-top-box"), .served(["health-record-on-television"]), in: &hanako,
            uses: [.presence])
        await play(
            "For the details she types her PIN with the remote control", at: "health-record-details",
            with: Evidence(card: "hanako", terminal: "set-top-box"), .served(["health-record-details"]), in: &hanako, uses: [.pin],
            reads: ["health-record-details"])
        var kenji = stage.browser()
        await play(
            "A card that nobody knows yet opens nothing by being held to a box", at: "health-record",
            with: Evidence(card: "kenji", mode: .presence, terminal: "set-top-box"), .cardRefused(code: "signon.presence.first-link"),
            in: &kenji)
        var box = stage.browser()
        await play(
            "A box that the ministry lists in no class shows nothing without the PIN", at: "health-record",
            with: Evidence(card: "hanako", mode: .presence, terminal: "stb", stepUp: "sekisho-app"), .served(["health-record-with-pin"]),
            in: &box, uses: [.presence, .pin], reads: ["health-record-with-pin"])
    }

    private mutating func clinic() async {
        stage.title(4, "医療機関の受付", "Reception at a clinic", "clinic")
        var sakura = stage.browser()
        await play(
            "Sakura's card has no PIN: the kiosk compares her face", at: "clinic",
            with: Evidence(card: "sakura", mode: .face, terminal: "clinic-kiosk"), .served(["clinic-reception"]), in: &sakura, uses: [.face]
        )
        var hanako = stage.browser()
        await play(
            "Hanako only held her card to the kiosk: she types her PIN, where the camera fails", at: "clinic",
            with: Evidence(card: "hanako", mode: .presence, terminal: "clinic-kiosk"), .served(["clinic-reception"]), in: &hanako,
            uses: [.presence, .pin], reads: ["clinic-reception"])
        var taro = stage.browser()
        await play(
            "At the counter of the city hall nobody is received for a clinic: Taro reads why, is asked for no card again, and goes back",
            at: "clinic",
            with: Evidence(card: "taro", mode: .face, terminal: "counter", givesUp: true), .refused(code: "policy.context"), in: &taro,
            uses: [.face], reads: ["clinic-reception"])
    }

    private mutating func shelter() async {
        stage.title(5, "避難所の受付", "Check-in at a shelter", "shelter")
        let settings = SituationSettings(stage.world.deployment)
        var drill = stage.browser()
        await play(
            "On any other day the desk asks for more than the card", at: "shelter",
            with: Evidence(card: "hanako", mode: .presence, terminal: "shelter-desk", stepUp: "sekisho-app"),
            .served(["shelter-check-in-with-proof"]), in: &drill, uses: [.presence, .pin], reads: ["shelter-check-in-with-proof"])
        await stage.note("An earthquake: the operator writes `circumstances: {load: emergency}` into sekisho.yaml") {
            try await settings.set(load: "emergency")
            return []
        }
        var hanako = stage.browser()
        await play(
            "Now Hanako's card at the desk is enough: she was confirmed with her PIN before", at: "shelter",
            with: Evidence(card: "hanako", mode: .presence, terminal: "shelter-desk"), .served(["shelter-check-in"]), in: &hanako,
            uses: [.presence])
        var kenji = stage.browser()
        await play(
            "Whoever was never confirmed is not known by holding a card; the desk takes the name on paper", at: "shelter",
            with: Evidence(card: "kenji", mode: .presence, terminal: "shelter-desk"), .cardRefused(code: "signon.presence.first-link"),
            in: &kenji)
        await stage.note("The lines are up again: `load: normal`") {
            try await settings.set(load: "normal")
            return []
        }
    }
}
