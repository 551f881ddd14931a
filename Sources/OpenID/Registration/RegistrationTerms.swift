package import TrustFramework
package import Vocabulary

/// What a registered client is as a member: said by the registrar, in an initial access token or a software statement, never by the request.
///
/// A client stands on its sponsor, a member of the federation: it is in force only as long as the sponsor is, and never for a purpose that
/// the sponsor's accreditation does not cover.
package struct RegistrationTerms: Hashable, Sendable {
    package let sponsor: MemberID
    package let kind: MemberKind
    package let purposes: Set<Purpose>
    package let defaultPurpose: Purpose
    package var profile = ClientProfile.core
    package var pkce = PKCE.required
    /// What it may register for. Token exchange is not among them: who may act for citizens is registered by hand.
    package var grants: Set<GrantType> = Self.usualGrants
    /// Nil: all that the deployment has.
    package var scopes: Set<String>?
    package var detailsTypes: Set<String> = []
    /// Under which citizens are known to it. Nil: the hosts of its addresses, apart from those of every other sponsor; its own where an
    /// address proves nothing.
    package var sector: String?
    /// Nil: as long as the sponsor stands.
    package var until: Timestamp?

    package static let usualGrants: Set<GrantType> = [.authorizationCode, .refreshToken]
    package static let grantsToGive: Set<GrantType> = [.authorizationCode, .refreshToken, .deviceCode, .ciba]

    package init(sponsor: MemberID, kind: MemberKind, purposes: Set<Purpose>, defaultPurpose: Purpose) {
        self.sponsor = sponsor
        self.kind = kind
        self.purposes = purposes
        self.defaultPurpose = defaultPurpose
    }
}

extension RegistrationTerms {
    /// Whether the sponsor can answer for such a client at all: of its own kind, or a firm that it serves, for its own purposes.
    package func fault(under sponsor: Member?, at now: Timestamp) -> Explanation? {
        guard let sponsor, !RegistrationRecord.isDynamic(sponsor.id) else {
            return .registrationSponsor(self.sponsor, "it is not registered")
        }
        let standing = sponsor.standing(at: now)
        guard standing == .inForce else { return .registrationSponsor(self.sponsor, "it is " + standing.rawValue) }
        guard Self.fits(kind, under: sponsor.kind) else {
            return .registrationSponsor(self.sponsor, "a " + sponsor.kind.rawValue + " cannot answer for a " + kind.rawValue)
        }
        if let purpose = purposes.subtracting(sponsor.accreditation.purposes).map(\.text).min() {
            return .registrationSponsor(self.sponsor, "its accreditation does not cover the purpose " + purpose)
        }
        if let until, until <= now { return .registrationSponsor(self.sponsor, "the terms ended " + until.text) }
        return nil
    }

    private static func fits(_ kind: MemberKind, under sponsor: MemberKind) -> Bool {
        kind == sponsor || sponsor == .platformOperator && kind == .servedFirm
    }

    /// The member that a client under these terms is at `now`: with its sponsor's standing of that moment. Nil when the sponsor is gone, or
    /// cannot answer for it any more.
    package func member(_ id: MemberID, names: [String: String], hosts: String, sponsor: Member?, at now: Timestamp) -> Member? {
        guard let sponsor, !RegistrationRecord.isDynamic(sponsor.id), Self.fits(kind, under: sponsor.kind) else { return nil }
        let own = sponsor.accreditation
        let state: Accreditation.State =
            switch sponsor.standing(at: now) {
            case .inForce, .notYet, .expired: .accredited
            case .withdrawn: .withdrawn
            case .notAccredited: .applied
            case .suspended, .operatorNotInForce: .suspended
            }
        let accreditation = Accreditation(
            state: state, notBefore: own.notBefore, notAfter: min(own.notAfter, until ?? own.notAfter),
            purposes: own.purposes.intersection(purposes), attributes: own.attributes, modes: own.modes,
            permissions: own.statesPermissions ? own.permissions : nil)
        return Member(
            id: id, kind: kind, displayName: Self.shown(names, by: sponsor), accreditation: accreditation,
            // A sector of hosts belongs to its sponsor: what a request says links no citizen to another member's number.
            sector: sector ?? sponsor.id.text + " " + (provesHosts ? hosts : id.text), defaultPurpose: defaultPurpose,
            operatedBy: kind == sponsor.kind ? sponsor.operatedBy : sponsor.id)
    }

    /// Whether all that such a client is told of citizens passes by its addresses. What comes by a device code or a back-channel request does
    /// not: a client could name another's host, and learn by which number that one knows a citizen. No update of its own changes this while
    /// a citizen decides.
    private var provesHosts: Bool { grants.isDisjoint(with: [.deviceCode, .ciba]) }

    /// A name that somebody chose for itself never stands alone (checklist E22).
    private static func shown(_ names: [String: String], by sponsor: Member) -> [String: String] {
        let any = names["und"] ?? names["ja"] ?? names["en"] ?? names.values.min() ?? ""
        let own = sponsor.displayName
        var shown: [String: String] = [:]
        for tag in Set(names.keys).union(["ja", "en"]) {
            let operatorName = own[tag] ?? own["ja"] ?? own["en"] ?? sponsor.id.text
            shown[tag] = (names[tag] ?? any) + (tag == "ja" ? "（" + operatorName + "）" : " (" + operatorName + ")")
        }
        return shown
    }
}

extension RegistrationTerms {
    /// As they stand in the store, in a software statement's `federation_terms`, and in `sekisho client show`.
    package var json: JSON {
        var members: [(String, JSON)] = [
            ("sponsor", .string(sponsor.text)), ("kind", .string(kind.rawValue)), ("purposes", .texts(purposes.map(\.text).sorted())),
            ("default_purpose", .string(defaultPurpose.text)), ("profile", .string(profile.rawValue)), ("pkce", .string(pkce.rawValue)),
            ("grant_types", .texts(grants.map(\.rawValue).sorted())),
        ]
        if let scopes { members.append(("scope", .string(scopes.sorted().joined(separator: " ")))) }
        if !detailsTypes.isEmpty { members.append(("authorization_details_types", .texts(detailsTypes.sorted()))) }
        if let sector { members.append(("sector", .string(sector))) }
        if let until { members.append(("not_after", .integer(until.seconds))) }
        return .object(members)
    }

    /// Nil when a member is missing that has to be there, or one is not what it should be. Unknown members are refused too: a limit
    /// that nobody reads would not hold.
    package init?(json: JSON) {
        guard let members = json.members, members.allSatisfy({ Self.names.contains($0.0) }),
            let sponsor = json["sponsor"]?.string.flatMap({ MemberID($0) }),
            let kind = json["kind"]?.string.flatMap({ MemberKind(rawValue: $0) }), let texts = json["purposes"]?.strings
        else { return nil }
        let purposes = texts.compactMap { Purpose($0) }
        guard !purposes.isEmpty, purposes.count == texts.count else { return nil }
        let standard =
            json["default_purpose"] == nil
            ? (purposes.count == 1 ? purposes.first : nil) : json["default_purpose"]?.string.flatMap { Purpose($0) }
        guard let standard, purposes.contains(standard) else { return nil }
        self.init(sponsor: sponsor, kind: kind, purposes: Set(purposes), defaultPurpose: standard)
        if let value = json["profile"] {
            guard let profile = value.string.flatMap({ ClientProfile(rawValue: $0) }) else { return nil }
            self.profile = profile
        }
        if let value = json["pkce"] {
            guard let pkce = value.string.flatMap({ PKCE(rawValue: $0) }) else { return nil }
            self.pkce = pkce
        }
        if let value = json["grant_types"] {
            guard let texts = value.strings else { return nil }
            let grants = Set(texts.compactMap { GrantType(rawValue: $0) })
            guard !grants.isEmpty, grants.count == texts.count, grants.isSubset(of: Self.grantsToGive) else { return nil }
            self.grants = grants
        }
        if let value = json["scope"] {
            guard let text = value.string else { return nil }
            scopes = Set(text.words)
        }
        if let value = json["authorization_details_types"] {
            guard let texts = value.strings else { return nil }
            detailsTypes = Set(texts)
        }
        if let value = json["sector"] {
            guard let text = value.string, (1...255).contains(text.utf8.count) else { return nil }
            sector = text
        }
        if let value = json["not_after"] {
            guard let seconds = value.integer else { return nil }
            until = Timestamp(seconds: seconds)
        }
    }

    private static let names: Set<String> = [
        "sponsor", "kind", "purposes", "default_purpose", "profile", "pkce", "grant_types", "scope", "authorization_details_types",
        "sector",
        "not_after",
    ]
}
