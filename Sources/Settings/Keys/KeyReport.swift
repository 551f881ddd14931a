import Cryptography
import JOSE
import OpenID
import SAML
import TrustFramework
package import Vocabulary

/// Who still trusts only the old key: every member with what is known of it and what that proves. With `promoting`, what would happen to each
/// if that key signed from now on.
package struct KeyReport: Sendable {
    /// From the worst.
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// What is known says that it refuses our answers, or would.
        case breaks
        /// Nothing was seen that would show that it knows the key.
        case unknown
        /// It had the occasion to take the key over; whether it did cannot be seen.
        case likely
        /// Its operator said so.
        case told
        /// It used what it can only have from an answer signed with the key.
        case shown
        /// Its answers are signed with another key, before and after.
        case unaffected
    }

    package struct Row: Sendable {
        package let member: MemberID
        package let isSAML: Bool
        package let verdict: Verdict
        /// The key that signs for it, or would, by its name.
        package let key: String
        package let why: String
    }

    package let rows: [Row]

    package init(_ configuration: Configuration, _ evidence: KeyEvidence, promoting: HeldKey? = nil, at now: Timestamp) {
        let book = Book(configuration: configuration, evidence: evidence, promoting: promoting, now: now)
        let registered = configuration.federation.members.map(\.id)
        // Members of metadata sources are too many to list; those that were here have left traces.
        let others = evidence.members.keys.compactMap { MemberID($0) }.filter { !registered.contains($0) }
        rows = (registered.flatMap { book.rows(for: $0) } + others.compactMap { book.row(ofStranger: $0) }).sorted {
            (Verdict.allCases.firstIndex(of: $0.verdict) ?? 0, $0.member.text) < (
                Verdict.allCases.firstIndex(of: $1.verdict) ?? 0, $1.member.text
            )
        }
    }

    package func count(_ verdict: Verdict) -> Int { rows.count { $0.verdict == verdict } }
}

private struct Book {
    let configuration: Configuration
    let evidence: KeyEvidence
    let promoting: HeldKey?
    let now: Timestamp
    /// Our keys as they would be.
    private let imagined: SigningKeys

    init(configuration: Configuration, evidence: KeyEvidence, promoting: HeldKey?, now: Timestamp) {
        self.configuration = configuration
        self.evidence = evidence
        self.promoting = promoting
        self.now = now
        let real = configuration.identityProvider.signingKeys
        let slots = Dictionary(configuration.keys.compactMap { key in key.fingerprint.map { ($0, key.slot) } }) { one, _ in one }
        imagined =
            promoting.flatMap { chosen in
                SigningKeys(
                    real.keys.map { key in
                        if key.fingerprint == chosen.fingerprint { return key.living(KeyLife(from: now)) }
                        guard slots[key.fingerprint] == chosen.slot, key.life.state(at: now) == .current else { return key }
                        return key.living(KeyLife(from: key.life.from, succeeded: now))
                    }, order: real.order)
            } ?? real
    }

    func rows(for member: MemberID) -> [KeyReport.Row] {
        var rows: [KeyReport.Row] = []
        if let provider = configuration.federation.serviceProvider(member), promoting.map({ $0.entry.use == .samlSigning }) ?? true {
            rows.append(saml(member, provider.signingWish))
        }
        if let client = configuration.federation.client(member), promoting.map({ $0.entry.use == .openIDSigning }) ?? true {
            openID(member, client.idTokenAlgorithm.rawValue).map { rows.append($0) }
        }
        return rows
    }

    func row(ofStranger member: MemberID) -> KeyReport.Row? {
        guard promoting.map({ $0.entry.use == .samlSigning }) ?? true else { return nil }
        return saml(member, configuration.federation.serviceProvider(member)?.signingWish ?? .none)
    }

    private func name(_ fingerprint: String) -> String {
        configuration.keys.first { $0.fingerprint == fingerprint }?.entry.name ?? String(fingerprint.prefix(12))
    }

    // MARK: SAML

    private func saml(_ member: MemberID, _ wish: SigningWish) -> KeyReport.Row {
        let before = configuration.identityProvider.signingKeys.signer(for: wish, at: now)
        let after = imagined.signer(for: wish, at: now)
        func row(_ verdict: KeyReport.Verdict, _ why: String) -> KeyReport.Row {
            KeyReport.Row(member: member, isSAML: true, verdict: verdict, key: name(after.fingerprint), why: why)
        }
        if let pin = wish.pin {
            guard let key = configuration.identityProvider.signingKeys.key(fingerprint: pin) else {
                return row(.breaks, "it is pinned to a key that we do not have (\(pin.prefix(12))…)")
            }
            switch key.life.state(at: now) {
            case .gone, .revoked: return row(.breaks, "it is pinned to `\(key.name)`, which is \(key.life.state(at: now).rawValue)")
            case .retiring:
                let end = key.life.until.map { ", which is published until " + $0.text } ?? ""
                return row(.unaffected, "it is pinned to `\(key.name)`" + end + "; ask its operator to take a newer key before then")
            case .next, .current: return row(.unaffected, "it is pinned to `\(key.name)`")
            }
        }
        if promoting != nil, before.fingerprint == after.fingerprint {
            return row(.unaffected, "the key does not sign in a way that it wants; `\(name(after.fingerprint))` goes on signing for it")
        }
        if !imagined.suits(wish, at: now) {
            return row(
                .breaks,
                "it declares that it verifies only "
                    + (wish.declared + wish.digests).map { String($0.split(separator: "#").last ?? "") }
                    .joined(separator: ", ") + ", which no current key of ours signs (IIP-MD10)")
        }
        let line = evidence.members[member.text]
        if promoting == nil, let again = line?.again[after.fingerprint], again.count >= 3,
            line?.accepted[after.fingerprint] == nil
        {
            return row(
                .breaks,
                "\(again.count) of \(line?.answered[after.fingerprint]?.count ?? again.count) answers were followed within a minute by the "
                    + "same session asking again, last \(again.last.text): it seems to refuse them")
        }
        return known(line, after.fingerprint, row) ?? unknown(line, after.fingerprint, row)
    }

    /// What speaks for the key.
    private func known(
        _ line: KeyEvidence.Line?, _ key: String, _ row: (KeyReport.Verdict, String) -> KeyReport.Row
    ) -> KeyReport.Row? {
        if let use = line?.accepted[key] {
            return row(.shown, "it used what came with answers signed with it, \(use.count) times, last \(use.last.text): it verified one")
        }
        if let told = line?.told[key] {
            return row(.told, "acknowledged \(told.at.text)" + (told.note.isEmpty ? "" : ": " + told.note) + "; a person's word")
        }
        if let fetched = line?.fetched, fetched.keys.contains(key) {
            return row(
                .likely,
                "its metadata address was fetched \(fetched.at.text) with the key in it; that somebody fetched it does not prove that the member took it over"
            )
        }
        return nil
    }

    /// Whether another key signed before this one.
    private func follows(_ key: HeldKey) -> Bool {
        guard let from = key.life.from else { return false }
        return configuration.keys.contains { $0.slot == key.slot && $0.life.from.map { $0 < from } == true }
    }

    private func unknown(
        _ line: KeyEvidence.Line?, _ key: String, _ row: (KeyReport.Verdict, String) -> KeyReport.Row
    ) -> KeyReport.Row {
        let held = configuration.keys.first { $0.fingerprint == key }
        let hasFollowed = held.map(follows) ?? false
        guard promoting != nil || hasFollowed else {
            return row(.unaffected, "it is the only key there has been")
        }
        if let fetched = line?.fetched {
            return row(
                .unknown, "its metadata address was last fetched \(fetched.at.text), when the key was not in it: it knows the old key only")
        }
        let since = held?.published.map { "published since " + $0.text + "; " } ?? "not published yet; "
        return row(.unknown, since + "nothing was seen: it may know the old key only. Give it the address /saml/metadata?member=…, or ask")
    }

    // MARK: OpenID

    private func openID(_ member: MemberID, _ algorithm: String) -> KeyReport.Row? {
        let slot = KeyUse.openIDSigning.rawValue + "/" + algorithm
        let chosen =
            promoting.flatMap { $0.slot == slot ? $0 : nil }
            ?? configuration.keys.first { $0.slot == slot && $0.life.state(at: now) == .current }
        guard let chosen else {
            return KeyReport.Row(
                member: member, isSAML: false, verdict: .breaks, key: "none", why: "it wants \(algorithm) and no key is current for that")
        }
        func row(_ verdict: KeyReport.Verdict, _ why: String) -> KeyReport.Row {
            KeyReport.Row(member: member, isSAML: false, verdict: verdict, key: chosen.entry.name, why: why)
        }
        if let promoting, promoting.slot != slot { return row(.unaffected, "its ID tokens are signed with \(algorithm)") }
        let line = evidence.members[member.text]
        if let key = chosen.keyID, let found = known(line, key, row) { return found }
        guard promoting != nil || follows(chosen) else {
            return row(.unaffected, "it is the only key there has been")
        }
        guard let published = chosen.published else {
            return row(.breaks, "the key is not in the key set yet: a client that keeps it would refuse the token")
        }
        let since = published.adding(seconds: chosen.age)
        guard since <= now else {
            return row(.breaks, "a copy of the key set without the key may be kept until \(since.text)")
        }
        return row(.likely, "every copy of the key set that is still good has it; clients fetch it anew when they meet an unknown kid")
    }
}

extension Settings {
    /// Writes down that a member's operator says it trusts this key.
    package static func acknowledge(
        key name: String, by member: String, note: String, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) {
        let desk = try KeyDesk(folder, environment, now)
        let held = try desk.held(name)
        guard let id = MemberID(member), desk.configuration.federation.member(id) != nil else {
            throw .one("Metadata", "member.unknown", "`\(Explanation.redacted(member))` is no member", "`sekisho check` counts them")
        }
        guard let key = held.fingerprint ?? held.keyID else { return }
        var evidence = KeyEvidence(at: desk.configuration.keyEvidencePath)
        guard !evidence.isDamaged else {
            throw .one(
                "State", "keys.evidence", "what was seen of members so far cannot be read, and is left as it is",
                "restore `key-evidence.json` from a backup of the store's folder, or move it away to begin anew")
        }
        evidence.note(id.text) { $0.told[key] = KeyEvidence.Told(at: now, note: note) }
        do {
            try evidence.write(to: desk.configuration.keyEvidencePath)
        } catch {
            throw .one("State", "keys.evidence", "the note cannot be written: \(error)", "check the folder of the database")
        }
    }
}
