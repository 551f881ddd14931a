import ArgumentParser
import Foundation
import Settings
import TrustFramework
import Vocabulary

/// Decides questions for a while, and says how long a decision takes under these rules.
struct PolicyMeasure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Decide for a while under these rules, and say how long a decision takes: to see what a rule costs before it is shipped.",
        discussion: """
            Without a file of questions, every member's every purpose is asked for, with a login of each kind. A file has one question a line, as
            the audit trail keeps them (`decision.question`). Nothing is recorded, and nobody is answered.
            """)

    /// A federation of ten thousand members with logins of each kind would fill the memory, and say no more than this.
    static let mostQuestions = 200_000

    @Argument(help: "A deployment folder, or a folder with Policies in it.") var folder: String = "."
    @Argument(help: "A file of questions, one JSON object a line.") var questions: String?
    @Option(help: "Seconds to decide for.") var seconds: Double = 3
    @Option(help: "Write what came of each question into this file, one JSON object a line.") var outcomes: String?
    @Flag(help: "As one JSON object.") var json = false

    func validate() throws {
        guard (0.1...600).contains(seconds) else { throw ValidationError("0.1 to 600 seconds") }
    }

    func run() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let policy: Policy
        do throws(SettingsProblems) {
            policy = try Settings.policy(at: folder)
        } catch {
            for problem in error.problems { Console.error(problem.description) }
            throw ExitCode(1)
        }
        let reading = clock.now - start
        let asked = try questions.map(Self.read) ?? Self.everyQuestion(of: Deployment.load(folder), under: policy)
        guard !asked.isEmpty else {
            throw ValidationError("there is nothing to ask: no member is registered, and no file of questions given")
        }
        if let outcomes { try Self.write(asked, under: policy, to: outcomes) }
        let run = MeasuredRun(asked, under: policy, seconds: seconds)
        print(json ? run.json(reading).text : run.text(reading))
    }

    /// Every member, every purpose that it is accredited for, every mode of a login at every class of terminals, and no login.
    private static func everyQuestion(of deployment: Configuration, under policy: Policy) -> [Question] {
        let now = SystemClock.now()
        let terminals = [nil, AssuranceLadder.unclassified] + policy.ladder.terminalClasses
        let logins =
            [nil]
            + terminals.flatMap { terminal in
                CardMode.allCases.map { mode -> AssuranceFacts? in
                    AssuranceFacts(
                        mode: mode, modeIsStated: terminal != nil, carrier: .card, door: .challenge, statusSource: .crl, statusAt: now,
                        authenticatedAt: now, terminalClass: terminal)
                }
            }
        var questions: [Question] = []
        for member in deployment.federation.members {
            for purpose in member.accreditation.purposes.sorted(by: { $0.text < $1.text }) {
                for facts in logins {
                    guard questions.count < mostQuestions else { return questions }
                    questions.append(
                        Question(
                            member: member, purpose: purpose, facts: facts, requirement: nil, now: now,
                            request: RequestFacts(protocol: .openid, asked: [])))
                }
            }
        }
        return questions
    }

    private static func read(_ path: String) throws -> [Question] {
        guard let data = FileManager.default.contents(atPath: path) else { throw ValidationError("`\(path)` cannot be read") }
        var questions: [Question] = []
        for (index, line) in data.split(separator: 0x0a).enumerated() {
            guard questions.count < mostQuestions else { throw ValidationError("`\(path)` has more than \(mostQuestions) questions") }
            guard let question = (try? JSON(reading: Array(line), limit: 65_536)).flatMap({ Question(json: $0) }) else {
                throw ValidationError("line \(index + 1) of `\(path)` is no question as the audit trail keeps them")
            }
            questions.append(question)
        }
        return questions
    }

    private static func write(_ questions: [Question], under policy: Policy, to path: String) throws {
        let lines = questions.map { question in
            let trace = DecisionTrace(policy.decide(question), of: question)
            return JSON.object([
                ("outcome", .string(trace.outcome)), ("context", trace.context.map { .string($0) } ?? .null),
                ("rules", .array(trace.determining.map { .string($0) })), ("release", .array(trace.release.map { .string($0) })),
            ]).text
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }
}

/// What came of it. On one thread.
private struct MeasuredRun {
    let rules: Int
    let version: String
    let questions: Int
    let permits: Int
    /// Decisions, and CPU seconds of the process while they were made.
    let decisions: Int
    let cpu: Double
    let permitNanoseconds: Double
    let refusalNanoseconds: Double
    /// Of single decisions, with the clock's own time in them.
    let median: Double
    let slow: Double

    init(_ asked: [Question], under policy: Policy, seconds: Double) {
        rules = policy.rules.count
        version = policy.version
        questions = asked.count
        let permitted = asked.filter { if case .permit = policy.decide($0).outcome { true } else { false } }
        let refused = asked.filter { if case .permit = policy.decide($0).outcome { false } else { true } }
        permits = permitted.count
        (decisions, cpu) = Self.spend(seconds, on: asked, under: policy)
        permitNanoseconds = Self.nanoseconds(Self.spend(seconds / 4, on: permitted, under: policy))
        refusalNanoseconds = Self.nanoseconds(Self.spend(seconds / 4, on: refused, under: policy))
        let single = Self.single(asked, under: policy)
        median = single.isEmpty ? 0 : single[single.count / 2]
        slow = single.isEmpty ? 0 : single[single.count * 99 / 100]
    }

    /// Goes round and round the questions; the answers are looked at, so that no compiler may leave one out.
    private static func spend(_ seconds: Double, on asked: [Question], under policy: Policy) -> (decisions: Int, cpu: Double) {
        guard !asked.isEmpty else { return (0, 0) }
        var (made, permits) = (0, 0)
        let limit = clock_t(seconds * Double(CLOCKS_PER_SEC))
        let start = clock()
        var spent: clock_t = 0
        while spent < limit {
            for question in asked {
                if case .permit = policy.decide(question).outcome { permits &+= 1 }
                made += 1
                // A round of slow decisions ends in time too.
                if made & 0xff == 0, clock() - start >= limit { break }
            }
            spent = clock() - start
        }
        precondition(permits <= made)
        return (made, Double(spent) / Double(CLOCKS_PER_SEC))
    }

    private static func nanoseconds(_ run: (decisions: Int, cpu: Double)) -> Double {
        run.decisions == 0 ? 0 : run.cpu / Double(run.decisions) * 1e9
    }

    private static func single(_ asked: [Question], under policy: Policy) -> [Double] {
        let clock = ContinuousClock()
        return asked.map { question in
            let start = clock.now
            let decision = policy.decide(question)
            let taken = clock.now - start
            precondition(decision.policyVersion == policy.version)
            return Double(taken.components.attoseconds) / 1e9 + Double(taken.components.seconds) * 1e9
        }.sorted()
    }

    private var each: Double { Self.nanoseconds((decisions, cpu)) }

    func json(_ reading: Duration) -> JSON {
        .object([
            ("version", .string(version)), ("rules", .integer(Int64(rules))), ("questions", .integer(Int64(questions))),
            ("permits", .integer(Int64(permits))), ("read-ms", .integer(reading.milliseconds)), ("decisions", .integer(Int64(decisions))),
            ("cpu-ns-per-decision", .integer(Int64(each))), ("permit-ns", .integer(Int64(permitNanoseconds))),
            ("refusal-ns", .integer(Int64(refusalNanoseconds))), ("p50-ns", .integer(Int64(median))), ("p99-ns", .integer(Int64(slow))),
        ])
    }

    func text(_ reading: Duration) -> String {
        """
        policy \(version): \(rules) rules, read and made ready in \(reading.milliseconds) ms
        \(decisions) decisions of \(questions) questions (\(permits) permits) in \(Self.short(cpu)) s of CPU on one thread
        \(Int64(each == 0 ? 0 : 1e9 / each)) decisions a second, \(Int64(each)) ns each; a permit \(Int64(permitNanoseconds)) ns, \
        a refusal with its search for another login \(Int64(refusalNanoseconds)) ns
        single decisions: half of them within \(Int64(median)) ns, 99 of 100 within \(Int64(slow)) ns
        """
    }

    private static func short(_ seconds: Double) -> String { String(format: "%.2f", seconds) }
}

extension Duration {
    fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
