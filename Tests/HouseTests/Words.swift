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
