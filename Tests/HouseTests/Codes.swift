/// The codes of refusals, read out of the sources.
enum Codes {
    /// A function that makes an `Explanation` of a code's last part: calls of `name` in files below `scope` add to `prefix`.
    struct Helper {
        let name: String
        let scope: String
        let prefix: String
    }

    static let helpers: [Helper] = [
        Helper(name: "grantFault", scope: "Sources/OpenID/", prefix: "openid.token."),
        Helper(name: "invalid", scope: "Sources/OpenID/Token/IssuanceCheck.swift", prefix: "openid.token."),
        Helper(name: "RequestObjectFault", scope: "Sources/OpenID/RequestObject/", prefix: "openid.request-object."),
        Helper(name: "init", scope: "Sources/OpenID/RequestObject/RequestObjectFault.swift", prefix: "openid.request-object."),
        Helper(name: "explain", scope: "Sources/XMLSecurity/XMLSignatureRefusal.swift", prefix: "xml.signature."),
        Helper(name: "explain", scope: "Sources/XMLSecurity/Encryption/XMLEncryptionRefusal.swift", prefix: "xml.encryption."),
        Helper(name: "explain", scope: "Sources/XMLSecurity/Streamed/AggregateRefusal.swift", prefix: "saml.aggregate."),
        Helper(name: "explain", scope: "Sources/SAML/SOAP/SOAPRefusal.swift", prefix: "soap."),
        Helper(name: "explain", scope: "Sources/SAML/Judging/PastedMessage.swift", prefix: "saml.paste."),
        Helper(name: "explain", scope: "Sources/JOSE/Explained/JWSRefusalExplained.swift", prefix: "jose.signature."),
        Helper(name: "explain", scope: "Sources/JOSE/Explained/JWERefusalExplained.swift", prefix: "jose.encryption."),
        Helper(name: "explain", scope: "Sources/JOSE/Explained/JWKRefusalExplained.swift", prefix: "jose.key."),
        Helper(name: "explain", scope: "Sources/JOSE/Explained/JWKSetRefusalExplained.swift", prefix: "jose.keys."),
        Helper(name: "explain", scope: "Sources/JOSE/Explained/JWTRefusalExplained.swift", prefix: "jose.claims."),
        Helper(name: "finding", scope: "Sources/JOSE/Judging/TokenJudge.swift", prefix: "jose.claims."),
        Helper(name: "explain", scope: "Sources/JOSE/Judging/PastedToken.swift", prefix: "jose.paste."),
        Helper(name: "saml", scope: "Sources/SAML/", prefix: "saml."),
        Helper(name: "judged", scope: "Sources/SAML/Judging/", prefix: "saml."),
        Helper(name: "certified", scope: "Sources/Credentials/Signature/", prefix: "identity.attributes."),
        Helper(name: "metadata", scope: "Sources/SAML/Metadata/", prefix: "saml.metadata."),
        Helper(name: "problem", scope: "Sources/SAML/Metadata/", prefix: "saml.metadata."),
        Helper(name: "flaw", scope: "Sources/SAML/Metadata/", prefix: "saml.metadata."),
        Helper(name: "note", scope: "Sources/SAML/Metadata/", prefix: "saml.metadata."),
    ]

    /// Codes with a part that the occasion decides, by the beginning they have in the sources.
    static let families: [(start: String, codes: [String])] = [
        ("openid.dpop.", ["openid.dpop.*"]),
        ("card.challenge.other-", ["card.challenge.other-*"]), ("http.", ["http.*"]), ("policy.member.", ["policy.member.*"]),
        ("openid.client.assertion-", ["openid.client.assertion-*"]), ("member.", ["openid.token.member.*"]),
        (
            "openid.request.",
            ["openid.request.*", "openid.request.*-missing", "openid.request.*-too-long", "openid.request.*-unsupported"]
        ),
    ]

    struct Found {
        var codes: Set<String> = []
        /// Codes that are put together in a way that this reader does not know.
        var unknown: [Finding] = []
    }

    static func found(in files: [SourceFile]) -> Found {
        var found = Found()
        for file in files where !file.path.hasPrefix("Sources/Web/Help/") { read(file, into: &found) }
        return found
    }

    private static func read(_ file: SourceFile, into found: inout Found) {
        let tokens = Lexer.tokens(of: file.text)
        for (index, token) in tokens.enumerated() where token.kind == .word {
            guard index + 3 < tokens.count, tokens[index + 1].text == "(", tokens[index + 1].kind == .mark else { continue }
            if index > 0, tokens[index - 1].text == "func" { continue }
            let first = tokens[index + 2]
            let isWhole = tokens[index + 3].text == "," && tokens[index + 3].kind == .mark
            if token.text == "Explanation" {
                switch (first.kind, isWhole) {
                case (.literal, true): found.codes.insert(first.text)
                case (.literal, false):
                    // Behind a helper's prefix stands what the helper was given.
                    if helpers.contains(where: { file.path.hasPrefix($0.scope) && $0.prefix == first.text }) { continue }
                    add(family: first, of: file, into: &found)
                default:
                    // `refusal.explanation.code`: handed on.
                    guard tokens[(index + 2)...].prefix(6).contains(where: { $0.text == "code" }) else {
                        if first.text != "_", first.kind == .word, tokens[index + 3].text != ":" {
                            found.unknown.append(Finding(file: file.path, line: token.line, what: "Explanation(" + first.text))
                        }
                        continue
                    }
                }
                continue
            }
            guard first.kind == .literal,
                let helper = helpers.first(where: { $0.name == token.text && file.path.hasPrefix($0.scope) })
            else { continue }
            // `saml("Assertion", …)` makes an element, and no code has a capital letter.
            guard !first.text.contains(where: \.isUppercase) else { continue }
            if isWhole {
                found.codes.insert(helper.prefix + first.text)
            } else if tokens[index + 3].text != ")" {
                add(family: first, of: file, into: &found)
            }
        }
    }

    private static func add(family first: Token, of file: SourceFile, into found: inout Found) {
        guard let family = families.first(where: { $0.start == first.text }) else {
            found.unknown.append(Finding(file: file.path, line: first.line, what: "a code that begins with `\(first.text)`"))
            return
        }
        found.codes.formUnion(family.codes)
    }

    /// The entries of the catalogue: code and summary.
    static func catalogue(in files: [SourceFile]) -> [(code: String, summary: String)] {
        files.filter { $0.path.hasPrefix("Sources/Web/Help/Codes/") }.flatMap { file -> [(code: String, summary: String)] in
            let tokens = Lexer.tokens(of: file.text)
            return tokens.indices.compactMap { index in
                guard tokens[index].text == "CatalogueEntry", index + 4 < tokens.count, tokens[index + 1].text == "(",
                    tokens[index + 2].kind == .literal, tokens[index + 4].kind == .literal
                else { return nil }
                return (tokens[index + 2].text, tokens[index + 4].text)
            }
        }
    }
}
