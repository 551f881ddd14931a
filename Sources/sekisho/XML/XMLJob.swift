import Cryptography
import Vocabulary
import XMLSecurity

/// One question about a plain XML document: what `xml canonicalize`, `xml verify` and `xml decrypt` have in common.
struct XMLJob {
    let id: JSON
    let document: [UInt8]
    let options: GenericOptions
    private(set) var ignored: [String] = []

    init(_ json: JSON, _ fields: inout JobFields, _ material: MessageMaterial) throws(JobRefusal) {
        id = JobDoor.identity(of: json)
        _ = fields.take(["id", "test"])
        document = try Self.document(&fields, material)
        var options = GenericOptions()
        options.allowSHA1 = try fields.flag(["allow_sha1", "sha1"]) ?? false
        options.allowCBC = try fields.flag(["allow_cbc", "cbc"]) ?? false
        options.allowXPath = try fields.flag(["allow_xpath", "xpath"]) ?? false
        options.keyFromMessage = try fields.flag(["key_from_message", "insecure"]) ?? false
        if let given = fields.take(["resources", "url_map"]) {
            guard let members = given.value.members, members.count <= 64 else {
                throw JobRefusal("job.field.type", "`\(given.name)` is no object of at most 64 addresses and files")
            }
            for (address, value) in members {
                guard let file = value.string else {
                    throw JobRefusal("job.field.type", "`\(given.name)` holds something that names no file")
                }
                options.resources[address] = try material.contents(of: file)
            }
        }
        self.options = options
    }

    mutating func finish(_ fields: JobFields) { ignored = fields.ignored }

    private static func document(_ fields: inout JobFields, _ material: MessageMaterial) throws(JobRefusal) -> [UInt8] {
        if let given = fields.take(["document", "xml", "message"]), let text = given.value.string { return Array(text.utf8) }
        if let given = fields.take(["document_base64", "base64"]), let text = given.value.string {
            guard let bytes = Base64.decodeLenient(text) else { throw JobRefusal("job.field.value", "`\(given.name)` holds no Base64") }
            return bytes
        }
        if let given = fields.take(["file", "path", "document_file"]), let path = given.value.string {
            return try material.contents(of: path)
        }
        throw JobRefusal("job.field.missing", "no document: give `document`, `document_base64` or `file`")
    }
}

/// A stream of jobs or one of them, each answered by `judge`; whatever is wrong with a line stays in its line.
struct XMLDoor {
    let material: MessageMaterial
    /// The members of a verdict behind `id` and `valid`.
    let judge: (XMLJob, inout JobFields) throws -> [(String, JSON)]

    func answer(_ line: JobStream.Line) -> JobDoor.Answer { JobDoor.answer(line, answered) }

    func answer(_ json: JSON) -> JobDoor.Answer { JobDoor.answer(json, answered) }

    private func answered(_ json: JSON) throws -> JobDoor.Answer {
        var fields = try JobFields(json)
        var job = try XMLJob(json, &fields, material)
        let start = ContinuousClock.now
        var members: [(String, JSON)] = [("id", job.id)]
        var isValid = true
        do {
            let found = try judge(job, &fields)
            members += [("valid", true)] + found
        } catch let refusal as GenericRefusal {
            isValid = false
            members += [("valid", false)]
            if case .unsupported = refusal { members.append(("unsupported", true)) }
            members += JobDoor.explained(refusal.explanation)
        }
        job.finish(fields)
        if !job.ignored.isEmpty { members.append(("ignored", .array(job.ignored.map { .string($0) }))) }
        members.append(JobDoor.spent(ContinuousClock.now - start))
        return (.object(members), isValid)
    }
}
