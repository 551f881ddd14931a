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
        let input = try JobInput(job, base: base)
        let door = VerifyDoor(
            judge: Judge(profiles: profiles, standard: profile, now: SystemClock.now()), material: JobMaterial(folders: input.folders))
        try input.answer(jsonl: jsonl) { door.answer($0) }
    }
}

/// From the text of a job to its verdict.
struct VerifyDoor {
    let judge: Judge
    let material: JobMaterial

    func answer(_ line: JobStream.Line) -> JobDoor.Answer {
        JobDoor.answer(line) { json in
            let start = ContinuousClock.now
            var verdict = try judge.verdict(on: VerifyJob(json, material: material))
            verdict.took = ContinuousClock.now - start
            return (verdict.json, verdict.isValid)
        }
    }
}
