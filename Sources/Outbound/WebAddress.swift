/// An absolute http or https address that every reader takes apart in the same way: plain ASCII, no user name, no back-slash, no
/// fragment, the host a name or a canonical numeric address.
package struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: String, Sendable { case http, https }

    package let scheme: Scheme
    /// Lower case; an IPv6 address stands without its brackets.
    package let host: String
    package let port: Int
    /// Path and query, beginning with `/`.
    package let target: String

    /// SAML's redirect binding carries whole messages in the query; longer ones use POST.
    package static let longest = 16_384

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.longest, bytes.allSatisfy({ (0x21...0x7e).contains($0) && !Self.confusing.contains($0) }) else {
            return nil
        }
        guard let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: text[..<colon].lowercased()) else { return nil }
        let rest = text[text.index(after: colon)...]
        guard rest.hasPrefix("//") else { return nil }
        let afterSlashes = rest.dropFirst(2)
        let end = afterSlashes.firstIndex { $0 == "/" || $0 == "?" } ?? afterSlashes.endIndex
        guard let (host, port) = Self.authority(afterSlashes[..<end], scheme) else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port
        let tail = afterSlashes[end...]
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
    }

    /// `"`, `#`, `<`, `>`, `\`, `^`, `` ` ``, `{`, `|`, `}`: some reader gives each a meaning of its own.
    private static let confusing: Set<UInt8> = [0x22, 0x23, 0x3c, 0x3e, 0x5c, 0x5e, 0x60, 0x7b, 0x7c, 0x7d]

    private static func authority(_ text: Substring, _ scheme: Scheme) -> (String, Int)? {
        var name = text
        var port = scheme == .http ? 80 : 443
        let colon: Substring.Index?
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            colon = text[bracket...].firstIndex(of: ":")
            guard text.index(after: bracket) == (colon ?? text.endIndex) else { return nil }
        } else {
            colon = text.firstIndex(of: ":")
        }
        if let colon {
            let digits = text[text.index(after: colon)...]
            guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(digits), (1...65_535).contains(number)
            else { return nil }
            port = number
            name = text[..<colon]
        }
        guard let host = host(name) else { return nil }
        return (host, port)
    }

    private static func host(_ text: Substring) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inner = String(text.dropFirst().dropLast()).lowercased()
            guard case .six = NetworkAddress(inner) else { return nil }
            return inner
        }
        let name = text.lowercased()
        guard (1...253).contains(name.utf8.count) else { return nil }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard
            labels.allSatisfy({ label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x5f }
            })
        else { return nil }
        // `2130706433`, `0x7f.1` and `127.1` are 127.0.0.1 to some resolvers: a name that ends in a number is a dotted quad or nothing.
        guard let last = labels.last, last.first?.isNumber == true else { return name }
        if last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) || last.hasPrefix("0x") {
            guard case .four = NetworkAddress(name) else { return nil }
        }
        return name
    }

    private var hostText: String { host.contains(":") ? "[" + host + "]" : host }

    /// Scheme, host and port, the port only when it is not the scheme's own (RFC 6454 §6.1).
    package var origin: String {
        let usual = scheme == .http ? 80 : 443
        return scheme.rawValue + "://" + hostText + (port == usual ? "" : ":" + String(port))
    }

    package var path: String { String(target.prefix { $0 != "?" }) }

    /// What stands behind the question mark, as it came.
    package var query: String? {
        target.firstIndex(of: "?").map { String(target[target.index(after: $0)...]) }
    }

    package var description: String { origin + target }
}
