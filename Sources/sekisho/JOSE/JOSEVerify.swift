import ArgumentParser
import JOSE
import Vocabulary

struct JOSEVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Judge a signed token: a job as JSON in, a verdict as JSON out.",
        discussion: """
            A job is one JSON object. In brackets: other names of the same.

              token            (jws, jwt, compact) a JWS in compact serialization, or a
                               JWE with one inside; or token_file
              keys             (key, jwks, jwk, public_keys) whose signatures count: a
                               JWK set, a JWK, PEM, or the names of files. Keys inside
                               the token never count
              own_key          true: judge by the header's jwk, as a DPoP proof is. It
                               proves possession and no sender
              decryption_keys  (private_keys) private JWKs or PEM, for a JWE
              algorithms       (alg, allowed) which were agreed; otherwise all of:
                               \(JOSEVerify.names(JWSAlgorithm.allCases))
                               \(JOSEVerify.names(JWEAlgorithm.allCases))
              contents         (enc) content encryptions; otherwise all of:
                               \(JOSEVerify.names(JWEContent.allCases))
              type             (typ) what kind of token it has to be
              issuer, audience, subject, nonce
              time             (now) RFC 3339 or seconds since 1970; otherwise now
              claims           true: exp, nbf and iat have to hold. Said by itself when
                               one of the five above is given
              skew             seconds by which clocks may differ (0)
              limit, id

            What is not given is not compared; `unchecked` in the verdict lists it.

            The verdict: {"id", "valid", "verdict", "form": "jws" or "jwe", "header",
            "algorithm", "key": {"kid", "thumbprint"}, "payload" (base64url),
            "payload_json", "encryption", …}; when refused {"layer", "code",
            "summary", "compared", "clause", "remedy"}; or "error" for a job that
            cannot be read. Layers: \(TokenLayer.allCases.map(\.rawValue).joined(separator: ", ")).
            `sekisho explain CODE` explains a code.
            Exit status of a single job: 0 accepted, 1 refused, 2 no job.
            """)

    @OptionGroup var jobs: TokenJobs

    func run() throws { try jobs.answer(.verify) }

    static func names<Name: RawRepresentable<String>>(_ names: [Name]) -> String {
        names.map(\.rawValue).joined(separator: ", ").wrapped(to: 56, indent: 19)
    }
}

struct JOSEDecrypt: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt", abstract: "Decrypt a token: a job as JSON in, what was inside as JSON out.",
        discussion: """
            Encryption proves nothing about who sent it: everybody has a public key.
            `sekisho jose verify` opens a token and judges the signature inside it.

            A job: {"id", "token" (jwe, token_file), "keys" (private JWKs or a set of
            them, PEM, or files), "algorithms", "contents"}, all as in `sekisho jose
            verify`.
            The answer: {"id", "valid", "header", "encryption", "payload" (base64url),
            "payload_json"}, or {"valid": false, "layer", "code", …}. Everything that
            only a private key finds out reads alike.
            Exit status of a single job: 0 decrypted, 1 not, 2 no job.
            """)

    @OptionGroup var jobs: TokenJobs

    func run() throws { try jobs.answer(.decrypt) }
}

/// The options that commands for many tokens share.
struct TokenJobs: ParsableArguments {
    @Argument(help: "A file with one job; - or nothing reads standard input.") var job: String = "-"
    @Flag(help: "Read many jobs, one to a line; write one verdict to a line.") var jsonl = false
    @Option(help: "The folder that names of files are relative to; otherwise the job's own, then the current one.") var base: String?

    func answer(_ question: TokenJob.Question) throws {
        let input = try JobInput(job, base: base)
        let material = TokenMaterial(files: MessageMaterial(folders: input.folders))
        let door = TokenDoor(question: question, material: material, now: SystemClock.now())
        try input.answer(jsonl: jsonl) { door.answer($0) }
    }
}

extension String {
    /// Broken at blanks into lines of at most `width`, all but the first indented.
    fileprivate func wrapped(to width: Int, indent: Int) -> String {
        var lines: [String] = [""]
        for word in split(separator: " ") {
            let last = lines.removeLast()
            if !last.isEmpty, last.count + 1 + word.count > width {
                lines += [last, String(word)]
            } else {
                lines.append(last.isEmpty ? String(word) : last + " " + word)
            }
        }
        return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
    }
}
