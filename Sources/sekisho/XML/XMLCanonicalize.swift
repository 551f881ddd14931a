import ArgumentParser
import Cryptography
import Foundation
import Vocabulary
import XMLSecurity

struct XMLCanonicalize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "canonicalize", abstract: "Write the canonical form of a document or of one element of it.",
        discussion: """
            Methods, by URI:
            \(GenericXML.canonicalMethods.map { "  " + $0 }.joined(separator: "\n"))

            With --jsonl, each line is a job: {"id", "document" or "file", "method", "prefixes",
            "apex"}, and each answer {"id", "valid", "octets" (Base64), "sha256"}. "reference": n
            gives the octets of the n-th Reference (from 0) of the first signature instead, with
            its own transforms; "allow_xpath" lets it filter.
            """)

    @Argument(help: "The document; with --jsonl the jobs; - or nothing reads standard input.") var file: String = "-"
    @Option(help: "The method's URI.") var method: String = "http://www.w3.org/2001/10/xml-exc-c14n#"
    @Option(help: "The PrefixList of exclusive canonicalization, blanks between.") var prefixes: String = ""
    @Option(help: "The element: #identifier or //*[local-name()='name'].") var apex: String?
    @Flag(help: "Read many jobs, one to a line; write one answer to a line.") var jsonl = false
    @Option(help: "The folder that names of files are relative to.") var base: String?

    func run() throws {
        let input = try JobInput(file, base: base)
        if jsonl {
            let door = XMLDoor(material: MessageMaterial(folders: input.folders), judge: Self.answer)
            return try input.answer(jsonl: true) { door.answer($0) }
        }
        let prefixes = prefixes.split(separator: " ").map(String.init)
        guard prefixes.count <= Self.mostPrefixes else { throw ValidationError("--prefixes has more than \(Self.mostPrefixes) prefixes") }
        let bytes = try input.document()
        do {
            let octets = try GenericXML.canonicalize(bytes, method: method, prefixes: prefixes, apex: apex)
            Console.write(octets)
        } catch {
            ExplainedText.lines(error.explanation).forEach(Console.error)
            throw ExitCode(1)
        }
    }

    /// Each prefix is looked up at each element.
    private static let mostPrefixes = 32

    private static func answer(_ job: XMLJob, _ fields: inout JobFields) throws -> [(String, JSON)] {
        let method = fields.take(["method", "algorithm"])?.value.string ?? "http://www.w3.org/2001/10/xml-exc-c14n#"
        let prefixes = (try fields.texts(["prefixes", "inclusive_prefixes", "prefix_list"])?.texts ?? [])
            .flatMap { $0.split(separator: " ").map(String.init) }
        guard prefixes.count <= mostPrefixes else { throw JobRefusal("job.size", "more than \(mostPrefixes) prefixes") }
        let apex = fields.take(["apex", "apex_xpath", "element"])?.value.string
        let octets: [UInt8]
        if let reference = try fields.number(in: 0...10_000, ["reference", "reference_index"]) {
            octets = try GenericXML.referencedOctets(job.document, reference: reference, options: job.options)
        } else {
            octets = try GenericXML.canonicalize(job.document, method: method, prefixes: prefixes, apex: apex, limits: job.options.limits)
        }
        return [("octets", .string(Base64.encode(octets))), ("sha256", .string(Hexadecimal.encode(Digest.sha256(octets))))]
    }
}
