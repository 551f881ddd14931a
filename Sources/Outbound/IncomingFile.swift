import Dispatch
import Foundation
import Glibc
import NIOCore
import Synchronization

/// The file of one download. Written in pieces of a megabyte on a thread that may wait for the disk; a download that fails leaves none.
final class IncomingFile: Sendable {
    private struct State {
        var handle: FileHandle?
        var waiting = Data()
        var isMade = false
    }

    /// Bytes that wait for their write.
    private static let piece = 1 << 20

    private let path: String
    private let state = Mutex(State())
    private let thread = DispatchQueue(label: "outbound.file")

    init(_ path: String) { self.path = path }

    func open() async throws(DiskRefusal) {
        try await onThread { state throws(DiskRefusal) in
            guard !FileManager.default.fileExists(atPath: self.path) else {
                throw DiskRefusal(what: "something stands at the file's place")
            }
            state.isMade = true
            guard FileManager.default.createFile(atPath: self.path, contents: nil, attributes: [.posixPermissions: 0o600]),
                let handle = FileHandle(forWritingAtPath: self.path)
            else { throw DiskRefusal(what: "the file cannot be made") }
            state.handle = handle
        }
    }

    func append(_ bytes: ByteBufferView) async throws(DiskRefusal) {
        let isFull = state.withLock { state in
            state.waiting.append(contentsOf: bytes)
            return state.waiting.count >= Self.piece
        }
        if isFull { try await onThread { state throws(DiskRefusal) in try Self.flush(&state) } }
    }

    /// The bytes are on the disk when this returns, and the file is closed.
    func close() async throws(DiskRefusal) {
        try await onThread { state throws(DiskRefusal) in
            try Self.flush(&state)
            do {
                try state.handle?.synchronize()
                try state.handle?.close()
            } catch { throw DiskRefusal(what: "the file cannot be brought to the disk") }
            state.handle = nil
        }
    }

    /// Removes what was made.
    func discard() async {
        try? await onThread { state throws(DiskRefusal) in
            try? state.handle?.close()
            state.handle = nil
            state.waiting = Data()
            if state.isMade { try? FileManager.default.removeItem(atPath: self.path) }
            state.isMade = false
        }
    }

    private static func flush(_ state: inout State) throws(DiskRefusal) {
        guard !state.waiting.isEmpty else { return }
        do { try state.handle?.write(contentsOf: state.waiting) } catch { throw DiskRefusal(what: "the file cannot be written") }
        // Brought to the disk at once: hundreds of megabytes left to the system would go there together one day, and each commit of a login
        // would wait behind them. A disk that cannot says so at the end.
        if let handle = state.handle { _ = fdatasync(handle.fileDescriptor) }
        state.waiting.removeAll(keepingCapacity: true)
    }

    private func onThread(
        _ work: @escaping @Sendable (inout State) throws(DiskRefusal) -> Void
    ) async throws(DiskRefusal) {
        let outcome: Result<Void, DiskRefusal> = await withCheckedContinuation { continuation in
            thread.async {
                let outcome = self.state.withLock { state -> Result<Void, DiskRefusal> in
                    do throws(DiskRefusal) {
                        try work(&state)
                        return .success(())
                    } catch { return .failure(error) }
                }
                continuation.resume(returning: outcome)
            }
        }
        try outcome.get()
    }
}

/// What the disk did not do.
struct DiskRefusal: Error {
    let what: String
}
