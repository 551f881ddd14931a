package import SignOn
package import Vocabulary

// Every verb is one atomic gate. When it returns, its effect survives a crash of the process. It throws only when the store itself fails.

/// Streams and the events that wait in them. Neither a receiver that is down nor `kill -9` loses an event that was queued.
package protocol SignalStore: Sendable {
    /// Keeps a new stream; false when the member has `most` already, or an operator stopped one of them.
    func open(_ stream: SignalStream, most: Int, recording record: Record) async throws -> Bool
    /// Of this member only (H17).
    func stream(_ id: StreamID, of member: MemberID) async throws -> SignalStream?
    /// By age.
    func streams(of member: MemberID) async throws -> [SignalStream]
    /// All, by member and age, for operators; `limit` at most.
    func streams(limit: Int) async throws -> [SignalStream]
    /// Puts it in the place of what was `known`; false when that changed meanwhile. A disabled stream loses what waits in it, in the same
    /// step. `telling`: an event of the stream itself goes into its queue.
    func change(_ stream: SignalStream, knowing known: SignalStream, telling event: QueuedSignal?, recording record: Record) async throws
        -> Bool
    /// With everything that waits in it; not what an operator stopped.
    func close(_ id: StreamID, of member: MemberID, recording record: Record) async throws -> Bool
    /// Its receiver is there: the timeout begins anew.
    func heard(from stream: StreamID, of member: MemberID, at now: Timestamp) async throws
    /// Streams that are enabled and whose receivers were silent since `earliest`.
    func silent(since earliest: Timestamp, limit: Int) async throws -> [SignalStream]
    /// Takes a citizen out of a stream or puts him back in.
    func set(_ subject: PairwiseID, in stream: StreamID, of member: MemberID, isIn: Bool, recording record: Record) async throws
    /// Notes that a verification was asked for and queues it; false when one was asked for since `earliest`.
    func verify(_ stream: StreamID, of member: MemberID, since earliest: Timestamp, telling event: QueuedSignal) async throws -> Bool

    /// What the deployment says of streams now: how long events are kept, and how many. To be said at the start and after each change.
    func bound(by rules: SignalRules)
    /// Puts each signal into every stream of its member that takes it, with its ledger entry, and appends `record`, in one step. Signals that
    /// no stream takes leave nothing behind. Returns how many were queued.
    func enqueue(_ signals: [Signal], recording record: Record?) async throws -> Int
    /// Takes up to `limit` events of push streams whose time has come; whoever takes one has it until `lease`.
    func takeSignals(lease: Timestamp, limit: Int, at now: Timestamp) async throws -> [(signal: QueuedSignal, stream: SignalStream)]
    /// Puts an event back that could not be delivered.
    func postpone(_ signal: String, until: Timestamp, attempts: Int) async throws
    /// The event was taken, or will not be: it goes. False when it had gone before.
    func settle(_ signal: String, recording record: Record?) async throws -> Bool
    /// The oldest events that wait in a stream of this member; `more` when others wait behind them. `ofItself`: only those about the stream,
    /// which are sent though it is paused or disabled (SSF 1.0 §8.1.5).
    func waiting(
        in stream: StreamID, of member: MemberID, ofItself: Bool, limit: Int, at now: Timestamp
    ) async throws -> (signals: [QueuedSignal], more: Bool)
    /// Takes out what the receiver has or refuses, of this stream only. Returns how many there were.
    func acknowledge(_ signals: [String], in stream: StreamID, of member: MemberID, recording record: Record?) async throws -> Int
    /// Deletes events that nobody took in time, counts them in their streams and appends a record for each stream, in one step.
    func expire(limit: Int, recording record: @escaping @Sendable (MemberID, StreamID, Int) -> Record, at now: Timestamp) async throws
        -> Int
    /// How many wait in each stream, and since when.
    func queues(at now: Timestamp) async throws -> [SignalQueue]
    /// Moves at every commit that queued something: a poll that waits looks again. Cheap.
    var signalled: Int64 { get }
}

extension SignalStore {
    package func waiting(
        in stream: StreamID, of member: MemberID, limit: Int, at now: Timestamp
    ) async throws -> (signals: [QueuedSignal], more: Bool) {
        try await waiting(in: stream, of: member, ofItself: false, limit: limit, at: now)
    }
}

/// How a stream fares, for operators.
package struct SignalQueue: Hashable, Sendable {
    package let stream: StreamID
    package let waiting: Int
    package let oldest: Timestamp?
    package let mostAttempts: Int

    package init(stream: StreamID, waiting: Int, oldest: Timestamp?, mostAttempts: Int) {
        self.stream = stream
        self.waiting = waiting
        self.oldest = oldest
        self.mostAttempts = mostAttempts
    }
}
