import Foundation
import Testing
import Web

/// The table of docs/words.md, and what typography of Japanese allows, on every text of every page and refusal.
@Suite struct `Words that we do not use` {
    struct Banned {
        let language: Substring
        let word: String
    }

    static func table() throws -> [Banned] {
        let text = try String(contentsOf: WrittenWords.root.appending(path: "docs/words.md"), encoding: .utf8)
        let part = text.components(separatedBy: "\n## Words we do not use").last?.components(separatedBy: "\n## ").first ?? ""
        return part.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, ["ja", "en", "easy"].contains(cells[0]) else { return nil }
            return Banned(language: cells[0][...], word: cells[1])
        }
    }

    /// Every text of ours: language, text, where.
    static func texts() throws -> [(language: Substring, text: String, place: String)] {
        var texts: [(language: Substring, text: String, place: String)] = []
        for one in try WrittenWords.all(in: "Sources/Web") {
            texts.append(("ja", one.ja, one.place))
            texts.append(("en", one.en, one.place))
            if let easy = one.easy { texts.append(("easy", easy, one.place)) }
        }
        for entry in Catalogue.entries {
            texts.append(("ja", entry.japanese, entry.code))
            if let mend = entry.mend { texts.append(("ja", mend, entry.code)) }
            if let easy = entry.easy { texts.append(("easy", easy, entry.code)) }
        }
        return texts
    }

    @Test func `are in no text`() throws {
        let (table, texts) = (try Self.table(), try Self.texts())
        #expect(table.count > 25 && texts.count > 3_000, "\(table.count) words, \(texts.count) texts")
        let found = texts.flatMap { text in
            table.filter { $0.language == text.language && text.text.contains($0.word) }.map {
                $0.word + " in " + text.place + ": " + text.text
            }
        }
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `nor a half-width mark beside a Japanese letter`() throws {
        func isJapanese(_ letter: Character) -> Bool {
            letter.unicodeScalars.first.map { (0x3040...0x30FF).contains($0.value) || (0x4E00...0x9FFF).contains($0.value) } ?? false
        }
        let wrong = try Self.texts().filter { text in
            guard text.language != "en" else { return false }
            let letters = Array(text.text)
            return letters.indices.dropFirst().contains { place in
                (",:;()!?".contains(letters[place]) && isJapanese(letters[place - 1]))
                    || ("(".contains(letters[place - 1]) && isJapanese(letters[place]))
            }
        }
        #expect(wrong.isEmpty, "\(wrong.map(\.text))")
    }

    @Test func `and every refusal says in Japanese what it means and what to do`() {
        for entry in Catalogue.entries {
            #expect(entry.mend.map { $0.contains("ください") || $0.contains("必要") || $0.hasSuffix("ます") } == true, "\(entry.code): what to do?")
            #expect(!entry.japanese.hasSuffix("。") && entry.mend?.hasSuffix("。") != true, "\(entry.code): pages set the last 。")
        }
    }
}
