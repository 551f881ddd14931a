import Vocabulary

/// The textual encoding of DER (RFC 7468), for files an operator keeps: certificates and keys.
package enum PEM {
    /// The DER of every block with exactly this label, in order. Blocks with other labels and text between blocks are passed over; a
    /// block with this label that is not Base64, carries headers or never ends yields nothing. One pass over the text.
    package static func decode(_ text: [UInt8], label: String) -> [[UInt8]] {
        let begin = "-----BEGIN \(label)-----"
        let end = "-----END \(label)-----"
        var blocks: [[UInt8]] = []
        var body: [Substring]?
        for line in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let line = line.trimmed
            if line == begin {
                body = []
            } else if line == end, let lines = body {
                if let der = Base64.decodeLenient(lines.joined()) { blocks.append(der) }
                body = nil
            } else {
                body?.append(line)
            }
        }
        return blocks
    }

    /// Lines of 64 characters, as RFC 7468 §2 asks of generators.
    package static func encode(_ der: [UInt8], label: String) -> String {
        var text = "-----BEGIN \(label)-----\n"
        var rest = Base64.encode(der)[...]
        while !rest.isEmpty {
            text += rest.prefix(64) + "\n"
            rest = rest.dropFirst(64)
        }
        return text + "-----END \(label)-----\n"
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
