package import Outbound

extension WebAddress {
    /// What a reference on this page means: RFC 3986 §5.2, the fragment cut off as it never leaves the browser. Nil for a scheme that
    /// is not http or https, and for text that no two readers agree on.
    package func resolving(_ reference: String) -> WebAddress? {
        let text = String(reference.prefix { $0 != "#" })
        if let absolute = WebAddress(text) { return WebAddress(absolute.origin + Self.withoutDots(absolute.target)) }
        guard !Self.hasScheme(text) else { return nil }
        if text.hasPrefix("//") { return WebAddress(scheme.rawValue + ":" + text) }
        if text.isEmpty { return self }
        if text.hasPrefix("?") { return WebAddress(origin + path + text) }
        if text.hasPrefix("/") { return WebAddress(origin + Self.withoutDots(text)) }
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return WebAddress(origin + Self.withoutDots(folder + text))
    }

    private static func hasScheme(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        return !text[..<colon].contains { $0 == "/" || $0 == "?" }
    }

    /// RFC 3986 §5.2.4, on the path only.
    private static func withoutDots(_ target: String) -> String {
        let path = target.prefix { $0 != "?" }
        let tail = target[path.endIndex...]
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/") + tail
    }

    /// Parameters of a query or of a form body, in order, decoded (`application/x-www-form-urlencoded`).
    static func parameters(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts.first ?? ""), decoded(parts.count > 1 ? parts[1] : ""))
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        var index = 0
        while index < source.count {
            if source[index] == 0x25, index + 2 < source.count,
                let byte = UInt8(String(decoding: source[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
                index += 3
            } else {
                bytes.append(source[index] == 0x2b ? 0x20 : source[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `application/x-www-form-urlencoded` of a form's fields (URL Standard §5.2).
    static func encoded(_ fields: [(name: String, value: String)]) -> String {
        fields.map { encoded($0.name) + "=" + encoded($0.value) }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2a, 0x2d, 0x2e, 0x5f: bytes.append(byte)
            case 0x20: bytes.append(0x2b)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
