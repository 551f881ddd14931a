import ArgumentParser
import Foundation
import Outbound
import SimulatedJPKI
import Synchronization
import Vocabulary

/// Goes through every answer of a sandbox with a developer's own service.
struct Acceptance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that a service refuses every wrong answer, with the sandbox of a platform.",
        discussion: """
            Logs in at the service once for each answer that the sandbox can give, in a browser of its own each time, and looks whether the page \
            that it ends on has the text that only somebody logged in sees. Ends with status 0 when the right answer was taken and every \
            wrong one that the standards speak of was refused.
            """)

    @Option(help: "The platform's address, without `/sandbox`.") var platform: String
    @Option(help: "Where a login begins at the service.") var start: String
    @Option(help: "A text on the page of somebody who is logged in, and on no other.") var success: String
    @Option(help: "Which of the sandbox's people.") var citizen = "hanako"
    @Option(help: "Only these answers; the right one is always tried.") var only: [String] = []
    @Flag(help: "One line of JSON for each answer.") var json = false

    func run() async throws {
        let trial = Trial(start: start, success: success, citizen: citizen)
        let right = try await trial.tried("right")
        guard right.isTaken else {
            tell(Verdict(answer: "right", clause: "", isBinding: true, isTaken: false, end: right.end))
            FileHandle.standardError.write(Data("the service did not take the right answer: nothing can be told from the others\n".utf8))
            throw ExitCode(1)
        }
        tell(Verdict(answer: "right", clause: "", isBinding: true, isTaken: true, end: right.end))
        let names = try await answers(right.speech)
        var failures = 0
        for (name, clause, isBinding) in names where name != "right" && (only.isEmpty || only.contains(name)) {
            let outcome = try await trial.tried(name)
            if outcome.isTaken, isBinding { failures += 1 }
            tell(Verdict(answer: name, clause: clause, isBinding: isBinding, isTaken: outcome.isTaken, end: outcome.end))
        }
        if only.isEmpty || only.contains("replayed") {
            let outcome = try await trial.replayed()
            if outcome.isTaken { failures += 1 }
            tell(
                Verdict(
                    answer: "replayed", clause: right.speech == "saml" ? "SAML Profiles §4.1.4.5" : "RFC 6749 §4.1.2, §10.12",
                    isBinding: true, isTaken: outcome.isTaken, end: outcome.end))
        }
        guard failures == 0 else { throw ExitCode(1) }
    }

    private func answers(_ speech: String) async throws -> [(String, String, Bool)] {
        let answer = try await RealNetwork.outbound.get(platform + "/sandbox/answers")
        guard answer.status == 200, let json = try? JSON(reading: answer.body), let list = json[speech]?.array else {
            throw ValidationError("\(platform)/sandbox/answers gave no list: is `sandbox: true` in the platform's sekisho.yaml?")
        }
        return list.compactMap { entry in
            guard let name = entry["answer"]?.string, let clause = entry["clause"]?.string else { return nil }
            return (name, clause, entry["binding"]?.bool ?? true)
        }
    }

    private func tell(_ verdict: Verdict) {
        print(json ? verdict.json.text : verdict.text)
    }
}

/// What a service made of one answer.
private struct Verdict {
    let answer: String
    let clause: String
    let isBinding: Bool
    let isTaken: Bool
    let end: String

    var isGood: Bool { isTaken == (answer == "right") }

    private var word: String {
        switch (isGood, isBinding) {
        case (true, _): "ok"
        case (false, true): "FAIL"
        case (false, false): "note"
        }
    }

    var text: String {
        word.padding(toLength: 6, withPad: " ", startingAt: 0) + answer.padding(toLength: 24, withPad: " ", startingAt: 0)
            + (isTaken ? "taken   " : "refused ") + clause + (isGood ? "" : "  (" + end + ")")
    }

    var json: JSON {
        .object([
            ("answer", .string(answer)), ("verdict", .string(word)), ("taken", .bool(isTaken)), ("binding", .bool(isBinding)),
            ("clause", .string(clause)), ("end", .string(end)),
        ])
    }
}

/// One service and one invented citizen.
private struct Trial {
    let start: String
    let success: String
    let citizen: String

    struct Outcome {
        let isTaken: Bool
        /// `saml` or `openid`, by the sandbox's door that was met.
        let speech: String
        let end: String
    }

    func tried(_ answer: String) async throws -> Outcome { try await login(answer).outcome }

    /// The right answer, caught on its way and sent again by somebody else.
    func replayed() async throws -> Outcome {
        let first = try await login("right")
        guard let caught = first.delivery else { return first.outcome }
        var thief = UserAgent(clock: { Clock.now }, transport: RealNetwork.transport)
        return outcome(await Self.end { () throws(UserAgentRefusal) in try await thief.replay(caught) }, first.outcome.speech)
    }

    private func login(_ answer: String) async throws -> (outcome: Outcome, delivery: OutboundRequest?) {
        let path = Path()
        var agent = UserAgent(clock: { Clock.now }) { (request) throws(OutboundRefusal) in
            path.note(request)
            return try await RealNetwork.transport(request)
        }
        let (start, citizen) = (start, citizen)
        let end = await Self.end { () throws(UserAgentRefusal) in
            try await agent.open(start, choosing: SandboxChoice(answer: answer, citizen: citizen))
        }
        guard let speech = path.speech else {
            throw ValidationError("\(start) did not lead to the sandbox; the login ended at \(Self.words(end))")
        }
        return (outcome(end, speech), path.delivery)
    }

    private func outcome(_ end: Result<Arrival, UserAgentRefusal>, _ speech: String) -> Outcome {
        guard case .success(let arrival) = end else { return Outcome(isTaken: false, speech: speech, end: Self.words(end)) }
        let body = String(decoding: arrival.body, as: UTF8.self)
        return Outcome(
            isTaken: arrival.status == 200 && (arrival.text.contains(success) || body.contains(success)), speech: speech,
            end: Self.words(end))
    }

    private static func words(_ end: Result<Arrival, UserAgentRefusal>) -> String {
        switch end {
        case .success(let arrival): "\(arrival.status) at \(arrival.address.origin)\(arrival.address.path)"
        case .failure(let refusal): "\(refusal)"
        }
    }

    private static func end(
        _ work: () async throws(UserAgentRefusal) -> Arrival
    ) async -> Result<Arrival, UserAgentRefusal> {
        do throws(UserAgentRefusal) { return .success(try await work()) } catch { return .failure(error) }
    }
}

/// The requests of one login, as they went by.
private final class Path: Sendable {
    private struct Seen {
        var speech: String?
        var delivery: OutboundRequest?
        var isAnswered = false
    }

    private let seen = Mutex(Seen())

    func note(_ request: OutboundRequest) {
        seen.withLock { seen in
            if seen.isAnswered, seen.delivery == nil { seen.delivery = request }
            guard request.address.path.contains("/sandbox/"), request.address.path.hasSuffix("/answer") else { return }
            seen.speech = request.address.path.contains("/sandbox/saml/") ? "saml" : "openid"
            seen.isAnswered = true
        }
    }

    var speech: String? { seen.withLock { $0.speech } }
    var delivery: OutboundRequest? { seen.withLock { $0.delivery } }
}
