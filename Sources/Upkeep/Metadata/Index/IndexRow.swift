import Cryptography
import SAML
import Vocabulary

/// An entityID in an index: the first 16 bytes of its SHA-256.
struct IndexKey: Hashable, Comparable, Sendable {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(_ id: String) {
        let digest = Digest.sha256(Array(id.utf8))
        high = Number.read(digest, 0, 8)
        low = Number.read(digest, 8, 8)
    }

    static func < (left: IndexKey, right: IndexKey) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

/// What one entity is found by.
struct IndexName: Hashable, Sendable {
    let key: IndexKey
    /// The first four bytes of its artifacts' SourceID (SAML Bindings §3.6.4.2): enough to find the few rows that may be meant.
    let source: UInt32

    init(key: IndexKey, source: UInt32) {
        self.key = key
        self.source = source
    }

    init(_ id: MemberID) {
        key = IndexKey(id.text)
        source = Self.source(Artifact.source(of: id))
    }

    static func source(_ bytes: [UInt8]) -> UInt32 { UInt32(truncatingIfNeeded: Number.read(bytes, 0, 4)) }
}

/// Where one entity lies in the file: what is in use, and what waits for approval.
struct IndexRow: Sendable {
    struct Span: Hashable, Sendable {
        static let none = Span(offset: 0, length: 0)

        let offset: UInt64
        /// 0: there is nothing.
        let length: UInt32
    }

    struct Flags: OptionSet, Sendable {
        let rawValue: UInt16

        /// What came last waits for the operator, because of what it would change.
        static let held = Flags(rawValue: 1)
        /// The operator took an earlier state back.
        static let pinned = Flags(rawValue: 2)
        /// Bits for flags; those above them are the number of the waiting state's context and one.
        fileprivate static let bits: UInt16 = 3
        fileprivate static let all: UInt16 = 1 << bits - 1
    }

    static let width = 80

    let name: IndexName
    var key: IndexKey { name.key }
    var current: Span
    /// The first half of SHA-256 of the entity's bytes.
    var digest: IndexKey
    var waiting: Span
    var waitingDigest: IndexKey
    /// Which of the file's contexts the state in use inherits from.
    var context: UInt16
    /// And which the state that waits; nil: the same. An index has at most 4096 of them.
    var waitingContext: UInt16?
    var flags: Flags

    init(
        name: IndexName, current: Span, digest: IndexKey, waiting: Span = .none, waitingDigest: IndexKey = IndexKey(high: 0, low: 0),
        context: UInt16, waitingContext: UInt16? = nil, flags: Flags = []
    ) {
        self.name = name
        self.current = current
        self.digest = digest
        self.waiting = waiting
        self.waitingDigest = waitingDigest
        self.context = context
        self.waitingContext = waitingContext
        self.flags = flags
    }

    init(_ bytes: [UInt8], _ offset: Int) {
        func word(_ at: Int) -> UInt64 { Number.read(bytes, offset + at, 8) }
        func half(_ at: Int) -> UInt32 { UInt32(truncatingIfNeeded: Number.read(bytes, offset + at, 4)) }
        name = IndexName(key: IndexKey(high: word(0), low: word(8)), source: half(60))
        current = Span(offset: word(16), length: half(24))
        context = UInt16(truncatingIfNeeded: Number.read(bytes, offset + 28, 2))
        let bits = UInt16(truncatingIfNeeded: Number.read(bytes, offset + 30, 2)), next = bits >> Flags.bits
        flags = Flags(rawValue: bits & Flags.all)
        waitingContext = next == 0 ? nil : next - 1
        digest = IndexKey(high: word(32), low: word(40))
        waiting = Span(offset: word(48), length: half(56))
        waitingDigest = IndexKey(high: word(64), low: word(72))
    }

    var bytes: [UInt8] {
        Number.bytes(key.high, 8) + Number.bytes(key.low, 8) + Number.bytes(current.offset, 8) + Number.bytes(UInt64(current.length), 4)
            + Number.bytes(UInt64(context), 2) + Number.bytes(UInt64(bits), 2) + Number.bytes(digest.high, 8)
            + Number.bytes(digest.low, 8) + Number.bytes(waiting.offset, 8) + Number.bytes(UInt64(waiting.length), 4)
            + Number.bytes(UInt64(name.source), 4) + Number.bytes(waitingDigest.high, 8) + Number.bytes(waitingDigest.low, 8)
    }

    private var bits: UInt16 { flags.rawValue | (waitingContext.map { $0 + 1 } ?? 0) << Flags.bits }

    static func digest(_ bytes: [UInt8]) -> IndexKey {
        let digest = Digest.sha256(bytes)
        return IndexKey(high: Number.read(digest, 0, 8), low: Number.read(digest, 8, 8))
    }
}
