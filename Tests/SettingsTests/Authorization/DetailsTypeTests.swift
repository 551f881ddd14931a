import Foundation
import OpenID
import Settings
import Testing
import Vocabulary

@Suite struct `Types of authorization details in the folder (RFC 9396; checklist O5)` {
    static let name = "Metadata/authorization-details/filing.yaml"
    static let good = """
        type: filing
        title: {ja: 届出, en: Filing}
        fields:
          locations: {kind: address-list, required: true, most: 4, title: {ja: 届出先, en: Filed with}}
          copies: {kind: integer, least: 1, most: 5, narrowing: at-most, title: {ja: 部数, en: Copies}}
          kind-of: {kind: text, title: {ja: 種類, en: Kind}, choices: {move: {ja: 引越し, en: moving}}}
          case:
            kind: object
            title: {ja: 申込み, en: Case}
            fields:
              number: {kind: text, longest: 9, title: {ja: 番号, en: number}}

        """

    private func deployment(_ text: String? = good, at name: String = name) throws -> Deployment {
        let deployment = try Deployment()
        try FileManager.default.createDirectory(
            atPath: deployment.path + "/Metadata/authorization-details", withIntermediateDirectories: true)
        if let text { try deployment.write(name, text) }
        return deployment
    }

    @Test func `a folder with types is read, and the provider publishes their names`() throws {
        let deployment = try deployment()
        let types = try withExtendedLifetime(deployment) {
            try Settings.load(deployment.path, at: Deployment.now).openIDProvider.authorization.details
        }
        #expect(types.names == ["filing"])
        let type = try #require(types["filing"])
        #expect(type.title == Wording(japanese: "届出", english: "Filing"))
        #expect(type.fields.map(\.name) == ["locations", "copies", "kind-of", "case"])
        #expect(type.fields.map(\.isRequired) == [true, false, false, false])
        #expect(type.fields[1].narrowing == .atMost)
    }

    @Test func `the folder may be empty, or missing`() throws {
        #expect(try deployment(nil).codes() == [])
        #expect(try Deployment().codes() == [])
    }

    @Test(arguments: ["agency-filing", "identity-proof"]) func `the samples of the repository are right`(name: String) throws {
        let text = try String(contentsOf: Deployment.repository("Metadata/authorization-details/\(name).yaml"), encoding: .utf8)
        #expect(try deployment(text).codes() == [])
    }

    @Test(arguments: [
        ("type: filing", "type: \"fil ing\"", "details.type", "type:"), ("kind: integer", "kind: number", "yaml.value", "copies"),
        ("least: 1, most: 5", "least: 6, most: 5", "details.range", "copies"),
        ("narrowing: at-most, ", "narrowing: less, ", "yaml.value", "copies"),
        ("required: true, most: 4", "required: yes, most: 4", "yaml.type", "locations"),
        ("most: 4", "most: 65", "yaml.value", "locations"), ("{ja: 部数, en: Copies}", "{ja: 部数}", "yaml.key.missing", "copies"),
        ("copies: {", "type: {", "details.field", "type: {"), ("longest: 9", "longst: 9", "yaml.key.unknown", "number"),
        ("choices: {move: {ja: 引越し, en: moving}}", "choices: {}", "details.choices", "kind-of"),
        ("kind: text, longest: 9", "kind: flag, longest: 9", "yaml.key.unknown", "number"),
        ("required: true, most: 4", "narrowing: at-most", "details.narrowing", "locations"),
        ("title: {ja: 届出, en: Filing}\n", "title: {ja: 届出, en: Filing}\nmembers: [nobody]\n", "details.member", "members"),
    ])
    func `what is wrong is told with its line`(old: String, new: String, code: String, place: String) throws {
        let deployment = try deployment()
        try deployment.edit(Self.name, old, new)
        let line = try deployment.line(of: place, in: Self.name)
        let problems = deployment.problems()
        #expect(problems.contains { $0.file == Self.name && $0.code == code && $0.line == line }, "line \(line): \(problems)")
    }

    @Test func `a type twice, a stray file and a type nobody described are told`() throws {
        let twice = try deployment()
        try twice.write("Metadata/authorization-details/other.yaml", Self.good)
        #expect(twice.codes() == ["details.duplicate"])
        let stray = try deployment()
        try stray.write("Metadata/authorization-details/notes.txt", "x")
        #expect(stray.codes() == ["file.unexpected"])
    }
}
