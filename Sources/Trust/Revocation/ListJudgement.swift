import Cryptography
import Vocabulary

/// What the lists at hand say together about one certificate: RFC 5280 §6.3.3 (c)–(l) over lists that are proven and about it.
///
/// Stricter than the letter where the letter would forget: a revocation for good in any fresh list stays, whatever another list or
/// a removeFromCRL says; only a hold ends.
struct ListJudgement {
    /// How old a list may be, and by how much its clock may be ahead of ours. Seconds.
    struct Ages {
        let maximum: Int64?
        let skew: Int64
    }

    private struct Offered {
        let list: VerifiedRevocationList
        let reasons: ReasonFlags
    }

    /// A complete list with its deltas, or a delta alone: one voice.
    private struct Word {
        let heads: [RevocationListHead]
        let verdict: StatusVerdict
        /// For which reasons its silence counts.
        let reasons: ReasonFlags
        let thisUpdate: Timestamp
        let nextUpdate: Timestamp?

        var isPermanent: Bool { if case .revoked(let reason, _) = verdict { reason.isPermanent } else { false } }
        /// Good, contradiction, hold: the later in this order counts of two words from one moment.
        var rank: Int {
            switch verdict {
            case .good: 0
            case .unknown: 1
            case .revoked: 2
            }
        }
    }

    private let certificate: Certificate
    private let now: Timestamp
    private let ages: Ages
    private var complete: [Offered] = []
    private var deltas: [Offered] = []
    private var remarks: [StatusRemark] = []

    init(of certificate: Certificate, at now: Timestamp, ages: Ages) {
        self.certificate = certificate
        self.now = now
        self.ages = ages
    }

    /// A list whose signer was accepted for this certificate, and the reasons for which it is about it.
    mutating func hear(_ list: VerifiedRevocationList, for reasons: ReasonFlags) {
        if list.head.isDelta {
            deltas.append(Offered(list: list, reasons: reasons))
        } else {
            complete.append(Offered(list: list, reasons: reasons))
        }
    }

    /// A list that does not count, and why.
    mutating func passOver(_ head: RevocationListHead, _ why: RevocationRefusal) {
        remarks.append(StatusRemark(.list(head), .refused(why)))
    }

    func status() -> CertificateStatus {
        var judgement = self
        let words = judgement.words()
        let deciding = Self.deciding(words)
        for (position, word) in words.enumerated() {
            let isDeciding = deciding?.positions.contains(position) ?? false
            for head in word.heads {
                let finding: StatusRemark.Finding = isDeciding ? .decided(word.verdict) : .heard(word.verdict, word.reasons)
                judgement.remarks.append(StatusRemark(.list(head), finding))
            }
        }
        guard let deciding else { return .unknown(checkedAt: now, remarks: judgement.remarks) }
        let used = deciding.positions.map { words[$0] }
        return CertificateStatus(
            deciding.verdict, from: .crl, thisUpdate: used.map(\.thisUpdate).min(), nextUpdate: used.compactMap(\.nextUpdate).min(),
            checkedAt: now, remarks: judgement.remarks)
    }

    // MARK: From lists to words

    private mutating func words() -> [Word] {
        var fresh: [Offered] = []
        for delta in deltas {
            do {
                try delta.list.head.refuseOtherTime(at: now, maximumAge: ages.maximum, skew: ages.skew)
                fresh.append(delta)
            } catch { passOver(delta.list.head, error) }
        }
        fresh.sort { RevocationListHead.precedes($1.list.number ?? [], $0.list.number ?? []) }
        var used: Set<Int> = []
        var words: [Word] = []
        for base in complete {
            let updates = fresh.indices.filter {
                fresh[$0].list.head.updates(base.list.head) && fresh[$0].list.issuer.publicKey == base.list.issuer.publicKey
            }
            do {
                // A base may be past its nextUpdate when a fresh delta brings it up to date (§6.3.3 (a)); never from the future.
                if updates.isEmpty {
                    try base.list.head.refuseOtherTime(at: now, maximumAge: ages.maximum, skew: ages.skew)
                } else {
                    try base.list.head.refuseFuture(at: now, skew: ages.skew)
                }
                used.formUnion(updates)
                words.append(word(base, updatedBy: updates.map { fresh[$0] }))
            } catch { passOver(base.list.head, error) }
        }
        for (position, delta) in fresh.enumerated() where !used.contains(position) {
            if let word = revocation(in: delta) { words.append(word) } else { passOver(delta.list.head, .withoutBase) }
        }
        return words
    }

    /// §6.3.3 (i)–(k). Of several deltas the newest holds all changes; the others can only add a revocation for good.
    private func word(_ base: Offered, updatedBy deltas: [Offered]) -> Word {
        let first = base.list.entry(of: certificate)
        let changes = deltas.map { $0.list.entry(of: certificate) }
        let permanent = (changes + [first]).compactMap { $0 }.first { $0.reason.isPermanent }
        let verdict: StatusVerdict =
            if let permanent {
                .revoked(permanent.reason, permanent.at)
            } else if let change = changes.first ?? nil {
                change.reason == .removeFromCRL ? .good : .revoked(change.reason, change.at)
            } else if let first {
                // It belongs in deltas (§5.3.1): a complete list that has it contradicts itself, and a contradiction is not good.
                first.reason == .removeFromCRL ? .unknown : .revoked(first.reason, first.at)
            } else {
                .good
            }
        let newest = deltas.first?.list.head ?? base.list.head
        return Word(
            heads: ([base] + deltas).map(\.list.head), verdict: verdict, reasons: base.reasons, thisUpdate: newest.thisUpdate,
            nextUpdate: newest.nextUpdate)
    }

    /// What a delta without its base can still say: that something was revoked.
    private func revocation(in delta: Offered) -> Word? {
        guard let entry = delta.list.entry(of: certificate), entry.reason != .removeFromCRL else { return nil }
        return Word(
            heads: [delta.list.head], verdict: .revoked(entry.reason, entry.at), reasons: [], thisUpdate: delta.list.thisUpdate,
            nextUpdate: delta.list.nextUpdate)
    }

    // MARK: From words to one verdict

    /// The verdict and the words it rests on; nil when nothing that was said is enough.
    private static func deciding(_ words: [Word]) -> (verdict: StatusVerdict, positions: [Int])? {
        // The latest first; from one moment the worse first.
        let order = words.indices.sorted {
            (words[$1].thisUpdate, words[$1].rank) < (words[$0].thisUpdate, words[$0].rank)
        }
        if let position = order.first(where: { words[$0].isPermanent }) { return (words[position].verdict, [position]) }
        // A hold counts until a later word that speaks of holds has it no longer. A list that names a hold speaks of holds, whatever it says
        // of itself.
        if let position = order.first(where: { words[$0].reasons.contains(.certificateHold) || words[$0].rank > 0 }),
            words[position].rank > 0
        {
            return words[position].rank == 2 ? (words[position].verdict, [position]) : nil
        }
        // Good: silence about every reason, from as few and as late words as that takes.
        var silent: ReasonFlags = []
        var positions: [Int] = []
        for position in order where words[position].verdict == .good && !words[position].reasons.isSubset(of: silent) {
            silent.formUnion(words[position].reasons)
            positions.append(position)
            if silent == .all { return (.good, positions) }
        }
        return nil
    }
}
