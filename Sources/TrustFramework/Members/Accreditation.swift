package import Vocabulary

/// A member's accreditation: a state, dates, what it covers, and how it came to be so.
///
/// What most members leave unsaid lies behind one reference: a federation of a million members is a matter of memory.
package struct Accreditation: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        case applied, examined, accredited, suspended, withdrawn
    }

    package let state: State
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    package let purposes: Set<Purpose>
    private let record: Record?

    /// Without a history: the state holds for every moment, as far as the dates let it.
    package init(
        state: State, notBefore: Timestamp, notAfter: Timestamp, purposes: Set<Purpose>, attributes: Set<AttributeSource>? = nil,
        modes: Set<CardMode>? = nil, permissions: Set<Permission>? = nil, documents: [AccreditationDocument] = [], note: String? = nil
    ) {
        self.state = state
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.purposes = purposes
        record = Record(
            attributes: attributes, modes: modes, permissions: permissions, documents: documents, history: .none, note: note)
    }

    /// With a history, whose last event is the state. Nil without any event: then the state is not known.
    package init?(
        history: AccreditationHistory, notBefore: Timestamp, notAfter: Timestamp, purposes: Set<Purpose>,
        attributes: Set<AttributeSource>? = nil, modes: Set<CardMode>? = nil, permissions: Set<Permission>? = nil,
        documents: [AccreditationDocument] = [], note: String? = nil
    ) {
        guard let last = history.events.last else { return nil }
        state = last.state
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.purposes = purposes
        record = Record(
            attributes: attributes, modes: modes, permissions: permissions, documents: documents, history: history, note: note)
    }

    /// What it may be told at most; nil: whatever the rules release.
    package var attributes: Set<AttributeSource>? { record?.attributes }
    /// From which uses of the card it may be answered; nil: from those that the rules accept.
    package var modes: Set<CardMode>? { record?.modes }
    /// Separate permissions for answers from terminals without PIN. Empty where the accreditation does not speak of them.
    package var permissions: Set<Permission> { record?.permissions ?? [] }
    /// The accreditation says which permissions it has: then those it does not name are not there. Otherwise the rules decide alone, as
    /// they did before accreditations had this word.
    package var statesPermissions: Bool { record?.permissions != nil }
    package var documents: [AccreditationDocument] { record?.documents ?? [] }
    /// Oldest first; empty where nobody kept it.
    package var history: [AccreditationEvent] { record?.history.events ?? [] }
    package var note: String? { record?.note }

    var life: AccreditationHistory { record?.history ?? .none }
}

// MARK: What it covers

/// What a question asks for that the accreditation does not cover, before any rule is asked.
package enum AccreditationGap: Hashable, Sendable {
    case purpose(Purpose)
    /// Never empty.
    case attributes(Set<AttributeSource>)
    case mode(CardMode)
    case permission(Permission)
}

extension Accreditation {
    package func gap(for purpose: Purpose) -> AccreditationGap? { purposes.contains(purpose) ? nil : .purpose(purpose) }

    /// `asked`: what the request names expressly; nil when it names nothing.
    package func gap(asking asked: Set<AttributeSource>?) -> AccreditationGap? {
        guard let asked, let attributes, !asked.isSubset(of: attributes) else { return nil }
        return .attributes(asked.subtracting(attributes))
    }

    /// Evidence of this mode may not be answered from. A login in another mode may help.
    package func gap(from mode: CardMode) -> AccreditationGap? {
        if let modes, !modes.contains(mode) { return .mode(mode) }
        guard statesPermissions, let needed = Permission(for: mode), !permissions.contains(needed) else { return nil }
        return .permission(needed)
    }

    /// What may be told of what the rules release.
    package func covered(_ release: Set<AttributeSource>) -> Set<AttributeSource> { attributes.map(release.intersection) ?? release }
}

/// What an accreditation says beside its dates and purposes.
private final class Record: Hashable, Sendable {
    let attributes: Set<AttributeSource>?
    let modes: Set<CardMode>?
    let permissions: Set<Permission>?
    let documents: [AccreditationDocument]
    let history: AccreditationHistory
    let note: String?

    /// Nil when there is nothing to keep.
    init?(
        attributes: Set<AttributeSource>?, modes: Set<CardMode>?, permissions: Set<Permission>?, documents: [AccreditationDocument],
        history: AccreditationHistory, note: String?
    ) {
        guard attributes != nil || modes != nil || permissions != nil || !documents.isEmpty || !history.isEmpty || note != nil else {
            return nil
        }
        self.attributes = attributes
        self.modes = modes
        self.permissions = permissions
        self.documents = documents
        self.history = history
        self.note = note
    }

    static func == (left: Record, right: Record) -> Bool {
        left === right
            || left.attributes == right.attributes && left.modes == right.modes && left.permissions == right.permissions
                && left.documents == right.documents && left.history == right.history && left.note == right.note
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(history)
        hasher.combine(documents)
        hasher.combine(note)
    }
}
