import Vocabulary

/// The rules that speak to one question.
struct Sweep {
    var permits = Hits()
    var forbids = Hits()
    /// Forbids that hold whatever the login.
    var always = Hits()
    /// Nobody knows whether they hold.
    var erring = Hits()
}

extension RuleIndex {
    /// With evidence: the rules that hold for the login at hand. Without: those that could hold for some login, as far as everything else
    /// goes.
    func sweep(_ shelves: (Shelf?, Shelf?, Shelf?), _ codes: borrowing FactCodes, withEvidence: Bool) -> Sweep {
        var sweep = Sweep()
        if let shelf = shelves.0 { self.sweep(shelf, codes, withEvidence, &sweep) }
        if let shelf = shelves.1 { self.sweep(shelf, codes, withEvidence, &sweep) }
        if let shelf = shelves.2 { self.sweep(shelf, codes, withEvidence, &sweep) }
        return sweep
    }

    private func sweep(_ shelf: Shelf, _ codes: borrowing FactCodes, _ withEvidence: Bool, _ sweep: inout Sweep) {
        for word in 0..<shelf.width {
            let (possible, unsure) = shelf.possible(word, codes, withEvidence: withEvidence)
            var rest = possible
            while rest != 0 {
                let bit = rest & (~rest &+ 1)
                let position = shelf.rules[word * 64 + rest.trailingZeroBitCount]
                rest &= ~bit
                note(position, unsure & bit != 0, codes, withEvidence, &sweep)
            }
        }
    }

    @inline(__always)
    private func note(
        _ position: Int32, _ isUnsure: Bool, _ codes: borrowing FactCodes, _ withEvidence: Bool, _ sweep: inout Sweep
    ) {
        let entry = entries[Int(position)]
        var isUnsure = isUnsure
        // Of a login that an exception does not speak of, it does not matter that nobody knows the rest of the exception.
        var isErring = isUnsure
        var turnsOnLogin = entry.hasEvidence
        for index in entry.exceptions {
            let exception = exceptions[Int(index)]
            switch truth(exception, codes, withEvidence: withEvidence) {
            case .no: continue
            case .unsure:
                isErring = true
                if withEvidence || !exception.hasEvidence { isUnsure = true }
            case .yes:
                guard !withEvidence, exception.hasEvidence else { return }
                turnsOnLogin = true
            }
        }
        if isErring { sweep.erring.append(position) }
        guard entry.isForbid else {
            // Closed: a permit of which nobody knows does not hold.
            if !isUnsure { sweep.permits.append(position) }
            return
        }
        sweep.forbids.append(position)
        if !turnsOnLogin { sweep.always.append(position) }
    }

    /// Of 64 logins those that some of these rules speak of, when everything else is as in the question.
    @inline(__always)
    func speak(_ hits: borrowing Hits, _ codes: borrowing FactCodes, _ word: Int, within logins: UInt64) -> UInt64 {
        var bits: UInt64 = 0
        for index in 0..<hits.count where logins & ~bits != 0 { bits |= speaks(hits[index], codes, word) & logins }
        return bits
    }

    @inline(__always)
    private func speaks(_ position: Int32, _ codes: borrowing FactCodes, _ word: Int) -> UInt64 {
        let entry = entries[Int(position)]
        let width = logins.width
        var bits = parts[Int(entry.logins) * width + word]
        for index in entry.exceptions where bits != 0 {
            let exception = exceptions[Int(index)]
            let truth = truth(exception, codes, withEvidence: false)
            // Of a permit nobody may know that an exception holds; a forbid yields only to one that does.
            guard truth == .yes || (truth == .unsure && !entry.isForbid) else { continue }
            bits &= ~parts[Int(exception.logins) * width + word]
        }
        return bits
    }

    /// Those of the rules that speak of one of these logins.
    func those(of hits: borrowing Hits, _ codes: borrowing FactCodes, meeting logins: [UInt64]) -> Hits {
        var found = Hits()
        for index in 0..<hits.count {
            let position = hits[index]
            for (word, bits) in logins.enumerated() {
                guard bits != 0 else { continue }
                let common = speaks(position, codes, word) & bits
                guard common == 0 else {
                    found.append(position)
                    break
                }
            }
        }
        return found
    }
}

extension LoginTable {
    /// Takes out the logins that the accreditation does not let us answer from; gives, for the first mode that lost some, why and which.
    func bar(_ logins: inout [UInt64], _ accreditation: Accreditation) -> (Decision.Denial, [UInt64])? {
        var barred: (Decision.Denial, [UInt64])?
        for mode in CardMode.allCases {
            guard let gap = accreditation.gap(from: mode) else { continue }
            let bits = bits(of: mode)
            let lost = zip(logins, bits).map { $0 & $1 }
            guard lost.contains(where: { $0 != 0 }) else { continue }
            for word in logins.indices { logins[word] &= ~bits[word] }
            guard barred == nil else { continue }
            if case .permission(let permission) = gap {
                barred = (.permissionMissing(permission), lost)
            } else {
                barred = (.modeNotAccredited(mode), lost)
            }
        }
        return barred
    }
}

extension RuleIndex {
    /// The contexts of these ranks, lowest first. Those from one rank on, which most rules ask for, are kept.
    func acceptable(_ ranks: UInt64) -> [AssuranceContext] {
        if let kept = upper[ranks] { return kept }
        return ladder.contexts.indices.filter { $0 < ReachTable.most && ranks & (1 << UInt64($0)) != 0 }.map { ladder.contexts[$0] }
    }
}
