import ArgumentParser
import Foundation
import Settings
import Vocabulary

struct PolicyBundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Put Policies/, or a version of the archive, into one file that officers can sign and a deployment activate.",
        discussion: """
            The whole deployment is read and checked first, cases and all: a bundle of rules that cannot be right is not made. The file's first
            line is what is signed; sign with `sekisho policy sign`, at each officer's own machine.
            """)

    @Option(name: .shortAndLong, help: "The file to write.") var out: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "A version of the archive instead of Policies/.") var version: String?

    func run() throws {
        let bundle: PolicyBundle
        if let version {
            do { bundle = try PolicyDesk(deployment).archive.policy(version).bundle } catch let refusal as PolicyArchive.Refusal {
                throw ValidationError("\(refusal)")
            }
        } else {
            bundle = try Deployment.load(deployment, tokens: .none, policies: .folder).policies.bundle
        }
        do { try Data(bundle.bytes).write(to: URL(fileURLWithPath: out), options: .atomic) } catch {
            throw ValidationError("`\(out)` cannot be written")
        }
        print("version \(bundle.version), \(bundle.files.count) files, SHA-256 \(bundle.fingerprint)")
    }
}

struct PolicySign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a policy bundle as an officer of Keys/officers; the signature is added to the file.",
        discussion: "Look at what is signed first: `sekisho policy impact`, and `sekisho policy bundle` on your own copy of the rules.")

    @Argument(help: "The bundle.") var bundle: String
    @OptionGroup var officer: OfficerKey
    @Option(help: "Why this version is right, for the history.") var reason: String

    func run() throws {
        guard let data = FileManager.default.contents(atPath: bundle) else { throw ValidationError("the file `\(bundle)` cannot be read") }
        do {
            let read = try PolicyBundle(reading: [UInt8](data))
            guard read.policy() != nil else { throw BundleRefusal.version(says: read.version, is: nil) }
            let signature = try SignedChange.signed(
                .policy, digest: read.digest, reason: reason, as: officer.officer, with: officer.key(), at: SystemClock.now())
            let signed = read.adding(signature)
            try Data(signed.bytes).write(to: URL(fileURLWithPath: bundle), options: .atomic)
            print("signed by \(officer.officer): version \(read.version), SHA-256 \(read.fingerprint)")
            print("signatures: " + signed.signatures.map(\.claimedOfficer).joined(separator: ", "))
        } catch let refusal as BundleRefusal {
            throw ValidationError("`\(bundle)`: \(refusal) [\(refusal.code)]")
        } catch let refusal as OfficerRefusal {
            throw ValidationError("\(refusal) [\(refusal.code)]")
        }
    }
}
