import ArgumentParser
import Cryptography
import Foundation
import Settings
import Trust
import Vocabulary

struct TrustExplain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Print every step of the decision about a certificate, now or as of a past moment. Exit 1 when it is refused.",
        discussion: """
            As of a past moment, the anchors are those the feed of changes says were believed then, and the lists those that were in use
            then, as long as they are kept. On-line answers are not kept: give them with --ocsp to have them looked at.
            """)

    @Argument(help: "The certificate, PEM or DER; what stands behind it in a PEM file came along with it.") var certificate: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "A moment (RFC 3339) or a day in Japan, which means its last moment.") var at: String?
    @Option(help: "The profile: a file in Keys/profiles.") var profile: String = "login"
    @Option(help: "Certificates that came along; may be given several times.") var with: [String] = []
    @Option(help: "A revocation list to look at too; may be given several times.") var crl: [String] = []
    @Option(help: "An OCSP answer to look at; may be given several times.") var ocsp: [String] = []

    func run() throws {
        let configuration = try Deployment.load(deployment)
        guard let profile = configuration.profiles[profile] else {
            let known = configuration.profiles.names.joined(separator: ", ")
            throw ValidationError("there is no profile `\(self.profile)` in Keys/profiles; known: \(known.isEmpty ? "none" : known)")
        }
        let present = SystemClock.now()
        let moment = try at.map { min(try Moment.read($0, endOfDay: true), present) } ?? present
        let material = JobMaterial(folders: ["."])
        func read(_ kind: JobMaterial.Kind, _ names: [String]) throws -> [[UInt8]] {
            do {
                return try material.all(kind, names.isEmpty ? nil : ("file", .array(names.map { .object([("file", .string($0))]) })))
            } catch { throw ValidationError(error.detail) }
        }
        let given = try read(.certificate, [certificate])
        guard let first = given.first else { throw ValidationError("there is no certificate in `\(certificate)`") }
        var trail = DecisionTrail(configuration: configuration, profile: profile, at: moment, present: present)
        let isTrusted = trail.follow(
            first, with: given.dropFirst() + (try read(.certificate, with)), lists: try read(.list, crl), answers: try read(.answer, ocsp))
        print(trail.text)
        guard isTrusted else { throw ExitCode(1) }
    }
}
