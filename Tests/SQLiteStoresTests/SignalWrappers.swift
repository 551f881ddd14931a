import Credentials
import OpenID
import SignOn
import Signals
import TrustFramework
import Vocabulary

extension Interfering {
    func open(_ stream: SignalStream, most: Int, recording record: Vocabulary.Record) async throws -> Bool {
        try await call { try await inner.open(stream, most: most, recording: record) }
    }
    func stream(_ id: StreamID, of member: MemberID) async throws -> SignalStream? {
        try await call { try await inner.stream(id, of: member) }
    }
    func streams(of member: MemberID) async throws -> [SignalStream] { try await call { try await inner.streams(of: member) } }
    func streams(limit: Int) async throws -> [SignalStream] { try await call { try await inner.streams(limit: limit) } }
    func change(
        _ stream: SignalStream, knowing known: SignalStream, telling event: QueuedSignal?, recording record: Vocabulary.Record
    ) async throws -> Bool {
        try await call { try await inner.change(stream, knowing: known, telling: event, recording: record) }
    }
    func close(_ id: StreamID, of member: MemberID, recording record: Vocabulary.Record) async throws -> Bool {
        try await call { try await inner.close(id, of: member, recording: record) }
    }
    func heard(from stream: StreamID, of member: MemberID, at now: Timestamp) async throws {
        try await call { try await inner.heard(from: stream, of: member, at: now) }
    }
    func silent(since earliest: Timestamp, limit: Int) async throws -> [SignalStream] {
        try await call { try await inner.silent(since: earliest, limit: limit) }
    }
    func set(
        _ subject: PairwiseID, in stream: StreamID, of member: MemberID, isIn: Bool, recording record: Vocabulary.Record
    ) async throws {
        try await call { try await inner.set(subject, in: stream, of: member, isIn: isIn, recording: record) }
    }
    func verify(_ stream: StreamID, of member: MemberID, since earliest: Timestamp, telling event: QueuedSignal) async throws -> Bool {
        try await call { try await inner.verify(stream, of: member, since: earliest, telling: event) }
    }
    func bound(by rules: SignalRules) { inner.bound(by: rules) }
    var signalled: Int64 { inner.signalled }
    func enqueue(_ signals: [Signal], recording record: Vocabulary.Record?) async throws -> Int {
        try await call { try await inner.enqueue(signals, recording: record) }
    }
    func takeSignals(
        lease: Timestamp, limit: Int, at now: Timestamp
    ) async throws -> [(signal: QueuedSignal, stream: SignalStream)] {
        try await call { try await inner.takeSignals(lease: lease, limit: limit, at: now) }
    }
    func postpone(_ signal: String, until: Timestamp, attempts: Int) async throws {
        try await call { try await inner.postpone(signal, until: until, attempts: attempts) }
    }
    func settle(_ signal: String, recording record: Vocabulary.Record?) async throws -> Bool {
        try await call { try await inner.settle(signal, recording: record) }
    }
    func waiting(
        in stream: StreamID, of member: MemberID, ofItself: Bool, limit: Int, at now: Timestamp
    ) async throws -> (signals: [QueuedSignal], more: Bool) {
        try await call { try await inner.waiting(in: stream, of: member, ofItself: ofItself, limit: limit, at: now) }
    }
    func acknowledge(
        _ signals: [String], in stream: StreamID, of member: MemberID, recording record: Vocabulary.Record?
    ) async throws -> Int {
        try await call { try await inner.acknowledge(signals, in: stream, of: member, recording: record) }
    }
    func expire(
        limit: Int, recording record: @escaping @Sendable (MemberID, StreamID, Int) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> Int {
        try await call { try await inner.expire(limit: limit, recording: record, at: now) }
    }
    func queues(at now: Timestamp) async throws -> [SignalQueue] { try await call { try await inner.queues(at: now) } }
}

extension Interfering {
    func issue(
        _ token: ServiceTokenRecord, claiming claims: [AssertionClaim], recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> AssertionClaim? {
        try await call { try await inner.issue(token, claiming: claims, recording: record, at: now) }
    }
    func serviceToken(_ digest: [UInt8], at now: Timestamp) async throws -> ServiceTokenRecord? {
        try await call { try await inner.serviceToken(digest, at: now) }
    }
    func end(serviceToken digest: [UInt8], of client: MemberID, recording record: Vocabulary.Record) async throws -> Bool {
        try await call { try await inner.end(serviceToken: digest, of: client, recording: record) }
    }
}

extension Interfering {
    func linked(after last: CertificateIdentity?, limit: Int, at now: Timestamp) async throws -> [WatchedCertificate] {
        try await call { try await inner.linked(after: last, limit: limit, at: now) }
    }
    func linked(_ certificate: CertificateIdentity, at now: Timestamp) async throws -> WatchedCertificate? {
        try await call { try await inner.linked(certificate, at: now) }
    }
    func linked(to subject: SubjectID, at now: Timestamp) async throws -> [WatchedCertificate] {
        try await call { try await inner.linked(to: subject, at: now) }
    }
    func held(limit: Int) async throws -> [CertificateIdentity] { try await call { try await inner.held(limit: limit) } }
    @discardableResult func settle(_ change: CertificateChange) async throws -> Int {
        try await call { try await inner.settle(change) }
    }
    func watch(
        _ certificate: CertificateIdentity, of subject: SubjectID, shownTo member: MemberID, for purpose: String, until: Timestamp
    ) async throws {
        try await call { try await inner.watch(certificate, of: subject, shownTo: member, for: purpose, until: until) }
    }
    func shown(after last: [UInt8]?, limit: Int, at now: Timestamp) async throws -> (certificates: [ShownCertificate], last: [UInt8]?) {
        try await call { try await inner.shown(after: last, limit: limit, at: now) }
    }
    func settle(
        _ shown: ShownCertificate, telling signals: [Signal], recording record: Vocabulary.Record?, at now: Timestamp
    ) async throws -> Bool {
        try await call { try await inner.settle(shown, telling: signals, recording: record, at: now) }
    }
}
