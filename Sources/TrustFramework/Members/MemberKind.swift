/// What a member of the federation is in law.
package enum MemberKind: String, Sendable, Hashable, CaseIterable {
    case ministry
    case localGovernment = "local-government"
    /// 総務大臣認定署名検証者 / 利用者証明検証者.
    case privateVerifier = "private-verifier"
    /// Verifies on behalf of firms that are not verifiers themselves (PF事業者).
    case platformOperator = "platform-operator"
    /// A firm served by a platform operator (SP事業者).
    case servedFirm = "served-firm"
    /// Answers for citizens it authenticated itself.
    case identityProvider = "identity-provider"
}

/// Why a member asks for a citizen, in the words of its accreditation: `procedure`, `points`, `identity-check`.
package struct Purpose: Hashable, Sendable, Codable {
    package let text: String

    /// 1 to 64 of lower-case letters, digits and hyphens.
    package init?(_ text: String) {
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d })
        else { return nil }
        self.text = text
    }
}
