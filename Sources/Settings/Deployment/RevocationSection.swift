import Credentials
import Vocabulary

/// The `card.revocation:` part of sekisho.yaml.
enum RevocationSection {
    enum Switch: String, CaseIterable {
        case on, off
    }

    static func read(_ section: Section?, _ card: Section) -> Configuration.Revocation {
        defer { section?.finish() }
        var hosts: Set<String> = []
        var lists: [Configuration.Revocation.List] = []
        for (text, line) in section?.texts("lists") ?? [] {
            if text.contains("://") {
                guard let address = section?.address(text, "lists", line) else { continue }
                hosts.insert(address.host + ":" + String(address.port))
                lists.append(.url(text))
            } else {
                lists.append(.file(text))
            }
        }
        let refresh = section?.duration("refresh", in: 10...86_400) ?? 3600
        let standard = StatusAges.daily
        let ages = StatusAges(
            list: section?.duration("list-maximum-age", in: 60...30 * 86_400) ?? standard.list,
            answer: section?.duration("ocsp-maximum-age", in: 60...30 * 86_400) ?? standard.answer)
        let isOnLine = section?.choice("ocsp", Switch.self) != .off
        let url = section?.text("ocsp-url").flatMap { section?.address($0, "ocsp-url", section?.line(of: "ocsp-url") ?? 0) }
        let timeout = section?.duration("ocsp-timeout", in: 1...30) ?? 3
        let order = section?.choice("order", Configuration.Revocation.Order.self) ?? .listFirst
        if !isOnLine {
            for key in ["ocsp-url", "ocsp-timeout", "ocsp-maximum-age"] where section?.has(key) == true {
                section?.report(
                    "card.revocation.ocsp", at: section?.line(of: key), "`ocsp` is off, so `\(key)` does nothing",
                    "remove the line, or write `ocsp: on`")
            }
            if lists.isEmpty {
                (section ?? card).report(
                    "card.revocation.none", at: nil, "no list and no on-line status: nobody could log in",
                    "name a list, or write `ocsp: on`")
            }
        }
        if let url { hosts.insert(url.host + ":" + String(url.port)) }
        return Configuration.Revocation(
            lists: lists, refresh: refresh, ages: ages,
            onLine: isOnLine ? Configuration.Revocation.OnLine(url: url?.text, timeout: timeout) : nil, order: order, hosts: hosts)
    }
}
