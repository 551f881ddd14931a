import Dispatch

/// Runs what blocks (disks, long parsing) on a thread that may wait, so that the shared pool goes on answering citizens.
func offPool<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        DispatchQueue.global(qos: .utility).async { continuation.resume(returning: work()) }
    }
}
