/// A place in a file that breaks a rule of the house.
struct Finding: Hashable, CustomStringConvertible {
    let file: String
    let line: Int
    let what: String

    var description: String { "\(file):\(line): \(what)" }
}

enum Words {
    /// Names and keywords that speak of unsafe memory. Comments and the characters of strings are not code.
    static func unsafe(in file: SourceFile) -> [Finding] {
        Lexer.tokens(of: file.text)
            .filter { $0.kind != .literal && $0.kind != .mark && $0.text.lowercased().contains("unsafe") }
            .map { Finding(file: file.path, line: $0.line, what: $0.text) }
    }

    /// What whoever guesses may not learn byte by byte (checklist E15). `ConstantTime` compares these.
    private static let secrets: Set<String> = [
        "secret", "secretDigest", "tokenDigest", "codeDigest", "verifier", "codeVerifier", "password", "passphrase", "mac", "cookie",
    ]

    /// `==` and `!=` with the value of such a name on either side; a comparison with `nil` tells only that there is one.
    static func hastyComparisons(in file: SourceFile) -> [Finding] {
        let tokens = Lexer.tokens(of: file.text)
        var found: [Finding] = []
        for (index, token) in tokens.enumerated() where token.kind == .mark && token.text == "=" && token.touches && index > 1 {
            guard ["=", "!"].contains(tokens[index - 1].text), index + 1 < tokens.count, tokens[index + 1].text != "=" else { continue }
            let (left, right) = (tokens[index - 2], operand(after: index, in: tokens))
            guard left.text != "nil", right.text != "nil", let name = [left, right].first(where: { secrets.contains($0.text) }) else {
                continue
            }
            found.append(Finding(file: file.path, line: token.line, what: name.text + " is compared with " + tokens[index - 1].text + "="))
        }
        return found
    }

    /// The last name of the path that begins behind a mark: `b` of `== a.b`.
    private static func operand(after index: Int, in tokens: [Token]) -> Token {
        var last = index + 1
        while last + 2 < tokens.count, tokens[last + 1].text == ".", tokens[last + 2].kind != .mark { last += 2 }
        return tokens[last]
    }

    private static let traps: Set<String> = ["fatalError", "preconditionFailure", "assert", "assertionFailure"]

    /// Whatever ends the process instead of refusing: `try!`, `as!`, forced unwrapping, and the standard library's traps.
    static func traps(in file: SourceFile) -> [Finding] {
        let tokens = Lexer.tokens(of: file.text)
        var found: [Finding] = []
        for (index, token) in tokens.enumerated() {
            let before = index > 0 ? tokens[index - 1] : nil
            let after = index + 1 < tokens.count ? tokens[index + 1] : nil
            if token.kind == .word, traps.contains(token.text), after?.text == "(", before?.text != ".", before?.text != "func" {
                found.append(Finding(file: file.path, line: token.line, what: token.text))
            }
            guard token.kind == .mark, token.text == "!", token.touches, let before, !(after?.text == "=" && after?.touches == true) else {
                continue
            }
            let endsValue = before.kind != .mark || [")", "]", "}", "?", ">", "!"].contains(before.text)
            if endsValue { found.append(Finding(file: file.path, line: token.line, what: before.text + "!")) }
        }
        return found
    }
}
