import ArgumentParser
import Cryptography
import Foundation
import JOSE
import Vocabulary

struct JOSESign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign claims with a private key of your own: a statement, a request object, a test.",
        discussion: """
            For a registrar's software statements, and for trying a client by hand. The
            keys of a deployment stay where they are: `sekisho keys` looks after those.

            Algorithms: \(JWSAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))

            With --jsonl, each line is a job: {"id", "key" (a private JWK, PEM, or a
            file), "algorithm", "claims" (an object) or "payload" (text) or
            "payload_base64url", "kid", "typ"}, and each answer {"id", "valid",
            "token"}.
            """)

    @Argument(help: "The payload; with --jsonl the jobs; - or nothing reads standard input.") var file: String = "-"
    @Option(help: "A file with the private key: PEM or a JWK.") var key: String?
    @Option(help: "The signature algorithm.") var algorithm: String?
    @Option(help: "The key's name; otherwise the JWK's own, or its thumbprint.") var kid: String?
    @Option(help: "The header's typ.") var type: String = "JWT"
    @Flag(help: "Read many jobs, one to a line; write one answer to a line.") var jsonl = false
    @Option(help: "The folder that names of files are relative to.") var base: String?

    func run() throws {
        var members: [(String, JSON)] = [("typ", .string(type))]
        if let key { members.append(("key", .object([("file", .string(key))]))) }
        if let algorithm { members.append(("algorithm", .string(algorithm))) }
        if let kid { members.append(("kid", .string(kid))) }
        try TokenMaking(file: file, jsonl: jsonl, base: base, members: members).run(Self.token)
    }

    private static func token(_ fields: inout JobFields, _ material: TokenMaterial) throws -> String {
        var notes: [String] = []
        guard let held = try material.privateKeys(fields.take(["key", "jwk", "private_key"]), &notes).first else {
            throw JobRefusal("job.field.missing", "no private key: give `key`")
        }
        let name = fields.take(["algorithm", "alg"])?.value.string ?? held.jwk?.algorithm?.rawValue
        guard let name, let algorithm = JWSAlgorithm(rawValue: name) else {
            throw JobRefusal("job.field.value", "`algorithm` is none that we sign with")
        }
        guard held.jwk?.serves(algorithm) ?? true else {
            throw JobRefusal("job.field.value", "the key is not meant for signing by \(name)")
        }
        let kid = fields.take(["kid"])?.value.string ?? held.jwk?.keyID ?? JWK(unnamed: held.key.publicKey).thumbprint
        let type = fields.take(["typ", "type"])?.value.string
        let payload = try TokenMaking.content(&fields, ["claims", "payload"], "payload_base64url")
        do { return try SigningKey(keyID: kid, algorithm: algorithm, key: held.key).signed(bytes: payload, type: type) } catch {
            throw JobRefusal("job.field.value", "the key does not sign by \(name)")
        }
    }
}

struct JOSEEncrypt: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt", abstract: "Encrypt to a client's public key, to find out whether it can read what is registered for it.",
        discussion: """
            Algorithms: \(JWEAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
            Contents: \(JWEContent.allCases.map(\.rawValue).joined(separator: ", "))

            Of a set the key is taken that serves the algorithm, one for use `enc`
            first.
            With --jsonl, each line is a job: {"id", "key" or "keys", "algorithm",
            "content", "payload" (text) or "payload_base64url", "cty", "typ"}, and each
            answer {"id", "valid", "token"}.
            """)

    @Argument(help: "What to encrypt; with --jsonl the jobs; - or nothing reads standard input.") var file: String = "-"
    @Option(help: "A file with the public key: a JWK set, a JWK, or PEM.") var key: String?
    @Option(help: "How the content key is encrypted.") var algorithm: String = "RSA-OAEP-256"
    @Option(help: "How the content is encrypted.") var content: String = "A256GCM"
    @Option(help: "The header's cty: JWT for a signed token inside.") var cty: String?
    @Flag(help: "Read many jobs, one to a line; write one answer to a line.") var jsonl = false
    @Option(help: "The folder that names of files are relative to.") var base: String?

    func run() throws {
        var members: [(String, JSON)] = [("algorithm", .string(algorithm)), ("content", .string(content))]
        if let key { members.append(("key", .object([("file", .string(key))]))) }
        if let cty { members.append(("cty", .string(cty))) }
        try TokenMaking(file: file, jsonl: jsonl, base: base, members: members).run(Self.token)
    }

    private static func token(_ fields: inout JobFields, _ material: TokenMaterial) throws -> String {
        var notes: [String] = []
        let keys = JWKSet(try material.publicKeys(fields.take(["keys", "key", "jwks", "jwk", "public_key"]), &notes))
        guard let algorithm = fields.take(["algorithm", "alg"])?.value.string.flatMap(JWEAlgorithm.init(rawValue:)),
            let content = fields.take(["content", "enc"])?.value.string.flatMap(JWEContent.init(rawValue:))
        else { throw JobRefusal("job.field.value", "`algorithm` or `content` is none that we encrypt with") }
        guard let key = keys.encryptionKey(for: algorithm) else {
            throw JobRefusal("job.field.value", "no key is given that serves \(algorithm.rawValue)")
        }
        let cty = fields.take(["cty"])?.value.string
        let type = fields.take(["typ", "type"])?.value.string
        let payload = try TokenMaking.content(&fields, ["payload", "plaintext"], "payload_base64url")
        var random = SystemRandom()
        do {
            return try JWE.encrypt(
                payload, to: key, algorithm: algorithm, content: content, contentType: cty, type: type, using: &random)
        } catch { throw JobRefusal("job.field.value", "not encrypted: \(error)") }
    }
}

/// What the two commands that make tokens share: one payload with options, or a stream of jobs.
struct TokenMaking {
    let file: String
    let jsonl: Bool
    let base: String?
    /// Of the single job, beside its payload.
    let members: [(String, JSON)]

    func run(_ make: (inout JobFields, TokenMaterial) throws -> String) throws {
        let input = try JobInput(file, base: base)
        let material = TokenMaterial(files: MessageMaterial(folders: input.folders))
        if jsonl {
            return try input.answer(jsonl: true) { line in
                JobDoor.answer(line) { json in
                    var fields = try JobFields(json)
                    _ = fields.take(["id", "test"])
                    do {
                        let token = try make(&fields, material)
                        return (.object([("id", JobDoor.identity(of: json)), ("valid", true), ("token", .string(token))]), true)
                    } catch let finding as TokenFinding {
                        return (
                            .object([("id", JobDoor.identity(of: json)), ("valid", false)] + JobDoor.explained(finding.explanation)), false
                        )
                    }
                }
            }
        }
        let payload = [UInt8](try input.handle.read(upToCount: JWE.largest + 1) ?? Data())
        do {
            var fields = try JobFields(.object(members + [("payload_base64url", .string(Base64url.encode(payload)))]))
            Console.say(try make(&fields, material))
        } catch let refusal as JobRefusal {
            Console.error(refusal.detail)
            throw ExitCode(2)
        } catch let finding as TokenFinding {
            ExplainedText.lines(finding.explanation).forEach(Console.error)
            throw ExitCode(2)
        }
    }

    static func content(_ fields: inout JobFields, _ names: [String], _ encoded: String) throws(JobRefusal) -> [UInt8] {
        if let given = fields.take([encoded]) {
            guard let bytes = given.value.string.flatMap(Base64url.decode) else {
                throw JobRefusal("job.field.value", "`\(given.name)` holds no base64url")
            }
            return bytes
        }
        guard let given = fields.take(names) else { throw JobRefusal("job.field.missing", "nothing to put into it: give `\(names[0])`") }
        return given.value.string.map { Array($0.utf8) } ?? given.value.bytes
    }
}
