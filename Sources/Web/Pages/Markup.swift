import Vocabulary

/// HTML under construction. Text and attribute values are escaped by construction; raw markup comes only from literals in this room
/// (checklist H12).
struct Markup: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Of every `Words` in here.
    let language: Language
    /// Which sheet and which scripts the policy of the answer has to allow.
    var sheet = Pages.Sheet.full
    private(set) var scripts: [Pages.Script] = []
    /// Whether something on it is sent.
    var hasForm = false

    init() { language = .current }

    init(capacity: Int) {
        self.init()
        bytes.reserveCapacity(capacity)
    }

    mutating func raw(_ literal: StaticString) { bytes += String(describing: literal).utf8 }

    /// A message in Base64, which has nothing to escape.
    mutating func base64(_ message: [UInt8]) { Base64.encode(message, into: &bytes) }

    mutating func text(_ text: String) {
        // Most texts have nothing to escape: copied whole, then looked through as an array.
        let start = bytes.count
        bytes += text.utf8
        guard let special = bytes[start...].firstIndex(where: Self.isSpecial) else { return }
        let tail = Array(bytes[special...])
        bytes.removeLast(tail.count)
        for byte in tail {
            switch byte {
            case 0x26: bytes += "&amp;".utf8
            case 0x3c: bytes += "&lt;".utf8
            case 0x3e: bytes += "&gt;".utf8
            case 0x22: bytes += "&quot;".utf8
            case 0x27: bytes += "&#39;".utf8
            default: bytes.append(byte)
            }
        }
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == 0x26 || byte == 0x3c || byte == 0x3e || byte == 0x22 || byte == 0x27
    }

    mutating func element(_ start: StaticString, _ text: String, _ end: StaticString) {
        raw(start)
        self.text(text)
        raw(end)
    }

    mutating func append(_ other: Markup) {
        bytes += other.bytes
        hasForm = hasForm || other.hasForm
        for script in other.scripts where !scripts.contains(script) { scripts.append(script) }
    }

    /// In the page's language; in easy Japanese with the readings above what is written in kanji.
    mutating func words(_ words: Words) {
        let said = words(language)
        guard language == .easy else { return text(said) }
        for part in Furigana.parts(of: said) {
            guard let reading = part.reading else {
                text(part.text)
                continue
            }
            raw("<ruby>")
            text(part.text)
            // For the eye alone: whoever listens would hear every word twice.
            element("<rt aria-hidden=\"true\">", reading, "</rt></ruby>")
        }
    }

    /// The same where no element may stand: in an attribute, a title, an option.
    mutating func plain(_ words: Words) { text(words(language)) }

    /// An element with its attributes escaped; `attributes` without a value are written bare. Names are ours, never input.
    mutating func open(_ tag: StaticString, _ attributes: [(StaticString, String?)] = []) {
        raw("<")
        raw(tag)
        for (name, value) in attributes {
            raw(" ")
            raw(name)
            if let value { element("=\"", value, "\"") }
        }
        raw(">")
    }

    mutating func close(_ tag: StaticString) {
        raw("</")
        raw(tag)
        raw(">")
    }

    /// One of our static scripts, allowed by its digest; once on a page. Every page works without it.
    mutating func script(_ script: Pages.Script) {
        guard !scripts.contains(script) else { return }
        scripts.append(script)
        raw(script.element)
    }
}
