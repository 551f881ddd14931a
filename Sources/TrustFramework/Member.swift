package import Vocabulary

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

/// A member's accreditation: a state, dates, and the purposes it covers.
package struct Accreditation: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        case applied, examined, accredited, suspended, withdrawn
    }

    package let state: State
    package let notBefore: Timestamp
    package let notAfter: Timestamp
    package let purposes: Set<Purpose>

    package init(state: State, notBefore: Timestamp, notAfter: Timestamp, purposes: Set<Purpose>) {
        self.state = state
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.purposes = purposes
    }
}

/// Whether a member may be answered at one moment.
package enum Standing: String, Sendable, Hashable {
    case inForce = "in-force"
    case notAccredited = "not-accredited"
    case notYet = "not-yet"
    case expired
    case suspended
    case withdrawn
}

/// A ministry, a company or another organisation that we answer.
package struct Member: Hashable, Sendable {
    package let id: MemberID
    package let kind: MemberKind
    /// By language tag; the login page shows the citizen's language, else any.
    package let displayName: [String: String]
    package let accreditation: Accreditation
    /// Members of one sector see the same pairwise identifier (OpenID Connect Core §8.1, SPNameQualifier).
    package let sector: String
    /// What it asks for when its request names no purpose.
    package let defaultPurpose: Purpose

    package init(
        id: MemberID, kind: MemberKind, displayName: [String: String], accreditation: Accreditation, sector: String? = nil,
        defaultPurpose: Purpose
    ) {
        self.id = id
        self.kind = kind
        self.displayName = displayName
        self.accreditation = accreditation
        self.sector = sector ?? id.text
        self.defaultPurpose = defaultPurpose
    }

    package func standing(at now: Timestamp) -> Standing {
        switch accreditation.state {
        case .applied, .examined: .notAccredited
        case .suspended: .suspended
        case .withdrawn: .withdrawn
        case .accredited:
            now < accreditation.notBefore ? .notYet : now > accreditation.notAfter ? .expired : .inForce
        }
    }
}
