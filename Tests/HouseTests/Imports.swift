/// One import in one file.
struct Import: Hashable {
    let module: String
    let line: Int
}

extension Import {
    private static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor"]

    /// Every import of a source text, whatever stands before the word (`package`, `internal`, `@_exported`, `@_spi(X)`, `@testable`)
    /// or behind it (`struct X.Y`, `X.Submodule`, a comment, a line break). `import` is a keyword, so nothing else can be called so
    /// without back-ticks or a dot.
    static func all(in text: String) -> [Import] {
        let tokens = Lexer.tokens(of: text)
        var found: [Import] = []
        for (index, token) in tokens.enumerated() where token.kind == .word && token.text == "import" {
            if index > 0, tokens[index - 1].text == ".", tokens[index - 1].kind == .mark { continue }
            var next = index + 1
            if next < tokens.count, tokens[next].kind == .word, kinds.contains(tokens[next].text) { next += 1 }
            guard next < tokens.count, tokens[next].kind == .word || tokens[next].kind == .quotedWord else { continue }
            // The module `jpki-simulator` would be spelt with an underscore.
            found.append(Import(module: tokens[next].text, line: token.line))
        }
        return found
    }
}

/// An arrow that the house does not allow.
struct ForbiddenArrow: Hashable, CustomStringConvertible {
    let room: String
    let file: String
    let line: Int
    let module: String
    let why: String

    var description: String { "room \(room), \(file):\(line): import \(module): \(why)" }
}

/// One source file: the folder below `Sources` it stands in, its path from the root, its text.
struct SourceFile: Sendable {
    let room: String
    let path: String
    let text: String
}

enum Arrows {
    /// The arrows of a file that the table or the package's own dependency list does not allow. `declared` is what `Package.swift`
    /// lists for the room: SwiftPM lets a target import what it merely reaches through another.
    static func forbidden(in file: SourceFile, declared: Set<String>?) -> [ForbiddenArrow] {
        let imports = Import.all(in: file.text)
        func arrow(_ found: Import, _ why: String) -> ForbiddenArrow {
            ForbiddenArrow(room: file.room, file: file.path, line: found.line, module: found.module, why: why)
        }
        guard let room = Room.named(file.room) else {
            return imports.map { arrow($0, "the room has no row in the table") }
        }
        return imports.compactMap { found in
            guard room.mayImport.contains(found.module) else {
                return arrow(found, "the table of rooms does not allow it")
            }
            if let declared, !room.toolchain.contains(found.module), !declared.contains(found.module) {
                return arrow(found, "Package.swift does not list it for this room")
            }
            return nil
        }
    }
}
