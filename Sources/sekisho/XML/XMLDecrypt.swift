import ArgumentParser
import Cryptography
import Foundation
import Vocabulary
import XMLSecurity

struct XMLDecrypt: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt", abstract: "Decrypt the first EncryptedData of a document.",
        discussion: """
            Encryption proves nothing about who sent it: everybody has a public key.

            Contents: \(XMLVerify.names(GenericXML.contentCiphers))
            Keys: \(XMLVerify.names(GenericXML.keyTransports))

            With --jsonl, each line is a job: {"id", "document" or "file", "decryption_keys" (PEM,
            files), "secrets" (AES keys in Base64, or files), "originators" (public keys of ECDH
            senders), "allow_cbc"}, and each answer {"id", "valid", "type", "octets" (Base64 of what
            was encrypted), "sha256"}. All failures that depend on a key read alike.
            Exit status of a single document: 0 decrypted, 1 not, 2 no job.
            """)

    @Argument(help: "The document; with --jsonl the jobs; - or nothing reads standard input.") var file: String = "-"
    @Option(help: "A private key, PEM; may be given several times.") var key: [String] = []
    @Option(help: "A file with an AES key's octets; may be given several times.") var secret: [String] = []
    @Flag(help: "Allow CBC, which authenticates nothing.") var allowCBC = false
    @Flag(help: "Write only what was encrypted, not the document around it.") var only = false
    @Flag(help: "Read many jobs, one to a line; write one answer to a line.") var jsonl = false
    @Option(help: "The folder that names of files are relative to.") var base: String?

    func run() throws {
        let input = try JobInput(file, base: base)
        let material = MessageMaterial(folders: input.folders)
        if jsonl {
            let door = XMLDoor(material: material) { job, fields in
                let plain = try Self.plaintext(job, &fields, material)
                var members: [(String, JSON)] = plain.type.map { [("type", .string(Explanation.redacted($0)))] } ?? []
                members.append(("octets", .string(Base64.encode(plain.octets))))
                members.append(("sha256", .string(Hexadecimal.encode(Digest.sha256(plain.octets)))))
                return members
            }
            return try input.answer(jsonl: true) { door.answer($0) }
        }
        var options = GenericOptions()
        options.allowCBC = allowCBC
        let bytes = try input.document()
        do {
            let keys = try material.privateKeys(key.isEmpty ? nil : ("key", .array(key.map { .object([("file", .string($0))]) })))
            let secrets = try secret.map { try material.contents(of: $0) }
            let plain = try GenericXML.decrypt(bytes, with: keys, secrets: secrets, options: options)
            Console.write(only ? plain.octets : plain.document)
        } catch let refusal as GenericRefusal {
            ExplainedText.lines(refusal.explanation).forEach(Console.error)
            throw ExitCode(1)
        } catch let refusal as JobRefusal {
            Console.error(refusal.detail)
            throw ExitCode(2)
        }
    }

    private static func plaintext(
        _ job: XMLJob, _ fields: inout JobFields, _ material: MessageMaterial
    ) throws -> GenericPlaintext {
        let keys = try material.privateKeys(fields.take(["decryption_keys", "decryption_key", "private_keys", "private_key"]))
        var secrets: [[UInt8]] = []
        for item in fields.take(["secrets", "secret"]).map({ $0.value.array ?? [$0.value] }) ?? [] {
            if let path = item["file"]?.string {
                secrets.append(try material.contents(of: path))
            } else if let bytes = item.string.flatMap({ Base64.decodeLenient($0) }) {
                secrets.append(bytes)
            } else {
                throw JobRefusal("job.field.value", "`secrets` holds neither Base64 nor a `file`")
            }
        }
        let originators = try material.publicKeys(fields.take(["originators", "originator"])).keys
        return try GenericXML.decrypt(job.document, with: keys, secrets: secrets, originators: originators, options: job.options)
    }
}
