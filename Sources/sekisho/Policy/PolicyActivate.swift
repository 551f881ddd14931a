import ArgumentParser
import Settings
import Upkeep
import Vocabulary

struct PolicyActivate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Let a bundle decide: now, from a moment on, or beside the version in force without being answered from.",
        discussion: """
            The whole deployment is checked with it first. Where sekisho.yaml demands signatures (`policy.signatures`), the bundle has to bear
            them; each is proven here and again whenever the deployment is read. --folder lets Policies/ decide again, as it stands.
            --shadow: `sekisho policy status` and /health say what it would have answered differently.
            """)

    @Argument(help: "The bundle.") var bundle: String?
    @Flag(help: "Let Policies/ decide again.") var folder = false
    @Flag(help: "Decide beside the version in force; nobody is answered from it.") var shadow = false
    @Flag(help: "End the shadow.") var endShadow = false
    @Option(help: "From when on: 2026-12-01T00:00:00+09:00. Default: now.") var at: String?
    @Option(help: "Why, for the history.") var reason: String
    @Option(help: "Who gives the command; default: the account here.") var by: String?
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    func validate() throws {
        try refuseEmptyReason(reason)
        if endShadow, bundle != nil { throw ValidationError("--end-shadow takes no bundle: the one in the shadow is ended") }
        guard [bundle != nil, folder, endShadow].count(where: { $0 }) == 1 else {
            throw ValidationError("name a bundle, or say --folder or --end-shadow")
        }
        if shadow, folder || endShadow || at != nil { throw ValidationError("--shadow takes a bundle, and begins at once") }
        if endShadow, at != nil { throw ValidationError("--end-shadow takes effect at once") }
    }

    func run() async throws {
        let desk = try PolicyDesk(deployment)
        let now = SystemClock.now(), before = try desk.plan(), by = try PolicyDesk.account(by)
        let moment = try Keys.moment(at) ?? now
        if at != nil, moment <= now { throw ValidationError("--at lies in the past") }
        var plan = before
        if endShadow {
            plan.shadow = nil
            try desk.write(plan)
            return try await desk.tell(before, wait: wait)
        }
        if folder {
            if desk.signatures > 0 { throw ValidationError("policy.signatures in sekisho.yaml asks for a signed bundle") }
            _ = try Deployment.load(deployment, tokens: .none, policies: .folder)
            plan = plan.adding(ActivationPlan.Entry(target: .folder, at: moment, by: by, reason: reason), at: now)
        } else if let bundle {
            let read = try desk.bundle(bundle)
            if shadow {
                guard read.policy() != nil else { throw ValidationError("\(BundleRefusal.version(says: read.version, is: nil))") }
            } else {
                let loaded = try Deployment.load(deployment, tokens: .none, policies: .bundle(read))
                if case .bundle(let signers) = loaded.policies.origin, !signers.isEmpty {
                    for signer in signers {
                        print("signed by \(signer.officer.name) (\(signer.officer.id)) \(signer.at.text): \(signer.reason)")
                    }
                }
            }
            do { _ = try desk.shelf.keep(read) } catch { throw ValidationError("the bundle was not brought into the archive: \(error)") }
            let entry = ActivationPlan.Entry(target: .bundle(read.fileName), at: moment, by: by, reason: reason)
            if shadow {
                plan.shadow = entry
            } else {
                plan = plan.adding(entry, at: now)
                // What waited beside has arrived.
                if case .bundle(let waiting)? = plan.shadow?.target, waiting == read.fileName, moment <= now { plan.shadow = nil }
            }
            print(
                "version \(read.version) "
                    + (shadow ? "decides beside the one in force" : at == nil ? "decides" : "decides from \(moment.text)"))
        }
        try desk.write(plan)
        try await desk.tell(before, wait: wait)
    }
}

struct PolicyRollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Back to the version that decided before this one. Said twice, it goes back two versions.",
        discussion: """
            The version comes out of the archive, with the signatures it was activated with. Policies/ stays as it is and does not decide until
            `sekisho policy activate --folder`. Whatever was planned for later is dropped.
            """)

    @Option(help: "A version of the archive that decided before; default: the one before this.") var to: String?
    @Option(help: "Why, for the history.") var reason: String
    @Option(help: "Who gives the command; default: the account here.") var by: String?
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    func validate() throws { try refuseEmptyReason(reason) }

    func run() async throws {
        let desk = try PolicyDesk(deployment)
        let now = SystemClock.now(), before = try desk.plan(), by = try PolicyDesk.account(by)
        let trail = try await PolicyTrail(desk)
        guard let target = try trail.target(to, desk) else {
            Console.error("no earlier version is known to go back to")
            throw ExitCode(1)
        }
        let bundle: PolicyBundle
        do { bundle = try desk.archive.bundle(target) } catch {
            Console.error("\(error)")
            throw ExitCode(1)
        }
        // The whole deployment has to be right with it; its officers may have left office since.
        _ = try Deployment.load(deployment, tokens: .none, policies: .rolledBack(bundle))
        try desk.write(
            before.adding(
                ActivationPlan.Entry(target: .bundle(target), at: now, by: by, reason: reason, isRollback: true), at: now))
        print("back to version \(bundle.version)")
        try await desk.tell(before, wait: wait)
    }
}
