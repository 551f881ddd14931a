import Foundation
import Synchronization
import Testing
import Upkeep
import Vocabulary

/// How many of so many works, all begun at once on threads of their own, failed.
func failures(_ count: Int, atOnce work: @Sendable (Int) throws -> Void) -> Int {
    let failed = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: count) { number in
        do { try work(number) } catch { failed.withLock { $0 += 1 } }
    }
    return failed.withLock { $0 }
}

/// Several journals on one folder stand for several nodes, or several threads of one.
@Suite struct `Journals that several write` {
    /// Less than the history, more than what is added to it.
    private static let longest = 600
    private static let rounds = 30

    private static func text(_ folder: DiskFolder, _ name: String) throws -> String {
        String(decoding: try folder.read(name, limit: 1 << 20) ?? [], as: UTF8.self)
    }

    /// Folders in which the journal stands at its limit, each written to by several at once.
    private static func crowded(
        _ name: String, _ history: [UInt8], _ write: @Sendable (DiskFolder, Int) throws -> Void
    ) throws -> [DiskFolder] {
        try #require(history.count > longest)
        return try (1...rounds).map { _ in
            let folder = DiskFolder(ListWorld.path())
            try folder.make()
            try folder.write(name, history)
            let failed = failures(4) { try write(folder, $0) }
            #expect(failed == 0)
            return folder
        }
    }

    @Test func `keep the changes of members that came before when all come to the limit in one moment`() throws {
        func entry(_ entity: String) -> ChangeJournal.Entry { .init(at: ListWorld.start, source: "fed", entity: entity, event: .taken) }
        let before = DiskFolder(ListWorld.path())
        let old = (1...20).map { "old-\($0)" }
        try ChangeJournal(before).append(old.map(entry))
        let history = try #require(try before.read("changes.jsonl", limit: 1 << 20))
        let folders = try Self.crowded("changes.jsonl", history) { folder, number in
            try ChangeJournal(folder, longest: Self.longest).append([
                .init(at: ListWorld.start, source: "fed", entity: "new-\(number)", event: .taken)
            ])
        }
        for folder in folders {
            let told = ChangeJournal(folder).read(most: 99).compactMap(\.entity)
            #expect(told.sorted() == (old + (0..<4).map { "new-\($0)" }).sorted())
            #expect((folder.size(of: "changes.1.jsonl") ?? 0) >= history.count)
        }
    }

    @Test func `keep the feed that came before when all come to the limit in one moment`() throws {
        let before = DiskFolder(ListWorld.path())
        let old = (1...20).map { "old-\($0)" }
        for subject in old {
            try TrustFeed(folder: before).append(.init(at: ListWorld.start, event: .listTaken, subject: subject, digest: nil, why: "y"))
        }
        let history = try #require(try before.read(TrustFeed.name, limit: 1 << 20))
        let folders = try Self.crowded(TrustFeed.name, history) { folder, number in
            try TrustFeed(folder: folder, longest: Self.longest).append(
                .init(at: ListWorld.start, event: .listTaken, subject: "new-\(number)", digest: nil, why: "y"))
        }
        for folder in folders {
            #expect(TrustFeed.read(folder).map(\.subject).sorted() == (old + (0..<4).map { "new-\($0)" }).sorted())
            #expect((folder.size(of: TrustFeed.earlier) ?? 0) >= history.count)
        }
    }

    @Test func `are not begun anew by one writer while another is at it, and miss no line`() throws {
        let folder = DiskFolder(ListWorld.path())
        func add(_ line: String) throws { try folder.append("a.jsonl", line: line, beyond: 3, into: "a.1.jsonl") }
        try add("first")
        do {
            let other = FileLock(folder.path(of: "a.jsonl.lock"), .alone)
            #expect(other != nil)
            try add("second")
            #expect(!folder.has("a.1.jsonl"))
            withExtendedLifetime(other) {}
        }
        try add("third")
        #expect(try Self.text(folder, "a.1.jsonl") == "first\nsecond\n")
        #expect(try Self.text(folder, "a.jsonl") == "third\n")
    }

    @Test func `are not begun anew below the limit, and keep one file from before beyond it`() throws {
        let folder = DiskFolder(ListWorld.path())
        func add(_ line: String) throws { try folder.append("a.jsonl", line: line, beyond: 4, into: "a.1.jsonl") }
        for line in ["a", "b"] { try add(line) }
        #expect(!folder.has("a.1.jsonl"))
        for line in ["c", "d", "e", "f", "g"] { try add(line) }
        #expect(try Self.text(folder, "a.1.jsonl") == "d\ne\nf\n")
        #expect(try Self.text(folder, "a.jsonl") == "g\n")
    }
}
