package import Settings
package import Vocabulary

/// One source's gauge: for the operator, nothing to decide with.
package struct SourceGauge: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        case fresh
        /// The last try gave nothing new; what there is is in use.
        case aging
        /// A query service that has not answered yet, because nobody had to ask it: whether it would is not known.
        case unasked
        /// Past its validUntil: its members are refused.
        case expired
        /// Nothing was ever proven from it, or nothing whose end the settings allow.
        case absent
    }

    package let source: String
    package let kind: MetadataSource.Kind
    package let state: State
    package let index: String?
    package let entities: Int
    package let documentEntities: Int
    package let held: Int
    package let left: [String: Int]
    package let validUntil: Timestamp?
    package let published: Timestamp?
    package let signer: String?
    package let lastTry: Timestamp?
    package let lastSuccess: Timestamp?
    package let failures: Int
    package let failure: String?
    package let detail: String?
    package let isAlarm: Bool
    package let pause: SourceRecord.Pause?
    package let due: Timestamp?

    init(
        _ source: MetadataSource, index: EntityIndex?, record: SourceRecord?, lastTry: Timestamp?, failures: Int, trouble: SourceRefusal?,
        due: Timestamp?, at now: Timestamp
    ) {
        self.source = source.name
        kind = source.kind
        let facts = index?.facts
        self.index = index?.digest
        entities = facts?.entities ?? 0
        documentEntities = facts?.documentEntities ?? 0
        held = facts?.held ?? 0
        left = facts?.left ?? [:]
        validUntil = facts?.validUntil
        published = facts?.published
        signer = facts?.signer
        self.lastTry = lastTry
        lastSuccess = record?.lastSuccess
        self.failures = failures
        failure = trouble?.code
        detail = trouble?.description
        isAlarm = trouble?.isAlarm ?? false
        pause = record?.pause
        self.due = due
        if index == nil || !source.validity.allows(facts?.validUntil, at: now) {
            state = .absent
        } else if let until = facts?.validUntil, until <= now {
            state = .expired
        } else {
            state = trouble == nil ? .fresh : .aging
        }
    }

    init(
        query source: MetadataSource, entities: Int, asked: Int, failures: Int, trouble: SourceRefusal?, lastSuccess: Timestamp?,
        held: Int, at now: Timestamp
    ) {
        self.source = source.name
        kind = source.kind
        // What lies on the disk was an answer once.
        let wasAnswered = lastSuccess != nil || entities > 0 || held > 0
        state = trouble != nil ? .aging : wasAnswered ? .fresh : .unasked
        index = nil
        self.entities = entities
        documentEntities = asked
        self.held = held
        left = [:]
        validUntil = nil
        published = nil
        signer = nil
        lastTry = nil
        self.lastSuccess = lastSuccess
        self.failures = failures
        failure = trouble?.code
        detail = trouble?.description
        isAlarm = trouble?.isAlarm ?? false
        pause = nil
        due = nil
    }

    package var json: JSON {
        func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
        func number(_ value: Int) -> JSON { .integer(Int64(value)) }
        return .object([
            ("source", .string(source)), ("kind", .string(kind.rawValue)), ("state", .string(state.rawValue)), ("index", text(index)),
            ("entities", number(entities)), ("document-entities", number(documentEntities)), ("held", number(held)),
            ("left", .object(left.sorted { $0.key < $1.key }.map { ($0.key, number($0.value)) })),
            ("valid-until", text(validUntil?.text)), ("published", text(published?.text)), ("signer", text(signer)),
            ("last-try", text(lastTry?.text)), ("last-success", text(lastSuccess?.text)), ("failures", number(failures)),
            ("failure", text(failure)), ("detail", text(detail)), ("alarm", .bool(isAlarm)),
            ("paused", text(pause?.at.text)), ("due", text(due?.text)),
        ])
    }
}
