import Foundation
import Testing

/// The tables of the documents that name tests: what they name has to exist.
enum Documents {
    /// Names of suites and tests in back-ticks, and of the scripts beside them.
    static let tests: Set<String> = {
        var names: Set<String> = []
        for file in House.files(below: House.root.appendingPathComponent("Tests")) {
            if file.pathExtension == "py" { names.insert(file.lastPathComponent) }
            guard file.pathExtension == "swift", let text = House.text(of: file) else { continue }
            names.formUnion(Documents.names(in: text))
        }
        return names
    }()

    /// The names that follow `func` and `struct` in back-ticks. Quicker than the lexer, and a comment that imitates them harms nobody.
    static func names(in text: String) -> [String] {
        var found: [String] = []
        for start in ["func `", "struct `"] {
            for piece in text.split(separator: start, omittingEmptySubsequences: false).dropFirst() {
                if let end = piece.firstIndex(of: "`") { found.append(String(piece[..<end])) }
            }
        }
        return found
    }

    struct Row {
        let line: Int
        let first: String
        /// What stands in back-ticks in the last column.
        let named: [String]
        /// The last column without those.
        let rest: String
    }

    /// Rows of tables whose last column is headed `test`.
    static func rows(in text: String) -> [Row] {
        var rows: [Row] = []
        var isTable = false
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.hasPrefix("|") else {
                isTable = false
                continue
            }
            let cells = line.dropFirst().split(separator: "|", omittingEmptySubsequences: false).dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard let last = cells.last, let first = cells.first else { continue }
            if last == "test" {
                isTable = true
                continue
            }
            guard isTable, !last.hasPrefix("---") else { continue }
            let parts = last.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
            let named = parts.indices.filter { $0 % 2 == 1 }.map { parts[$0] }
            let rest = parts.indices.filter { $0 % 2 == 0 }.map { parts[$0] }.joined()
            rows.append(Row(line: index + 1, first: first, named: named, rest: rest))
        }
        return rows
    }

    static func exists(_ name: String) -> Bool {
        guard name.hasSuffix("…") else { return tests.contains(name) }
        return tests.contains { $0.hasPrefix(name.dropLast()) }
    }

    /// `IIP-IDP13…16` as its four.
    static func ids(_ cell: String) -> [String] {
        let parts = cell.split(separator: "…").map(String.init)
        guard parts.count == 2, let last = Int(parts[1]) else { return [cell] }
        let digits = String(parts[0].reversed().prefix { $0.isNumber }.reversed())
        guard let first = Int(digits), first <= last, last - first < 100 else { return [cell] }
        let start = parts[0].dropLast(digits.count)
        return (first...last).map { number in
            let text = String(number)
            return start + String(repeating: "0", count: max(0, digits.count - text.count)) + text
        }
    }
}

@Suite struct `The documents` {
    static let pages = ["docs/protocols/saml.md", "docs/protocols/openid.md", "docs/protocols/attacks.md"]

    @Test(arguments: pages) func `name tests that exist`(page: String) throws {
        let rows = Documents.rows(in: try #require(House.text(at: page)))
        #expect(rows.count > 30)
        let missing = rows.flatMap { row in row.named.filter { !Documents.exists($0) }.map { "\(page):\(row.line): \(row.first): \($0)" } }
        #expect(missing.isEmpty, "\(missing.joined(separator: "\n"))")
        let silent = rows.filter { $0.named.isEmpty && !$0.rest.hasPrefix("–") }
        #expect(silent.isEmpty, "a row names a test or has a dash: \(silent.map { "\(page):\($0.line)" })")
    }

    /// The ids of the Kantara profiles that the checklist names, and that concern an identity provider.
    @Test func `answer for every id of the three profiles`() throws {
        let rows = Documents.rows(in: try #require(House.text(at: "docs/protocols/saml.md")))
        let answered = Set(rows.flatMap { Documents.ids($0.first) })
        let asked =
            ["IIP-G01…03", "IIP-EXT01…01", "IIP-ALG01…06", "IIP-ALG08…08", "IIP-SSO01…07", "IIP-MD01…12", "IIP-IDP01…21", "SDP-G01…02"]
            + ["SDP-G04…04", "SDP-MD03…03", "SDP-MD06…06", "SDP-MD09…12", "SDP-IDP04…07", "SDP-IDP09…11", "SDP-IDP13…18", "SDP-IDP20…33"]
            + ["eGov-004…006", "eGov-011…011", "eGov-013…013", "eGov-033…033", "eGov-043…043", "eGov-050…050", "eGov-052…052"]
            + ["eGov-063…064", "eGov-070…074", "eGov-081…085", "eGov-091…103"]
        let missing = asked.flatMap(Documents.ids).filter { !answered.contains($0) }
        #expect(missing.isEmpty, "\(missing)")
    }

    @Test func `answer for every class of attack`() throws {
        let rows = Documents.rows(in: try #require(House.text(at: "docs/protocols/attacks.md")))
        let asked =
            (1...38).map { "A\($0)" } + (1...6).map { "C\($0)" } + (1...3).map { "D\($0)" }
            + (1...25).map { "E\($0)" } + ((1...14) + [18, 19]).map { "H\($0)" }
        for id in asked {
            let row = rows.first { $0.first == id }
            #expect(row != nil, "\(id)")
            // A class that cannot occur, or waits for another issue, says so.
            #expect(row.map { !$0.named.isEmpty || id == "A36" } == true, "\(id) names no test")
        }
    }
}

@Suite struct `The reader of documents` {
    @Test func `finds the names in the last column of a table that has tests`() {
        let rows = Documents.rows(
            in: "| id | test |\n|---|---|\n| A1 | `one`; `two…` |\n| A2 | – |\n\n| id | what |\n|---|---|\n| A3 | `x` |")
        #expect(rows.map(\.named) == [["one", "two…"], []])
        #expect(Documents.ids("SDP-IDP09…11") == ["SDP-IDP09", "SDP-IDP10", "SDP-IDP11"])
        #expect(Documents.ids("eGov-098…101") == ["eGov-098", "eGov-099", "eGov-100", "eGov-101"])
        #expect(Documents.ids("A7") == ["A7"])
    }

    @Test func `notices a name that nobody has`() {
        #expect(!Documents.exists("a test that was renamed last week"))
        #expect(Documents.exists("notices a name that nobody has"))
        #expect(Documents.exists("notices a name that…"))
    }
}
