import Vocabulary

/// Answers until their own end. Full, it drops the oldest one at a time.
struct AnswerCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Kept {
        let value: Value
        let until: Timestamp
        let ticket: UInt64
    }

    private let capacity: Int
    private var kept: [Key: Kept] = [:]
    /// In the order they came; a ticket that is no longer the key's own is passed over.
    private var queue: [(key: Key, ticket: UInt64)] = []
    private var head = 0
    private var tickets: UInt64 = 0

    init(capacity: Int) { self.capacity = max(capacity, 1) }

    var count: Int { kept.count }

    mutating func value(_ key: Key, at now: Timestamp) -> Value? {
        guard let found = kept[key] else { return nil }
        guard now < found.until else {
            kept[key] = nil
            return nil
        }
        return found.value
    }

    mutating func keep(_ value: Value, for key: Key, until: Timestamp) {
        tickets &+= 1
        kept[key] = Kept(value: value, until: until, ticket: tickets)
        queue.append((key, tickets))
        while kept.count > capacity, head < queue.count { drop() }
        // Tickets of answers that were replaced or ran out must not pile up.
        while head < queue.count, kept[queue[head].key]?.ticket != queue[head].ticket { head += 1 }
        if head > capacity || queue.count - head > 2 * capacity {
            queue = queue[head...].filter { kept[$0.key]?.ticket == $0.ticket }
            head = 0
        }
    }

    private mutating func drop() {
        let oldest = queue[head]
        head += 1
        if kept[oldest.key]?.ticket == oldest.ticket { kept[oldest.key] = nil }
    }
}
