import Dispatch
import GRDB
import Synchronization

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
    }

    private let pool: DatabasePool
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "sekisho.sqlite.writer", qos: .userInitiated)
    /// Bounds the memory and the delay of one commit.
    private let largestBatch = 256

    init(_ pool: DatabasePool) { self.pool = pool }

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
        let starts = state.withLock { state in
            state.waiting.append(job)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if starts { queue.async { self.drain() } }
    }

    private func drain() {
        while true {
            let batch = state.withLock { state -> [Job] in
                let batch = Array(state.waiting.prefix(largestBatch))
                state.waiting.removeFirst(batch.count)
                if batch.isEmpty { state.isDraining = false }
                return batch
            }
            if batch.isEmpty { return }
            commit(batch)
        }
    }

    private func commit(_ batch: [Job]) {
        do {
            try transact(batch)
            for job in batch { job.finish(.success(())) }
        } catch  where batch.count == 1 {
            batch[0].finish(.failure(error))
        } catch {
            for job in batch { commit([job]) }
        }
    }

    private func transact(_ batch: [Job]) throws {
        try pool.writeWithoutTransaction { database in
            try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
            do {
                for job in batch { try job.run(database) }
                try database.cachedStatement(sql: "COMMIT").execute()
            } catch {
                if database.isInsideTransaction { try database.execute(sql: "ROLLBACK") }
                throw error
            }
        }
    }
}
