import ArgumentParser
import Settings
import TrustFramework
import Vocabulary

struct PolicyCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find rules that do not say what they seem to: with file, line and a suggestion.",
        discussion: """
            Reads the files, holds all rules against each other (rules that can never apply, permits that are forbidden wherever they hold,
            rules that add nothing, obligations that do not go together) and their words against the members of the deployment. Errors make the
            exit status 1; warnings only with --strict. Cases are decided by `sekisho policy test`.
            """)

    @Argument(help: "A deployment, a folder of rules, or a bundle.") var folder: String = "."
    @Flag(help: "Warnings make the exit status 1 too.") var strict = false
    @Flag(help: "Print JSON instead.") var json = false
    @OptionGroup var bounds: PolicyBounds

    func run() throws {
        let set = try PolicyReading.set(folder, archive: nil)
        let inspection = PolicyInspection(set, at: SystemClock.now(), limits: bounds.limits)
        let warnings = inspection.findings.count - inspection.errors
        if json {
            print(report(set, inspection).text)
        } else {
            for finding in inspection.findings {
                let problem = finding.problem
                let place = problem.file + (problem.line.map { ":\($0)" } ?? "")
                print("\(place): \(finding.severity.rawValue): \(problem.message) [\(problem.code)]; \(problem.remedy)")
            }
            if set.unreadMembers > 0 {
                print("\(set.unreadMembers) member files could not be read; their members were left out (`sekisho check`)")
            }
            print(
                "\(folder): \(set.policy?.rules.count ?? 0) rules, policy version \(set.policy?.version ?? "none"): "
                    + "\(inspection.errors) errors, \(warnings) warnings")
        }
        guard inspection.errors == 0, !strict || warnings == 0 else { throw ExitCode(1) }
    }

    private func report(_ set: PolicySet, _ inspection: PolicyInspection) -> JSON {
        .object([
            ("version", set.policy.map { .string($0.version) } ?? .null), ("rules", .integer(Int64(set.policy?.rules.count ?? 0))),
            ("errors", .integer(Int64(inspection.errors))),
            ("findings", .array(inspection.findings.map(\.json))),
        ])
    }
}

extension PolicyInspection.Finding {
    fileprivate var json: JSON {
        .object([
            ("severity", .string(severity.rawValue)), ("code", .string(problem.code)), ("file", .string(problem.file)),
            ("line", problem.line.map { .integer(Int64($0)) } ?? .null), ("rule", rule.map { .string($0) } ?? .null),
            ("others", .array(others.map { .string($0) })), ("message", .string(problem.message)), ("remedy", .string(problem.remedy)),
        ])
    }
}
