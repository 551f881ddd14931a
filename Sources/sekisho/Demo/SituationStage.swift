import Credentials
import Outbound
import SampleParties
import SimulatedJPKI
import Vocabulary

/// Plays acts, shows what each party sees, and holds every act to what has to come of it.
struct SituationStage {
    let world: DemoWorld
    private let auditor: AuditorsDesk
    /// What each shipped rule says of itself, in Japanese, by its id.
    private let sentences: [String: String]
    private let depth: Depth
    private(set) var failures = 0
    private(set) var acts = 0
    /// The newest record of the trail that was looked at.
    private var seen: Int64 = 0

    /// What came of an act.
    private struct Ending {
        var arrival: Arrival?
        var cardRefusal: String?
        var uses: [CardMode] = []
        /// Pages of the platform that the citizen read on the way, behind the first that asks for the card.
        var pages: [String] = []
    }

    /// How much of what the parties saw is printed. What has to come of an act is looked at all the same.
    enum Depth { case reasons, pages, everything }

    init(_ world: DemoWorld, sentences: [String: String], depth: Depth) {
        self.world = world
        self.sentences = sentences
        self.depth = depth
        auditor = AuditorsDesk(deployment: world.deployment)
    }

    func browser() -> DemoBrowser {
        let writer = TraceWriter()
        let depth = depth
        return DemoBrowser(tell: { if depth != .reasons { Console.say("   · " + $0) } }) { event in
            switch (depth, event) {
            case (.everything, _): Console.say(writer.text(event))
            case (.pages, .note(let text)): Console.say("   · " + text)
            default: break
            }
        }
    }

    mutating func title(_ number: Int, _ japanese: String, _ english: String, _ file: String) {
        Console.say("\n=== Situation \(number) of 9: \(japanese) \(english)  (Policies/\(file).yaml)")
    }

    /// Lets the citizen act, and tells what all parties saw.
    mutating func play(_ act: SituationAct, in browser: inout DemoBrowser) async {
        acts += 1
        Console.say((depth == .reasons ? "--- " : "\n--- ") + act.says)
        do {
            let ending = try await walk(act, &browser)
            let entries = try await news()
            verdict(try await tell(ending, entries) + faults(act, ending, entries))
        } catch {
            verdict(["\(error)"])
        }
    }

    /// Something of the situation that is no use of a service.
    mutating func note(_ says: String, _ body: () async throws -> [String]) async {
        acts += 1
        Console.say((depth == .reasons ? "--- " : "\n--- ") + says)
        do { verdict(try await body()) } catch { verdict(["\(error)"]) }
    }

    /// A page of a service that needs no card; the decisions behind it are explained all the same.
    mutating func visit(_ says: String, _ url: String, in browser: inout DemoBrowser, _ faults: (Arrival) -> [String]) async {
        acts += 1
        Console.say((depth == .reasons ? "--- " : "\n--- ") + says)
        do {
            let ending = Ending(arrival: try await browser.open(url))
            verdict(try await tell(ending, news()) + (ending.arrival.map(faults) ?? []))
        } catch {
            verdict(["\(error)"])
        }
    }

    /// The citizen takes a consent back on the page of what was told; logs in there when the page asks for it.
    mutating func withdrawal(_ says: String, of purpose: String, in browser: inout DemoBrowser) async {
        acts += 1
        Console.say((depth == .reasons ? "--- " : "\n--- ") + says)
        do {
            let page = try await browser.open(world.base + "/ledger")
            if depth != .reasons { say("the citizen reads, on a page of the platform", page.text) }
            let after = try await browser.press(to: "/withdraw", having: purpose, on: page)
            let entries = try await news()
            if let entry = entries.last { say("the auditor finds record \(entry.number)", entry.record.text) }
            let withdrawn = entries.contains { $0.event == "consent.withdrawn" && $0.record["purpose"]?.string == purpose }
            verdict(
                (withdrawn ? [] : ["the trail does not say that a consent to \(purpose) was withdrawn"])
                    + (after.status == 200 ? [] : ["the page answers \(after.status)"]))
        } catch {
            verdict(["\(error)"])
        }
    }

    private mutating func news() async throws -> [AuditorsDesk.Entry] {
        let entries = try await auditor.entries(after: seen)
        seen = entries.last?.number ?? seen
        return entries
    }

    private mutating func verdict(_ faults: [String]) {
        guard !faults.isEmpty else {
            Console.say("   as it should be")
            return
        }
        failures += 1
        for fault in faults { Console.say("   WRONG: \(fault)") }
    }

    // MARK: The citizen

    private func walk(_ act: SituationAct, _ browser: inout DemoBrowser) async throws -> Ending {
        var ending = Ending()
        var arrival = try await browser.open(act.start)
        for _ in 0..<8 {
            let path = arrival.address.path
            guard arrival.address.origin == world.base, path.hasPrefix("/journey/") else { break }
            if path.hasSuffix("/consent") {
                ending.pages.append(arrival.text)
                arrival = try await browser.press(act.evidence?.consents == false ? "refuse" : "give", to: "/consent", on: arrival)
                continue
            }
            // The first page of all only says that the card is needed.
            if path.hasSuffix("/identity") || !ending.uses.isEmpty || browser.hasUsedCard { ending.pages.append(arrival.text) }
            guard let evidence = act.evidence else { break }
            if evidence.givesUp, !ending.uses.isEmpty {
                arrival = try await browser.press(to: "/cancel", on: arrival)
                continue
            }
            do throws(UserAgentRefusal) {
                let used = try await browser.use(try holder(evidence, again: !ending.uses.isEmpty), at: arrival)
                ending.uses += used.cardUses
                arrival = used
            } catch {
                switch error {
                case .refused(_, let code, _, _):
                    ending.cardRefusal = code
                    return ending
                // The card was used, and the page asks for more: it is read before the PIN is typed.
                case .strongerLoginNeeded where ending.uses.isEmpty:
                    ending.uses.append(evidence.mode)
                    arrival = try await browser.open("\(arrival.address)")
                default: throw error
                }
            }
        }
        ending.arrival = arrival
        browser.hasUsedCard = browser.hasUsedCard || !ending.uses.isEmpty
        return ending
    }

    /// The PIN is held back at first where another mode is used, so that the page which asks for it is read.
    private func holder(_ evidence: SituationAct.Evidence, again: Bool) throws(UserAgentRefusal) -> CardHolder {
        do {
            return CardHolder(
                try world.simulator.card(evidence.card), mode: evidence.mode, pin: evidence.mode == .pin || again ? "1234" : nil,
                password: evidence.showsSignature ? "SAMPLE2026" : nil, terminal: try world.simulator.terminal(evidence.terminal),
                stepUpTerminal: try world.simulator.terminal(evidence.stepUp ?? evidence.terminal))
        } catch {
            throw .cardAPI("\(error)")
        }
    }

    // MARK: What each party sees

    /// What is wrong with the explanations: each decision of the act has to come out the same under the version of its day.
    private func tell(_ ending: Ending, _ entries: [AuditorsDesk.Entry]) async throws -> [String] {
        if depth != .reasons { for page in ending.pages { say("the citizen reads, on a page of the platform", page) } }
        if let code = ending.cardRefusal { say("the citizen's app is told", code) }
        if let arrival = ending.arrival, depth != .reasons || !arrival.isAtService {
            say("the citizen sees, and the service's developer learns (status \(arrival.status))", arrival.text)
        }
        let decisions = entries.filter(\.isDecision)
        if decisions.isEmpty, let last = entries.last { say("the auditor finds record \(last.number), of no decision", last.record.text) }
        var faults: [String] = []
        for decision in decisions {
            // The last one is the answer; those before it led there.
            for reader in decision.number == decisions.last?.number ? ["citizen", "developer", "auditor"] : ["auditor"] {
                let told = try await auditor.explain("\(decision.number)", for: reader)
                if decision.number == decisions.last?.number {
                    say(
                        "sekisho policy explain \(decision.number) --for \(reader)", depth == .reasons ? Self.reasons(told.text) : told.text
                    )
                }
                guard told.status != 0 || reader == "auditor" && !told.text.contains("the same answer") else { continue }
                faults.append("record \(decision.number) is not explained to the \(reader): \(told.text)")
            }
        }
        return faults
    }

    /// The lines that give the reason, whoever reads them.
    private static func reasons(_ told: String) -> String {
        let lines = told.split(separator: "\n").map(String.init)
        let chosen = lines.filter { line in
            ["rule ", "denied", "permitted", "replayed"].contains { line.hasPrefix($0) } || line.contains("。")
        }
        return chosen.joined(separator: "\n")
    }

    private static let mostLines = 30

    /// What every page has at its top and foot is left out, and so is the end of a long one; `--verbose` shows all of it.
    private func say(_ who: String, _ text: String) {
        var lines = text.split(separator: "\n").map(String.init)
        if depth != .everything, let languages = lines.firstIndex(of: "やさしい日本語"), languages < 8 { lines.removeFirst(languages + 1) }
        Console.say("   \(who):")
        for line in depth == .everything ? lines[...] : lines.prefix(Self.mostLines) { Console.say("     | \(line)") }
        if depth != .everything, lines.count > Self.mostLines { Console.say("     | … and \(lines.count - Self.mostLines) lines more") }
    }

    private func faults(_ act: SituationAct, _ ending: Ending, _ entries: [AuditorsDesk.Entry]) -> [String] {
        var faults: [String] = []
        func expect(_ holds: Bool, _ what: String) { if !holds { faults.append(what) } }
        switch act.expect {
        case .served(let rules):
            expect(ending.arrival?.isAtService == true, "the service did not let the citizen in")
            let decided = entries.last { $0.event == "signon.granted" }?.rules ?? []
            expect(Set(decided) == Set(rules), "decided by \(decided), not by \(rules)")
        case .refused(let code):
            expect(
                ending.arrival?.status == 403 && ending.arrival?.address.origin == world.situations.origin, "the service was not told no")
            expect(ending.arrival?.text.contains(code) == true, "the developer is not told `\(code)`")
            expect(entries.contains { $0.event == "signon.refused" && $0.code == code }, "the trail does not say `\(code)`")
        case .cardRefused(let code):
            expect(ending.cardRefusal == code, "the card was answered \(ending.cardRefusal ?? "as if it were good")")
            expect(entries.contains { $0.code == code }, "the trail does not say `\(code)`")
        }
        if let uses = act.uses {
            expect(ending.uses == uses, "the card was used \(ending.uses.map(\.rawValue)), not \(uses.map(\.rawValue))")
        }
        for rule in act.reads {
            let sentence = sentences[rule] ?? rule
            expect(ending.pages.contains { $0.contains(sentence) }, "no page told the citizen: \(sentence)")
        }
        for words in act.shows { expect(ending.arrival?.text.contains(words) == true, "the service's page does not show `\(words)`") }
        return faults
    }
}
