import OpenID
import Vocabulary

/// The store protocols in memory, by their comments: what the room's promises look like when the gates are kept.
actor MemoryStore: CodeStore, AccessTokenStore {
    private var codes: [[UInt8]: CodeRecord] = [:]
    private var used: Set<[UInt8]> = []
    private var replayed: Set<[UInt8]> = []
    private var tokens: [[UInt8]: AccessTokenRecord] = [:]
    private var refreshes: [[UInt8]: RefreshTokenRecord] = [:]
    private var exchanged: [[UInt8]: Timestamp] = [:]

    func issue(_ record: CodeRecord) { codes[record.codeDigest] = record }

    func consume(_ codeDigest: [UInt8], at now: Timestamp) -> CodeConsumption {
        guard let record = codes[codeDigest] else { return .unknown }
        guard used.insert(codeDigest).inserted else {
            end(family: codeDigest)
            return .replayed
        }
        return now < record.expiresAt ? .first(record) : .unknown
    }

    func issue(_ record: AccessTokenRecord) {
        if let code = record.codeDigest, replayed.contains(code) { return }
        tokens[record.tokenDigest] = record
    }

    func find(_ digest: [UInt8], at now: Timestamp) -> AccessTokenRecord? {
        tokens[digest].flatMap { now < $0.expiresAt ? $0 : nil }
    }

    func issueRefresh(_ record: RefreshTokenRecord) {
        if !replayed.contains(record.family) { refreshes[record.tokenDigest] = record }
    }

    func refresh(_ digest: [UInt8], at now: Timestamp) -> RefreshTokenRecord? {
        refreshes[digest].flatMap { now < $0.expiresAt ? $0 : nil }
    }

    func rotate(_ old: [UInt8], to new: RefreshTokenRecord?, within grace: Int64, at now: Timestamp) -> RefreshRotation {
        guard let record = refreshes[old], now < record.expiresAt, new.map({ $0.family == record.family }) ?? true else { return .unknown }
        if let used = exchanged[old] {
            let isWaiting = new.map { refreshes[$0.tokenDigest] != nil && exchanged[$0.tokenDigest] == nil } ?? false
            if now < used.adding(seconds: grace), isWaiting { return .repeated }
            end(family: record.family)
            return .reused
        }
        guard let new else { return .kept }
        exchanged[old] = now
        refreshes[new.tokenDigest] = new
        return .rotated
    }

    private func end(family: [UInt8]) {
        replayed.insert(family)
        tokens = tokens.filter { $0.value.codeDigest != family }
        refreshes = refreshes.filter { $0.value.family != family }
    }
}
