import TrustFramework
import Vocabulary

/// `accreditation:` of a member's file and of the terms of a metadata source: one reader for both, so that they cannot drift apart.
struct AccreditationSection {
    let section: Section
    /// Judges events of the future; nil where nobody knows the time.
    let now: Timestamp?

    func read() -> Accreditation? {
        let state = section.choice("state", Accreditation.State.self, required: true)
        // An application has no term yet, or says which one it asks for.
        let isUndecided = state == .applied || state == .examined
        let notBefore = section.moment("not-before", endOfDay: false, required: !isUndecided)
        let notAfter = section.moment("not-after", endOfDay: true, required: !isUndecided)
        let purposes = purposes()
        let attributes = section.choices("attributes", AttributeSource.self)
        let modes = section.choices("modes", CardMode.self)
        let permissions = section.choices("permissions", Permission.self)
        let documents = documents()
        let history = HistorySection(section: section, now: now).read()
        let note = section.text("note", limit: 2000)
        section.finish()
        let isOrdered = refuseContradictions(notBefore, notAfter, modes, permissions)
        guard let state, let purposes, let documents, let history, isOrdered else { return nil }
        let never = Timestamp(milliseconds: 0)
        guard let notBefore = notBefore ?? (isUndecided ? never : nil), let notAfter = notAfter ?? (isUndecided ? notBefore : nil) else {
            return nil
        }
        if history.isEmpty {
            return Accreditation(
                state: state, notBefore: notBefore, notAfter: notAfter, purposes: purposes, attributes: attributes, modes: modes,
                permissions: permissions, documents: documents, note: note)
        }
        guard agrees(history, with: state, notBefore, notAfter) else { return nil }
        return Accreditation(
            history: history, notBefore: notBefore, notAfter: notAfter, purposes: purposes, attributes: attributes, modes: modes,
            permissions: permissions, documents: documents, note: note)
    }

    private func purposes() -> Set<Purpose>? {
        guard let texts = section.texts("purposes", required: true) else { return nil }
        if texts.isEmpty, case .list(let items)? = section.value("purposes")?.value, items.isEmpty {
            section.report("member.purposes", at: section.line(of: "purposes"), "the accreditation covers no purpose", "name at least one")
        }
        let purposes = texts.compactMap { text, line in Purpose(text) ?? PurposeWord.refuse(text, line, section) }
        return purposes.isEmpty || purposes.count < texts.count ? nil : Set(purposes)
    }

    private func refuseContradictions(
        _ notBefore: Timestamp?, _ notAfter: Timestamp?, _ modes: Set<CardMode>?, _ permissions: Set<Permission>?
    ) -> Bool {
        var isGood = true
        if let notBefore, let notAfter, notAfter < notBefore {
            section.report(
                "member.dates", at: section.line(of: "not-after"), "the accreditation ends before it begins", "exchange or repair the dates"
            )
            isGood = false
        }
        if let modes, modes.isEmpty {
            section.report(
                "member.modes", at: section.line(of: "modes"), "the accreditation covers no use of the card",
                "name pin, face or presence, or remove the line")
            isGood = false
        }
        for mode in CardMode.allCases where modes?.contains(mode) == true {
            guard let needed = Permission(for: mode), permissions?.contains(needed) != true else { continue }
            section.report(
                "member.permissions", at: section.line(of: "modes"),
                "`\(mode.rawValue)` is accredited without its separate permission",
                "write `permissions: [\(needed.rawValue)]` when the member has it, or take the mode out")
            isGood = false
        }
        return isGood
    }

    private func documents() -> [AccreditationDocument]? {
        var found: [AccreditationDocument] = []
        var isGood = true
        for inner in section.sections("documents") {
            let title = inner.text("title", required: true, limit: 200)
            let digest = inner.text("sha256", required: true, limit: 64)
            let date = inner.moment("date", endOfDay: false, required: true)
            inner.finish()
            guard let title, let digest, let date else {
                isGood = false
                continue
            }
            guard let bytes = Hexadecimal.decode(digest), let document = AccreditationDocument(title: title, sha256: bytes, date: date)
            else {
                inner.report(
                    "member.documents", at: inner.line(of: "sha256"), "this is no SHA-256", "write what `sha256sum FILE` prints")
                isGood = false
                continue
            }
            found.append(document)
        }
        return isGood ? found : nil
    }

    /// Who edits the state by hand and forgets the history, or the other way round, is told: half a change is none.
    private func agrees(_ history: AccreditationHistory, with state: Accreditation.State, _ first: Timestamp, _ last: Timestamp) -> Bool {
        guard let newest = history.events.last else { return true }
        guard newest.state == state else {
            section.report(
                "member.history.state", at: section.line(of: "state"),
                "the state is `\(state.rawValue)`, but the last event of the history made it `\(newest.state.rawValue)`",
                "let `sekisho member` change both, or write the event that is missing")
            return false
        }
        if let term = history.term(at: newest.at), section.has("not-before") || section.has("not-after"),
            term.notBefore != first || term.notAfter != last
        {
            section.report(
                "member.history.term", at: section.line(of: term.notBefore != first ? "not-before" : "not-after"),
                "the dates differ from the term of the last accreditation in the history",
                "let `sekisho member accredit` renew it, or write the same dates in both")
            return false
        }
        return true
    }
}
