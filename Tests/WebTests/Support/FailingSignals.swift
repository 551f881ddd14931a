import Credentials
import OpenID
import SQLiteStores
import SignOn
import Signals
import TrustFramework
import Vocabulary

extension FailingStores {
    func open(_ stream: SignalStream, most: Int, recording record: Record) async throws -> Bool {
        try gate()
        return try await store.open(stream, most: most, recording: record)
    }

    func stream(_ id: StreamID, of member: MemberID) async throws -> SignalStream? {
        try gate()
        return try await store.stream(id, of: member)
    }

    func streams(of member: MemberID) async throws -> [SignalStream] {
        try gate()
        return try await store.streams(of: member)
    }

    func streams(limit: Int) async throws -> [SignalStream] {
        try gate()
        return try await store.streams(limit: limit)
    }

    func change(
        _ stream: SignalStream, knowing known: SignalStream, telling event: QueuedSignal?, recording record: Record
    ) async throws -> Bool {
        try gate()
        return try await store.change(stream, knowing: known, telling: event, recording: record)
    }

    func close(_ id: StreamID, of member: MemberID, recording record: Record) async throws -> Bool {
        try gate()
        return try await store.close(id, of: member, recording: record)
    }

    func heard(from stream: StreamID, of member: MemberID, at now: Timestamp) async throws {
        try gate()
        try await store.heard(from: stream, of: member, at: now)
    }

    func silent(since earliest: Timestamp, limit: Int) async throws -> [SignalStream] {
        try gate()
        return try await store.silent(since: earliest, limit: limit)
    }

    func set(_ subject: PairwiseID, in stream: StreamID, of member: MemberID, isIn: Bool, recording record: Record) async throws {
        try gate()
        try await store.set(subject, in: stream, of: member, isIn: isIn, recording: record)
    }

    func verify(_ stream: StreamID, of member: MemberID, since earliest: Timestamp, telling event: QueuedSignal) async throws -> Bool {
        try gate()
        return try await store.verify(stream, of: member, since: earliest, telling: event)
    }

    func bound(by rules: SignalRules) { store.bound(by: rules) }

    var signalled: Int64 { store.signalled }

    func enqueue(_ signals: [Signal], recording record: Record?) async throws -> Int {
        try gate()
        return try await store.enqueue(signals, recording: record)
    }

    func takeSignals(
        lease: Timestamp, limit: Int, at now: Timestamp
    ) async throws -> [(signal: QueuedSignal, stream: SignalStream)] {
        try gate()
        return try await store.takeSignals(lease: lease, limit: limit, at: now)
    }

    func postpone(_ signal: String, until: Timestamp, attempts: Int) async throws {
        try gate()
        try await store.postpone(signal, until: until, attempts: attempts)
    }

    func settle(_ signal: String, recording record: Record?) async throws -> Bool {
        try gate()
        return try await store.settle(signal, recording: record)
    }

    func waiting(
        in stream: StreamID, of member: MemberID, ofItself: Bool, limit: Int, at now: Timestamp
    ) async throws -> (signals: [QueuedSignal], more: Bool) {
        try gate()
        return try await store.waiting(in: stream, of: member, ofItself: ofItself, limit: limit, at: now)
    }

    func acknowledge(_ signals: [String], in stream: StreamID, of member: MemberID, recording record: Record?) async throws -> Int {
        try gate()
        return try await store.acknowledge(signals, in: stream, of: member, recording: record)
    }

    func expire(
        limit: Int, recording record: @escaping @Sendable (MemberID, StreamID, Int) -> Record, at now: Timestamp
    ) async throws -> Int {
        try gate()
        return try await store.expire(limit: limit, recording: record, at: now)
    }

    func queues(at now: Timestamp) async throws -> [SignalQueue] {
        try gate()
        return try await store.queues(at: now)
    }
}

extension FailingStores {
    func issue(
        _ token: ServiceTokenRecord, claiming claims: [AssertionClaim], recording record: Record, at now: Timestamp
    ) async throws -> AssertionClaim? {
        try gate()
        return try await store.issue(token, claiming: claims, recording: record, at: now)
    }

    func serviceToken(_ digest: [UInt8], at now: Timestamp) async throws -> ServiceTokenRecord? {
        try gate()
        return try await store.serviceToken(digest, at: now)
    }

    func end(serviceToken digest: [UInt8], of client: MemberID, recording record: Record) async throws -> Bool {
        try gate()
        return try await store.end(serviceToken: digest, of: client, recording: record)
    }
}

extension FailingStores {
    func linked(after last: CertificateIdentity?, limit: Int, at now: Timestamp) async throws -> [WatchedCertificate] {
        try gate()
        return try await store.linked(after: last, limit: limit, at: now)
    }

    func linked(_ certificate: CertificateIdentity, at now: Timestamp) async throws -> WatchedCertificate? {
        try gate()
        return try await store.linked(certificate, at: now)
    }

    func linked(to subject: SubjectID, at now: Timestamp) async throws -> [WatchedCertificate] {
        try gate()
        return try await store.linked(to: subject, at: now)
    }

    func held(limit: Int) async throws -> [CertificateIdentity] {
        try gate()
        return try await store.held(limit: limit)
    }

    @discardableResult func settle(_ change: CertificateChange) async throws -> Int {
        try gate()
        return try await store.settle(change)
    }

    func watch(
        _ certificate: CertificateIdentity, of subject: SubjectID, shownTo member: MemberID, for purpose: String, until: Timestamp
    ) async throws {
        try gate()
        try await store.watch(certificate, of: subject, shownTo: member, for: purpose, until: until)
    }

    func shown(after last: [UInt8]?, limit: Int, at now: Timestamp) async throws -> (certificates: [ShownCertificate], last: [UInt8]?) {
        try gate()
        return try await store.shown(after: last, limit: limit, at: now)
    }

    func settle(_ shown: ShownCertificate, telling signals: [Signal], recording record: Record?, at now: Timestamp) async throws -> Bool {
        try gate()
        return try await store.settle(shown, telling: signals, recording: record, at: now)
    }
}
