import Cryptography
import TrustFramework
import Vocabulary

/// `Policies/`: the ladder and every file of rules, as one policy under one version.
enum PolicyFolder {
    static let name = "Policies"

    /// The policy, and where each rule stands. Nil when the ladder cannot be read; a rule that cannot be read is reported.
    static func read(_ folder: Folder) -> (policy: Policy, placed: [RulesFile.Placed])? {
        let findings = folder.findings
        guard let names = folder.names(in: name, required: true) else { return nil }
        let ladder = folder.text(LadderFile.name, limit: Folder.yaml, required: true).flatMap { LadderFile.read($0, to: findings) }
        var placed: [RulesFile.Placed] = []
        var cases: [Case] = []
        for file in names where name + "/" + file != LadderFile.name {
            let path = name + "/" + file
            guard file.hasSuffix(".yaml") else {
                folder.report(
                    path, "file.unexpected", "this is no file of rules",
                    "rules are read from files that end in .yaml; keep others elsewhere")
                continue
            }
            guard let text = folder.text(path, limit: Folder.yaml, required: true) else { continue }
            let (rules, itsCases) = RulesFile.read(text, file: path, to: findings)
            placed += rules
            cases += itsCases
        }
        refuseTwins(placed, findings)
        guard let ladder else { return nil }
        refuseUnknownFloors(placed, ladder, findings)
        let rules = placed.map(\.rule)
        let policy = Policy(rules: rules, ladder: ladder, version: version(rules, ladder))
        for item in cases { item.run(under: policy, findings) }
        return (policy, placed)
    }

    /// Decisions name rules by id: two rules of one id could not be told apart.
    private static func refuseTwins(_ placed: [RulesFile.Placed], _ findings: Findings) {
        var seen: [String: RulesFile.Placed] = [:]
        for item in placed {
            if let earlier = seen[item.rule.id] {
                findings.report(
                    Problem(
                        file: item.file, line: item.lines["id"] ?? item.line, code: "rules.id.duplicate",
                        message: "the id `\(item.rule.id)` belongs to a rule in \(earlier.file):\(earlier.line)",
                        remedy: "rename one of them"))
            }
            seen[item.rule.id] = item
        }
    }

    private static func refuseUnknownFloors(_ placed: [RulesFile.Placed], _ ladder: AssuranceLadder, _ findings: Findings) {
        for item in placed {
            guard let floor = item.rule.floor, ladder[floor] == nil else { continue }
            let known = ladder.contexts.map(\.name)
            findings.report(
                Problem(
                    file: item.file, line: item.lines["floor"] ?? item.line, code: "rules.floor.unknown",
                    message: "the ladder has no context `\(floor)`",
                    remedy: Suggestion.nearest(to: floor, among: known).map { "did you mean `\($0)`?" }
                        ?? "choose among " + known.joined(separator: ", ")))
        }
    }

    /// A rule that names a member nobody registered holds for nobody, most likely because of a slip.
    static func refuseUnknownMembers(_ placed: [RulesFile.Placed], _ members: Set<MemberID>, _ findings: Findings) {
        for item in placed {
            for member in (item.rule.members ?? []).sorted(by: { $0.text < $1.text }) where !members.contains(member) {
                let near = Suggestion.nearest(to: member.text, among: members.map(\.text).sorted())
                findings.report(
                    Problem(
                        file: item.file, line: item.lines["member"] ?? item.line, code: "rules.member.unknown",
                        message: "no member is registered as `\(member.text)`",
                        remedy: near.map { "did you mean `\($0)`?" } ?? "register it first, or remove it from the rule"))
            }
        }
    }

    /// The first 16 hexadecimal digits of a digest over what the files say: comments, order and division of rules do not change it.
    static func version(_ rules: [Rule], _ ladder: AssuranceLadder) -> String {
        let canonical = JSON.object([
            ("ladder", .array(ladder.contexts.map(\.canonical))),
            ("rules", .array(rules.sorted { $0.id < $1.id }.map(\.canonical))),
        ])
        return String(Hexadecimal.encode(Digest.sha256(canonical.bytes)).prefix(16))
    }
}

extension AssuranceContext {
    fileprivate var canonical: JSON {
        .object([
            ("name", .string(name)), ("saml", .list(samlClasses)), ("acr", .list(acrValues)), ("amr", .list(amr)),
            ("proofing", .integer(Int64(proofingLevel))), ("authentication", .integer(Int64(authenticationLevel))),
            ("modes", .list(modes.map(\.rawValue).sorted())), ("carriers", .list(carriers.map(\.rawValue).sorted())),
            ("statement", .bool(needsStatement)),
        ])
    }
}

extension Rule {
    fileprivate var canonical: JSON {
        .object([
            ("id", .string(id)), ("effect", .string(effect.rawValue)), ("kinds", .list(kinds?.map(\.rawValue).sorted())),
            ("members", .list(members?.map(\.text).sorted())), ("purposes", .list(purposes?.map(\.text).sorted())),
            ("floor", floor.map { .string($0) } ?? .null), ("age", maximumStatusAge.map { .integer($0) } ?? .null),
            ("release", .list(release.map(\.rawValue).sorted())), ("basis", .string(basis)),
        ])
    }
}

extension JSON {
    fileprivate static func list(_ texts: [String]?) -> JSON { texts.map { .array($0.map { .string($0) }) } ?? .null }
}
