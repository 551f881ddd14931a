import Vocabulary

/// What the two compact serializations share.
enum Compact {
    /// The parts between the dots when there are exactly `count`. However many dots a text has, at most one part more is split off
    /// (CVE-2025-30204, checklist E13).
    static func parts(of text: String, _ count: Int) -> [String]? {
        let parts = text.utf8.split(separator: 0x2e, maxSplits: count, omittingEmptySubsequences: false)
        return parts.count == count ? parts.map { String(Substring($0)) } : nil
    }

    /// A `typ` or `cty`, lower case and without `application/` (RFC 7515 §4.1.9).
    static func mediaType(_ value: JSON?) -> String? {
        guard let type = value?.string?.lowercased() else { return nil }
        let prefix = "application/"
        return type.hasPrefix(prefix) && !type.dropFirst(prefix.count).contains("/") ? String(type.dropFirst(prefix.count)) : type
    }
}
