import Glibc

/// What a descriptor has just now, for readers of streams whose writers wait for the answer to one line before they send the next.
/// Foundation reads a pipe until it has as much as was asked for. On this floor because the system wants a pointer.
package enum ArrivedBytes {
    /// The number is the system's own (`errno`).
    package struct Refusal: Error, Hashable, Sendable {
        package let number: Int32
    }

    /// Waits until there is something, and gives at most `most` bytes of it; none at the end.
    package static func read(from descriptor: Int32, atMost most: Int) throws(Refusal) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: most)
        while true {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            if got >= 0 { return Array(bytes.prefix(got)) }
            guard errno == EINTR else { throw Refusal(number: errno) }
        }
    }
}
