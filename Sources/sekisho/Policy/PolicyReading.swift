import ArgumentParser
import Settings
import TrustFramework
import Vocabulary

/// What `policy check`, `policy test` and `policy impact` have in common: where rules come from, and how far they are counted through.
enum PolicyReading {
    /// A deployment, a folder of rules, a bundle; or a version of the archive of `deployment`.
    static func set(_ name: String, archive deployment: String?) throws -> PolicySet {
        if let deployment, PolicyArchive.isName(name) || name.count == 16 && name.allSatisfy(\.isHexDigit) {
            do {
                return Settings.policySet(try PolicyDesk(deployment).archive.policy(name).bundle)
            } catch let refusal as PolicyArchive.Refusal {
                throw ValidationError("the version `\(name)` cannot be had from the archive: \(refusal)")
            }
        }
        do throws(SettingsProblems) {
            return try Settings.policySet(name, at: SystemClock.now())
        } catch {
            for problem in error.problems { Console.error(problem.description) }
            throw ExitCode(1)
        }
    }

    /// The rules, of which nothing may be wrong that keeps them from being read.
    static func policy(_ set: PolicySet, of name: String) throws -> Policy {
        guard set.problems.isEmpty, let policy = set.policy else {
            for problem in set.problems { Console.error(problem.description) }
            Console.error("\(name): not readable as a policy; `sekisho policy check` tells more")
            throw ExitCode(1)
        }
        return policy
    }
}

/// How far rules are counted through before that is refused.
struct PolicyBounds: ParsableArguments {
    @Option(help: ArgumentHelp("The most classes of facts that hang together.", visibility: .hidden)) var classes: Int = 200_000
    @Option(help: ArgumentHelp("The most boxes that one question about rules may cut.")) var boxes: Int = 4_000_000

    func validate() throws {
        guard (1...100_000_000).contains(classes), (1...1_000_000_000).contains(boxes) else {
            throw ValidationError("a bound is not between 1 and a thousand million")
        }
    }

    var limits: AnalysisLimits {
        var limits = AnalysisLimits()
        limits.classes = classes
        limits.boxes = boxes
        return limits
    }
}
