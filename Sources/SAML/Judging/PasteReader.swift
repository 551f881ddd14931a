import Deflate
import Vocabulary

/// Takes a paste apart, one wrapping after the other, and writes down what it took off.
struct PasteReader {
    typealias Found = (
        form: PastedMessage.Form, xml: [UInt8], parameters: String, relayState: String?, field: String?, algorithm: String?,
        artifact: PastedArtifact?
    )

    let limits: MessageLimits
    private(set) var steps: [String] = []

    init(limits: MessageLimits) { self.limits = limits }

    mutating func read(_ pasted: [UInt8]) throws(PasteRefusal) -> Found {
        var bytes = pasted[...]
        while let last = bytes.last, Lexical.isSpace(last) { bytes.removeLast() }
        while let first = bytes.first, Lexical.isSpace(first) { bytes.removeFirst() }
        guard !bytes.isEmpty else { throw .empty }
        if Self.isMarkup(bytes) { return try markup(Array(bytes)) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
        if text.hasPrefix("eyJ"), text.split(separator: ".").count >= 3 { throw .token }
        if let found = try parameters(in: text) { return found }
        return try value(text)
    }

    // MARK: Markup

    private static func isMarkup(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.first == 0x3c || bytes.starts(with: [0xef, 0xbb, 0xbf, 0x3c]) || bytes.starts(with: [0xfe, 0xff])
            || bytes.starts(with: [0xff, 0xfe])
    }

    private mutating func markup(_ bytes: [UInt8]) throws(PasteRefusal) -> Found {
        let start = String(decoding: bytes.prefix(4096), as: UTF8.self).lowercased()
        if start.contains("<html") || start.contains("<!doctype html") || start.contains("<form"), !start.contains("urn:oasis:names") {
            return try page(String(decoding: bytes, as: UTF8.self))
        }
        let root = Self.rootName(bytes[...]).lowercased()
        if root == "envelope" { return (.envelope, bytes, "", nil, nil, nil, nil) }
        if root == "entitydescriptor" || root == "entitiesdescriptor" { return (.metadata, bytes, "", nil, nil, nil, nil) }
        return (.xml, bytes, "", nil, nil, nil, nil)
    }

    /// The local name of the first element, without a parser and so also of what no parser takes; a hint and no more.
    static func rootName(_ bytes: ArraySlice<UInt8>) -> String {
        let (comment, end) = (Array("<!--".utf8), Array("-->".utf8))
        var position = bytes.startIndex
        while position < bytes.endIndex {
            guard bytes[position] == 0x3c else {
                position += 1
                continue
            }
            if bytes[position...].starts(with: comment) {
                position += comment.count
                while position < bytes.endIndex, !bytes[position...].starts(with: end) { position += 1 }
                continue
            }
            let rest = bytes[(position + 1)...]
            guard let first = rest.first else { return "" }
            if first != UInt8(ascii: "?"), first != UInt8(ascii: "!") {
                let name = rest.prefix { !Lexical.isSpace($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }
                let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
                return String(decoding: local, as: UTF8.self)
            }
            position += 1
        }
        return ""
    }

    /// The hidden inputs of a page that posts itself.
    private mutating func page(_ text: String) throws(PasteRefusal) -> Found {
        steps.append("took the hidden fields out of the page")
        var fields: [(String, String)] = []
        for tag in text.components(between: "<input", and: ">").prefix(64) {
            guard let name = Self.attribute("name", of: tag), let value = Self.attribute("value", of: tag) else { continue }
            fields.append((name, value))
        }
        guard fields.contains(where: { $0.0 == "SAMLRequest" || $0.0 == "SAMLResponse" }) else {
            throw .nothing("the page has no hidden field SAMLRequest or SAMLResponse")
        }
        let form = fields.map { PercentEncoding.encode($0.0) + "=" + PercentEncoding.encode($0.1) }.joined(separator: "&")
        guard let found = try parameters(in: form) else { throw .nothing("the page's form") }
        return (.page, found.xml, form, found.relayState, found.field, found.algorithm, nil)
    }

    private static func attribute(_ name: String, of tag: String) -> String? {
        for quote in ["\"", "'"] {
            for space in [" ", "\t", "\n"] {
                guard let value = tag.components(between: space + name + "=" + quote, and: quote).first else { continue }
                return [
                    ("&#43;", "+"), ("&#x2B;", "+"), ("&#61;", "="), ("&#x3D;", "="), ("&#10;", "\n"), ("&#13;", "\r"), ("&quot;", "\""),
                    ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"),
                ].reduce(value) { $0.replacing($1.0, with: $1.1) }
            }
        }
        return nil
    }

    // MARK: Queries and forms

    private mutating func parameters(in text: String) throws(PasteRefusal) -> Found? {
        guard ["SAMLRequest=", "SAMLResponse=", "SAMLart="].contains(where: { text.contains($0) }) else { return nil }
        var query = text[...]
        if let mark = query.firstIndex(of: "?"), query[..<mark].contains("/") {
            steps.append("took the query out of the address")
            query = query[query.index(after: mark)...]
        }
        if let hash = query.firstIndex(of: "#") { query = query[..<hash] }
        // A line of a log or a terminal may be broken anywhere; no parameter holds white space.
        let joined = String(query.filter { !$0.isWhitespace })
        if joined.utf8.count != query.utf8.count { steps.append("took out line breaks and blanks") }
        var values: [String: String] = [:]
        for pair in joined.split(separator: "&").prefix(limits.parameters) {
            guard let equals = pair.firstIndex(of: "=") else { continue }
            let name = Self.unescaped(String(pair[..<equals])) ?? ""
            if values[name] == nil { values[name] = Self.unescaped(String(pair[pair.index(after: equals)...])) }
        }
        if let artifact = values["SAMLart"] { return try self.artifact(artifact, joined, values["RelayState"]) }
        let field = values["SAMLRequest"] != nil ? "SAMLRequest" : "SAMLResponse"
        guard let sent = values[field] else { throw .nothing("the parameter \(field) cannot be read") }
        let (xml, isDeflated) = try opened(sent)
        return (
            isDeflated ? .query : .form, xml, joined, values["RelayState"], field, values["SigAlg"], nil
        )
    }

    private mutating func artifact(_ value: String, _ query: String, _ relayState: String?) throws(PasteRefusal) -> Found {
        guard let bytes = Base64.decodeLenient(value), bytes.count == 44, bytes[0] == 0, bytes[1] == 4 else {
            throw .nothing("SAMLart is no artifact of type 4")
        }
        let artifact = PastedArtifact(
            type: 4, endpoint: Int(bytes[2]) << 8 | Int(bytes[3]), source: Hexadecimal.encode(bytes[4..<24]))
        return (.artifact, [], query, relayState, "SAMLart", nil, artifact)
    }

    // MARK: Values

    private mutating func value(_ text: String) throws(PasteRefusal) -> Found {
        var text = text
        if text.contains("%") {
            guard let plain = Self.unescaped(text) else { throw .nothing("a `%` that is followed by no two hexadecimal digits") }
            steps.append("undid the percent-encoding")
            text = plain
        }
        if let bytes = Base64.decodeLenient(text), bytes.count == 44, bytes[0] == 0, bytes[1] == 4 {
            return try artifact(text, "SAMLart=" + PercentEncoding.encode(text), nil)
        }
        let (xml, isDeflated) = try opened(text)
        let isAnswer = Self.rootName(xml[...]).hasSuffix("Response")
        let field = isAnswer ? "SAMLResponse" : "SAMLRequest"
        let packed = text.filter { !$0.isWhitespace }
        return (isDeflated ? .deflated : .base64, xml, field + "=" + PercentEncoding.encode(packed), nil, field, nil, nil)
    }

    private mutating func opened(_ value: String) throws(PasteRefusal) -> (xml: [UInt8], isDeflated: Bool) {
        // A `+` of a query that was not percent-encoded became a blank.
        let restored = value.replacing(" ", with: "+")
        guard let bytes = Base64.decodeLenient(value) ?? Base64.decodeLenient(restored) ?? Base64url.decode(value), !bytes.isEmpty else {
            throw .nothing("neither XML, nor a query or form with a SAML parameter, nor Base64")
        }
        if value.contains(where: \.isWhitespace) { steps.append("took out line breaks and blanks") }
        steps.append("Base64: \(bytes.count) octets")
        var start = bytes[...]
        while let first = start.first, Lexical.isSpace(first) { start.removeFirst() }
        if Self.isMarkup(start) { return (bytes, false) }
        do {
            let xml = try Inflate.bytes(bytes, limit: limits.message, ratio: limits.ratio)
            steps.append("inflated (raw DEFLATE): \(xml.count) octets")
            return (xml, true)
        } catch { throw .deflate(error) }
    }

    private static func unescaped(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next(), let low = rest.next(),
                let pair = Hexadecimal.decode(String(decoding: [high, low], as: UTF8.self))
            else { return nil }
            bytes += pair
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension String {
    /// The texts between each `start` and the next `end`; one pass.
    fileprivate func components(between start: String, and end: String) -> [String] {
        var found: [String] = []
        for piece in split(separator: start, omittingEmptySubsequences: false).dropFirst() {
            guard let last = piece.ranges(of: end).first else { continue }
            found.append(String(piece[..<last.lowerBound]))
        }
        return found
    }
}
