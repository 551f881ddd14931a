import Cryptography
import SAML
import Vocabulary

/// The answer to one job, to be written as one line of JSON.
struct MessageAnswer {
    private let job: MessageJob
    private let role: MessageJudge.Role
    private let moment: Timestamp
    var judged: MessageVerdict?
    var took: Duration = .zero

    init(_ job: MessageJob, role: MessageJudge.Role, at moment: Timestamp) {
        self.job = job
        self.role = role
        self.moment = moment
    }

    var json: JSON {
        guard let judged else { return .object([("id", job.id), ("valid", false)]) }
        var members: [(String, JSON)] = [
            ("id", job.id), ("valid", .bool(judged.isAccepted)), ("verdict", judged.isAccepted ? "accepted" : "refused"),
        ]
        if let refusal = judged.refusal {
            members += [("layer", .string(refusal.layer.rawValue))] + JobDoor.explained(refusal.explanation)
        }
        members.append(("message", claims(judged)))
        members.append(("verified", .array(judged.verified.map(part))))
        if let part = judged.verified.first { members.append(("signed_by", signer(part.key))) }
        if let content = judged.content, judged.isAccepted { members += Self.content(content) }
        if !judged.facts.isEmpty { members.append(("facts", .object(judged.facts.map { ($0.name, .string($0.value)) }))) }
        if !judged.unchecked.isEmpty { members.append(("unchecked", Self.texts(judged.unchecked))) }
        let notes = job.notes + judged.notes
        if !notes.isEmpty { members.append(("notes", Self.texts(notes))) }
        let ignored = job.ignored + (judged.isByMetadata ? job.besideMetadata : [])
        if !ignored.isEmpty { members.append(("ignored", Self.texts(ignored))) }
        members += [("role", .string(role.rawValue)), ("level", .string(job.rules.depth.rawValue)), ("time", .string(moment.text))]
        members.append(JobDoor.spent(took))
        return .object(members)
    }

    private func claims(_ judged: MessageVerdict) -> JSON {
        let claims = judged.claims
        var members: [(String, JSON)] = [("binding", .string(judged.binding))]
        let optional = [
            ("element", claims.element.isEmpty ? nil : claims.element), ("id", claims.id), ("issuer", claims.issuer),
            ("issue_instant", claims.issueInstant), ("destination", claims.destination), ("in_response_to", claims.inResponseTo),
        ]
        for (name, value) in optional { if let value { members.append((name, .string(Explanation.redacted(value)))) } }
        return .object(members)
    }

    private func part(_ part: VerifiedPart) -> JSON {
        .object([
            ("element", .string(part.element)), ("id", .string(part.id)), ("digest", .string(part.digest)),
            ("digest_method", .string(part.digestMethod)), ("algorithm", .string(part.algorithm)),
            ("key_sha256", .string(Hexadecimal.encode(Digest.sha256(part.key.spki)))), ("in_query", .bool(part.isQuery)),
            ("was_encrypted", .bool(part.wasEncrypted)),
        ])
    }

    private func signer(_ key: PublicKey) -> JSON {
        var members: [(String, JSON)] = [("key_sha256", .string(Hexadecimal.encode(Digest.sha256(key.spki))))]
        if let certificate = job.certificates[key] {
            members += [
                ("certificate_sha256", .string(Hexadecimal.encode(certificate.fingerprint))),
                ("subject", .string(Explanation.redacted(certificate.subject.text))),
            ]
        }
        return .object(members)
    }

    /// As read from the signed view; whole, because the reader's next step decides by it.
    private static func content(_ content: JudgedContent) -> [(String, JSON)] {
        var members: [(String, JSON)] = [("issuer", .string(content.issuer))]
        if let name = content.name {
            let parts: [(String, String?)] = [
                ("value", name.value), ("format", name.format), ("name_qualifier", name.nameQualifier),
                ("sp_name_qualifier", name.spNameQualifier),
            ]
            members.append(("name_id", .object(parts.compactMap { part in part.1.map { (part.0, .string($0)) } })))
        }
        members.append(
            (
                "attributes",
                .array(
                    content.attributes.map { attribute in
                        let parts: [(String, String?)] = [
                            ("name", attribute.name), ("name_format", attribute.nameFormat), ("friendly_name", attribute.friendlyName),
                        ]
                        return .object(
                            parts.compactMap { part in part.1.map { (part.0, .string($0)) } }
                                + [("values", .array(attribute.values.map { .string($0) }))])
                    })
            ))
        let rest: [(String, String?)] = [
            ("session_index", content.sessionIndex), ("authn_instant", content.authenticatedAt), ("authn_context", content.context),
            ("not_before", content.notBefore), ("not_on_or_after", content.notOnOrAfter),
        ]
        members += rest.compactMap { part in part.1.map { (part.0, .string($0)) } }
        if !content.audiences.isEmpty { members.append(("audiences", .array(content.audiences.map { .string($0) }))) }
        if content.wasEncrypted { members.append(("was_encrypted", true)) }
        return members
    }

    private static func texts(_ texts: [String]) -> JSON { .array(texts.prefix(64).map { .string(Explanation.redacted($0)) }) }
}
