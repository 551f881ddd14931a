import Cryptography
import Foundation
import SAML
import Vocabulary
import XMLSecurity

/// One question of `sekisho saml verify`, read from JSON: octets that nobody has parsed yet, and what is known beside them.
struct MessageJob {
    let id: JSON
    let message: [UInt8]
    let binding: MessageJudge.Binding
    let role: MessageJudge.Role?
    var rules: JudgeRules
    /// A member's metadata; the member that the message names is taken from it.
    let metadata: [[UInt8]]
    let time: Timestamp?
    /// Certificates by their key, for `signed_by`.
    let certificates: [PublicKey: Certificate]
    let notes: [String]
    let ignored: [String]
    /// Keys and addresses as the job names them, in whose place a member's metadata stands.
    let besideMetadata: [String]

    init(_ json: JSON, material: MessageMaterial) throws(JobRefusal) {
        var fields = try JobFields(json)
        id = JobDoor.identity(of: json)
        _ = fields.take(["id", "test"])
        message = try Self.message(&fields, material)
        binding = try Self.word(&fields, ["binding", "encoding"], Self.bindings) ?? .auto
        role = try Self.word(&fields, ["role", "as"], Self.roles)
        var rules = JudgeRules()
        let trusted = try material.keys(&fields)
        rules.keys = trusted.keys
        certificates = trusted.certificates
        rules.decryptionKeys = try material.privateKeys(fields.take(["decryption_keys", "decryption_key", "private_keys", "private_key"]))
        metadata = try material.documents(fields.take(["metadata", "member_metadata", "sp_metadata", "trusted_metadata"]))
        time = try JobTime.moment(fields.take(["time", "now", "at", "validation_time"]))
        rules.skew = Int64(try fields.number(in: 0...86_400, ["skew", "clock_skew"]) ?? 180)
        rules.lifetime = Int64(try fields.number(in: 0...31_536_000, ["lifetime", "max_age", "request_lifetime"]) ?? 180)
        rules.issuer = try Self.text(&fields, ["issuer", "sender", "expected_issuer", "peer"])
        rules.audience = try Self.text(&fields, ["audience", "entity_id", "own_entity_id", "sp_entity_id"])
        rules.address = try Self.text(&fields, ["address", "acs", "recipient", "destination", "url"])
        let consumers = try fields.texts(["consumers", "acs_urls", "registered_acs"])
        rules.consumers = consumers?.texts ?? []
        rules.inResponseTo = try Self.text(&fields, ["in_response_to", "request_id"])
        rules.isUnsolicited = try fields.flag(["unsolicited"]) ?? false
        rules.mayBeUnnamed = try fields.flag(["unnamed"]) ?? false
        rules.isSignatureDue = try fields.flag(["signature_due", "signed", "require_signature", "signature_required"]) ?? false
        rules.depth = try Self.word(&fields, ["level", "depth", "judge"], Self.depths) ?? .full
        rules.coverage = try Self.word(&fields, ["coverage", "want_signed", "signed_element"], Self.coverages) ?? .either
        if try fields.flag(["allow_sha1", "sha1"]) ?? false {
            rules.algorithms.formUnion([.rsaPKCS1(.sha1), .rsaPSS(.sha1), .ecdsa(.sha1)])
        }
        if try fields.flag(["allow_cbc", "cbc"]) ?? false { rules.ciphers = .withCBC }
        self.rules = rules
        notes = trusted.notes
        besideMetadata = MessageMaterial.keyNames.compactMap { fields.take([$0])?.name } + (consumers.map { [$0.name] } ?? [])
        ignored = fields.ignored
    }

    private static let bindings: [(names: [String], value: MessageJudge.Binding)] = [
        (["auto", "any", ""], .auto), (["redirect", "httpredirect", "query", "url"], .redirect),
        (["post", "httppost", "form", "base64"], .post),
        (["soap", "paos"], .soap), (["xml", "raw", "none", "document"], .xml), (["metadata"], .metadata),
    ]
    private static let roles: [(names: [String], value: MessageJudge.Role)] = [
        (["idp", "identityprovider", "op"], .identityProvider), (["sp", "serviceprovider", "rp"], .serviceProvider),
    ]
    private static let depths: [(names: [String], value: JudgeRules.Depth)] = [
        (["signature", "signaturecore", "xmlparser"], .signature), (["full", "samlsemantic", "semantic"], .full),
    ]
    private static let coverages: [(names: [String], value: JudgeRules.Coverage)] = [
        (["either", "any"], .either), (["response", "message"], .response), (["assertion"], .assertion), (["both"], .both),
    ]

    private static func word<Value>(
        _ fields: inout JobFields, _ names: [String], _ known: [(names: [String], value: Value)]
    ) throws(JobRefusal) -> Value? {
        guard let given = fields.take(names) else { return nil }
        // `urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST` says it in its last part.
        let text = (given.value.string ?? "").split(separator: ":").last.map(String.init) ?? ""
        let plain = text.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
        guard let found = known.first(where: { $0.names.contains(plain) }) else {
            let words = known.compactMap(\.names.first).joined(separator: ", ")
            throw JobRefusal("job.field.value", "`\(given.name)` is none of \(words)")
        }
        return found.value
    }

    private static func text(_ fields: inout JobFields, _ names: [String]) throws(JobRefusal) -> String? {
        guard let given = fields.take(names) else { return nil }
        guard let text = given.value.string else { throw JobRefusal("job.field.type", "`\(given.name)` is no text") }
        return text
    }

    private static func message(_ fields: inout JobFields, _ material: MessageMaterial) throws(JobRefusal) -> [UInt8] {
        let text = try text(&fields, ["message", "saml", "xml", "query", "form", "response", "request"])
        let encoded = try self.text(&fields, ["message_base64", "base64"])
        let file = try self.text(&fields, ["message_file", "file", "path"])
        switch (text, encoded, file) {
        case (let text?, nil, _): return Array(text.utf8)
        case (nil, let encoded?, _):
            guard let bytes = Base64.decodeLenient(encoded) else { throw JobRefusal("job.field.value", "`message_base64` holds no Base64") }
            return bytes
        case (nil, nil, let file?): return try material.contents(of: file)
        case (nil, nil, nil): throw JobRefusal("job.field.missing", "no message: give `message`, `message_base64` or `message_file`")
        default: throw JobRefusal("job.field.value", "give one of `message`, `message_base64`, `message_file`")
        }
    }
}

/// A moment in a job: RFC 3339, or seconds since 1970.
enum JobTime {
    static func moment(_ given: JobFields.Given?) throws(JobRefusal) -> Timestamp? {
        guard let given else { return nil }
        if let seconds = given.value.integer { return Timestamp(seconds: seconds) }
        if let text = given.value.string, let moment = Timestamp(text) { return moment }
        throw JobRefusal("job.field.value", "`\(given.name)` is neither RFC 3339 nor seconds since 1970")
    }
}
