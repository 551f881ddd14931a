import Settings
import Testing
import TrustFramework

/// `purposes:` of sekisho.yaml.
@Suite struct `What citizens read in place of a purpose's code` {
    private func loaded(_ lines: String) throws -> Configuration {
        let deployment = try Deployment()
        try deployment.write("sekisho.yaml", try deployment.read("sekisho.yaml") + "\npurposes:\n  " + lines + "\n")
        return try deployment.load()
    }

    @Test func `is the operator's, by language`() throws {
        let tax = try #require(Purpose("tax-filing"))
        let words = try loaded("tax-filing: {ja: 税の申告, en: Filing taxes, ja-easy: 税金の てつづき}").purposes.words
        #expect(words == [tax: ["ja": "税の申告", "en": "Filing taxes", "ja-easy": "税金の てつづき"]])
        #expect(try loaded("tax-filing: {ja: 税の申告}").purposes.words[tax] == ["ja": "税の申告"])
    }

    @Test(arguments: [
        ("tax-filing: {en: Filing taxes}", "yaml.key.missing"), ("Tax Filing: {ja: 税の申告}", "purpose.word"),
        ("tax-filing: {ja: 税の申告, fr: impôts}", "yaml.key.unknown"), ("tax-filing: 税の申告", "yaml.type"),
    ])
    func `is refused half, under another name, or in a language we do not speak`(lines: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.write("sekisho.yaml", try deployment.read("sekisho.yaml") + "\npurposes:\n  " + lines + "\n")
        #expect(deployment.problems([:]).map(\.code).contains(code))
    }
}
