import XML

/// An ArtifactResponse as whoever resolved the artifact has to judge it (SAML Bindings §3.6.5.2): its own signature covers the message in
/// it; the TLS connection it came over is none (checklist A31).
enum ArtifactResponseJudge {
    private static let parts: [(name: XMLName, most: Int)] = [
        (.assertion("Issuer"), 1), (.signature("Signature"), 1), (.protocol("Extensions"), 1), (.protocol("Status"), 1),
        (.protocol("Response"), 1),
    ]

    static func judge(_ root: XMLElement, _ judge: inout ResponseJudge) throws(JudgeRefusal) {
        try JudgeReader.envelope(root)
        guard !judge.rules.keys.isEmpty else { throw .nobodyTrusted }
        let signed = try judge.signed(root)
        let found = try JudgeReader.children(signed ?? root, parts)
        guard found["Issuer"] != nil else { throw .malformed("ArtifactResponse", "no Issuer") }
        guard let response = found["Response"]?.first else { throw .malformed("ArtifactResponse", "no Response") }
        if let issuer = found["Issuer"]?.first { try judge.compare(issuer: try JudgeReader.issuer(issuer)) }
        try judge.judge(response, covered: signed != nil)
    }
}
