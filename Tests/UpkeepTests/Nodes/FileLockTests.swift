import Foundation
import Testing
import Upkeep

/// Locks of the system, by which nodes keep out of each other's way. Two handles of one process stand for two processes.
@Suite struct `Locks between nodes` {
    private func path() -> String { NSTemporaryDirectory() + "sekisho-lock-" + UUID().uuidString }

    @Test func `one has it alone, several share it, and neither goes with the other`() {
        let path = path()
        do {
            let alone = FileLock(path, .alone)
            #expect(alone != nil)
            #expect(FileLock(path, .alone) == nil)
            #expect(FileLock(path, .shared) == nil)
            withExtendedLifetime(alone) {}
        }
        let (one, other) = (FileLock(path, .shared), FileLock(path, .shared))
        #expect(one != nil && other != nil)
        #expect(FileLock(path, .alone) == nil)
        withExtendedLifetime((one, other)) {}
    }

    @Test func `whoever ends has let it go`() {
        let path = path()
        for _ in 1...3 {
            let lock = FileLock(path, .alone)
            #expect(lock != nil)
            withExtendedLifetime(lock) {}
        }
        #expect(FileLock.waiting(for: path, .alone, seconds: 1) != nil)
    }

    @Test func `waiting ends when its time is over`() {
        let path = path()
        let lock = FileLock(path, .alone)
        let start = ContinuousClock.now
        #expect(FileLock.waiting(for: path, .shared, seconds: 1) == nil)
        #expect(start.duration(to: .now) >= .milliseconds(900))
        withExtendedLifetime(lock) {}
    }

    @Test func `the chair is one node's until it ends, and then the next one's`() {
        let path = path()
        let next = FolderChair(path)
        do {
            let first = FolderChair(path)
            #expect(first.isMine && first.isMine)
            #expect(!next.isMine)
            withExtendedLifetime(first) {}
        }
        #expect(next.isMine)
    }

    @Test func `no lock lies in a folder that is not there`() {
        #expect(FileLock(NSTemporaryDirectory() + "no-such-folder-" + UUID().uuidString + "/lock", .alone) == nil)
    }
}
