import TrustFramework
import Vocabulary

/// Which texts a reading of the folder is about.
package enum PolicyDemand: Sendable {
    /// What decides now: the plan's bundle, or `Policies/`.
    case inForce
    /// `Policies/`, whatever decides: before a bundle is made of it.
    case folder
    /// This bundle, as if it decided: before it does.
    case bundle(PolicyBundle)
    /// This one, which decided before: its signatures may be old, and its officers may have left office.
    case rolledBack(PolicyBundle)
}

/// Finds the texts that decide, proves them, and reads them.
struct PolicyChoice {
    struct Found {
        let policy: Policy
        let placed: [RulesFile.Placed]
        let state: PolicyState
        /// Where the texts are that it was read from: for messages with lines.
        let folder: Folder
    }

    let folder: Folder
    let archive: PolicyArchive
    let officers: Officers
    /// How many officers have to sign.
    let demanded: Int
    let demand: PolicyDemand
    let now: Timestamp

    /// A signature waits no longer than this, in seconds, for its bundle to be activated: what was right in spring need not be in autumn.
    static let longestWait: Int64 = 90 * 86_400
    static let place = "State/" + PolicyArchive.folderName

    /// Nil when nothing can decide, which is reported.
    func read() -> Found? {
        switch demand {
        case .folder: return folderFound(nil, nil, nil)
        case .bundle(let bundle): return bundleFound(bundle, nil, ActivationPlan(), within: Self.longestWait)
        case .rolledBack(let bundle): return bundleFound(bundle, nil, ActivationPlan(), within: nil)
        case .inForce: break
        }
        guard let plan = archive.plan else {
            folder.report(
                Self.place + "/" + ActivationPlan.fileName, "policy.plan", "the plan of activations cannot be read",
                "bring it back from a backup, or activate a version anew: `sekisho policy activate`")
            return nil
        }
        let entry = plan.current(at: now)
        guard case .bundle(let name)? = entry?.target else {
            if demanded > 0 {
                folder.report(
                    DeploymentFile.name, "policy.unsigned",
                    "policy.signatures asks for a bundle that \(demanded) officer\(demanded == 1 ? " has" : "s have") signed, and none decides",
                    "`sekisho policy bundle`, `sekisho policy sign`, `sekisho policy activate`")
            }
            return folderFound(entry, plan.next(after: now), plan.shadow)
        }
        do throws(PolicyArchive.Refusal) {
            return bundleFound(try archive.bundle(name), entry, plan, within: nil)
        } catch {
            folder.report(
                Self.place + "/" + name, "policy.bundle", "the version that decides cannot be had: \(error)",
                "bring the file back from a backup, or activate another version: `sekisho policy rollback`")
            return nil
        }
    }

    private func folderFound(
        _ entry: ActivationPlan.Entry?, _ next: ActivationPlan.Entry?, _ shadow: ActivationPlan.Entry?
    ) -> Found? {
        guard let texts = PolicyTexts.read(folder) else { return nil }
        let held = folder.holding(texts)
        guard let read = PolicyFolder.read(held) else { return nil }
        let bundle = PolicyBundle(version: read.policy.version, files: texts.files)
        return found(read.policy, read.placed, bundle, .folder, entry, next, shadow, draft: nil, held)
    }

    private func bundleFound(
        _ bundle: PolicyBundle, _ entry: ActivationPlan.Entry?, _ plan: ActivationPlan, within: Int64?
    ) -> Found? {
        let signers: [ApprovedChange]
        do throws(OfficerRefusal) {
            signers = try bundle.signers(officers, atLeast: demanded, within: within, at: now)
        } catch {
            folder.report(
                Self.place + "/" + bundle.fileName, error.code, "the policy bundle is not signed as it has to be: \(error)",
                "have \(max(demanded, 1)) officers sign exactly this file: `sekisho policy sign`")
            return nil
        }
        let held = folder.holding(bundle.held)
        guard let read = PolicyFolder.read(held) else { return nil }
        guard read.policy.version == bundle.version else {
            folder.report(
                Self.place + "/" + bundle.fileName, "bundle.version",
                "\(BundleRefusal.version(says: bundle.version, is: read.policy.version))", "make the bundle anew: `sekisho policy bundle`")
            return nil
        }
        return found(
            read.policy, read.placed, bundle, .bundle(signers: signers), entry, plan.next(after: now), plan.shadow,
            draft: draft(besides: bundle.version), held)
    }

    private func found(
        _ policy: Policy, _ placed: [RulesFile.Placed], _ bundle: PolicyBundle, _ origin: PolicyState.Origin,
        _ entry: ActivationPlan.Entry?,
        _ next: ActivationPlan.Entry?, _ shadow: ActivationPlan.Entry?, draft: String?, _ held: Folder
    ) -> Found {
        Found(
            policy: policy, placed: placed,
            state: PolicyState(
                origin: origin, bundle: bundle, entry: entry, next: next, shadow: shadow.flatMap { self.shadow($0, policy.version) },
                draft: draft, demanded: demanded, officers: officers, archive: archive),
            folder: held)
    }

    /// What stands in `Policies/` while a bundle decides: work in progress, so that nothing wrong in it is more than worth a note.
    private func draft(besides version: String) -> String? {
        guard case .folder = folder.holding(nil).kind(of: PolicyFolder.name) else { return nil }
        guard let draft = PolicyFolder.draft(in: folder) else {
            folder.findings.notice(
                Problem(
                    file: PolicyFolder.name, code: "policy.draft", message: "the folder has problems, and does not decide at present",
                    remedy: "`sekisho policy check` lists them"))
            return nil
        }
        return draft.version == version ? nil : draft.version
    }

    /// A shadow that cannot be had keeps nobody from being answered.
    private func shadow(_ entry: ActivationPlan.Entry, _ version: String) -> PolicyState.Shadow? {
        guard case .bundle(let name) = entry.target else { return nil }
        do throws(PolicyArchive.Refusal) {
            let bundle = try archive.bundle(name)
            guard bundle.version != version else { return nil }
            guard let policy = bundle.policy() else { throw .tampered(file: name, why: "its rules do not come to its version") }
            return PolicyState.Shadow(policy: policy, bundle: bundle, entry: entry)
        } catch {
            folder.findings.notice(
                Problem(
                    file: Self.place + "/" + name, code: "policy.shadow", message: "the shadow version cannot be had: \(error)",
                    remedy: "`sekisho policy activate BUNDLE --shadow` again, or `sekisho policy activate --end-shadow`"))
            return nil
        }
    }
}
