import ArgumentParser
import Foundation
import Settings
import Vocabulary

struct TrustVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Judge a certificate: a job as JSON in, a verdict as JSON out.",
        discussion: """
            A job is one JSON object. Certificates, lists and answers are files (PEM or DER),
            Base64 of DER, or PEM text. In brackets: other names of the same.

              leaf        (certificate, target, peer_certificate) what is judged; or
              chain       (certificates) a list, leaf first; or `path`, anchor first
              anchors     (trust_anchors, trusted_certs, roots) who is believed; those of --deployment's profile when left out
              candidates  (others, other_certs, intermediates, untrusted_intermediates)
              crls, ocsp  evidence about revocation
              time        (validation_time, at) RFC 3339 or seconds since 1970
              initial_policy_set, initial_explicit_policy,
              initial_policy_mapping_inhibit, initial_any_policy_inhibit
              profile     rfc5280, strict, login, or one of --deployment
              revocation  none, if-present, required
              names, hostname, purposes, key_usage, longest_path, mapping_depth,
              minimum_rsa_bits, signature_algorithms, anchor_rules, issuer_rules,
              max_age, clock_skew, budget, id

            The verdict: {"id", "valid", "reason": {"code", "detail", "rank"}, "chain",
            "policies", "statuses", …}, or "error" for a job that cannot be read.
            docs/operations.md has every member and every code.
            Exit status of a single job: 0 valid, 1 not, 2 no job.
            """)

    @Argument(help: "A file with one job; - or nothing reads standard input.") var job: String = "-"
    @Flag(help: "Read many jobs, one to a line; write one verdict to a line.") var jsonl = false
    @Option(help: "A deployment folder whose profiles jobs may name.") var deployment: String?
    @Option(help: "The profile of jobs that name none.") var profile: String?
    @Option(help: "The folder that names of files are relative to; otherwise the job's own, then the current one.") var base: String?

    func run() throws {
        let profiles = try deployment.map { try Deployment.load($0).profiles } ?? TrustProfiles()
        let input: FileHandle
        if job == "-" {
            input = .standardInput
        } else {
            guard let file = FileHandle(forReadingAtPath: job) else { throw ValidationError("there is no file `\(job)`") }
            input = file
        }
        let own = job == "-" ? [] : [(job as NSString).deletingLastPathComponent].map { $0.isEmpty ? "." : $0 }
        let door = VerifyDoor(
            judge: Judge(profiles: profiles, standard: profile, now: SystemClock.now()),
            material: JobMaterial(folders: (base.map { [$0] } ?? []) + own + ["."]))
        if jsonl {
            var stream = JobStream(input)
            while let line = try stream.next() {
                if case .text(let text) = line, text.allSatisfy({ $0 <= 0x20 }) { continue }
                Console.say(door.answer(line).json.text)
            }
            return
        }
        let text = try input.read(upToCount: VerifyJob.largest + 1) ?? Data()
        let answer = door.answer(text.count > VerifyJob.largest ? .tooLong : .text(text))
        Console.say(answer.json.text)
        switch answer.isValid {
        case true?: break
        case false?: throw ExitCode(1)
        case nil: throw ExitCode(2)
        }
    }
}

/// From the text of a job to its verdict.
struct VerifyDoor {
    let judge: Judge
    let material: JobMaterial

    /// `isValid` is nil for a job that could not be answered.
    func answer(_ line: JobStream.Line) -> (json: JSON, isValid: Bool?) {
        guard case .text(let text) = line else {
            return (JobVerdict.refusal(JobRefusal("job.size", "a job has at most \(VerifyJob.largest) bytes"), id: .null), nil)
        }
        let json: JSON
        do { json = try JSON(reading: [UInt8](text), limit: VerifyJob.largest) } catch {
            return (JobVerdict.refusal(JobRefusal("job.json", "no JSON: \(error)"), id: .null), nil)
        }
        do {
            let start = ContinuousClock.now
            var verdict = try judge.verdict(on: VerifyJob(json, material: material))
            verdict.took = ContinuousClock.now - start
            return (verdict.json, verdict.isValid)
        } catch {
            return (JobVerdict.refusal(error, id: VerifyJob.identity(of: json)), nil)
        }
    }
}
