import Synchronization

/// Why the folder is to be read.
struct ReloadCauses: Sendable {
    var isSignalled = false
    var files: Set<String> = []
    /// The moment of a planned activation has come.
    var isDue = false
    /// The console has written something; the number is that of its newest order.
    var order: Int?

    var isNone: Bool { !isSignalled && files.isEmpty && !isDue && order == nil }
}

/// Calls for a reading. What comes while the folder is being read waits for one reading more, however much it is; none of it is lost.
final class ReloadBell: Sendable {
    let rings: AsyncStream<Void>
    private let tell: AsyncStream<Void>.Continuation
    private let causes = Mutex(ReloadCauses())

    init() {
        let (rings, tell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.rings = rings
        self.tell = tell
    }

    func ring(_ note: (inout ReloadCauses) -> Void) {
        causes.withLock { note(&$0) }
        tell.yield()
    }

    /// Everything since the last time.
    func taken() -> ReloadCauses {
        causes.withLock { causes in
            let taken = causes
            causes = ReloadCauses()
            return taken
        }
    }
}
