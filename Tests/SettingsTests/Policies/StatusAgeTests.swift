import Settings
import Testing

@Suite struct `The age of a status that a rule takes` {
    /// With one rule of these lines, and with this line of `card.revocation`.
    private static func deployment(_ lines: String, _ revocation: String?) throws -> Deployment {
        let rule = lines.split(separator: "\n").map { "    " + String($0) }.joined(separator: "\n")
        let deployment = try More.deployment(
            """
            definitions:
              three-days: {maximum-status-age: 72h}
            rules:
              - id: more
                effect: permit
                kind: ministry
                purpose: procedure
            \(rule)
                basis: law

            """)
        if let revocation { try deployment.edit("sekisho.yaml", "    ocsp: on\n", "    ocsp: on\n    \(revocation)\n") }
        return deployment
    }

    private static func notices(_ deployment: Deployment) throws -> [Problem] {
        try deployment.load().notices.filter { $0.file == More.name }
    }

    @Test(
        arguments: [
            ("maximum-status-age: 72h", nil, "72h", "36h", "list-maximum-age"),
            ("maximum-status-age: 37h", nil, "37h", "36h", "list-maximum-age"),
            ("maximum-status-age: 90m", "list-maximum-age: 45m", "90m", "1h", "ocsp-maximum-age"),
            ("is: three-days", "list-maximum-age: 48h", "72h", "48h", "list-maximum-age"),
            ("unless: {maximum-status-age: 72h}", nil, "72h", "36h", "list-maximum-age"),
            ("maximum-status-age: 2h\nstatus-source: ocsp", nil, "2h", "1h", "ocsp-maximum-age"),
            ("maximum-status-age: 72h\nstatus-source: ocsp", "list-maximum-age: 72h", "72h", "1h", "ocsp-maximum-age"),
        ] as [(String, String?, String, String, String)])
    func `is told with its line where the doors take none so old`(
        lines: String, revocation: String?, taken: String, admitted: String, key: String
    ) throws {
        let deployment = try Self.deployment(lines, revocation)
        let notices = try Self.notices(deployment)
        let notice = try #require(notices.first)
        #expect(notices.count == 1 && notice.code == "rules.status-age")
        let first = String(lines.prefix { $0 != "\n" })
        #expect(notice.line == (try deployment.line(of: "    " + first, in: More.name)))
        #expect(notice.message.contains("`more`") && notice.message.contains("up to \(taken),"), "\(notice)")
        #expect(notice.message.hasSuffix("more than \(admitted)") && notice.remedy.contains("`card.revocation.\(key)`"), "\(notice)")
    }

    @Test(
        arguments: [
            ("mode: pin", nil), ("maximum-status-age: 36h", nil), ("maximum-status-age: 15m", nil),
            ("is: three-days", "list-maximum-age: 72h"), ("maximum-status-age: 72h", "list-maximum-age: 72h"),
            ("is: three-days\nmaximum-status-age: 24h", nil),
            ("maximum-status-age: 1h\nstatus-source: ocsp", nil), ("maximum-status-age: 2h\nstatus-source: ocsp", "ocsp-maximum-age: 2h"),
            ("maximum-status-age: 36h\nstatus-source: crl", "ocsp-maximum-age: 15m"),
        ] as [(String, String?)])
    func `is nobody's business where the doors take as old ones`(lines: String, revocation: String?) throws {
        #expect(try Self.notices(try Self.deployment(lines, revocation)).isEmpty)
    }
}
