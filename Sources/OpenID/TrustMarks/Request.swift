package import TrustFramework
package import Vocabulary

/// What a trust mark of ours says: that its subject is accredited as a member of this kind. The kinds of member are the types of mark.
package struct TrustMarkType: Hashable, Sendable {
    package let kind: MemberKind

    package init(_ kind: MemberKind) { self.kind = kind }

    /// Nil for any other text: a type is compared byte for byte.
    package init?(_ text: String, at provider: Provider) {
        guard let kind = MemberKind.allCases.first(where: { provider.trustMarkType($0).hasSameBytes(as: text) }) else { return nil }
        self.kind = kind
    }
}

extension Provider {
    /// The identifier of the type, which is also the address of a page that says what it means (OpenID Federation 1.0 §7.1).
    package func trustMarkType(_ kind: MemberKind) -> String { issuer + "/trust-marks/" + kind.rawValue }
}

/// A question for somebody's mark, or for those who have one (OpenID Federation 1.0 §8.5.1, §8.6.1).
package struct TrustMarkQuestion: Sendable {
    package let type: TrustMarkType
    /// Nil where nobody is named.
    package let subject: MemberID?

    /// `needsSubject`: one mark is asked for, not the list.
    package init(query: [UInt8], needsSubject: Bool, at provider: Provider) throws(TrustMarkRefusal) {
        let form = try Self.form(query)
        guard let text = form["trust_mark_type"] else { throw .invalidRequest(.missing("trust_mark_type")) }
        guard let type = TrustMarkType(text, at: provider) else { throw .notFound(.unknownType(text)) }
        let subject = form["sub"]
        guard subject != nil || !needsSubject else { throw .invalidRequest(.missing("sub")) }
        self.type = type
        self.subject = subject.flatMap { MemberID($0) }
        if subject != nil, self.subject == nil { throw .notFound(.unmarked) }
    }

    static func form(_ bytes: [UInt8]) throws(TrustMarkRefusal) -> FormParameters {
        let form: FormParameters
        do { form = try FormParameters(bytes) } catch { throw .invalidRequest(.unreadable) }
        guard form.repeated.isEmpty else { throw .invalidRequest(.unreadable) }
        return form
    }
}
