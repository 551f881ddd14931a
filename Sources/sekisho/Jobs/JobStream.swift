import Cryptography
import Foundation

/// Jobs, one line of JSON each; a verdict for each, in their order. A bad line gets a line of its own and ends nothing. A line is handed out
/// when it is there: its sender may be waiting for the verdict.
struct JobStream {
    /// Bytes of the text of one job.
    static let largest = 64 << 20
    /// Bytes of one read.
    private static let piece = 1 << 16

    private let input: FileHandle
    private var held = Data()
    private var isAtEnd = false
    private var isAtStart = true

    init(_ input: FileHandle) { self.input = input }

    enum Line {
        case text(Data)
        /// A line of more than `largest` bytes, read to its end and forgotten.
        case tooLong
    }

    /// Nil at the end of the input.
    mutating func next() throws -> Line? {
        let line = try following()
        defer { isAtStart = false }
        guard isAtStart, case .text(let text)? = line else { return line }
        return .text(Self.unmarked(text))
    }

    /// Without the byte order mark that some programs write before everything else.
    static func unmarked(_ text: Data) -> Data { text.starts(with: [0xef, 0xbb, 0xbf]) ? text.dropFirst(3) : text }

    private mutating func following() throws -> Line? {
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
            let more = isAtEnd ? [] : try ArrivedBytes.read(from: input.fileDescriptor, atMost: Self.piece)
            guard !more.isEmpty else {
                isAtEnd = true
                defer { held.removeAll() }
                return isTooLong ? .tooLong : held.isEmpty ? nil : .text(held)
            }
            held.append(contentsOf: more)
        }
    }
}
