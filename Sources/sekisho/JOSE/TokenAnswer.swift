import JOSE
import Vocabulary

/// The answer to one job, as one line of JSON.
struct TokenAnswer {
    let job: TokenJob
    let verdict: TokenVerdict?
    let moment: Timestamp
    let took: Duration

    var isValid: Bool { verdict?.isAccepted ?? false }

    var json: JSON {
        var members: [(String, JSON)] = [
            ("id", job.id), ("valid", .bool(isValid)), ("verdict", isValid ? "accepted" : "refused"),
        ]
        if let finding = job.fault ?? verdict?.refusal {
            members.append(("layer", .string(finding.layer.rawValue)))
            members += JobDoor.explained(finding.explanation)
        }
        if let verdict {
            members.append(("form", .string(verdict.form.rawValue)))
            if let header = verdict.header { members.append(("header", header)) }
            if isValid { members += Self.content(verdict) }
            if !verdict.unchecked.isEmpty { members.append(("unchecked", .array(verdict.unchecked.map { .string($0) }))) }
        }
        let notes = job.notes + (verdict?.notes ?? [])
        if !notes.isEmpty { members.append(("notes", .array(notes.map { .string(Explanation.redacted($0)) }))) }
        if !job.ignored.isEmpty { members.append(("ignored", .array(job.ignored.map { .string($0) }))) }
        members += [("time", .string(moment.text)), JobDoor.spent(took)]
        return .object(members)
    }

    /// Only what is proven: a payload whose signature was refused is not shown as one.
    private static func content(_ verdict: TokenVerdict) -> [(String, JSON)] {
        var members: [(String, JSON)] = []
        if let opened = verdict.opened {
            var encryption: [(String, JSON)] = [
                ("algorithm", .string(opened.algorithm.rawValue)), ("content", .string(opened.content.rawValue)),
            ]
            if let name = opened.keyID { encryption.append(("kid", .string(name))) }
            members.append(("encryption", .object(encryption)))
        }
        if let verified = verdict.verified {
            members += [("algorithm", .string(verified.algorithm.rawValue)), ("key", key(verified.key))]
            if verdict.opened != nil { members.append(("inner_header", verified.header)) }
        }
        guard let payload = verdict.verified?.payload ?? verdict.opened?.plaintext else { return members }
        members.append(("payload", .string(Base64url.encode(payload))))
        if let json = try? JSON(reading: payload), json.members != nil { members.append(("payload_json", json)) }
        return members
    }

    private static func key(_ key: JWK) -> JSON {
        var members: [(String, JSON)] = key.keyID.map { [("kid", .string($0))] } ?? []
        members.append(("thumbprint", .string(key.thumbprint)))
        return .object(members)
    }
}

/// From the text of a job to its verdict.
struct TokenDoor {
    let question: TokenJob.Question
    let material: TokenMaterial
    let now: Timestamp

    func answer(_ line: JobStream.Line) -> JobDoor.Answer {
        JobDoor.answer(line) { json in
            let start = ContinuousClock.now
            let job = try TokenJob(json, for: question, material: material)
            let verdict = job.fault == nil ? job.verdict(question, at: now) : nil
            let answer = TokenAnswer(job: job, verdict: verdict, moment: job.time ?? now, took: ContinuousClock.now - start)
            return (answer.json, answer.isValid)
        }
    }
}
