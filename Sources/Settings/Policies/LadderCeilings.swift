import TrustFramework
import Vocabulary

/// Reads the `terminals` and `upstreams` of a ladder: the highest context that each of them can reach.
struct LadderCeilings {
    let contexts: [String]
    private var seen: [AssuranceCeiling.Source: Int] = [:]

    init(contexts: [String]) { self.contexts = contexts }

    mutating func terminal(_ section: Section) -> AssuranceCeiling? {
        let name = LadderFile.word(section, "class")
        return ceiling(section, "class", name.map { .terminal($0) })
    }

    mutating func upstream(_ section: Section) -> AssuranceCeiling? {
        let text = section.text("member", required: true)
        let id = text.flatMap { MemberID($0) }
        if let text, id == nil {
            section.report(
                "ladder.upstream", at: section.line(of: "member"), "`" + Explanation.redacted(text) + "` is no member's id",
                "copy it from the member's file")
        }
        return ceiling(section, "member", id.map { .upstream($0) })
    }

    private mutating func ceiling(_ section: Section, _ key: String, _ source: AssuranceCeiling.Source?) -> AssuranceCeiling? {
        let highest = section.text("highest", required: true, limit: 64)
        section.finish()
        if let source {
            let line = section.line(of: key)
            if let earlier = seen[source] {
                section.report(
                    "ladder.ambiguous", at: line, "the `" + key + "` has a ceiling in line \(earlier) already", "keep one of them")
            }
            seen[source] = seen[source] ?? line
        }
        guard let source, let highest else { return nil }
        guard contexts.contains(highest) else {
            LadderFile.refuseUnknown(highest, at: section.line(of: "highest"), in: section, among: contexts)
            return nil
        }
        return AssuranceCeiling(source, highest: highest)
    }
}
