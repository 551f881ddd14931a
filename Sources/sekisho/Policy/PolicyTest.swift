import ArgumentParser
import Settings
import TrustFramework
import Vocabulary

struct PolicyTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Decide the cases beside the rules, and say which rules no case touches.",
        discussion: """
            Cases stand in `cases:` of a file of rules, or as rows of Policies/NAME.cases.csv (Policies/README.md). A case that comes out otherwise
            makes the exit status 1; a rule that no case touches only with --strict.
            """)

    @Argument(help: "A deployment, a folder of rules, or a bundle.") var folder: String = "."
    @Flag(help: "Print every case, not only those that come out otherwise.") var all = false
    @Flag(help: "A rule that no case touches makes the exit status 1 too.") var strict = false
    @Flag(help: "Print JSON instead.") var json = false

    func run() throws {
        let set = try PolicyReading.set(folder, archive: nil)
        let trial = PolicyTrial(set)
        if json {
            print(report(trial).text)
        } else {
            for problem in set.problems { print(problem.description) }
            for result in trial.cases where all || result.fault != nil {
                let place = "\(result.file):\(result.line): “\(result.says)”"
                guard let fault = result.fault else {
                    print("\(place): \(result.answer.words) by \(Self.list(result.answer.rules))")
                    continue
                }
                print("\(place)\n    expected \(fault.expected)\n    came to  \(fault.came)")
            }
            for rule in trial.untouched { print("\(rule.file):\(rule.line): no case touches the rule `\(rule.id)`") }
            print(
                "\(folder): \(trial.cases.count) cases, \(trial.failed) came out otherwise; "
                    + "\(trial.rules - trial.untouched.count) of \(trial.rules) rules touched")
        }
        guard set.problems.isEmpty, trial.failed == 0, !strict || trial.untouched.isEmpty else { throw ExitCode(1) }
    }

    private static func list(_ rules: [String]) -> String { rules.isEmpty ? "no rule" : rules.joined(separator: ", ") }

    private func report(_ trial: PolicyTrial) -> JSON {
        func list(_ words: [String]) -> JSON { .array(words.map { .string($0) }) }
        return .object([
            ("cases", .integer(Int64(trial.cases.count))), ("failed", .integer(Int64(trial.failed))),
            (
                "results",
                .array(
                    trial.cases.map { result in
                        .object([
                            ("says", .string(result.says)), ("file", .string(result.file)), ("line", .integer(Int64(result.line))),
                            ("passed", .bool(result.fault == nil)), ("outcome", .string(result.answer.outcome.rawValue)),
                            ("contexts", list(result.answer.contexts)), ("release", list(result.answer.release.map(\.rawValue).sorted())),
                            ("obligations", list(result.answer.obligations.words)), ("rules", list(result.answer.rules)),
                            ("erring", list(result.erring)), ("expected", result.fault.map { .string($0.expected) } ?? .null),
                            ("came", result.fault.map { .string($0.came) } ?? .null),
                        ])
                    })
            ), ("untouched", list(trial.untouched.map(\.id))),
        ])
    }
}
