import Vocabulary
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
        let element = signed ?? root
        let found = try JudgeReader.children(element, parts)
        try judge.issued(element, "ArtifactResponse")
        try refuseStale(element, judge)
        guard found["Issuer"] != nil else { throw .malformed("ArtifactResponse", "no Issuer") }
        if let issuer = found["Issuer"]?.first { try judge.compare(issuer: try JudgeReader.issuer(issuer)) }
        try judge.status(found)
        guard let response = found["Response"]?.first else { throw .malformed("ArtifactResponse", "no Response") }
        try judge.judge(response, covered: signed != nil)
    }

    /// Unlike a Response, which a browser may be slow to bring, it is made while whoever asked waits for it.
    private static func refuseStale(_ element: XMLElement, _ judge: ResponseJudge) throws(JudgeRefusal) {
        let (rules, now) = (judge.rules, judge.now)
        guard rules.depth == .full, let issued = Lexical.moment(element.attribute("IssueInstant") ?? "") else { return }
        guard issued.adding(seconds: rules.lifetime).adding(seconds: rules.skew) < now else { return }
        throw .reason(.stale(issued, now: now, lifetime: rules.lifetime))
    }
}
