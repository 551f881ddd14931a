import Vocabulary

/// By which names a receiver knows citizens: the issuer that stands beside them (RFC 9493 §3.2.4, `iss_sub`), which is ours for an OpenID
/// client and our entityID for a SAML service, and what follows the identifier (`@scope` of a SAML `pairwise-id`).
package struct SubjectNaming: Hashable, Sendable {
    package let issuer: String
    /// Nil: the receiver knows nobody beyond one session, and hears of ends of sessions only.
    package let suffix: String?

    package init(issuer: String, suffix: String? = "") {
        self.issuer = issuer
        self.suffix = suffix
    }

    /// The subject of an event, as this receiver has it. A session's event carries the name that was told in that session, to the letter.
    func subject(of signal: QueuedSignal) -> JSON? {
        signal.subject.map { text in
            let name = signal.session == nil ? text + (suffix ?? "") : text
            return .object([("format", "iss_sub"), ("iss", .string(issuer)), ("sub", .string(name))])
        }
    }

    /// Our identifier behind a name that the receiver sends; nil for what cannot be one.
    func identifier(_ issuer: String, _ name: String) -> PairwiseID? {
        guard let suffix, issuer.hasSameBytes(as: self.issuer), name.utf8.count > suffix.utf8.count,
            String(decoding: name.utf8.suffix(suffix.utf8.count), as: UTF8.self).hasSameBytes(as: suffix)
        else { return nil }
        return PairwiseID(String(decoding: name.utf8.dropLast(suffix.utf8.count), as: UTF8.self))
    }
}
