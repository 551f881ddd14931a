import Cryptography
import JOSE
import SignOn
package import Vocabulary

/// What has to be fetched before a registration can be judged.
package struct RegistrationErrands: Hashable, Sendable {
    package let keys: String?
    package let sector: String?

    package init(keys: String?, sector: String?) {
        self.keys = keys
        self.sector = sector
    }
}

/// Proof that a registration is right: its metadata, under its terms, by the rules for every client. What stores keep and what the client is
/// told come from here only.
package struct VerifiedRegistration: Sendable {
    package let client: Client
    /// For the store.
    package let record: RegistrationRecord
    /// For the client, and the only place that has its credentials.
    package let body: JSON

    fileprivate init(client: Client, record: RegistrationRecord, body: JSON) {
        self.client = client
        self.record = record
        self.body = body
    }
}

extension UnverifiedRegistration {
    /// Which documents the request points to: looked for only after somebody said that it may register, and only where the address may be
    /// registered (checklist E21).
    package func errands(by authority: RegistrationAuthority, under rules: RegistrationRules) -> RegistrationErrands {
        let json = settled(by: authority)
        func address(_ name: String) -> String? {
            json[name]?.string.flatMap { RedirectURI.fault(in: $0, development: rules.isDevelopment) == nil ? $0 : nil }
        }
        return RegistrationErrands(keys: address("jwks_uri"), sector: address("sector_identifier_uri"))
    }

    /// Proves a new registration.
    package func verified(
        by authority: RegistrationAuthority, with documents: RegistrationDocuments, under rules: RegistrationRules, at provider: Provider,
        at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(RegistrationRefusal) -> VerifiedRegistration {
        guard let id = RegistrationRecord.freshID(using: &random) else { throw .malformed(nil) }
        return try verified(
            settled(by: authority), as: id, under: authority, documents, since: now, before: nil, rules, provider, at: now, using: &random)
    }

    /// Proves a change of `record`, whose holder has shown its registration access token (RFC 7592 §2.2). What the answer had beside the
    /// metadata may not be in it, and what is left out is gone. The terms stay; another statement may bring others of the same sponsor.
    package func verified(
        changing record: RegistrationRecord, by authority: RegistrationAuthority, with documents: RegistrationDocuments,
        under rules: RegistrationRules, at provider: Provider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(RegistrationRefusal) -> VerifiedRegistration {
        for name in ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"]
        where json[name] != nil { throw .contradiction(name, "it is the provider's to say") }
        guard json["client_id"]?.string?.hasSameBytes(as: record.id.text) == true else {
            throw .contradiction("client_id", "it is not the client's own")
        }
        if let shown = json["client_secret"], shown != .null {
            guard let text = shown.string, let digest = record.secretDigest,
                ConstantTime.equal(Digest.sha256(Array(text.utf8)), digest)
            else { throw .contradiction("client_secret", "it is not the client's own") }
        }
        return try verified(
            settled(by: authority), as: record.id, under: authority, documents, since: record.registeredAt, before: record, rules,
            provider, at: now, using: &random)
    }

    private func verified(
        _ json: JSON, as id: MemberID, under authority: RegistrationAuthority, _ documents: RegistrationDocuments, since: Timestamp,
        before: RegistrationRecord?, _ rules: RegistrationRules, _ provider: Provider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(RegistrationRefusal) -> VerifiedRegistration {
        let kept = Self.kept(json)
        var reading = MetadataReading(kept)
        let metadata = ClientMetadata(&reading, under: rules)
        var published: JWKSet?
        if let address = metadata.keysAddress {
            switch documents.keys.map(RegistrationDocuments.keys) {
            case .success(let set)?: published = set
            case .failure(let fault)?: reading.report(.registrationDocument("jwks_uri", address, fault.words))
            case nil: reading.report(.registrationDocument("jwks_uri", address, "it could not be fetched"))
            }
        }
        if let address = metadata.sectorAddress { Self.judge(address, metadata, documents.sector, &reading) }
        let secret = Secret(for: metadata.method, before: before, lifetime: rules.secretLifetime, at: now, using: &random)
        let draft = RegistrationDraft(
            id: id, metadata: metadata, terms: authority.terms, keys: metadata.keys ?? published, secretDigest: secret?.digest,
            secretExpiresAt: secret?.expiresAt, rules: rules, provider: provider, now: now)
        let client = try draft.client(reading.faults)
        let access = Ticket.fresh(using: &random)
        let hosts =
            metadata.sectorAddress.flatMap(RedirectURI.host)
            ?? metadata.redirectURIs.compactMap(RedirectURI.host).min() ?? id.text
        let record = RegistrationRecord(
            id: id, metadata: kept, terms: authority.terms, signed: authority.signed, registeredAt: since, updatedAt: now,
            accessDigest: access.digest,
            secretDigest: secret?.digest, secretExpiresAt: secret?.expiresAt, hosts: hosts, keys: published?.json,
            keysAt: published == nil ? nil : now, version: before?.version ?? 0)
        let answer = RegistrationAnswer(record: record, client: client, provider: provider)
        return VerifiedRegistration(
            client: client, record: record, body: answer.body(access: access.text, secret: secret?.text, statement: statement))
    }

    /// A sector vouches for its members' addresses, or the registration is refused (OpenID Connect Dynamic Registration §5).
    private static func judge(_ address: String, _ metadata: ClientMetadata, _ bytes: [UInt8]?, _ reading: inout MetadataReading) {
        guard let bytes else { return reading.report(.registrationDocument("sector_identifier_uri", address, "it could not be fetched")) }
        guard let listed = RegistrationDocuments.addresses(in: bytes) else {
            return reading.report(.registrationDocument("sector_identifier_uri", address, "it is no list of addresses"))
        }
        for redirect in metadata.redirectURIs where !listed.contains(where: { $0.hasSameBytes(as: redirect) }) {
            reading.report(.registrationSector("the document at sector_identifier_uri does not have this redirect address", redirect))
        }
    }

    /// What the store keeps: no statement, no credential, nothing that only an answer has, no null.
    private static func kept(_ json: JSON) -> JSON {
        .object((json.members ?? []).filter { !RegistrationAnswer.ownMembers.contains($0.0) && $0.1 != .null })
    }
}

/// A client's secret. One that is good for at least half its time stays as it is through an update: other machines of the client have it.
private struct Secret {
    /// Nil when it stays.
    let text: String?
    let digest: [UInt8]
    let expiresAt: Timestamp

    init?(
        for method: ClientAuthentication.Method, before: RegistrationRecord?, lifetime: Int64, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) {
        guard method == .clientSecretBasic || method == .clientSecretPost else { return nil }
        if let digest = before?.secretDigest, let end = before?.secretExpiresAt, end.seconds(since: now) * 2 >= lifetime {
            text = nil
            self.digest = digest
            expiresAt = end
            return
        }
        let fresh = Ticket.fresh(using: &random)
        text = fresh.text
        digest = fresh.digest
        expiresAt = now.adding(seconds: lifetime)
    }
}
