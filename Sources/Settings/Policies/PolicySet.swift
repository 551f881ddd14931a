import SAML
package import TrustFramework
package import Vocabulary

/// Rules as they stand somewhere, with their cases and with whom they are about, for whoever looks at them before they decide.
package struct PolicySet: Sendable {
    /// Nil where the ladder cannot be read.
    package let policy: Policy?
    /// Cases that could be decided, in the order of files and lines.
    package let cases: [CaseResult]
    /// What is wrong with the files themselves; cases that come out otherwise are not among it.
    package let problems: [Problem]
    /// Members and applicants of the deployment, and a stand-in for those of each metadata source. Nil where there is no deployment.
    package let members: [Member]?
    /// Member files that could not be read: whatever is said about members leaves them out.
    package let unreadMembers: Int
    let placed: [RulesFile.Placed]
    let definitions: [PlacedDefinition]
    /// A metadata source may bring members, sectors and operators that nobody here knows.
    let isClosed: Bool
}

extension Settings {
    /// Reads rules from a deployment folder, a folder with `Policies/` in it, a folder of rules, or a bundle. Nothing else of a deployment
    /// needs to be right. Throws where there is no such thing at all.
    package static func policySet(_ path: String, at now: Timestamp) throws(SettingsProblems) -> PolicySet {
        let findings = Findings()
        let folder = Folder(trimmed(path), findings: findings)
        let (parent, name) = PolicySet.split(folder.path)
        if case .file = Folder(parent, findings: findings).kind(of: name) { return try PolicySet(bundle: name, in: parent) }
        guard case .folder = folder.kind(of: ".") else {
            throw .one(path, "folder.missing", "there is no such folder or bundle", "name a deployment, a folder of rules, or a bundle")
        }
        if case .folder = folder.kind(of: PolicyFolder.name) {
            guard let texts = PolicyTexts.read(folder) else { throw SettingsProblems(problems: Findings.sorted(findings.problems)) }
            return PolicySet(folder.holding(texts), members: PolicyPeople.read(folder, at: now))
        }
        guard case .file = folder.kind(of: "ladder.yaml") else {
            throw .one(
                path, "policy.folder", "there is no `Policies` folder here, and no ladder.yaml",
                "name a deployment, a folder of rules, or a bundle")
        }
        var files: [String: [UInt8]] = [:]
        for name in folder.names(in: ".", required: true) ?? [] {
            guard PolicyTexts.isText(name), let bytes = folder.bytes(name, limit: Folder.yaml, required: true) else { continue }
            files[PolicyFolder.name + "/" + name] = bytes
        }
        guard findings.problems.isEmpty else { throw SettingsProblems(problems: Findings.sorted(findings.problems)) }
        return PolicySet(folder.holding(HeldFiles(root: PolicyFolder.name, files: files)), members: nil)
    }

    /// The rules in `Policies/` as one bundle, whatever else in the folder is wrong; nil where they cannot be read.
    package static func draft(in folder: String) -> PolicyBundle? {
        PolicyFolder.draft(in: Folder(trimmed(folder), findings: Findings()))
    }

    /// The rules of a bundle that is at hand.
    package static func policySet(_ bundle: PolicyBundle) -> PolicySet {
        PolicySet(Folder("", findings: Findings()).holding(bundle.held), members: nil)
    }
}

extension PolicySet {
    fileprivate init(_ folder: Folder, members: PolicyPeople?) {
        let read = PolicyFolder.read(folder)
        let aside = Findings()
        cases = read.map { read in read.cases.compactMap { $0.run(under: read.policy, aside) } } ?? []
        problems = Findings.sorted(folder.findings.problems.filter { $0.code != "policy.case" })
        policy = read?.policy
        placed = read?.placed ?? []
        definitions = read?.definitions ?? []
        self.members = members?.members
        unreadMembers = members?.unread ?? 0
        isClosed = members?.isClosed ?? false
    }

    fileprivate static func split(_ path: String) -> (folder: String, name: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return (parts.count > 1 ? parts.dropLast().joined(separator: "/") : ".", String(parts.last ?? ""))
    }

    fileprivate init(bundle name: String, in parent: String) throws(SettingsProblems) {
        let findings = Findings()
        guard let bytes = Folder(parent, findings: findings).bytes(name, limit: PolicyBundle.largest, required: true) else {
            throw SettingsProblems(problems: Findings.sorted(findings.problems))
        }
        let bundle: PolicyBundle
        do throws(BundleRefusal) {
            bundle = try PolicyBundle(reading: bytes)
        } catch {
            throw .one(name, error.code, "this is no bundle of rules: \(error)", "make one with `sekisho policy bundle`")
        }
        self = Settings.policySet(bundle)
    }
}

/// Whom the rules of a deployment are about.
struct PolicyPeople {
    let members: [Member]
    let unread: Int
    let isClosed: Bool

    /// Nil where there is no deployment. What is wrong with a member's file is `sekisho check`'s business; here it is left out and counted.
    static func read(_ folder: Folder, at now: Timestamp) -> PolicyPeople? {
        guard case .folder = folder.kind(of: MemberFile.folder) else { return nil }
        let aside = Folder(folder.path, findings: Findings())
        let found = MemberFolder(folder: aside, terms: .unknown(at: now)).read()
        let files = (aside.names(in: MemberFile.folder, required: false) ?? []).filter { $0.hasSuffix(".yaml") }
        let sources = SourceFolder(
            folder: aside, terms: SourceFile.Terms(isDevelopment: true, sign: .both, base: folder.path)
        ).read()
        let own = found.registrations.map(\.member)
        let known = Dictionary(own.map { ($0.id, $0) }) { first, _ in first }
        let members = own + sources.flatMap(\.standIns)
        return PolicyPeople(
            members: members.map { $0.resolved { known[$0] } }, unread: max(0, files.count - found.members.count),
            isClosed: sources.isEmpty)
    }
}

extension MetadataSource {
    /// One member in place of all that the source publishes, who share its terms; and those that have terms of their own.
    fileprivate var standIns: [Member] {
        func member(_ id: MemberID, _ terms: MemberTerms) -> Member {
            Member(
                id: id, kind: terms.kind, displayName: terms.names, accreditation: terms.accreditation, sector: terms.sector,
                defaultPurpose: terms.defaultPurpose, operatedBy: terms.operatedBy)
        }
        return [MemberID("source:" + name)].compactMap { $0.map { member($0, terms) } }
            + special.sorted { $0.key.text < $1.key.text }.map { member($0.key, $0.value) }
    }
}
