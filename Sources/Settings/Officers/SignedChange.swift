package import Cryptography
import JOSE
package import SignOn
package import Vocabulary

/// What a signature is for. A signature for one kind never counts for another.
package enum ChangeKind: String, Sendable, Hashable, CaseIterable {
    /// A change of a member's accreditation.
    case member = "member-change"
    /// A policy bundle that may decide.
    case policy = "policy-bundle"
    /// Whose card opens the console for an officer.
    case officer = "officer-card"

    package var role: OfficerRole {
        switch self {
        case .member: .registrar
        case .policy: .policyOfficer
        case .officer: .trustOfficer
        }
    }
}

/// Where an officer approved in the console: what the platform's own key adds to the change.
package struct ConsoleApproval: Hashable, Sendable {
    /// Names the login in the audit trail, and tells nothing else.
    package let login: String
    /// SHA-256 of the citizen behind the card, so that one citizen never counts as two officers.
    package let card: [UInt8]

    package init(login: String, subject: SubjectID) {
        self.login = login
        card = Digest.sha256(Array(subject.text.utf8))
    }

    fileprivate init?(_ json: JSON) {
        guard let login = json["login"]?.string, (1...128).contains(login.utf8.count), login.utf8.allSatisfy(\.isBase64url),
            let card = json["card"]?.string.flatMap({ Hexadecimal.decode($0) }), card.count == 32
        else { return nil }
        self.login = login
        self.card = card
    }

    fileprivate var fields: [(String, JSON)] { [("login", .string(login)), ("card", .string(Hexadecimal.encode(card)))] }
}

/// An officer's signature under a change, as it is kept and handed round: a compact JWS (RFC 7515) of type `sekisho-change+jwt` over the
/// kind, the SHA-256 of what is changed, the moment and the reason. An officer who approved in the console with the card has no key in the
/// browser: there the platform's own key signs the same, with the login, as `sekisho-attested-change+jwt` (decision 0055). Reading one
/// believes nothing.
package struct SignedChange: Hashable, Sendable {
    /// The compact JWS: one line.
    package let text: String
    /// What it says of itself, until `verified`.
    package let claimedOfficer: String
    package let claimedReason: String
    package let claimedAt: Timestamp
    /// Nil: signed with the officer's own key.
    package let claimedConsole: ConsoleApproval?
    private let kind: String
    private let digest: [UInt8]

    static let type = "sekisho-change+jwt"
    static let attestedType = "sekisho-attested-change+jwt"
    package static let longest = 8_192
    package static let longestReason = 1_000
    /// By how much an officer's clock may be ahead of ours, in seconds.
    static let skew: Int64 = 300

    package init(reading text: String) throws(OfficerRefusal) {
        guard text.utf8.count <= Self.longest else { throw .tooLong(limit: Self.longest) }
        let jws: UnverifiedJWS
        do { jws = try UnverifiedJWS(compact: text, limit: Self.longest) } catch { throw .malformed }
        let isAttested = jws.header["typ"]?.string == Self.attestedType
        guard isAttested || jws.header["typ"]?.string == Self.type, let officer = jws.keyID, (1...64).contains(officer.utf8.count),
            let json = try? JSON(reading: jws.unverifiedPayload, limit: Self.longest, depth: 2),
            let kind = json["kind"]?.string, let digest = json["sha256"]?.string.flatMap({ Hexadecimal.decode($0) }), digest.count == 32,
            let at = json["at"]?.string.flatMap({ Timestamp($0) }), let reason = json["reason"]?.string, Self.isReason(reason)
        else { throw .malformed }
        claimedConsole = isAttested ? ConsoleApproval(json) : nil
        guard isAttested == (claimedConsole != nil) else { throw .malformed }
        self.text = text
        claimedOfficer = officer
        claimedReason = reason
        claimedAt = at
        self.kind = kind
        self.digest = digest
    }

    /// Signs. `officer` is the name of the file in `Keys/officers`; `digest` the SHA-256 of exactly what is meant. ECDSA and Ed25519 keys of
    /// any size, RSA with PSS.
    package static func signed(
        _ kind: ChangeKind, digest: [UInt8], reason: String, as officer: String, with key: PrivateKey, at now: Timestamp
    ) throws(OfficerRefusal) -> SignedChange {
        try signed(kind, digest: digest, reason: reason, as: officer, with: key, console: nil, at: now)
    }

    /// The platform's word that `officer` approved in the console.
    static func attested(
        _ kind: ChangeKind, digest: [UInt8], reason: String, by officer: Officer, at console: ConsoleApproval, with key: PrivateKey,
        _ now: Timestamp
    ) throws(OfficerRefusal) -> SignedChange {
        try signed(kind, digest: digest, reason: reason, as: officer.id, with: key, console: console, at: now)
    }

    private static func signed(
        _ kind: ChangeKind, digest: [UInt8], reason: String, as officer: String, with key: PrivateKey, console: ConsoleApproval?,
        at now: Timestamp
    ) throws(OfficerRefusal) -> SignedChange {
        guard isReason(reason) else { throw .reason }
        guard digest.count == 32, (1...64).contains(officer.utf8.count), let algorithm = algorithm(of: key.publicKey.kind) else {
            throw .key
        }
        let payload = JSON.object(
            [
                ("kind", .string(kind.rawValue)), ("sha256", .string(Hexadecimal.encode(digest))), ("at", .string(now.text)),
                ("reason", .string(reason)),
            ] + (console?.fields ?? []))
        let text: String
        do {
            text = try SigningKey(keyID: officer, algorithm: algorithm, key: key).signed(
                payload, type: console == nil ? type : attestedType)
        } catch { throw .key }
        return try SignedChange(reading: text)
    }

    /// The proof that an officer of the right role signed exactly this in the officer's term. `within`: the signature may be at most so many
    /// seconds old and the officer still has to be in office; nil judges evidence of something done long ago.
    package func verified(
        _ kind: ChangeKind, digest: [UInt8], by officers: Officers, within: Int64? = nil, at now: Timestamp
    ) throws(OfficerRefusal) -> ApprovedChange {
        guard let officer = officers[claimedOfficer] else { throw .unknownOfficer(claimedOfficer) }
        guard !officer.isRevoked else { throw .revoked(officer.id) }
        guard officer.roles.contains(kind.role) else { throw .role(officer.id, needs: kind.role) }
        let keys = try self.keys(of: officer, officers)
        do {
            // The signature first: only then are its words the officer's, or the platform's about the officer.
            let algorithms = JWSAlgorithm.allCases.filter { one in !Self.isOld(one) && keys.contains { one.fits($0.key.kind) } }
            _ = try UnverifiedJWS(compact: text, limit: Self.longest).verified(by: keys, allowed: Set(algorithms))
        } catch { throw .signature(officer.id, error) }
        guard self.kind == kind.rawValue else { throw .otherKind(officer.id, is: self.kind) }
        guard ConstantTime.equal(self.digest, digest) else { throw .otherDigest(officer.id) }
        guard officer.isInOffice(at: claimedAt), claimedAt <= now.adding(seconds: Self.skew) else { throw .term(officer.id, at: claimedAt) }
        if let within, now.seconds(since: claimedAt) > within || !officer.isInOffice(at: now) { throw .stale(officer.id, at: claimedAt) }
        let card = claimedConsole?.card ?? officer.card.map { Digest.sha256(Array($0.text.utf8)) }
        return ApprovedChange(officer: officer, reason: claimedReason, at: claimedAt, login: claimedConsole?.login, card: card)
    }

    /// Whose signature it has to bear: the officer's, or for what was approved in the console one of the platform's.
    private func keys(of officer: Officer, _ officers: Officers) throws(OfficerRefusal) -> [JWK] {
        guard claimedConsole != nil else {
            guard let key = officer.key else { throw .keyless(officer.id) }
            return [key]
        }
        guard officer.card != nil else { throw .cardless(officer.id) }
        return officers.attestors
    }

    private static func isReason(_ text: String) -> Bool {
        text.utf8.count <= longestReason && text.contains { !$0.isWhitespace }
            && !text.unicodeScalars.contains { $0.value < 0x20 && $0.value != 0x0a }
    }

    private static func algorithm(of kind: KeyKind) -> JWSAlgorithm? {
        switch kind {
        case .rsa: .ps256
        case .ec(.p256): .es256
        case .ec(.p384): .es384
        case .ec(.p521): .es512
        case .ed25519: .eddsa
        case .x25519: nil
        }
    }

    /// PKCS #1 v1.5: nothing here was ever signed with it.
    private static func isOld(_ algorithm: JWSAlgorithm) -> Bool { [.rs256, .rs384, .rs512].contains(algorithm) }
}

/// Proof: this officer signed the change that was asked about.
package struct ApprovedChange: Hashable, Sendable {
    package let officer: Officer
    package let reason: String
    package let at: Timestamp
    /// The login in the console; nil where the officer's own key signed.
    package let login: String?
    private let card: [UInt8]?

    fileprivate init(officer: Officer, reason: String, at: Timestamp, login: String?, card: [UInt8]?) {
        self.officer = officer
        self.reason = reason
        self.at = at
        self.login = login
        self.card = card
    }

    /// One officer, or one citizen under two officers' names, counts once.
    package func isSamePerson(as other: ApprovedChange) -> Bool {
        officer.id == other.officer.id || (card != nil && card == other.card)
    }
}

extension Officers {
    /// Those of the signatures that count, and at least `count` different officers have to be among them. One that was not made by its officer,
    /// or over something else, refuses the whole; one whose officer has left office since, or has no right to it any more, is passed over, so
    /// that a stolen card takes no other officer's word with it. `besides`: officers who do not count, such as the one who applied for the
    /// change. At most 16 signatures are looked at.
    package func approved(
        _ changes: [SignedChange], _ kind: ChangeKind, digest: [UInt8], by count: Int, besides others: Set<String> = [],
        within: Int64? = nil, at now: Timestamp
    ) throws(OfficerRefusal) -> [ApprovedChange] {
        guard changes.count <= 16 else { throw .malformed }
        let (approved, refused) = counting(changes, kind, digest: digest, besides: others, within: within, at: now)
        if let fault = refused.first(where: { !$0.isOfOffice }) { throw fault }
        guard approved.count >= count else {
            if approved.isEmpty, let why = refused.first { throw why }
            throw .tooFew(signed: approved.map(\.officer.id), needed: count)
        }
        return approved
    }

    /// Those of the signatures that count, one for each person, and why others do not.
    func counting(
        _ changes: [SignedChange], _ kind: ChangeKind, digest: [UInt8], besides others: Set<String> = [], within: Int64?, at now: Timestamp
    ) -> (approved: [ApprovedChange], refused: [OfficerRefusal]) {
        var approved: [ApprovedChange] = []
        var refused: [OfficerRefusal] = []
        for change in changes {
            do throws(OfficerRefusal) {
                let one = try change.verified(kind, digest: digest, by: self, within: within, at: now)
                guard !others.contains(one.officer.id), !approved.contains(where: { $0.isSamePerson(as: one) }) else { continue }
                approved.append(one)
            } catch { refused.append(error) }
        }
        return (approved, refused)
    }
}

extension OfficeAsk {
    /// The signatures so far; a line that is none is passed over.
    package var changes: [SignedChange] { signed.compactMap { try? SignedChange(reading: $0) } }
}
