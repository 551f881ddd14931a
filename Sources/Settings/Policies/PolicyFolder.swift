import Cryptography
import TrustFramework
import Vocabulary

/// `Policies/`: the ladder and every file of rules, as one policy under one version.
enum PolicyFolder {
    static let name = "Policies"
    /// Rules of all files together.
    static let mostRules = 20_000

    /// The policy, and where everything in it stands.
    struct Read {
        let policy: Policy
        let placed: [RulesFile.Placed]
        let definitions: [PlacedDefinition]
        let cases: [Case]
    }

    /// Work in progress, as one bundle; nil where anything in it is wrong.
    static func draft(in folder: Folder) -> PolicyBundle? {
        let findings = Findings()
        let aside = folder.holding(nil, to: findings)
        guard let texts = PolicyTexts.read(aside), let read = read(aside.holding(texts)), findings.problems.isEmpty else { return nil }
        return PolicyBundle(version: read.policy.version, files: texts.files)
    }

    /// Nil when the ladder cannot be read; a rule that cannot be read is reported.
    static func read(_ folder: Folder) -> Read? {
        let findings = folder.findings
        guard let names = folder.names(in: name, required: true) else { return nil }
        let ladder = folder.text(LadderFile.name, limit: Folder.yaml, required: true).flatMap { LadderFile.read($0, to: findings) }
        var files: [RulesFile] = []
        var cases: [Case] = []
        for file in names where name + "/" + file != LadderFile.name {
            let path = name + "/" + file
            let isTable = file.hasSuffix(CaseTable.suffix)
            guard isTable || file.hasSuffix(".yaml") else {
                folder.report(
                    path, "file.unexpected", "this is no file of rules",
                    "rules are read from files that end in .yaml, tables of cases from \(CaseTable.suffix); keep others elsewhere")
                continue
            }
            guard let text = folder.text(path, limit: Folder.yaml, required: true) else { continue }
            if isTable {
                cases += CaseTable.read(text, file: path, to: findings)
            } else if let read = RulesFile(reading: text, file: path, to: findings) {
                files.append(read)
                cases += read.cases
            }
        }
        let (placed, definitions) = rules(files, PolicyWords(ladder), findings)
        refuseTwins(placed, findings)
        guard fits(placed, findings) else { return nil }
        guard let ladder else { return nil }
        let rules = placed.map(\.rule)
        let policy = Policy(rules: rules, ladder: ladder, version: version(rules, ladder))
        for item in cases { item.run(under: policy, findings) }
        return Read(policy: policy, placed: placed, definitions: definitions, cases: cases)
    }

    /// First all definitions, so that a rule may use one of another file; then the rules.
    private static func rules(
        _ files: [RulesFile], _ words: PolicyWords, _ findings: Findings
    ) -> ([RulesFile.Placed], [PlacedDefinition]) {
        var definitions = Definitions()
        for file in files where !file.define(&definitions, words) { break }
        var weight = PolicyWeight()
        definitions.resolve(&weight, findings)
        var placed: [RulesFile.Placed] = []
        for file in files {
            placed += file.rules(words, definitions, &weight)
            guard placed.count <= mostRules else {
                findings.report(
                    Problem(
                        file: file.file, code: "rules.size", message: "all files together have more than \(mostRules) rules",
                        remedy: "write rules for kinds, not for members"))
                break
            }
        }
        return (placed, definitions.placed)
    }

    /// Different words of one fact in all rules: members, sectors, purposes.
    static let mostWords = 20_000
    /// Terminals and upstreams that rules tell apart: which login would do is worked out for each.
    static let mostPlaces = 200

    /// False, with a problem at the rule with which it becomes too much, when the policy would take more memory than it is worth.
    private static func fits(_ placed: [RulesFile.Placed], _ findings: Findings) -> Bool {
        var words: [Fact: Set<String>] = [:]
        for item in placed {
            for condition in [item.rule.condition] + item.rule.exceptions {
                for (fact, domain) in condition.domains {
                    guard case .word(nil) = fact.kind else { continue }
                    words[fact, default: []].formUnion(domain.named)
                    let most = fact == .terminal || fact == .upstream ? mostPlaces : mostWords
                    guard words[fact]?.count ?? 0 > most else { continue }
                    findings.report(
                        Problem(
                            file: item.file, line: item.lines[fact.rawValue] ?? item.line, code: "rules.weight",
                            message: "the rules name more than \(most) words for `\(fact.rawValue)`",
                            remedy: fact == .terminal ? "put terminals into fewer classes" : "write rules for kinds and sectors"))
                    return false
                }
            }
        }
        return true
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

    /// A rule that names a member nobody registered holds for nobody, most likely because of a slip.
    static func refuseUnknownMembers(_ placed: [RulesFile.Placed], _ members: Set<MemberID>, _ findings: Findings) {
        var names: [String]?
        for mention in placed.flatMap(\.mentions) where !members.contains(mention.member) {
            let known = names ?? members.map(\.text).sorted()
            names = known
            let near = Suggestion.nearest(to: mention.member.text, among: known)
            findings.report(
                Problem(
                    file: mention.file, line: mention.line, code: "rules.member.unknown",
                    message: "no member is registered as `\(mention.member.text)`",
                    remedy: near.map { "did you mean `\($0)`?" } ?? "register it first, or remove it from the rule"))
        }
    }

    /// The first 16 hexadecimal digits of a digest over what the files say: comments, order and division of rules do not change it.
    static func version(_ rules: [Rule], _ ladder: AssuranceLadder) -> String {
        let canonical = JSON.object([
            ("ladder", ladder.canonical), ("rules", .array(rules.sorted { $0.id < $1.id }.map(\.json))),
        ])
        return String(Hexadecimal.encode(Digest.sha256(canonical.bytes)).prefix(16))
    }
}

extension AssuranceLadder {
    /// What a ladder of the first version of the language said is written as it was then, so that its policy keeps its version; what is new
    /// stands behind it, and only where it is used.
    fileprivate var canonical: JSON {
        let contexts = JSON.array(contexts.map(\.canonical))
        guard !ceilings.isEmpty else { return contexts }
        return .object([("contexts", contexts), ("ceilings", json["ceilings"] ?? .null)])
    }
}

extension AssuranceContext {
    fileprivate var canonical: JSON {
        let old: [(String, JSON)] = [
            ("name", .string(name)), ("saml", .list(samlClasses)), ("acr", .list(acrValues)), ("amr", .list(amr)),
            ("proofing", .integer(Int64(proofingLevel))), ("authentication", .integer(Int64(authenticationLevel))),
            ("modes", .list(modes.map(\.rawValue).sorted())), ("carriers", .list(carriers.map(\.rawValue).sorted())),
            ("statement", .bool(needsStatement)),
        ]
        // What the room says of a context beside the old keys, as far as it differs from a context without them.
        let plain = AssuranceContext(
            name: name, samlClasses: samlClasses, acrValues: acrValues, amr: amr, proofingLevel: proofingLevel,
            authenticationLevel: authenticationLevel, modes: modes, carriers: carriers, needsStatement: needsStatement)
        let more = (json.members ?? []).filter { plain.json[$0.0] != $0.1 }
        return .object(old + more)
    }
}

extension JSON {
    fileprivate static func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}
