import Cryptography
import JOSE
import OpenID
import Settings
import Vocabulary

/// By what a pasted token is judged: keys on the command line, a deployment's, or none.
struct TokenBasis {
    private(set) var rules = TokenRules()
    /// One sentence for the reader.
    private(set) var sentence = "by its form alone: no key is known. Give --keys or --deployment to judge its signature"
    private(set) var notes: [String] = []
    /// Whether a signature can be judged at all.
    var hasKeys: Bool { !rules.keys.isEmpty || rules.isByOwnKey }

    init(_ pasted: PastedToken, keys: [String], decryptionKeys: [String], deployment: String?) throws {
        let material = TokenMaterial(files: MessageMaterial(folders: ["."]))
        let files = { (paths: [String]) in JSON.array(paths.map { .object([("file", .string($0))]) }) }
        rules.keys = try material.publicKeys(keys.isEmpty ? nil : ("--keys", files(keys)), &notes)
        if !rules.keys.isEmpty { sentence = "by the keys that were given" }
        let held = try material.privateKeys(decryptionKeys.isEmpty ? nil : ("--decryption-key", files(decryptionKeys)), &notes)
        rules.decryptionKeys = held.map { DecryptionKey(keyID: $0.jwk?.keyID, key: $0.key) }
        let configuration = try deployment.map { try Deployment.load($0, tokens: .lenient) }
        if let configuration { rules.decryptionKeys += configuration.openIDProvider.decryptionKeys }
        if let configuration, rules.keys.isEmpty { takeKeys(of: configuration, for: signed(in: pasted)) }
        // A proof of possession is made by the key inside it, and nothing else can judge it.
        if let signed = signed(in: pasted), rules.keys.isEmpty, signed.header["jwk"] != nil, signed.header["typ"]?.string == "dpop+jwt" {
            rules.isByOwnKey = true
            sentence = "by the key inside it, as a proof of possession is"
        }
    }

    /// The signed token that was pasted or is inside what was.
    private func signed(in pasted: PastedToken) -> UnverifiedJWS? {
        if pasted.form == .signed { return try? UnverifiedJWS(compact: pasted.text, limit: rules.limit) }
        guard let inner = TokenJudge(rules).opening(pasted.text).opened?.text else { return nil }
        return try? UnverifiedJWS(compact: inner, limit: rules.limit)
    }

    /// The platform's keys for what the platform issued, a client's for what the client did.
    private mutating func takeKeys(of configuration: Configuration, for signed: UnverifiedJWS?) {
        let provider = configuration.openIDProvider
        let issuer = signed.flatMap { try? JSON(reading: $0.unverifiedPayload) }?["iss"]?.string
        guard let issuer else {
            sentence = "by its form alone: it names no issuer whose keys could be looked up"
            return
        }
        rules.issuer = issuer
        if issuer == provider.issuer {
            rules.keys = provider.keys.filter { $0.life.revoked == nil }.map(\.jwk)
            sentence = "by the keys of \(provider.issuer)"
        } else if let client = configuration.federation.client(issuer) {
            rules.keys = client.keys?.keys ?? []
            rules.audience = provider.issuer
            sentence = "by the keys of the client \(client.id.text); its audience has to be \(provider.issuer)"
        } else {
            sentence = "by its form alone: \(Explanation.redacted(issuer)) is neither the platform nor one of its clients"
        }
    }
}
