import Settings
import SignOn

extension Platform {
    /// Files whose difference is shown; the command shows the rest.
    private static let mostFiles = 50
    /// Unchanged lines around a change.
    private static let around = 3

    /// The texts of a version beside those of another, for the officer who is to sign it.
    static func changes(from before: PolicyBundle, to after: PolicyBundle, _ page: inout Markup) {
        let names = Set(before.files.keys).union(after.files.keys).filter { before.files[$0] != after.files[$0] }.sorted()
        page.heading(2, Words("変更されたファイル", "Changed files"), id: "difference")
        guard !names.isEmpty else {
            return page.paragraph(Words("現在の版と同じ内容です。", "The same as what is in force."))
        }
        for name in names.prefix(mostFiles) {
            page.heading(3, Words(verbatim: name))
            page.open("pre", [("class", "wide"), ("tabindex", "0")])
            page.text(hunks(MemberEdit.difference(from: before.files[name] ?? [], to: after.files[name] ?? [])).joined(separator: "\n"))
            page.close("pre")
        }
        guard names.count > mostFiles else { return }
        page.note(Words("ほかに\(names.count - mostFiles)個のファイルが変わります。", "\(names.count - mostFiles) more files change."))
    }

    /// The lines that change, each with some around it.
    private static func hunks(_ lines: [String]) -> [String] {
        var result: [String] = []
        var last = -1
        for (place, line) in lines.enumerated() where isNear(place, lines) {
            if place > last + 1 { result.append("  …") }
            result.append(line)
            last = place
        }
        if last >= 0, last < lines.count - 1 { result.append("  …") }
        return result
    }

    private static func isNear(_ place: Int, _ lines: [String]) -> Bool {
        lines[max(0, place - around)...min(lines.count - 1, place + around)].contains { !$0.hasPrefix("  ") }
    }
}
