import Cryptography
import Trust
import Vocabulary

/// The anchors in `Keys/anchors/` and `Keys/anchors-of/PROFILE/`, to be named by a profile.
struct KnownAnchors {
    static let others = "anchors-of"

    /// By the name of their file, relative to `Keys/`.
    private(set) var byFile: [String: [TrustAnchor]] = [:]

    mutating func add(_ anchors: [TrustAnchor], from file: String) { byFile[file, default: []] += anchors }

    /// All anchors of a folder below `Keys/`; nil when there is none.
    func all(in folder: String) -> [TrustAnchor]? {
        let files = byFile.keys.filter { $0.hasPrefix(folder + "/") && !$0.dropFirst(folder.count + 1).contains("/") }
        guard !files.isEmpty else { return nil }
        var found: [TrustAnchor] = []
        for file in files.sorted() {
            for anchor in byFile[file, default: []] where !found.contains(anchor) { found.append(anchor) }
        }
        return found
    }

    /// A file, a folder (with or without `Keys/` before it), or a fingerprint. A folder may be empty as yet when it is one of the two
    /// that hold anchors.
    func named(_ text: String) -> [TrustAnchor]? {
        if let fingerprint = Self.fingerprint(text) {
            let found = byFile.values.joined().filter { Hexadecimal.encode($0.certificate.fingerprint) == fingerprint }
            return found.isEmpty ? nil : Array(found.prefix(1))
        }
        var name = text[...]
        for prefix in ["./", "Keys/"] where name.hasPrefix(prefix) { name = name.dropFirst(prefix.count) }
        while name.hasSuffix("/") { name = name.dropLast() }
        let path = String(name)
        return byFile[path] ?? all(in: path)
            ?? (path == "anchors" || path.hasPrefix(Self.others + "/") && !path.hasSuffix(".pem") ? [] : nil)
    }

    /// 64 hexadecimal digits, with or without `sha256:` before and colons between them; lower case comes out.
    static func fingerprint(_ text: String) -> String? {
        var text = text.lowercased()
        if text.hasPrefix("sha256:") { text = String(text.dropFirst(7)) }
        let digits = text.filter { $0 != ":" }
        guard digits.utf8.count == 64, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            return nil
        }
        return digits
    }
}
