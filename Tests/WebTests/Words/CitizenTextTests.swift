import Foundation
import Testing
import Web

/// docs/words.md, on what is written in the sources.
@Suite struct `What the citizen's pages say` {
    /// Rooms whose pages a citizen sees.
    static let rooms = [
        "Approval", "Card", "Citizen", "Consent", "Journey", "Links", "Logout", "OpenID", "Pages", "SAML", "Help/CitizenHelp.swift",
    ]

    /// The name of the place, and what stands where no word of ours is.
    static let names: Set<String> = ["関所", " - 関所", "窓口"]

    private func words() throws -> [WrittenWords] { try Self.rooms.flatMap { try WrittenWords.all(in: "Sources/Web/" + $0) } }

    @Test func `is found by this reader`() throws {
        let words = try words()
        #expect(words.count > 400, "\(words.count)")
        #expect(words.contains { $0.ja == "マイナンバーカードでログイン" && $0.easy == "マイナンバーカードで ログインします" && $0.en.hasPrefix("Log in") })
    }

    @Test func `has an easy text wherever there is kanji or more than twelve letters`() throws {
        let without = try words().filter { one in
            one.easy == nil && !Self.names.contains(one.ja) && (one.ja.count > 12 || one.ja.contains { Self.isKanji($0) })
        }
        #expect(without.isEmpty, "\(without)")
    }

    @Test func `is not the usual text under the name of an easy one`() throws {
        let same = try words().filter { $0.easy == $0.ja && $0.ja.count > 16 }
        #expect(same.isEmpty, "\(same)")
    }

    @Test func `has a reading above every kanji of an easy text`() throws {
        var unread: [String] = []
        for one in try words() where !Self.names.contains(one.ja) {
            unread += Furigana.unread(in: one.easy ?? one.ja).map { $0 + " in " + one.description }
        }
        #expect(unread.isEmpty, "add them to Furigana: \(unread)")
        #expect(Furigana.unread(in: "市役所の 人に 聞いてください。10分 まって、3日に 行きます。").isEmpty)
        #expect(Furigana.unread(in: "分前分前分前").isEmpty)
        #expect(Furigana.unread(in: "中央区の 鬱金さん") == ["中央区", "鬱金"], "never half a word, never a guess")
    }

    /// Names and details are the members' own: words that fit into each other in many ways, and one at the end that nobody knows.
    @Test(.timeLimit(.minutes(1)), arguments: [1, 20, 30, 400]) func `names of members are read in time that grows with them`(times: Int) {
        let name = String(repeating: "分前", count: times) + "龘"
        #expect(Furigana.unread(in: name) == [name])
    }

    @Test func `has rules that speak easy Japanese too, with a reading above every kanji`() throws {
        let folder = WrittenWords.root.appending(path: "Policies")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        // The ladder speaks to officers; rules.yaml has no sentence.
        for file in files where file.pathExtension == "yaml" && !["ladder.yaml", "administration.yaml"].contains(file.lastPathComponent) {
            let text = try String(contentsOf: file, encoding: .utf8)
            let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            let easy = lines.filter { $0.hasPrefix("ja-easy: ") }
            #expect(lines.count { $0.hasPrefix("ja: ") } == easy.count, "\(file.lastPathComponent)")
            #expect(easy.flatMap { Furigana.unread(in: String($0.dropFirst(9))) }.isEmpty, "\(file.lastPathComponent)")
        }
    }

    @Test func `says one short thing in an easy sentence`() throws {
        var long: [String] = []
        for one in try words() {
            let sentences = (one.easy ?? "").split { "。（）「」：".contains($0) }
            long += sentences.filter { sentence in sentence.count { $0 != " " } > 44 }.map(String.init)
        }
        #expect(long.isEmpty, "\(long)")
    }

    static func isKanji(_ letter: Character) -> Bool {
        letter.unicodeScalars.first.map { (0x4E00...0x9FFF).contains($0.value) || (0x3400...0x4DBF).contains($0.value) } ?? false
    }
}
