package import SignOn
package import TrustFramework
package import Vocabulary

/// What codes and tokens tell of the person, by name only: the values come out of the citizen's identity record at the moment they are told,
/// and are kept with no token. Beside them what the citizen agreed to, of the person or not.
package struct CitizenClaims: Hashable, Sendable {
    package let idToken: [AttributeSource]
    package let userInfo: [AttributeSource]
    package let consented: [AttributeSource]

    /// Nil when there is nothing to keep.
    init?(idToken: [AttributeSource], userInfo: [AttributeSource], consented: [AttributeSource]) {
        if idToken.isEmpty, userInfo.isEmpty, consented.isEmpty { return nil }
        self.idToken = idToken
        self.userInfo = userInfo
        self.consented = consented
    }

    /// What is left when fewer scopes are asked for: without what the others stood for.
    func narrowed(from all: [String], to scopes: [String]) -> CitizenClaims? {
        let gone = Self.meant(by: all.filter { !scopes.contains($0) }).subtracting(Self.meant(by: scopes))
        if gone.isEmpty { return self }
        func kept(_ sources: [AttributeSource]) -> [AttributeSource] { sources.filter { !gone.contains($0) } }
        return CitizenClaims(idToken: kept(idToken), userInfo: kept(userInfo), consented: kept(consented))
    }

    /// The attributes that scopes stand for, with their marks and what may be told in their place.
    private static func meant(by scopes: [String]) -> Set<AttributeSource> {
        let named = scopes.reduce(into: Set<AttributeSource>()) { $0.formUnion(RequestedClaims.scopes[$1] ?? []) }
        return named.union(named.compactMap(\.companion))
            .union(AttributeSource.allCases.filter { $0.derivedFrom.map(named.contains) ?? false })
    }

    /// Something of the citizen is told, to be looked up when it is.
    package var tellsOfPerson: Bool { !idToken.isEmpty || !userInfo.isEmpty }
    /// A look into the identity records is due.
    package var tellsOfRecord: Bool { (idToken + userInfo).contains(where: \.takesRecord) }
    /// A look at the member's own numbers of the citizen is due.
    package var tellsCustomers: Bool { (idToken + userInfo).contains(.customerID) }
}

/// What the citizen's side says when a token is issued or used: asked for only where `CitizenClaims` names something.
package struct CitizenWord: Sendable {
    /// As claims have them.
    let values: [AttributeSource: JSON]
    /// What a standing consent gives; nil: there is none.
    let consented: Set<AttributeSource>?
    /// What the citizen showed of a signature certificate for this member and purpose is kept, and in its time.
    package let isShown: Bool

    package static let silent = CitizenWord(values: [:], consented: nil, isShown: false)

    private init(values: [AttributeSource: JSON], consented: Set<AttributeSource>?, isShown: Bool) {
        self.values = values
        self.consented = consented
        self.isShown = isShown
    }

    /// `record`, `consent` and `customers` are the citizen's for this member and purpose, as they are now.
    package init(
        _ claims: CitizenClaims?, record: IdentityRecord?, customers: [CustomerID] = [], consent: Consent?, facts: AssuranceFacts,
        under policy: Policy, at now: Timestamp
    ) {
        var values: [AttributeSource: JSON] = [:]
        if let claims, let context = policy.ladder.reached(by: facts) ?? policy.ladder.contexts.first {
            let told = ReleasedAttribute.told(
                Set(claims.idToken + claims.userInfo), from: facts, in: context, record: record, customers: customers.map(\.text),
                at: now)
            for attribute in told where attribute.source.isPersonal { values[attribute.source] = attribute.claimValue }
        }
        self.init(values: values, consented: consent?.given, isShown: record?.isAlive(at: now) ?? false)
    }

    func claims(_ sources: [AttributeSource]) -> [(String, JSON)] {
        sources.compactMap { source in values[source].map { (source.claim, $0) } }
    }

    /// Whether everything that was told under a consent may still be told.
    func upholds(_ claims: CitizenClaims) -> Bool {
        claims.consented.isEmpty || consented.map { Set(claims.consented).isSubset(of: $0) } ?? false
    }
}

extension CitizenClaims {
    var json: JSON {
        .object([
            ("id", .texts(idToken.map(\.rawValue))), ("info", .texts(userInfo.map(\.rawValue))),
            ("agreed", .texts(consented.map(\.rawValue))),
        ])
    }

    init?(json: JSON) {
        func sources(_ name: String) -> [AttributeSource]? {
            guard let texts = json[name]?.strings else { return nil }
            let sources = texts.compactMap(AttributeSource.init(rawValue:))
            return sources.count == texts.count ? sources : nil
        }
        guard let idToken = sources("id"), let userInfo = sources("info"), let consented = sources("agreed") else { return nil }
        self.init(idToken: idToken, userInfo: userInfo, consented: consented)
    }
}
