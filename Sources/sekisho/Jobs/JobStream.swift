import Foundation
import Vocabulary

/// Jobs, one line of JSON each; a verdict for each, in their order. A bad line gets a line of its own and ends nothing.
struct JobStream {
    /// Bytes of the text of one job.
    static let largest = 64 << 20

    private let input: FileHandle
    private var held = Data()
    private var isAtEnd = false

    init(_ input: FileHandle) { self.input = input }

    enum Line {
        case text(Data)
        /// A line of more than `largest` bytes, read to its end and forgotten.
        case tooLong
    }

    /// Nil at the end of the input.
    mutating func next() throws -> Line? {
        var searched = held.startIndex
        var isTooLong = false
        while true {
            if let end = held[searched...].firstIndex(of: 0x0a) {
                let line = held[held.startIndex..<end]
                held = Data(held[held.index(after: end)...])
                return isTooLong ? .tooLong : .text(line)
            }
            if held.count > Self.largest {
                isTooLong = true
                held.removeAll()
            }
            searched = held.endIndex
            guard !isAtEnd, let more = try input.read(upToCount: 1 << 16), !more.isEmpty else {
                isAtEnd = true
                defer { held.removeAll() }
                return isTooLong ? .tooLong : held.isEmpty ? nil : .text(held)
            }
            held.append(more)
        }
    }
}
