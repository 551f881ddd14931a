import Foundation

/// One `Words(…)` of the sources: its Japanese, English and easy Japanese, as far as they are written out. Values in between are `…`.
struct WrittenWords: CustomStringConvertible {
    let place: String
    let ja: String
    let en: String
    let easy: String?

    var description: String { place + " 「" + ja + "」" }

    /// The repository's root.
    static let root: URL = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url
    }()

    /// Of every Swift file below `folder`, or in it if it is one.
    static func all(in folder: String) throws -> [WrittenWords] {
        let url = root.appending(path: folder)
        if folder.hasSuffix(".swift") { return read(try String(contentsOf: url, encoding: .utf8), folder) }
        let files = FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        return try files.filter { $0.pathExtension == "swift" }.flatMap {
            read(try String(contentsOf: $0, encoding: .utf8), $0.lastPathComponent)
        }
    }

    private static func read(_ source: String, _ place: String) -> [WrittenWords] {
        let letters = Array(source)
        let head = Array("Words(")
        var found: [WrittenWords] = []
        var index = 0
        while index + head.count < letters.count {
            defer { index += 1 }
            guard Array(letters[index..<index + head.count]) == head,
                index == 0 || !(letters[index - 1].isLetter || letters[index - 1] == ".")
            else { continue }
            let arguments = arguments(letters, from: index + head.count)
            guard arguments.count >= 2, !arguments[0].hasPrefix("verbatim:"), arguments[0].contains("\"") else { continue }
            let easy = arguments.dropFirst(2).first { $0.hasPrefix("easy:") }
            found.append(
                WrittenWords(
                    place: place, ja: literal(arguments[0]), en: literal(arguments[1]), easy: easy.map { literal(String($0.dropFirst(5))) })
            )
        }
        return found
    }

    /// The arguments of a call, from behind its parenthesis.
    private static func arguments(_ letters: [Character], from start: Int) -> [String] {
        var (depth, index, inText) = (1, start, false)
        var arguments = [""]
        while index < letters.count {
            let letter = letters[index]
            if inText {
                if letter == "\\" {
                    arguments[arguments.count - 1] += String(letters[index..<min(index + 2, letters.count)])
                    index += 2
                    continue
                }
                inText = letter != "\""
            } else if letter == "\"" {
                inText = true
            } else if "([{".contains(letter) {
                depth += 1
            } else if ")]}".contains(letter) {
                depth -= 1
                if depth == 0 { break }
            } else if letter == ",", depth == 1 {
                arguments.append("")
                index += 1
                continue
            }
            arguments[arguments.count - 1].append(letter)
            index += 1
        }
        return arguments.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    }

    /// What stands in quotation marks.
    private static func literal(_ argument: String) -> String {
        let parts = argument.replacingOccurrences(of: "\\\"", with: "”").components(separatedBy: "\"")
        return stride(from: 1, to: parts.count, by: 2).map { parts[$0] }.joined(separator: "…")
    }
}
