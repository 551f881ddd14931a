import Cryptography
package import Vocabulary

/// An authority of the trust store and the time it has left.
package struct AuthorityGauge: Hashable, Sendable {
    package enum Kind: String, Sendable { case anchor, intermediate }

    package enum State: String, Sendable {
        case good
        /// Ends within the rules' notice; the next generation should be here by now.
        case endsSoon = "ends-soon"
        case ended
        case early
    }

    package let subject: String
    package let fingerprint: String
    package let kind: Kind
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    package let state: State
    /// Whole days until notAfter, negative when it is past.
    package let days: Int64

    init(_ certificate: Certificate, _ kind: Kind, notice: Int64, at now: Timestamp) {
        subject = certificate.subject.text
        fingerprint = Hexadecimal.encode(certificate.fingerprint)
        self.kind = kind
        notBefore = certificate.notBefore
        notAfter = certificate.notAfter
        days = certificate.notAfter.seconds(since: now) / 86_400
        state = Self.judge(certificate, notice: notice, at: now)
    }

    private static func judge(_ certificate: Certificate, notice: Int64, at now: Timestamp) -> State {
        guard now >= certificate.notBefore else { return .early }
        // notAfter is the last second in which it is valid.
        guard now.seconds <= certificate.notAfter.seconds else { return .ended }
        return certificate.notAfter < now.adding(seconds: notice * 86_400) ? .endsSoon : .good
    }

    package var json: JSON {
        .object([
            ("subject", .string(subject)), ("fingerprint", .string(fingerprint)), ("kind", .string(kind.rawValue)),
            ("not-before", .string(notBefore.text)), ("not-after", .string(notAfter.text)), ("state", .string(state.rawValue)),
            ("days", .integer(days)),
        ])
    }
}
