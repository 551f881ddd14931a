import Glibc

/// The pieces of a document on their way to libxml2: whole characters of UTF-8 only, and only what the prescan let pass.
struct StreamSource {
    private let limits: XMLStreamLimits
    private let next: () throws -> [UInt8]
    private var prescan: StreamPrescan
    /// The current piece and what of it has been taken.
    private var piece: [UInt8] = []
    private var taken = 0
    /// The beginning of a character whose end comes with the next piece.
    private var cut: [UInt8] = []
    private var hasEnded = false
    private var isFinished = false
    private(set) var bytes = 0

    var elements: Int { prescan.elements }

    init(_ next: @escaping () throws -> [UInt8], limits: XMLStreamLimits) throws {
        self.next = next
        self.limits = limits
        prescan = StreamPrescan(limits)
        try begin()
    }

    /// Fills as much of `target` as there is; fewer bytes mean the end.
    mutating func read(into target: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
        var filled = 0
        while filled < target.count {
            if taken == piece.count {
                guard try refill() else { break }
            }
            let count = min(target.count - filled, piece.count - taken)
            unsafe piece.withUnsafeBufferPointer { piece in
                guard let from = piece.baseAddress, let to = target.baseAddress else { return }
                unsafe (to + filled).update(from: from + taken, count: count)
            }
            taken += count
            filled += count
        }
        return filled
    }

    // MARK: Pieces

    /// False at the end, when the whole document has been scanned.
    private mutating func refill() throws -> Bool {
        guard try fetch() else {
            if !isFinished {
                isFinished = true
                try prescan.finish()
            }
            return false
        }
        try scan(piece)
        return true
    }

    /// Lets `bytes` pass on, or refuses. What stands before `start` is the declaration, which libxml2 judges as well.
    private mutating func scan(_ bytes: [UInt8], from start: Int = 0) throws(XMLRefusal) {
        try prescan.scan(bytes.span.extracting(start...))
        // No document has a NUL (XML 1.0 §2.2), and libxml2 would take it for the end of its input.
        let hasNul = unsafe bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return false }
            return unsafe memchr(base, 0, all.count) != nil
        }
        guard !hasNul else { throw .notWellFormed(line: 0) }
        piece = bytes
        taken = 0
    }

    /// A piece of at least one whole character, not yet scanned; false at the end.
    private mutating func fetch() throws -> Bool {
        while true {
            var fresh = hasEnded ? [] : try next()
            guard !fresh.isEmpty else {
                hasEnded = true
                guard cut.isEmpty else { throw XMLRefusal.unsupportedEncoding }
                piece = []
                taken = 0
                return false
            }
            let (sum, overflow) = bytes.addingReportingOverflow(fresh.count)
            guard !overflow, sum <= limits.document.bytes else { throw XMLRefusal.tooLarge }
            bytes = sum
            if !cut.isEmpty { fresh = cut + fresh }
            let rest = Self.unfinished(fresh)
            cut = Array(fresh.suffix(rest))
            fresh.removeLast(rest)
            guard !fresh.isEmpty else { continue }
            do { _ = try UTF8Span(validating: fresh.span) } catch { throw XMLRefusal.unsupportedEncoding }
            piece = fresh
            return true
        }
    }

    /// How many bytes at the end belong to a character that is not complete.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0xc0 == 0x80 { continue }
            let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
            return length > back ? back : 0
        }
        return 0
    }

    // MARK: Beginning

    /// Where the XML declaration must have ended.
    private static let prologBytes = 1_024

    /// The byte order mark, the encoding and the XML declaration, judged by `Prescan` itself on these few bytes.
    private mutating func begin() throws {
        var start: [UInt8] = []
        while start.count < Self.prologBytes, try fetch() { start += piece }
        if start.isEmpty { throw XMLRefusal.notWellFormed(line: 1) }
        try Self.refuseForeign(start)
        if start.starts(with: [0xef, 0xbb, 0xbf]) { start.removeFirst(3) }
        var position = 0
        if start.starts(with: "<?xml".utf8), start.count > 5, Byte.isSpace(start[5]) {
            guard let end = start.prefix(Self.prologBytes).firstRange(of: Array("?>".utf8))?.upperBound else {
                throw XMLRefusal.notWellFormed(line: 1)
            }
            _ = try Prescan.count(Array(start[..<end]) + Array("<a/>".utf8), limits: .message)
            position = end
        }
        try scan(start, from: position)
    }

    /// `start` is UTF-8; what it begins with may still announce something else.
    private static func refuseForeign(_ start: [UInt8]) throws(XMLRefusal) {
        var few = Array(start.prefix(16))
        few.removeLast(unfinished(few))
        do { _ = try Prescan.count(few + Array("<a/>".utf8), limits: .message) } catch {
            if error == .unsupportedEncoding { throw error }
        }
    }
}
