import JOSE
import Vocabulary

/// One question of `sekisho jose verify` or `sekisho jose decrypt`: a token that nobody has read yet, and what is known beside it.
struct TokenJob {
    enum Question {
        case verify, decrypt
    }

    let id: JSON
    let token: String
    let rules: TokenRules
    /// Nil: the present.
    let time: Timestamp?
    /// What is wrong with the keys, when nothing can be judged for that.
    let fault: TokenFinding?
    let notes: [String]
    let ignored: [String]

    init(_ json: JSON, for question: Question, material: TokenMaterial) throws(JobRefusal) {
        var fields = try JobFields(json)
        id = JobDoor.identity(of: json)
        _ = fields.take(["id", "test"])
        token = try Self.token(&fields, material)
        time = try JobTime.moment(fields.take(["time", "now", "at", "validation_time"]))
        var rules = TokenRules()
        rules.type = try Self.text(&fields, ["type", "typ"])?.lowercased()
        rules.issuer = try Self.text(&fields, ["issuer", "iss"])
        rules.audience = try Self.text(&fields, ["audience", "aud"])
        rules.subject = try Self.text(&fields, ["subject", "sub"])
        rules.nonce = try Self.text(&fields, ["nonce"])
        rules.skew = Int64(try fields.number(in: 0...86_400, ["skew", "clock_skew", "leeway"]) ?? 0)
        rules.isByOwnKey = try fields.flag(["own_key", "key_from_token", "dpop"]) ?? false
        let isExpected = [rules.issuer, rules.audience, rules.subject, rules.nonce].contains { $0 != nil } || time != nil
        rules.areClaimsDue = try fields.flag(["claims", "judge_claims"]) ?? isExpected
        rules.limit = try fields.number(in: 1...4_194_304, ["limit"]) ?? rules.limit
        var notes: [String] = []
        try Self.algorithms(&fields, &rules, &notes)
        var fault: TokenFinding?
        do {
            let own = ["decryption_keys", "decryption_key", "private_keys", "private_key"]
            let names = ["keys", "key", "jwks", "jwk", "public_keys", "public_key", "trusted_keys"]
            let held = try material.privateKeys(fields.take(question == .decrypt ? own + names : own), &notes)
            rules.decryptionKeys = held.compactMap(Self.decryptionKey)
            if question == .verify { rules.keys = try material.publicKeys(fields.take(names), &notes) }
        } catch let refusal as JobRefusal { throw refusal } catch let finding as TokenFinding { fault = finding } catch {
            throw JobRefusal("job.failed", "\(error)")
        }
        self.rules = rules
        self.fault = fault
        self.notes = notes
        ignored = fields.ignored
    }

    func verdict(_ question: Question, at now: Timestamp) -> TokenVerdict {
        let judge = TokenJudge(rules)
        return question == .decrypt ? judge.opening(token) : judge.verdict(on: token, at: time ?? now)
    }

    /// A key that its owner means for signing opens nothing.
    private static func decryptionKey(_ held: TokenMaterial.Held) -> DecryptionKey? {
        guard let jwk = held.jwk else { return DecryptionKey(keyID: nil, key: held.key) }
        guard jwk.use != "sig", jwk.algorithm == nil else { return nil }
        return DecryptionKey(keyID: jwk.keyID, key: held.key, algorithm: jwk.encryptionAlgorithm)
    }

    private static func token(_ fields: inout JobFields, _ material: TokenMaterial) throws(JobRefusal) -> String {
        if let given = fields.take(["token", "jws", "jwe", "jwt", "compact", "message"]) {
            // An object is a JSON serialization: a text that is refused for its form.
            return given.value.string ?? given.value.text
        }
        guard let path = try text(&fields, ["token_file", "file"]) else {
            throw JobRefusal("job.field.missing", "no token: give `token` or `token_file`")
        }
        let bytes = try material.files.contents(of: path)
        return String(decoding: bytes.filter { $0 != 0x0a && $0 != 0x0d }, as: UTF8.self)
    }

    private static func text(_ fields: inout JobFields, _ names: [String]) throws(JobRefusal) -> String? {
        guard let given = fields.take(names) else { return nil }
        guard let text = given.value.string else { throw JobRefusal("job.field.type", "`\(given.name)` is no text") }
        return text
    }

    /// Names of either kind; those that are never accepted allow nothing.
    private static func algorithms(
        _ fields: inout JobFields, _ rules: inout TokenRules, _ notes: inout [String]
    ) throws(JobRefusal) {
        if let names = try fields.texts(["algorithms", "allowed", "allowed_algorithms", "algs", "alg"])?.texts {
            let signing = names.compactMap { JWSAlgorithm(rawValue: $0) }
            let encrypting = names.compactMap { JWEAlgorithm(rawValue: $0) }
            let never = names.filter { JWSAlgorithm(rawValue: $0) == nil && JWEAlgorithm(rawValue: $0) == nil }
            if !signing.isEmpty || encrypting.isEmpty { rules.algorithms = Set(signing) }
            if !encrypting.isEmpty || signing.isEmpty { rules.encryptions = Set(encrypting) }
            notes += never.map { "the algorithm \($0) is never accepted" }
        }
        if let names = try fields.texts(["contents", "content", "encs", "enc"])?.texts {
            rules.contents = Set(names.compactMap { JWEContent(rawValue: $0) })
            notes += names.filter { JWEContent(rawValue: $0) == nil }.map { "the content encryption \($0) is never accepted" }
        }
    }
}
