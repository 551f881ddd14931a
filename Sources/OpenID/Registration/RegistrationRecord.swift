package import JOSE
package import TrustFramework
package import Vocabulary

/// A client that registered itself, in the store: its metadata as they were accepted, the terms of its membership, and digests of what it was
/// told once.
package struct RegistrationRecord: Hashable, Sendable {
    package let id: MemberID
    /// What counts: statement and request as one object, and nothing of what only the answer has.
    package let metadata: JSON
    package let terms: RegistrationTerms
    /// Of the metadata those that the registrar signed, which no update changes.
    let signed: JSON?
    package let registeredAt: Timestamp
    package let updatedAt: Timestamp
    /// SHA-256 of the registration access token.
    package let accessDigest: [UInt8]
    package let secretDigest: [UInt8]?
    package let secretExpiresAt: Timestamp?
    /// The hosts of its addresses, as the sector of those that have no other.
    package let hosts: String
    /// What stood at `jwks_uri` when it was fetched last.
    package let keys: JSON?
    package let keysAt: Timestamp?
    /// Counts every change; stores keep it.
    package let version: Int64

    init(
        id: MemberID, metadata: JSON, terms: RegistrationTerms, signed: JSON?, registeredAt: Timestamp, updatedAt: Timestamp,
        accessDigest: [UInt8],
        secretDigest: [UInt8]?, secretExpiresAt: Timestamp?, hosts: String, keys: JSON?, keysAt: Timestamp?, version: Int64
    ) {
        self.id = id
        self.metadata = metadata
        self.terms = terms
        self.signed = signed
        self.registeredAt = registeredAt
        self.updatedAt = updatedAt
        self.accessDigest = accessDigest
        self.secretDigest = secretDigest
        self.secretExpiresAt = secretExpiresAt
        self.hosts = hosts
        self.keys = keys
        self.keysAt = keysAt
        self.version = version
    }

    private static let prefix = "dyn-"

    /// Whether an id is one of those that are given here: nobody is looked up in the store who cannot be there.
    package static func isDynamic(_ id: MemberID) -> Bool {
        id.text.utf8.count == prefix.utf8.count + 32 && id.text.utf8.starts(with: prefix.utf8)
            && id.text.utf8.dropFirst(prefix.utf8.count).allSatisfy(\.isBase64url)
    }

    /// 192 random bits: an id is never given twice, so that what is left of one client is nothing to another.
    static func freshID(using random: inout some RandomNumberGenerator) -> MemberID? {
        MemberID(prefix + Base64url.encode((0..<24).map { _ in UInt8.random(in: 0...255, using: &random) }))
    }

    package func with(keys: JWKSet, at now: Timestamp) -> RegistrationRecord {
        RegistrationRecord(
            id: id, metadata: metadata, terms: terms, signed: signed, registeredAt: registeredAt, updatedAt: updatedAt,
            accessDigest: accessDigest,
            secretDigest: secretDigest, secretExpiresAt: secretExpiresAt, hosts: hosts, keys: keys.json, keysAt: now, version: version)
    }
}

extension RegistrationRecord {
    package var keysAddress: String? { metadata["jwks_uri"]?.string }
    package var names: [String: String] {
        var reading = MetadataReading(metadata)
        let names = reading.localized("client_name", longest: ClientMetadata.longestName * 4)
        return names.isEmpty ? ["und": id.text] : names
    }

    /// The client, judged again by the rules of today: a deployment that became stricter is stricter at once. Throws all that is wrong.
    package func client(under rules: RegistrationRules, at provider: Provider, at now: Timestamp) throws(RegistrationRefusal) -> Client {
        var reading = MetadataReading(metadata)
        let metadata = ClientMetadata(&reading, under: rules)
        let published = keys.flatMap { try? JWKSet(reading: $0) }
        let draft = RegistrationDraft(
            id: id, metadata: metadata, terms: terms, keys: metadata.keys ?? published, secretDigest: secretDigest,
            secretExpiresAt: secretExpiresAt, rules: rules, provider: provider, now: now)
        return try draft.client(reading.faults)
    }

    /// As a member of the federation, at this moment.
    package func member(sponsor: Member?, at now: Timestamp) -> Member? {
        terms.member(id, names: names, hosts: hosts, sponsor: sponsor, at: now)
    }
}

extension RegistrationRecord {
    package var json: JSON {
        .object([
            ("id", .string(id.text)), ("metadata", metadata), ("terms", terms.json), ("signed", signed ?? .null),
            ("registered", .moment(registeredAt)),
            ("updated", .moment(updatedAt)), ("access", .string(Base64url.encode(accessDigest))),
            ("secret", secretDigest.map { .string(Base64url.encode($0)) } ?? .null),
            ("secret-expires", secretExpiresAt.map { .moment($0) } ?? .null), ("hosts", .string(hosts)),
            ("keys", keys ?? .null), ("keys-at", keysAt.map { .moment($0) } ?? .null),
        ])
    }

    /// Nil when anything is missing: a record that cannot be read whole is no record.
    package init?(json: JSON, version: Int64) {
        guard let id = json["id"]?.string.flatMap({ MemberID($0) }), let metadata = json["metadata"], metadata.members != nil,
            let terms = json["terms"].flatMap({ RegistrationTerms(json: $0) }), let registered = json.moment("registered"),
            let updated = json.moment("updated"), let access = json.digest("access"), let hosts = json["hosts"]?.string,
            let secret = json.optionalText("secret")
        else { return nil }
        let digest = json.digest("secret")
        guard (secret.text == nil) == (digest == nil) else { return nil }
        self.init(
            id: id, metadata: metadata, terms: terms, signed: json["signed"].flatMap { $0 == .null ? nil : $0 }, registeredAt: registered,
            updatedAt: updated, accessDigest: access,
            secretDigest: digest, secretExpiresAt: json.moment("secret-expires"), hosts: hosts,
            keys: json["keys"].flatMap { $0 == .null ? nil : $0 }, keysAt: json.moment("keys-at"), version: version)
    }
}
