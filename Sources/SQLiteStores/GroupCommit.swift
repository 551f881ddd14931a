import Dispatch
import GRDB
import Synchronization
import Vocabulary

/// The one writer. Whatever waits when it turns to the queue goes into one transaction; nobody is answered before that transaction is
/// committed. Writes must be repeatable, because a batch in which one of them fails is rolled back and each is then tried alone.
final class GroupCommit: Sendable {
    private struct Job: Sendable {
        let run: @Sendable (Database) throws -> Void
        let finish: @Sendable (Result<Void, any Error>) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var isDraining = false
        /// The writer waits for more, and whoever makes the company complete wakes it.
        var isGathering = false
    }

    /// The end of the audit trail, which every transaction that appends reads and moves.
    let tail = AuditTail()
    private let pool: DatabasePool
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "sekisho.sqlite.writer", qos: .userInitiated)
    /// Bounds the memory and the delay of one commit.
    private let largestBatch = 256
    /// Who may still come: requests in progress. Without it nobody is waited for.
    private let attendance: Attendance?
    private let company = DispatchSemaphore(value: 0)
    /// How long a commit waits for those who may still come. Under load each disk write then answers several citizens; a citizen alone
    /// never waits. Well below what one page takes to travel.
    private let gathering = DispatchTimeInterval.milliseconds(2)

    private let checkpoints: Checkpoints
    /// Others append to the trail between our commits, so its end is read anew in each.
    private let isShared: Bool

    init(_ pool: DatabasePool, checkpoints: Checkpoints, attendance: Attendance?, isShared: Bool = false) {
        self.isShared = isShared
        self.pool = pool
        self.checkpoints = checkpoints
        self.attendance = attendance
    }

    func run<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let box = Mutex<Value?>(nil)
        return try await withCheckedThrowingContinuation { continuation in
            submit(
                Job(
                    run: { database in
                        let value = try body(database)
                        box.withLock { $0 = value }
                    },
                    finish: { result in
                        switch (result, box.withLock { $0 }) {
                        case (.success, .some(let value)): continuation.resume(returning: value)
                        case (.success, .none): continuation.resume(throwing: DatabaseError(message: "the write left no result"))
                        case (.failure(let error), _): continuation.resume(throwing: error)
                        }
                    }))
        }
    }

    private func submit(_ job: Job) {
        let (starts, completes) = state.withLock { state in
            state.waiting.append(job)
            defer { state.isDraining = true }
            let completes = state.isGathering && isComplete(state)
            if completes { state.isGathering = false }
            return (!state.isDraining, completes)
        }
        if starts { queue.async { self.drain() } }
        if completes { company.signal() }
    }

    private func drain() {
        while true {
            gather()
            let batch = state.withLock { state -> [Job] in
                let batch = Array(state.waiting.prefix(largestBatch))
                state.waiting.removeFirst(batch.count)
                if batch.isEmpty { state.isDraining = false }
                return batch
            }
            if batch.isEmpty { return }
            commit(batch)
            checkpoint()
        }
    }

    /// Waits until every request in progress waits for the commit too, or the time is over. A signal that comes just after the time costs
    /// the next gathering its wait and nothing else.
    private func gather() {
        let waits = state.withLock { state in
            state.isGathering = !state.waiting.isEmpty && !isComplete(state)
            return state.isGathering
        }
        guard waits else { return }
        _ = company.wait(timeout: .now() + gathering)
        state.withLock { $0.isGathering = false }
    }

    private func isComplete(_ state: State) -> Bool {
        state.waiting.count >= min(attendance?.count ?? 0, largestBatch)
    }

    private func commit(_ batch: [Job]) {
        // The end of the trail as we remember it is wrong when another program wrote meanwhile.
        let isLastTry = batch.count == 1 && tail.last == nil
        do {
            try transact(batch)
            for job in batch { job.finish(.success(())) }
        } catch let failure as NotBegun {
            for job in batch { job.finish(.failure(failure.cause)) }
        } catch  where isLastTry {
            batch[0].finish(.failure(error))
        } catch {
            for job in batch {
                // INVARIANT: what is tried again is a last try, so that a write fails twice at the most.
                tail.last = nil
                commit([job])
            }
        }
    }

    /// No transaction could be begun: none of the writes is at fault, and each would only wait as long for the same lock again.
    private struct NotBegun: Error {
        let cause: any Error
    }

    private func transact(_ batch: [Job]) throws {
        try pool.writeWithoutTransaction { database in
            do {
                try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
            } catch {
                throw NotBegun(cause: error)
            }
            if isShared { tail.last = nil }
            do {
                for job in batch { try job.run(database) }
                try database.cachedStatement(sql: "COMMIT").execute()
            } catch {
                tail.last = nil
                if database.isInsideTransaction { try database.execute(sql: "ROLLBACK") }
                throw error
            }
        }
    }

    /// After the answers went out: what may take its time.
    private func checkpoint() {
        try? pool.writeWithoutTransaction { try checkpoints.note($0) }
    }
}
