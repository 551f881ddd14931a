/// One thing that is wrong in a deployment folder: where, what, and how to put it right.
package struct Problem: Hashable, Sendable, CustomStringConvertible {
    /// Relative to the folder, as the operator sees it.
    package let file: String
    /// From 1; nil when the whole file, or its absence, is the problem.
    package let line: Int?
    /// Stable and dotted: `yaml.key.unknown`, `production.base-url`.
    package let code: String
    package let message: String
    package let remedy: String

    package init(file: String, line: Int? = nil, code: String, message: String, remedy: String) {
        self.file = file
        self.line = line
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// `file:line: message [code]; remedy`, which editors can jump to.
    package var description: String {
        file + (line.map { ":" + String($0) } ?? "") + ": " + message + " [" + code + "]; " + remedy
    }
}

/// Everything that is wrong, at once and sorted by file and line: an operator repairs a folder in one go.
package struct SettingsProblems: Error, Sendable, CustomStringConvertible {
    /// Never empty.
    package let problems: [Problem]

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Collects problems while files are read; reading goes on after each of them.
final class Findings {
    /// A broken file of a thousand members shall not fill the screen, nor our memory.
    static let most = 500

    private(set) var problems: [Problem] = []
    /// Worth knowing, and no reason to stay down.
    private(set) var notices: [Problem] = []

    func report(_ problem: Problem) {
        guard problems.count < Self.most, !problems.contains(problem) else { return }
        problems.append(problem)
    }

    func notice(_ problem: Problem) {
        guard notices.count < Self.most, !notices.contains(problem) else { return }
        notices.append(problem)
    }

    func throwIfAny() throws(SettingsProblems) {
        guard !problems.isEmpty else { return }
        throw SettingsProblems(problems: Self.sorted(problems))
    }

    static func sorted(_ problems: [Problem]) -> [Problem] {
        problems.sorted { ($0.file, $0.line ?? 0, $0.code, $0.message) < ($1.file, $1.line ?? 0, $1.code, $1.message) }
    }
}
