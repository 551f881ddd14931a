import Settings
import Testing
import Vocabulary

@Suite struct `A YAML file` {
    static let name = "Policies/more.yaml"

    static func problems(_ text: String) throws -> [Problem] {
        let deployment = try Deployment()
        try deployment.write(name, text)
        return deployment.problems().filter { $0.file == name }
    }

    @Test(
        arguments: [
            ("rules: [", "yaml.syntax", 2), ("rules:\n  - id: a\n   effect: permit\n", "yaml.syntax", 3),
            ("rules: []\n\tx: 1\n", "yaml.syntax", 2),
            ("rules: []\nrules: []\n", "yaml.key.duplicate", 1), ("rules:\n- {id: a, id: b}\n", "yaml.key.duplicate", 2),
            ("a\n", "yaml.type", 1), ("[1]\n", "yaml.type", 1), ("rules: []\n---\nrules: []\n", "yaml.syntax", 2),
            ("a: &x [1]\nrules: *x\n", "yaml.alias", 2), ("rules: [&x a, *x]\n", "yaml.alias", 1), ("? [a]\n: 1\n", "yaml.key", 1),
            ("rules: *x\n", "yaml.syntax", 1),
        ] as [(String, String, Int?)]) func `that is malformed is told with its line`(text: String, code: String, line: Int?) throws
    {
        let problems = try Self.problems(text)
        #expect(problems.map(\.code) == [code], "\(problems)")
        #expect(problems.first?.line == line)
    }

    @Test func `that is empty says nothing, which is refused`() throws {
        for text in ["", "\n", "# a comment\n"] { #expect(try Self.problems(text).map(\.code) == ["yaml.empty"]) }
    }

    @Test func `that is not UTF-8 is refused`() throws {
        let deployment = try Deployment()
        try deployment.write(Self.name, [0x72, 0xff, 0xfe])
        #expect(deployment.codes() == ["file.encoding"])
        try deployment.write(Self.name, Array("rules: \u{1}\n".utf8))
        #expect(deployment.codes() == ["yaml.syntax"])
    }

    @Test(.timeLimit(.minutes(1))) func `that grows in memory what is small on disk is not composed`() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            text += "a\(level): &a\(level) [" + [String](repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        #expect(try Self.problems(text).map(\.code) == ["yaml.alias"])
    }

    @Test func `that nests without end is refused`() throws {
        let problems = try Self.problems("rules: " + String(repeating: "[", count: 60) + String(repeating: "]", count: 60) + "\n")
        #expect(problems.map(\.code) == ["yaml.depth"])
        let deeper = try Self.problems("rules: " + String(repeating: "[", count: 100_000) + "\n")
        #expect(deeper.map(\.code) == ["yaml.syntax"])
    }

    @Test func `that is too large is not read`() throws {
        #expect(try Self.problems("#" + String(repeating: "x", count: 262_144)).map(\.code) == ["file.size"])
        #expect(try Self.problems("rules: [" + String(repeating: "a, ", count: 60_000) + "]\n").map(\.code) == ["yaml.size"])
    }

    @Test func `may hold stars in comments and texts`() throws {
        #expect(try Self.problems("# *important*\nrules: []\ncases: []\n# a * b\n").isEmpty)
    }
}
