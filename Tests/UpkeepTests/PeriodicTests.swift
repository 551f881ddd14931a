import Logging
import ServiceLifecycle
import Testing
import Upkeep

@Suite struct `A periodic job` {
    private struct Failure: Error {}

    /// Hands out the number of each turn.
    private actor Turns {
        private var count = 0
        func next() -> Int {
            count += 1
            return count
        }
    }

    @Test(.timeLimit(.minutes(5))) func `runs again after a turn that failed, and ends when it is cancelled`() async throws {
        let turns = Turns()
        let (reached, mark) = AsyncStream.makeStream(of: Int.self)
        let job = Periodic("test", every: 1, logger: Logger(label: "test")) {
            let turn = await turns.next()
            mark.yield(turn)
            if turn == 1 { throw Failure() }
        }
        let running = Task { try await job.run() }
        var seen: [Int] = []
        for await turn in reached {
            seen.append(turn)
            if seen.count == 2 { break }
        }
        running.cancel()
        try await running.value
        #expect(seen == [1, 2])
    }
}
