import Cryptography
import JOSE
import OpenID
import SAML
import Vocabulary

/// Reads the files of a plan and works out the lives: who follows whom, who may sign already, how long the old stay.
struct KeyBook {
    struct Ages {
        /// How long others may keep what we publish, in seconds.
        let saml: Int64
        let openID: Int64
        /// How long what was signed last is looked at, in seconds.
        let samlFloor: Int64
        let openIDFloor: Int64
    }

    /// What the rooms above need.
    struct Found {
        var signing: SigningKeys?
        var metadata: SigningKeys?
        var encryption: [SAML.DecryptionKey] = []
        var openID: [ProviderKey] = []
        /// With their lives, by `kid`: all decrypt that are here, the current ones are published.
        var openIDEncryption: [(key: JOSE.DecryptionKey, life: KeyLife)] = []
        var held: [HeldKey] = []
    }

    let folder: Folder
    let files: KeyFiles
    let plan: KeyPlan
    let tokens: TokenKeys
    let demand: TokenDemand
    let ledger: KeyLedger
    let ages: Ages
    let now: Timestamp

    fileprivate struct Read {
        let entry: KeyEntry
        let publicKey: PublicKey
        let key: PrivateKey?
        let certificate: Certificate?
        let slot: String
        let saml: SAMLAlgorithm?
        let token: TokenKeyAlgorithm?
        var encryption: JWEAlgorithm?
    }

    func read() -> Found {
        let problems = folder.findings.problems.count
        let all = plan.entries.compactMap(read)
        refuseTwins(all)
        var found = Found()
        var messages: [OwnKey] = []
        var metadata: [OwnKey] = []
        for one in all {
            let life = life(of: one, among: all)
            let held = held(one, life, token(one, life))
            refuseEarlyUse(held)
            refuseShortRetirement(held)
            found.held.append(held)
            switch one.entry.use {
            case .samlSigning: own(one, life).map { messages.append($0) }
            case .samlMetadata: own(one, life).map { metadata.append($0) }
            case .samlEncryption:
                if let key = one.key, let certificate = one.certificate {
                    found.encryption.append(SAML.DecryptionKey(name: one.entry.name, key: key, certificate: certificate.der, life: life))
                }
            case .openIDEncryption:
                guard let key = one.key, let name = held.keyID, life.isPublished(at: now) else { continue }
                found.openIDEncryption.append((JOSE.DecryptionKey(keyID: name, key: key, algorithm: one.encryption), life))
            case .openIDSigning:
                guard let algorithm = one.token?.algorithm else { continue }
                let name = thumbprint(one.publicKey)
                if let key = one.key {
                    found.openID.append(
                        ProviderKey(SigningKey(keyID: name, algorithm: algorithm, key: key), name: one.entry.name, life: life))
                } else {
                    found.openID.append(
                        ProviderKey(JWK(one.publicKey, keyID: name, algorithm: algorithm), name: one.entry.name, life: life))
                }
            }
        }
        found.signing = SigningKeys(messages, order: plan.order)
        found.metadata = metadata.isEmpty ? nil : SigningKeys(metadata)
        // A file that could not be read was reported; that its key is missing follows from it.
        if folder.findings.problems.count == problems { refuseGaps(found.held) }
        return found
    }

    // MARK: Files

    private func read(_ entry: KeyEntry) -> Read? {
        if let token = entry.token { return inToken(entry, token) }
        let key = entry.keyFile.flatMap { files.privateKey("Keys/" + $0, passphrase: entry.passphrase ?? plan.passphrase) }
        if entry.keyFile != nil, key == nil {
            // Said already, or will be said of the certificate too: both are looked at.
            if entry.use.hasCertificate, let file = entry.publicFile { _ = files.certificates("Keys/" + file, required: true) }
            return nil
        }
        guard entry.use.hasCertificate else { return token(entry, key) }
        return message(entry) { _ in key }
    }

    /// The private half lies in a token; the public one is here, so that it is published whether or not the token answers.
    private func inToken(_ entry: KeyEntry, _ uri: TokenURI) -> Read? {
        func key(_ publicKey: PublicKey) -> PrivateKey? {
            switch tokens.key(uri, for: entry.use) {
            case .success(let key): return PrivateKey(key, publicKey: publicKey)
            case .failure(let fault):
                tell(entry, fault.code, "`\(entry.name)`: \(fault.message)", fault.remedy)
                return nil
            }
        }
        if entry.use.hasCertificate { return message(entry, key) }
        guard let publicKey = entry.publicFile.flatMap({ files.publicKey("Keys/" + $0) }) else { return nil }
        return token(entry, key(publicKey), publicKey)
    }

    /// A problem, or a notice where the command at hand may be the remedy.
    private func tell(_ entry: KeyEntry, _ code: String, _ message: String, _ remedy: String, isPassing: Bool = false) {
        let problem = Problem(file: KeyPlanFile.name, line: entry.line, code: code, message: message, remedy: remedy)
        if isPassing || demand != .all { folder.findings.notice(problem) } else { folder.findings.report(problem) }
    }

    /// Tries a key that signs, or is to sign, or decrypts. What only has to be published any more is left alone, so that a token that is gone for
    /// good keeps nobody from going on without it.
    private func token(_ one: Read, _ life: KeyLife) -> HeldToken? {
        guard let uri = one.entry.token, let key = one.key, let token = key.token?.token else { return nil }
        let state = life.state(at: now)
        let isWanted =
            demand != .none && (state == .next || state == .current || (state == .retiring && one.entry.use.isForDecryption))
        guard isWanted else { return HeldToken(uri: uri, fault: nil, wasAsked: false, token: token) }
        let fault = tokens.fault(key)
        if let fault {
            // The token may be back before the server is; until then it refuses what it cannot sign.
            tell(
                one.entry, fault.code, "`\(one.entry.name)`: \(fault.text)", fault.remedy, isPassing: fault.isPassing)
        } else if files.guardian.mode == .production, (try? key.token?.isExtractable()) == true {
            folder.findings.notice(
                Problem(
                    file: KeyPlanFile.name, line: one.entry.line, code: "pkcs11.extractable",
                    message: "the token would give the private half of `\(one.entry.name)` away (CKA_EXTRACTABLE)",
                    remedy: "make its successor in the token: `sekisho keys next … --generate`"))
        }
        return HeldToken(uri: uri, fault: fault, wasAsked: true, token: token)
    }

    private func message(_ entry: KeyEntry, _ private: (PublicKey) -> PrivateKey?) -> Read? {
        guard let name = entry.publicFile.map({ "Keys/" + $0 }), let certificate = files.certificates(name, required: true)?.first else {
            return nil
        }
        let key = `private`(certificate.publicKey)
        if entry.hasPrivateKey, key == nil, demand == .all { return nil }
        if let key, certificate.publicKey != key.publicKey {
            folder.report(
                name, "key.certificate", "the certificate is for another key than Keys/\(entry.keyFile ?? "")", "put the right pair here")
            return nil
        }
        let kind = certificate.publicKey.kind
        let named = "Keys/" + (entry.keyFile ?? entry.publicFile ?? "")
        guard let usual = SAMLAlgorithm.usual(for: kind) else {
            folder.report(named, "key.kind", "SAML peers do not know \(kind.text)", "use RSA, or P-256")
            return nil
        }
        var algorithm = usual
        if let text = entry.algorithm {
            guard let wanted = SAMLAlgorithm(rawValue: text), wanted.signature.fits(kind), entry.use != .samlEncryption else {
                folder.report(
                    KeyPlanFile.name, "key.algorithm",
                    "`\(entry.name)` is a \(kind.text) key and cannot sign `\(Explanation.redacted(text))` in SAML messages",
                    "leave `algorithm` out, or choose among "
                        + SAMLAlgorithm.allCases.filter { $0.signature.fits(kind) }.map(\.rawValue).joined(separator: ", "))
                return nil
            }
            algorithm = wanted
        }
        if let key, certificate.publicKey.kind != key.publicKey.kind { return nil }
        return Read(
            entry: entry, publicKey: certificate.publicKey, key: key, certificate: certificate,
            slot: entry.use.rawValue + "/" + kind.family, saml: entry.use == .samlEncryption ? nil : algorithm, token: nil)
    }

    /// A key that clients encrypt to.
    private func opening(_ entry: KeyEntry, _ key: PrivateKey?, _ known: PublicKey?) -> Read? {
        guard let publicKey = known ?? key?.publicKey ?? entry.publicFile.flatMap({ files.publicKey("Keys/" + $0) }) else { return nil }
        let fitting = JWEAlgorithm.allCases.filter { JWEForm.algorithms.contains($0) && $0.fits(publicKey.kind) }
        let algorithm = entry.algorithm.flatMap(JWEAlgorithm.init(rawValue:))
        guard !fitting.isEmpty, entry.algorithm == nil || algorithm.map(fitting.contains) == true else {
            folder.report(
                plan.isWritten ? KeyPlanFile.name : "Keys/" + (entry.keyFile ?? ""), "key.algorithm",
                "nothing is encrypted to `\(entry.name)`, a \(publicKey.kind.text) key, in that way",
                fitting.isEmpty
                    ? "use RSA, or P-256" : "leave `algorithm` out, or choose among " + fitting.map(\.rawValue).joined(separator: ", "))
            return nil
        }
        return Read(
            entry: entry, publicKey: publicKey, key: key, certificate: nil, slot: entry.use.rawValue + "/" + publicKey.kind.family,
            saml: nil,
            token: nil, encryption: algorithm)
    }

    private func token(_ entry: KeyEntry, _ key: PrivateKey?, _ known: PublicKey? = nil) -> Read? {
        if entry.use == .openIDEncryption { return opening(entry, key, known) }
        guard let algorithm = entry.algorithm.flatMap(TokenKeyAlgorithm.init(rawValue:)) else {
            folder.report(
                KeyPlanFile.name, "key.algorithm", "`\(entry.name)` has no algorithm that tokens are signed with here",
                "choose among " + TokenKeyAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
            return nil
        }
        let name = "Keys/" + (entry.keyFile ?? entry.publicFile ?? "")
        guard let publicKey = known ?? key?.publicKey ?? files.publicKey(name) else { return nil }
        guard algorithm.algorithm.fits(publicKey.kind) else {
            folder.report(
                name, "key.kind", "the key cannot sign \(algorithm.rawValue)",
                "use P-256 for ES256, P-384 for ES384, RSA for RS256 and PS256, Ed25519 for EdDSA")
            return nil
        }
        return Read(
            entry: entry, publicKey: publicKey, key: key, certificate: nil, slot: entry.use.rawValue + "/" + algorithm.rawValue,
            saml: nil, token: algorithm)
    }

    private func own(_ one: Read, _ life: KeyLife) -> OwnKey? {
        guard let certificate = one.certificate else { return nil }
        guard let key = one.key, let algorithm = one.saml else {
            return OwnKey(name: one.entry.name, publicKey: one.publicKey, certificate: certificate.der, life: life)
        }
        do {
            return try OwnKey(name: one.entry.name, key: key, certificate: certificate.der, usual: algorithm.signature, life: life)
        } catch {
            folder.report(
                "Keys/" + (one.entry.keyFile ?? ""), "key.kind", "the key cannot sign SAML messages: \(error)",
                "use RSA of 2048 bits or more, or P-256")
            return nil
        }
    }

    /// The RFC 7638 thumbprint: it follows from the key, so that no two keys share a name.
    private func thumbprint(_ key: PublicKey) -> String { JWK(key, keyID: nil, encryption: nil).thumbprint }

    // MARK: Lives

    private func life(of one: Read, among all: [Read]) -> KeyLife {
        let entry = one.entry
        guard let from = entry.from else { return KeyLife(from: nil, until: entry.until, revoked: entry.revoked) }
        // A revoked successor is none: its predecessor signs again.
        let followers = all.filter { $0.slot == one.slot && $0.entry.revoked == nil && $0.key != nil }.compactMap(\.entry.from)
        let succeeded = (followers.filter { $0 > from } + [entry.retired].compactMap(\.self)).min()
        let until = entry.until ?? (plan.isWritten ? succeeded?.adding(seconds: plan.retiring(entry.use)) : nil)
        return KeyLife(from: from, succeeded: succeeded, until: until, revoked: entry.revoked)
    }

    private func held(_ one: Read, _ life: KeyLife, _ token: HeldToken?) -> HeldKey {
        let line = ledger[one.publicKey]
        let isToken = one.entry.use.isOpenID
        return HeldKey(
            entry: one.entry, publicKey: one.publicKey, life: life,
            algorithm: one.token?.rawValue ?? one.saml?.rawValue ?? one.encryption?.rawValue, slot: one.slot,
            digest: KeyLedger.digest(of: one.publicKey), fingerprint: one.certificate.map { OwnKey.fingerprint(of: $0.der) },
            keyID: isToken ? thumbprint(one.publicKey) : nil, hasPrivateKey: one.key != nil, token: token,
            certificateEnds: one.certificate?.notAfter, published: line?.published, used: line?.used,
            age: isToken ? ages.openID : ages.saml, floor: isToken ? ages.openIDFloor : ages.samlFloor)
    }
}

/// What the dates may not say.
extension KeyBook {
    private func place(_ key: HeldKey) -> (file: String, line: Int?) {
        plan.isWritten
            ? (KeyPlanFile.name, key.entry.line) : ("Keys/" + (key.entry.keyFile ?? key.entry.publicFile ?? ""), nil)
    }

    private func report(_ key: HeldKey, _ code: String, _ message: String, _ remedy: String) {
        let place = place(key)
        folder.findings.report(Problem(file: place.file, line: place.line, code: code, message: message, remedy: remedy))
    }

    private func refuseTwins(_ all: [Read]) {
        var seen: [String: String] = [:]
        for one in all {
            // One key under two algorithms would have one `kid` for both (RFC 7517 §4.5).
            let digest = KeyLedger.digest(of: one.publicKey) + one.entry.use.rawValue
            if let other = seen[digest] {
                folder.report(
                    plan.isWritten ? KeyPlanFile.name : "Keys/" + (one.entry.keyFile ?? one.entry.publicFile ?? ""), "keys.twin",
                    "`\(one.entry.name)` is the same key as `\(other)`", "make a key of its own: `sekisho keys generate`")
            }
            seen[digest] = one.entry.name
        }
        guard plan.isWritten else { return }
        for (index, one) in all.enumerated() where one.entry.revoked == nil {
            guard let from = one.entry.from,
                let other = all.prefix(index).first(where: {
                    $0.slot == one.slot && $0.entry.from == from && $0.entry.revoked == nil && $0.entry.retired == nil
                        && one.entry.retired == nil
                })
            else { continue }
            folder.findings.report(
                Problem(
                    file: KeyPlanFile.name, line: one.entry.line, code: "keys.moment",
                    message: "`\(one.entry.name)` and `\(other.entry.name)` would begin to sign at the same moment",
                    remedy: "one family has one current key: give one of them a later `from`"))
        }
    }

    /// The rule: nobody signs with a key that a reader of our metadata or key set may not have seen yet (IIP-MD07, C12). The ledger knows
    /// what was published; a folder that was never served has told nobody anything, and may begin as it likes.
    private func refuseEarlyUse(_ key: HeldKey) {
        guard key.entry.use.isPublishedAhead, let from = key.life.from, key.life.revoked == nil, key.entry.early == nil,
            key.used == nil, key.entry.retired.map({ $0 > now }) ?? true, ledger.knows(key.entry.use), key.hasPrivateKey
        else { return }
        let begins = max(from, plan.isWritten ? from : now)
        let earliest = (key.published ?? now).adding(seconds: key.age)
        guard begins < earliest else { return }
        let shown = key.published.map { "is published only since " + $0.text } ?? "was never published"
        report(
            key, "keys.publish-before-use",
            "`\(key.entry.name)` would sign from \(begins == now ? "now" : begins.text), but \(shown); others may keep what we publish for "
                + "\(Self.length(key.age)), and would refuse what it signs",
            plan.isWritten
                ? "let it begin at \(earliest.text) or later: `sekisho keys promote \(key.entry.name) --from \(earliest.text)`"
                : "put the former key back and this one in as `-next` first; after a compromise use "
                    + "`sekisho keys promote NAME --early REASON`, which tells everybody who reads the log")
    }

    private func refuseShortRetirement(_ key: HeldKey) {
        guard let succeeded = key.life.succeeded, let until = key.life.until, key.life.revoked == nil, key.entry.use.isPublishedAhead,
            until < succeeded.adding(seconds: key.floor)
        else { return }
        report(
            key, "keys.retiring",
            "`\(key.entry.name)` would disappear at \(until.text), while what it signed last may be read until "
                + succeeded.adding(seconds: key.floor).text,
            "leave `until` out or put it later; to stop a stolen key use `sekisho keys revoke`")
    }

    /// What nobody could sign with.
    private func refuseGaps(_ held: [HeldKey]) {
        func current(_ fits: (HeldKey) -> Bool) -> Bool {
            held.contains { fits($0) && $0.hasPrivateKey && $0.life.state(at: now) == .current }
        }
        func refuse(_ what: String) {
            folder.report(
                plan.isWritten ? KeyPlanFile.name : "Keys", "keys.none-current", "no key is current that signs " + what,
                "promote one: `sekisho keys list` shows them, `sekisho keys generate` makes one")
        }
        if !current({ $0.entry.use == .samlSigning }) { refuse("SAML messages") }
        // As long as the first of them waits, the message key signs our metadata.
        if held.contains(where: { $0.entry.use == .samlMetadata && $0.life.from.map { $0 <= now } == true }),
            !current({ $0.entry.use == .samlMetadata })
        {
            refuse("our metadata, although there are keys for it")
        }
        for algorithm in TokenKeyAlgorithm.required
        where !current({ $0.entry.use == .openIDSigning && $0.algorithm == algorithm.rawValue }) {
            refuse("tokens with " + algorithm.rawValue)
        }
        advise(held)
    }

    private func advise(_ held: [HeldKey]) {
        if ledger.isDamaged {
            folder.findings.notice(
                Problem(
                    file: "keys.json", code: "keys.ledger",
                    message: "the record of when each key was first published cannot be read, so no key is held against it",
                    remedy: "restore it from a backup of the store's folder; the running server begins a new one"))
        }
        for key in held where key.life.revoked == nil {
            let place = place(key)
            if let early = key.entry.early, key.life.state(at: now) != .gone {
                folder.findings.notice(
                    Problem(
                        file: place.file, line: place.line, code: "keys.early",
                        message: "`\(key.entry.name)` signs before everybody can have seen it: \(early)",
                        remedy: "tell the members; remove the line when they have it"))
            }
            if let ends = key.certificateEnds, ends < now, key.life.isPublished(at: now) {
                folder.findings.notice(
                    Problem(
                        file: place.file, line: place.line, code: "certificate.expired",
                        message:
                            "the certificate of `\(key.entry.name)` ended \(ends.text); most members look at the key only, some do not",
                        remedy: "roll over to a new key"))
            }
        }
    }

    static func length(_ seconds: Int64) -> String {
        seconds % 86_400 == 0 ? "\(seconds / 86_400) d" : seconds % 3600 == 0 ? "\(seconds / 3600) h" : "\(seconds / 60) min"
    }
}
