import ArgumentParser
import Settings
import TrustFramework
import Vocabulary

struct PolicyImpact: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impact",
        abstract: "List every decision that changes when one policy takes the place of another.",
        discussion: """
            Walks the whole finite space of members, logins and requests that the two can tell apart, from today on, and tells what changes,
            grouped by what was and what comes. Exit status 0: nothing changes; 2: something does; 1: it was not found out, and nothing is told.

            Members are those of the deployment NEW (or OLD, or --members); without any, one of each kind that the rules can tell apart. A member
            is walked with the accreditation it has now. Each OLD and NEW is a deployment, a folder of rules, a bundle, or with --deployment a
            version of its archive.
            """)

    @Argument(help: "What decides now.") var old: String
    @Argument(help: "What shall decide.") var new: String
    @Option(help: "A deployment whose archive has the versions that are named.") var deployment: String?
    @Option(help: "A deployment whose members are walked, in place of those of NEW or OLD.") var members: String?
    @Flag(help: "Walk members of every kind, whoever is registered.") var kinds = false
    @Flag(help: "Tell also answers that stay the same by other rules, and denials for other reasons.") var reasons = false
    @Option(help: "The most decisions that are made before it is refused.") var bound: Int = 20_000_000
    @Option(help: "The most cases printed for one change.") var cases: Int = 12
    @Flag(help: "Print JSON instead.") var json = false
    @OptionGroup var bounds: PolicyBounds

    func validate() throws {
        guard (1...1_000_000_000).contains(bound), (1...10_000).contains(cases) else {
            throw ValidationError("--bound is not between 1 and a thousand million, or --cases not between 1 and 10000")
        }
    }

    func run() throws {
        let before = try PolicyReading.set(old, archive: deployment)
        let after = try PolicyReading.set(new, archive: deployment)
        var limits = bounds.limits
        limits.decisions = bound
        let now = SystemClock.now()
        let people = try members.map { try PolicyReading.set($0, archive: nil) } ?? (after.members != nil ? after : before)
        let population: Population =
            if !kinds, let members = people.members, !members.isEmpty { .members(members, at: now) } else { .kinds }
        let (oldPolicy, newPolicy) = (try PolicyReading.policy(before, of: old), try PolicyReading.policy(after, of: new))
        let impact: Impact
        do throws(AnalysisRefusal) {
            impact = try Impact(from: oldPolicy, to: newPolicy, population: population, at: now, reasons: reasons, limits: limits)
        } catch {
            Console.error("the impact was not found out: \(error)")
            Console.error("nothing is told of a part; raise --bound, or compare smaller steps")
            throw ExitCode(1)
        }
        let report = ImpactReport(impact, most: cases)
        if json {
            print(report.json.text)
        } else {
            if !kinds, people.unreadMembers > 0 {
                print("\(people.unreadMembers) member files could not be read; their members were left out (`sekisho check`)")
            }
            for line in report.lines { print(line) }
        }
        if !kinds, let members = people.members, !members.isEmpty {
            let aside = Impact.unwalked(from: oldPolicy, to: newPolicy, members: members)
            if !aside.isEmpty {
                // Not on standard output, which may be JSON.
                let names = aside.joined(separator: ", ")
                Console.error("notice: no member is accredited for the purposes of \(names): what these change is told by --kinds")
            }
        }
        guard impact.isEmpty else { throw ExitCode(2) }
    }
}
