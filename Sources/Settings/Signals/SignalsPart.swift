import OpenID
import Signals
import Vocabulary

/// The `signals:` part of sekisho.yaml: security events for members (docs/protocols/signals.md).
enum SignalsPart {
    static func read(_ section: Section?) -> SignalRules {
        guard let section else { return SignalRules() }
        defer { section.finish() }
        let rules = SignalRules(
            isOffered: section.flag("offered", default: true), keep: section.duration("keep", in: 3_600...30 * 86_400, default: 7 * 86_400),
            queue: section.integer("queue", in: 100...100_000, default: 10_000),
            streams: section.integer("streams", in: 1...16, default: 4),
            verification: section.duration("verification-interval", in: 1...86_400, default: 60),
            wait: section.duration("poll-wait", in: 1...55, default: 30),
            inactivity: section.duration("inactivity-timeout", in: 3_600...366 * 86_400))
        if !rules.isOffered, section.keys.count > 1 {
            section.report(
                "signals.off-but-set", at: section.line(of: "offered"), "events are not offered, and yet their limits are set",
                "remove `offered: false`, or the lines beside it")
        }
        return rules
    }
}

/// `signals:` in a member's file: which events it may have, where they may be pushed to, and how they are encrypted to it.
enum SignalTermsSection {
    static func read(_ section: Section) -> SignalRegistration? {
        defer { section.finish() }
        return terms(section)
    }

    /// Its own keys only; the caller finishes the section.
    static func terms(_ section: Section) -> SignalRegistration? {
        var events: Set<String> = []
        for (word, line) in section.texts("events", required: true, limit: 256) ?? [] {
            guard let type = EventType.named(word) else {
                section.report(
                    "member.signals.event", at: line, "`" + Explanation.redacted(word) + "` is no event that a member can have",
                    "choose among " + EventType.onRequest.map(\.word).joined(separator: ", "))
                continue
            }
            events.insert(type.rawValue)
        }
        let endpoints = section.texts("push", limit: 2_048) ?? []
        return SignalRegistration(
            events: events, endpoints: Set(endpoints.map(\.text)), encryption: section.encryption("encryption"))
    }
}
