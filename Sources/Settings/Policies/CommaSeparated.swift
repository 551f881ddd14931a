/// Text with commas (RFC 4180) as spreadsheets write it: a byte order mark, either line end, quoted cells that hold commas and line ends.
enum CommaSeparated {
    struct Row {
        /// Where the row begins, from 1.
        let line: Int
        let cells: [String]
    }

    enum Fault: Error {
        case quote(line: Int)
        case rows
    }

    /// The rows that are not empty. At most `most` are read; the size of the text bounds the rest.
    static func rows(of text: String, most: Int) throws(Fault) -> [Row] {
        var reader = Reader(bytes: Array(text.utf8))
        var rows: [Row] = []
        while let row = try reader.next() {
            guard row.cells.contains(where: { !trimmed($0).isEmpty }) else { continue }
            guard rows.count < most else { throw .rows }
            rows.append(row)
        }
        return rows
    }

    /// Without spaces and tabs around it.
    static func trimmed(_ text: String) -> String {
        var part = text[...]
        while let first = part.first, first == " " || first == "\t" || first == "\u{3000}" { part.removeFirst() }
        while let last = part.last, last == " " || last == "\t" || last == "\u{3000}" { part.removeLast() }
        return String(part)
    }

    private struct Reader {
        let bytes: [UInt8]
        private var at = 0
        private var line = 1

        init(bytes: [UInt8]) {
            self.bytes = bytes
            if bytes.starts(with: [0xef, 0xbb, 0xbf]) { at = 3 }
        }

        mutating func next() throws(Fault) -> Row? {
            guard at < bytes.count else { return nil }
            let start = line
            var cells: [String] = []
            while true {
                cells.append(try cell())
                guard at < bytes.count else { break }
                let end = bytes[at]
                at += 1
                if end == 0x2c { continue }
                // CR LF, LF, or the lone CR of old spreadsheets.
                if end == 0x0d, at < bytes.count, bytes[at] == 0x0a { at += 1 }
                line += 1
                break
            }
            return Row(line: start, cells: cells)
        }

        /// Up to the comma or line end behind it, which stays.
        private mutating func cell() throws(Fault) -> String {
            guard at < bytes.count, bytes[at] == 0x22 else {
                let start = at
                while at < bytes.count, ![0x2c, 0x0a, 0x0d].contains(bytes[at]) { at += 1 }
                return String(decoding: bytes[start..<at], as: UTF8.self)
            }
            let opened = line
            at += 1
            var text: [UInt8] = []
            while at < bytes.count {
                let byte = bytes[at]
                at += 1
                guard byte == 0x22 else {
                    if byte == 0x0a { line += 1 }
                    text.append(byte)
                    continue
                }
                if at < bytes.count, bytes[at] == 0x22 {
                    at += 1
                    text.append(byte)
                    continue
                }
                guard at == bytes.count || [0x2c, 0x0a, 0x0d].contains(bytes[at]) else { throw .quote(line: opened) }
                return String(decoding: text, as: UTF8.self)
            }
            throw .quote(line: opened)
        }
    }
}
