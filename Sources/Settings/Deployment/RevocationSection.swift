import Credentials
import Vocabulary

/// The `card.revocation:` part of sekisho.yaml: where the word about a card's revocation comes from, in which order it is asked for, how
/// old it may be, and what happens when nobody can say.
struct RevocationSection {
    enum Switch: String, CaseIterable {
        case on, off
    }

    private let section: Section?
    private var hosts: Set<String> = []

    static func read(_ section: Section?, _ card: Section) -> Configuration.Revocation {
        var reader = RevocationSection(section: section)
        defer { section?.finish() }
        return reader.read(card)
    }

    private init(section: Section?) { self.section = section }

    private mutating func read(_ card: Section) -> Configuration.Revocation {
        let lists = lists()
        let standard = StatusAges.daily
        let ages = StatusAges(
            list: section?.duration("list-maximum-age", in: 60...30 * 86_400) ?? standard.list,
            answer: section?.duration("ocsp-maximum-age", in: 60...30 * 86_400) ?? standard.answer)
        let rules = Configuration.Revocation.ListRules(
            smallestShare: section?.integer("list-smallest-share", in: 0...100) ?? 80,
            largest: (section?.integer("list-largest-mib", in: 1...8192) ?? 2048) << 20)
        let refresh = section?.duration("refresh", in: 10...86_400) ?? 3600
        let onLine = onLine()
        let order = section?.choice("order", Configuration.Revocation.Order.self)
        if onLine == nil { refuseDead(lists, order, card) }
        return Configuration.Revocation(
            lists: lists, refresh: refresh, ages: ages, onLine: onLine, order: order ?? .listFirst, hosts: hosts,
            skew: section?.duration("clock-skew", in: 0...600) ?? 60, listRules: rules)
    }

    private mutating func lists() -> [Configuration.Revocation.List] {
        var lists: [Configuration.Revocation.List] = []
        for (text, line) in section?.texts("lists") ?? [] {
            guard text.contains("://") else {
                lists.append(.file(text))
                continue
            }
            guard let address = section?.address(text, "lists", line) else { continue }
            hosts.insert(address.host + ":" + String(address.port))
            lists.append(.url(text))
        }
        return lists
    }

    /// Nil when `ocsp` is off.
    private mutating func onLine() -> Configuration.Revocation.OnLine? {
        let isOn = section?.choice("ocsp", Switch.self) != .off
        let url = responder("ocsp-url"), fallback = responder("ocsp-fallback-url")
        if let url, url == fallback {
            section?.report(
                "card.revocation.fallback", at: section?.line(of: "ocsp-fallback-url"), "the fall-back responder is the first one again",
                "name another responder, or remove the line")
        }
        let timeout = section?.duration("ocsp-timeout", in: 1...30) ?? 3
        let digest = section?.choice("ocsp-digest", Configuration.Revocation.Digest.self) ?? .sha256
        let nonce = section?.choice("ocsp-nonce", Configuration.Revocation.Nonce.self) ?? .sent
        let method = asked("ocsp-method", nonce), fallbackMethod = asked("ocsp-fallback-method", nonce)
        if section?.has("ocsp-fallback-method") == true, fallback == nil {
            section?.report(
                "card.revocation.method", at: section?.line(of: "ocsp-fallback-method"), "there is no fall-back responder to be asked so",
                "name it by `ocsp-fallback-url`, or remove the line")
        }
        guard isOn else { return nil }
        return Configuration.Revocation.OnLine(
            url: url, fallback: fallback, timeout: timeout, digest: digest, nonce: nonce, method: method, fallbackMethod: fallbackMethod)
    }

    private func asked(_ key: String, _ nonce: Configuration.Revocation.Nonce) -> Configuration.Revocation.Method {
        let method = section?.choice(key, Configuration.Revocation.Method.self) ?? .post
        if method == .get, nonce == .required {
            section?.report(
                "card.revocation.method", at: section?.line(of: key), "a cache cannot answer a request with a nonce, which is required",
                "write `\(key): post`, or `ocsp-nonce: sent`")
        }
        return method
    }

    private mutating func responder(_ key: String) -> String? {
        guard let section, let text = section.text(key), let address = section.address(text, key, section.line(of: key)) else { return nil }
        hosts.insert(address.host + ":" + String(address.port))
        return address.text
    }

    /// On-line status is off: what would only matter with it is a line somebody believes in.
    private func refuseDead(_ lists: [Configuration.Revocation.List], _ order: Configuration.Revocation.Order?, _ card: Section) {
        for key in [
            "ocsp-url", "ocsp-fallback-url", "ocsp-timeout", "ocsp-maximum-age", "ocsp-digest", "ocsp-nonce",
            "ocsp-method", "ocsp-fallback-method",
        ] where section?.has(key) == true {
            section?.report(
                "card.revocation.ocsp", at: section?.line(of: key), "`ocsp` is off, so `\(key)` does nothing",
                "remove the line, or write `ocsp: on`")
        }
        if order == .onlineFirst {
            section?.report(
                "card.revocation.ocsp", at: section?.line(of: "order"), "`ocsp` is off, so nothing can be asked on-line first",
                "write `order: list-first`, or `ocsp: on`")
        }
        guard lists.isEmpty else { return }
        (section ?? card).report(
            "card.revocation.none", at: nil, "no list and no on-line status: nobody could log in", "name a list, or write `ocsp: on`")
    }
}
