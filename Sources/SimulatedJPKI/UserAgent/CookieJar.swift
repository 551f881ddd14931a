import Outbound
package import Vocabulary

/// The cookies of one browser, by RFC 6265 with `SameSite` and the name prefixes of its successor draft (6265bis). Ports do not keep
/// cookies apart, as in any browser: two services on one host see each other's.
package struct CookieJar: Sendable {
    package struct Cookie: Hashable, Sendable {
        package enum SameSite: Sendable { case strict, lax, none }

        package let name: String
        package let value: String
        package let domain: String
        package let isHostOnly: Bool
        package let path: String
        package let isSecure: Bool
        package let sameSite: SameSite
        package let expires: Timestamp?
    }

    package private(set) var cookies: [Cookie] = []

    package init() {}

    /// The `Cookie` header for a request, and the names in it. `initiator` is the page that caused it; nil when the person typed it.
    func header(for request: OutboundRequest, from initiator: WebAddress?, at now: Timestamp) -> (text: String, names: [String])? {
        let address = request.address
        let isSameSite = initiator.map { $0.site == address.site } ?? true
        let sent = cookies.filter { cookie in
            guard cookie.expires.map({ now < $0 }) ?? true, cookie.matches(address) else { return false }
            guard !cookie.isSecure || address.isTrustworthy else { return false }
            switch cookie.sameSite {
            case .none: return true
            case .lax: return isSameSite || request.method == .get
            case .strict: return isSameSite
            }
        }.sorted { $0.path.utf8.count > $1.path.utf8.count }
        guard !sent.isEmpty else { return nil }
        return (sent.map { $0.name + "=" + $0.value }.joined(separator: "; "), sent.map(\.name))
    }

    /// Keeps what an answer sets; the names of cookies that were taken, not of those refused.
    mutating func store(_ answer: OutboundAnswer, at now: Timestamp) -> [String] {
        var names: [String] = []
        for header in answer.headers where header.name.lowercased() == "set-cookie" {
            guard let cookie = Cookie(header.value, from: answer.address, at: now) else { continue }
            cookies.removeAll { $0.name == cookie.name && $0.domain == cookie.domain && $0.path == cookie.path }
            names.append(cookie.name)
            guard cookie.expires.map({ now < $0 }) ?? true, cookies.count < Self.most else { continue }
            cookies.append(cookie)
        }
        return names
    }

    /// RFC 6265 §6.1 asks for room for at least this many.
    private static let most = 3000
}

extension CookieJar.Cookie {
    /// RFC 6265 §5.2–5.3; nil for what a browser would not keep.
    init?(_ header: String, from address: WebAddress, at now: Timestamp) {
        guard header.utf8.count <= 8192 else { return nil }
        let parts = header.split(separator: ";", omittingEmptySubsequences: false).map { Self.trimmed($0) }
        guard let pair = parts.first, let separator = pair.firstIndex(of: "="), separator != pair.startIndex else { return nil }
        var attributes: [String: String] = [:]
        for part in parts.dropFirst() {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            attributes[Self.trimmed(halves.first ?? "").lowercased()] = halves.count > 1 ? Self.trimmed(halves[1]) : ""
        }
        let name = Self.trimmed(pair[..<separator])
        let isSecure = attributes["secure"] != nil
        guard !isSecure || address.isTrustworthy else { return nil }

        var domain = address.host
        var isHostOnly = true
        if let wanted = attributes["domain"]?.lowercased(), !wanted.isEmpty {
            domain = wanted.hasPrefix(".") ? String(wanted.dropFirst()) : wanted
            // Without a list of public suffixes, a domain of one label is taken for one.
            guard domain.contains("."), address.host == domain || address.isBelow(domain) else { return nil }
            isHostOnly = false
        }
        var path = address.path.hasPrefix("/") ? address.path : "/"
        if let wanted = attributes["path"], wanted.hasPrefix("/") {
            path = wanted
        } else {
            let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
            path = folder.isEmpty ? "/" : String(folder)
        }
        if name.hasPrefix("__Secure-"), !isSecure { return nil }
        if name.hasPrefix("__Host-"), !isSecure || !isHostOnly || path != "/" { return nil }

        let sameSite: SameSite
        switch attributes["samesite"]?.lowercased() {
        case "strict": sameSite = .strict
        case "none":
            guard isSecure else { return nil }
            sameSite = .none
        default: sameSite = .lax
        }
        var expires = attributes["expires"].flatMap(HTTPDate.read)
        if let age = attributes["max-age"].flatMap(Int64.init) { expires = age <= 0 ? now : now.adding(seconds: age) }
        self.init(
            name: name, value: Self.trimmed(pair[pair.index(after: separator)...]), domain: domain, isHostOnly: isHostOnly, path: path,
            isSecure: isSecure, sameSite: sameSite, expires: expires)
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    func matches(_ address: WebAddress) -> Bool {
        guard address.host == domain || (!isHostOnly && address.isBelow(domain)) else { return false }
        return address.path == path
            || (address.path.hasPrefix(path) && (path.hasSuffix("/") || address.path.dropFirst(path.count).hasPrefix("/")))
    }
}

extension WebAddress {
    fileprivate func isBelow(_ domain: String) -> Bool { NetworkAddress(host) == nil && host.hasSuffix("." + domain) }

    /// Browsers treat the machine itself as secure (W3C Secure Contexts §3.1), so development needs no certificate.
    fileprivate var isTrustworthy: Bool {
        scheme == .https || host == "localhost" || host.hasSuffix(".localhost") || host == "::1"
            || (NetworkAddress(host) != nil && host.hasPrefix("127."))
    }

    /// Scheme and registrable domain; the last two labels stand for the latter.
    fileprivate var site: String {
        guard NetworkAddress(host) == nil else { return scheme.rawValue + "://" + host }
        return scheme.rawValue + "://" + host.split(separator: ".").suffix(2).joined(separator: ".")
    }
}

/// The date of an `Expires` attribute, in the forms servers write (RFC 6265 §5.1.1).
enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    static func read(_ text: String) -> Timestamp? {
        var day: Int64?
        var month: Int64?
        var year: Int64?
        var clock: [Int64]?
        for token in text.lowercased().split(whereSeparator: { " ,-".contains($0) }) {
            if token.contains(":") {
                clock = token.split(separator: ":").compactMap { Int64($0) }
            } else if let index = months.firstIndex(of: String(token.prefix(3))) {
                month = Int64(index + 1)
            } else if let number = Int64(token), number >= 0 {
                if day == nil, token.count <= 2 {
                    day = number
                } else {
                    year = number < 70 ? number + 2000 : number < 100 ? number + 1900 : number
                }
            }
        }
        guard let day, let month, let year, let clock, clock.count == 3, (1...31).contains(day), (1601...9999).contains(year),
            clock[0] < 24, clock[1] < 60, clock[2] < 60
        else { return nil }
        let days = Calendar.days(fromYear: year, month: month, day: day)
        return Timestamp(seconds: days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
    }
}
