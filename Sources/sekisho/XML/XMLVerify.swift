import ArgumentParser
import Cryptography
import Foundation
import Vocabulary
import XMLSecurity

struct XMLVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify a plain XML signature and say exactly what it covers.",
        discussion: """
            Judges the first ds:Signature of the document, or the one that --signature names, with
            all of its references. Nothing is fetched: a reference to an address needs --resource.

            Signatures: \(names(GenericXML.signatureAlgorithms))
            Digests: \(names(GenericXML.digestAlgorithms))
            Transforms: \(names(GenericXML.transforms))

            With --jsonl, each line is a job: {"id", "document" or "file", "keys" (PEM, DER, files),
            "signature", "resources" {address: file}, "allow_sha1", "allow_xpath",
            "key_from_message"}, and each answer {"id", "valid", "algorithm", "key_sha256",
            "references": [{"uri", "element", "identifier", "transforms", "digest_method", "octets",
            "sha256"}], "key_from_message"} or {"valid": false, "code", …}; "unsupported" marks what
            is not claimed.
            Exit status of a single document: 0 verified, 1 not, 2 no job.
            """)

    @Argument(help: "The document; with --jsonl the jobs; - or nothing reads standard input.") var file: String = "-"
    @Option(help: "A certificate or public key whose signatures count; may be given several times.") var key: [String] = []
    @Option(help: "The signature: #identifier or //*[local-name()='name'].") var signature: String?
    @Option(help: "ADDRESS=FILE, the content of an address; may be given several times.") var resource: [String] = []
    @Flag(help: "Allow SHA-1.") var allowSHA1 = false
    @Flag(help: "Allow XPath filters.") var allowXPath = false
    @Flag(help: "Take the key out of the message. Proves that nothing was changed, and nothing about who signed.") var keyFromMessage =
        false
    @Flag(help: "Read many jobs, one to a line; write one verdict to a line.") var jsonl = false
    @Option(help: "The folder that names of files are relative to.") var base: String?

    func run() throws {
        let input = try JobInput(file, base: base)
        let door = XMLDoor(material: MessageMaterial(folders: input.folders)) { job, fields in
            try Self.answer(job, &fields, MessageMaterial(folders: input.folders))
        }
        if jsonl { return try input.answer(jsonl: true) { door.answer($0) } }
        if keyFromMessage { Console.error("the key is taken out of the message: anybody could have signed it") }
        let resources = try Self.pairs(resource)
        let bytes = try input.document()
        var job: [(String, JSON)] = [
            ("document_base64", .string(Base64.encode(bytes))), ("keys", .array(key.map { .object([("file", .string($0))]) })),
            ("allow_sha1", .bool(allowSHA1)), ("allow_xpath", .bool(allowXPath)), ("key_from_message", .bool(keyFromMessage)),
            ("resources", .object(resources)),
        ]
        if let signature { job.append(("signature", .string(signature))) }
        let (json, isValid) = door.answer(.object(job))
        Console.say(json.text)
        if isValid != true { throw ExitCode(isValid == false ? 1 : 2) }
    }

    /// Parted at the last `=`: an address has them in its query, a file's name hardly ever.
    private static func pairs(_ resources: [String]) throws -> [(String, JSON)] {
        var pairs: [(String, JSON)] = []
        for text in resources {
            guard let mark = text.lastIndex(of: "="), mark != text.startIndex, text.last != "=" else {
                throw ValidationError("`\(text)` is not ADDRESS=FILE")
            }
            pairs.append((String(text[..<mark]), .string(String(text[text.index(after: mark)...]))))
        }
        return pairs
    }

    private static func answer(_ job: XMLJob, _ fields: inout JobFields, _ material: MessageMaterial) throws -> [(String, JSON)] {
        let trusted = try material.keys(&fields)
        let path = fields.take(["signature", "signature_path"])?.value.string
        let verdict = try GenericXML.verify(job.document, keys: trusted.keys, signature: path, options: job.options)
        let references: [JSON] = verdict.references.map { reference in
            var members: [(String, JSON)] = [("uri", .string(Explanation.redacted(reference.uri)))]
            if let name = reference.elementName { members.append(("element", .string(Explanation.redacted(name)))) }
            if let identifier = reference.identifier { members.append(("identifier", .string(Explanation.redacted(identifier)))) }
            members += [
                ("transforms", .array(reference.transforms.map { .string($0) })), ("digest_method", .string(reference.digest)),
                ("octets", .integer(Int64(reference.octets.count))),
                ("sha256", .string(Hexadecimal.encode(Digest.sha256(reference.octets)))),
            ]
            return .object(members)
        }
        var members: [(String, JSON)] = [
            ("algorithm", .string(verdict.algorithm)), ("key_sha256", .string(Hexadecimal.encode(Digest.sha256(verdict.key.spki)))),
            ("references", .array(references)),
        ]
        if job.options.keyFromMessage, !trusted.keys.contains(verdict.key) { members.append(("key_from_message", true)) }
        if !trusted.notes.isEmpty { members.append(("notes", .array(trusted.notes.map { .string(Explanation.redacted($0)) }))) }
        return members
    }

    static func names(_ uris: [String]) -> String { uris.map { "\n              " + $0 }.joined() }
}
