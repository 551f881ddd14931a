import Testing

@Suite struct `The catalogue of codes` {
    static let found = Codes.found(in: House.sources)
    static let catalogue = Codes.catalogue(in: House.sources)

    @Test func `has every code that the sources can show`() {
        #expect(Self.found.unknown.isEmpty, "\(Self.found.unknown.map(\.description).joined(separator: "\n"))")
        #expect(Self.found.codes.count > 200)
        let missing = Self.found.codes.subtracting(Self.catalogue.map(\.code)).sorted()
        #expect(missing.isEmpty, "write an entry into Sources/Web/Help/Codes for: \(missing.joined(separator: ", "))")
    }

    @Test func `has no code that no source can show, and none twice`() {
        let codes = Self.catalogue.map(\.code)
        let stray = Set(codes).subtracting(Self.found.codes).sorted()
        #expect(stray.isEmpty, "strike out: \(stray.joined(separator: ", "))")
        #expect(Set(codes).count == codes.count)
    }

    /// A summary without `…` is word for word the one that the page shows.
    @Test func `says what the page says`() {
        let texts = Set(
            House.sources.filter { !$0.path.hasPrefix("Sources/Web/Help/") }
                .flatMap { Lexer.tokens(of: $0.text).filter { $0.kind == .literal }.map(\.text) })
        let drifted = Self.catalogue.filter { !$0.summary.contains("…") && !texts.contains($0.summary) && !Self.general.contains($0.code) }
        #expect(drifted.isEmpty, "\(drifted.map { "\($0.code): \($0.summary)" }.joined(separator: "\n"))")
    }

    /// Several occasions share the code, each with words of its own.
    static let general: Set<String> = ["saml.metadata.entity-id", "openid.token.code-verifier"]

    @Test func `codes are dotted words in lower case`() {
        for entry in Self.catalogue {
            #expect(entry.code.allSatisfy { $0.isLowercase || $0.isNumber || ".-*".contains($0) }, "\(entry.code)")
            #expect(entry.code.contains(".") && !entry.code.hasPrefix(".") && !entry.code.hasSuffix("."), "\(entry.code)")
        }
    }
}

@Suite struct `The reader of codes` {
    static func codes(_ text: String, path: String = "Sources/SAML/Planted.swift") -> Codes.Found {
        Codes.found(in: [SourceFile(room: "SAML", path: path, text: text)])
    }

    @Test func `finds whole codes, parts given to helpers, and families`() {
        #expect(Self.codes("Explanation(\"a.b\", \"x\", clause: y)").codes == ["a.b"])
        #expect(Self.codes("case .x: .saml(\"too-large\", \"y\", [])").codes == ["saml.too-large"])
        #expect(Self.codes("Explanation(\"http.\" + String(code), \"x\")").codes == ["http.*"])
    }

    @Test func `asks about what it does not know, and passes declarations`() {
        #expect(Self.codes("Explanation(\"new.\" + part, \"x\")").unknown.count == 1)
        #expect(Self.codes("static func saml(\"x\", y)").codes.isEmpty)
        #expect(Self.codes("Explanation(refusal.explanation.code, x)").unknown.isEmpty)
        #expect(Self.codes("XMLName.saml(\"Assertion\")").codes.isEmpty)
    }
}
