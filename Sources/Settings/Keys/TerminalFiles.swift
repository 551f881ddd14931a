import Credentials
import JOSE
import TrustFramework
import Vocabulary

/// `Keys/terminals/*.json`: readers, kiosks and apps whose statements about the use of a card are believed.
struct TerminalFiles {
    let folder: Folder
    let guardian: KeyGuard
    /// Nil when it could not be read; then nobody's class is looked up.
    let ladder: AssuranceLadder?

    static let name = "Keys/terminals"
    static let members: Set<String> = ["id", "name", "modes", "attended", "class", "shared", "notBefore", "notAfter", "keys"]

    func read() -> TerminalRegistry {
        var terminals: [Terminal] = []
        var seen: [TerminalID: String] = [:]
        for file in folder.names(in: Self.name, required: false) ?? [] {
            let path = Self.name + "/" + file
            guard file.hasSuffix(".json") else {
                folder.report(path, "file.unexpected", "this is no terminal", "terminals are read from files that end in .json")
                continue
            }
            guard let bytes = folder.bytes(path, limit: Folder.key, required: true) else { continue }
            let json: JSON
            do {
                json = try JSON(reading: bytes, limit: Folder.key)
            } catch {
                folder.report(path, "terminal.json", "the file is no JSON: \(error)", "write one JSON object, without comments")
                continue
            }
            guard let terminal = terminal(json, path) else { continue }
            if let other = seen[terminal.id] {
                folder.report(path, "terminal.duplicate", "`\(terminal.id.text)` is in \(other) too", "keep one of them")
                continue
            }
            seen[terminal.id] = path
            terminals.append(terminal)
        }
        return TerminalRegistry(terminals)
    }

    private func terminal(_ json: JSON, _ path: String) -> Terminal? {
        guard let members = json.members else {
            folder.report(path, "terminal.json", "the file is no JSON object", "see Keys/README.md")
            return nil
        }
        for (name, _) in members where !Self.members.contains(name) {
            folder.report(
                path, "terminal.member", "`" + Explanation.redacted(name) + "` is no member of a terminal",
                "known members: " + Self.members.sorted().joined(separator: ", "))
        }
        func wrong(_ name: String, _ due: String) {
            folder.report(path, "terminal.member", "`\(name)` is missing or is not " + due, "see Keys/README.md")
        }
        let id = json["id"]?.string.flatMap { TerminalID($0) }
        if id == nil { wrong("id", "1 to 64 letters, digits, hyphens and underscores") }
        let name = json["name"]?.string.flatMap { (1...200).contains($0.utf8.count) ? $0 : nil }
        if name == nil { wrong("name", "a text") }
        let modes = json["modes"]?.strings.map { $0.map { CardMode(rawValue: $0) } }
        let known = Set((modes ?? []).compactMap { $0 })
        if known.isEmpty || known.count != modes?.count { wrong("modes", "a list of pin, face, presence, each once") }
        let attended = json["attended"]?.bool
        if attended == nil { wrong("attended", "true or false") }
        if attended == false, known.contains(.face) {
            folder.report(
                path, "terminal.face", "an unattended terminal may not state `face`",
                "remove the mode, or set `attended` where someone stands by (Public Personal Authentication Act art. 38-2)")
        }
        let terminalClass = terminalClass(json["class"], path)
        let shared = json["shared"]?.bool
        if json["shared"] != nil, shared == nil { wrong("shared", "true or false") }
        let notBefore = json["notBefore"]?.string.flatMap { Timestamp($0) }
        if notBefore == nil { wrong("notBefore", "a moment such as 2026-04-01T00:00:00+09:00") }
        let notAfter = json["notAfter"]?.string.flatMap { Timestamp($0) }
        if notAfter == nil { wrong("notAfter", "a moment such as 2027-04-01T00:00:00+09:00") }
        let keys = keys(json["keys"], path)
        guard let id, let name, let attended, let terminalClass, let notBefore, let notAfter, let keys else { return nil }
        guard notBefore < notAfter else {
            folder.report(path, "terminal.dates", "the registration ends before it begins", "exchange or repair the dates")
            return nil
        }
        return Terminal(
            id: id, name: name, keys: keys, modes: known, attended: attended, terminalClass: terminalClass, shared: shared,
            notBefore: notBefore, notAfter: notAfter)
    }

    /// A class that the ladder does not list has no ceiling, and no rule could name it.
    private func terminalClass(_ json: JSON?, _ path: String) -> String? {
        guard let json else { return AssuranceLadder.unclassified }
        guard let name = json.string, Purpose(name) != nil else {
            folder.report(path, "terminal.member", "`class` is no word", "use lower-case letters, digits and hyphens")
            return nil
        }
        guard let ladder else { return name }
        let known = ladder.terminalClasses + [AssuranceLadder.unclassified]
        guard known.contains(name) else {
            folder.report(
                path, "terminal.class", "\(LadderFile.name) lists no class of terminals `\(Explanation.redacted(name))`",
                Suggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" } ?? "add it to `terminals` there")
            return nil
        }
        return name
    }

    private func keys(_ json: JSON?, _ path: String) -> [JWK]? {
        guard let json else {
            folder.report(path, "terminal.member", "`keys` is missing", "write the terminal's public key set: {\"keys\": […]}")
            return nil
        }
        do {
            let keys = try JWKSet(reading: json).keys
            guard !keys.isEmpty else {
                folder.report(path, "terminal.keys", "the terminal has no key we can use", "register a P-256 key")
                return nil
            }
            for key in keys { guardian.look(at: key.key, in: path) }
            return keys
        } catch {
            folder.report(path, "terminal.keys", "the key set cannot be used: \(error)", "register public keys only, P-256 preferred")
            return nil
        }
    }
}
