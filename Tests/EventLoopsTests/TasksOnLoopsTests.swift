import EventLoops
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Libraries below us hold a lock from one function into the next (AsyncAlgorithms' `merge` until its continuation stands): a step that gives
/// the thread up in between leaves the lock behind, and who asks for it next on that thread waits for ever (decision 0025).
@Suite struct `Tasks on the event loops` {
    /// Whether something that waited for this thread ran before the next step of the task began.
    @concurrent private static func stepGivesUpItsThread() async -> Bool {
        let hasRun = Atomic<Bool>(false)
        return await withTaskCancellationHandler {
            MultiThreadedEventLoopGroup.singleton.any().execute { hasRun.store(true, ordering: .sequentiallyConsistent) }
            return await withCheckedContinuation { next in
                next.resume(returning: hasRun.load(ordering: .sequentiallyConsistent))
            }
        } onCancel: {
        }
    }

    private static var isOnALoop: Bool {
        MultiThreadedEventLoopGroup.singleton.makeIterator().contains { $0.inEventLoop }
    }

    @Test func `a task that is carried runs on a loop, and so do its children`() async {
        let onLoops = await EventLoops.carry { @concurrent in
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { Self.isOnALoop } }
                return await group.reduce(Self.isOnALoop) { $0 && $1 }
            }
        }
        #expect(onLoops)
        #expect(!Self.isOnALoop)
    }

    @Test func `its steps do not give up the thread in between`() async {
        let givenUp = await EventLoops.carry { @concurrent in
            var count = 0
            for _ in 0..<1_000 where await Self.stepGivesUpItsThread() { count += 1 }
            return count
        }
        #expect(givenUp == 0)
    }

    @Test func `after waiting for another thread it is on a loop again`() async {
        let onLoop = await EventLoops.carry { @concurrent in
            try? await Task.sleep(for: .milliseconds(1))
            return Self.isOnALoop
        }
        #expect(onLoop)
    }

    @Test func `what it throws comes out`() async {
        struct Broken: Error {}
        await #expect(throws: Broken.self) { try await EventLoops.carry { throw Broken() } }
    }
}
