import Deflate
import Vocabulary

/// Readable forms of the messages that pass through a browser. For people who watch; nothing is verified here.
package enum MessageDecoding {
    /// SAML by parameter name, any JWT by its shape.
    @Sendable package static func standard(_ name: String, _ value: String) -> String? {
        switch name {
        case "SAMLRequest", "SAMLResponse": saml(value)
        default: jwt(value)
        }
    }

    /// A message of the POST binding (Base64) or of the redirect binding (deflated first), one element to a line.
    package static func saml(_ value: String) -> String? {
        guard let bytes = Base64.decodeLenient(value) else { return nil }
        if bytes.first == 0x3c { return broken(String(decoding: bytes, as: UTF8.self)) }
        guard let inflated = try? Inflate.bytes(bytes, limit: 262_144, ratio: 1_032), inflated.first == 0x3c else { return nil }
        return broken(String(decoding: inflated, as: UTF8.self))
    }

    /// Header and claims of a compact JWS.
    package static func jwt(_ value: String) -> String? {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = json(parts[0]), let claims = json(parts[1]), header["alg"] != nil else { return nil }
        return lines(header) + "\n" + lines(claims)
    }

    private static func json(_ part: Substring) -> JSON? {
        Base64url.decode(String(part)).flatMap { try? JSON(reading: $0) }
    }

    private static func lines(_ json: JSON) -> String {
        (json.members ?? []).map { "\($0.0): \($0.1.text)" }.joined(separator: "\n")
    }

    /// A line break between tags, deeper elements further in; long text is cut.
    private static func broken(_ xml: String) -> String {
        var lines: [String] = []
        var depth = 0
        var rest = xml[...]
        while let open = rest.firstIndex(of: "<") {
            let text = rest[..<open]
            guard let close = rest[open...].firstIndex(of: ">") else { break }
            let tag = rest[open...close]
            rest = rest[rest.index(after: close)...]
            let isEnd = tag.hasPrefix("</")
            if isEnd { depth -= 1 }
            if !text.allSatisfy(\.isWhitespace), isEnd, let last = lines.popLast() {
                lines.append(last + (text.utf8.count > 100 ? text.prefix(60) + "…" : text) + tag)
            } else if isEnd, let last = lines.last, last.drop(while: { $0 == " " }).hasPrefix("<" + tag.dropFirst(2).dropLast()),
                !last.contains("</"),
                !last.hasSuffix("/>"), last.prefix(while: { $0 == " " }).count == max(0, depth) * 2
            {
                lines[lines.count - 1] = last + tag
            } else {
                lines.append(String(repeating: "  ", count: max(0, depth)) + tag)
            }
            if !isEnd, !tag.hasSuffix("/>"), !tag.hasPrefix("<?"), !tag.hasPrefix("<!") { depth += 1 }
        }
        return lines.joined(separator: "\n")
    }
}
