import Vocabulary

/// An address as the operator writes it: an origin such as `https://login.example.jp`, or with a path behind it where one is expected.
struct BaseAddress: Hashable, Sendable {
    let text: String
    let isSecure: Bool
    /// Lower case, without port.
    let host: String
    let port: Int
    let hasPath: Bool

    /// The one spelling of an address: it is compared byte for byte and stands in every message, so nothing is normalized.
    init?(_ text: String) {
        let rest: Substring
        if text.hasPrefix("https://") {
            (rest, isSecure) = (text.dropFirst(8), true)
        } else if text.hasPrefix("http://") {
            (rest, isSecure) = (text.dropFirst(7), false)
        } else {
            return nil
        }
        guard (10...512).contains(text.utf8.count), !text.hasSuffix("/") else { return nil }
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard path.utf8.allSatisfy({ $0.isBase64url || $0 == 0x2f || $0 == 0x2e || $0 == 0x7e }), !path.contains("//"),
            !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." })
        else { return nil }
        guard let (host, port) = Self.split(authority) else { return nil }
        self.text = text
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        hasPath = !path.isEmpty
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        let isNumeric = authority.hasPrefix("[")
        let end =
            isNumeric ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let end else { return nil }
        let host = authority[..<end]
        let inside = isNumeric ? host.dropFirst().dropLast() : host
        guard !inside.isEmpty,
            inside.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2d || $0 == 0x2e || (isNumeric && $0 == 0x3a)
            })
        else { return nil }
        guard end < authority.endIndex else { return (String(host), nil) }
        guard authority[end] == ":", let port = Int(authority[authority.index(after: end)...]), (1...65_535).contains(port),
            authority[authority.index(after: end)...].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return (String(host), port)
    }

    /// This machine, as a browser on it names it.
    var isLoopback: Bool { ["127.0.0.1", "localhost", "[::1]"].contains(host) }
}

extension Section {
    /// An origin of ours. Cookies belong to a whole host, so the platform has one to itself: a path is refused.
    func origin(_ key: String, required: Bool = false) -> BaseAddress? {
        guard let text = text(key, required: required, limit: 512) else { return nil }
        guard let address = BaseAddress(text), !address.hasPath else {
            report(
                "address.origin", at: line(of: key), "`" + name(key) + "` is no origin",
                "write it like https://login.example.jp: lower case, no path, no slash at the end")
            return nil
        }
        return address
    }

    /// An address that we ask for something.
    func address(_ text: String, _ key: String, _ line: Int) -> BaseAddress? {
        if let address = BaseAddress(text) { return address }
        report(
            "address.url", at: line, "`" + name(key) + "` has no address we could ask: `" + Explanation.redacted(text) + "`",
            "write it like http://crl.example.jp/auth.crl: lower-case host, no query")
        return nil
    }

    func endpoint(_ key: String, host: String, port: Int) -> Endpoint {
        guard let section = section(key) else { return Endpoint(host: host, port: port) }
        let host = section.text("host", limit: 255) ?? host
        let port = section.integer("port", in: 0...65_535, default: port)
        section.finish()
        return Endpoint(host: host, port: port)
    }
}
