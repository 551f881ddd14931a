/// A word, a mark or a literal of Swift source, without comments.
struct Token: Equatable {
    enum Kind: Equatable { case word, quotedWord, mark, literal }

    let kind: Kind
    /// A word as it is, one mark, or the characters of a literal that are not code.
    let text: String
    let line: Int
    /// No white space or comment stands between this token and the one before.
    let touches: Bool
}

/// As much of Swift's lexical grammar as the rules of the house need: nested comments, plain, raw and multi-line strings with code in
/// their interpolations, back-ticked names. A regular-expression literal is read as marks and words, which asks too much of nobody.
struct Lexer {
    private let scalars: [Character]
    private var position = 0
    private var line = 1
    private var tokens: [Token] = []
    private var touches = false

    static func tokens(of text: String) -> [Token] {
        var lexer = Lexer(scalars: Array(text))
        lexer.code(until: nil)
        return lexer.tokens
    }

    private init(scalars: [Character]) { self.scalars = scalars }

    private func peek(_ ahead: Int = 0) -> Character? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    private func sees(_ text: String) -> Bool {
        var ahead = 0
        for character in text {
            guard peek(ahead) == character else { return false }
            ahead += 1
        }
        return true
    }

    private mutating func step(_ count: Int = 1) {
        for _ in 0..<count where position < scalars.count {
            if scalars[position].isNewline { line += 1 }
            position += 1
        }
    }

    private mutating func add(_ kind: Token.Kind, _ text: String, from start: Int) {
        tokens.append(Token(kind: kind, text: text, line: start, touches: touches))
        touches = true
    }

    /// Reads code to the end, or past the parenthesis that closes an interpolation.
    private mutating func code(until closing: Character?) {
        var open = 0
        while let character = peek() {
            if character.isWhitespace {
                step()
                touches = false
            } else if sees("//") {
                while let next = peek(), !next.isNewline { step() }
                touches = false
            } else if sees("/*") {
                comment()
                touches = false
            } else if character == "\"" || hashedQuote != nil {
                string()
            } else if character == "`" {
                let start = line
                step()
                var name = ""
                while let next = peek(), next != "`" {
                    name.append(next)
                    step()
                }
                step()
                add(.quotedWord, name, from: start)
            } else if character.isLetter || character.isNumber || character == "_" {
                var word = ""
                while let next = peek(), next.isLetter || next.isNumber || next == "_" {
                    word.append(next)
                    step()
                }
                add(.word, word, from: line)
            } else {
                if character == closing, open == 0 { return step() }
                if character == "(" { open += 1 }
                if character == ")" { open -= 1 }
                step()
                add(.mark, String(character), from: line)
            }
        }
    }

    private mutating func comment() {
        var depth = 0
        repeat {
            if sees("/*") {
                depth += 1
                step(2)
            } else if sees("*/") {
                depth -= 1
                step(2)
            } else {
                step()
            }
        } while depth > 0 && peek() != nil
    }

    /// How many `#` stand before a quote that opens a raw string here.
    private var hashedQuote: Int? {
        guard peek() == "#" else { return nil }
        var count = 0
        while peek(count) == "#" { count += 1 }
        return peek(count) == "\"" ? count : nil
    }

    private mutating func string() {
        let start = line
        let startTouches = touches
        let hashes = String(repeating: "#", count: hashedQuote ?? 0)
        step(hashes.count)
        let quote = sees("\"\"\"") ? "\"\"\"" : "\""
        step(quote.count)
        var text = ""
        let index = tokens.count
        while let character = peek() {
            if sees(quote + hashes) { break }
            if sees("\\" + hashes + "(") {
                step(2 + hashes.count)
                code(until: ")")
            } else if sees("\\" + hashes) {
                step(1 + hashes.count)
                if let escaped = peek() { text.append(escaped) }
                step()
            } else {
                text.append(character)
                step()
            }
        }
        step(quote.count + hashes.count)
        tokens.insert(Token(kind: .literal, text: text, line: start, touches: startTouches), at: index)
        touches = true
    }
}
