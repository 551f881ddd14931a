package import SignOn
import TrustFramework
package import Vocabulary

/// What `acr_values` and the `claims` parameter ask (OpenID Connect Core §5.5): of the login, and of what is told.
package struct RequestedClaims: Hashable, Sendable {
    let requirement: ContextRequirement?
    /// The citizen asked for by `sub.value` (§5.5.1).
    let subject: String?
    /// What may be told in the ID token, by name, with the values that would do; nil when the request says nothing about it.
    let idToken: [String: Wish]?
    /// The same for userinfo.
    let userInfo: [String: Wish]?
    /// For whom the citizen is said to act: `claims.id_token.acting_for.value`, `person` or `company`. A fact for the rules, believed by
    /// nobody before a mandate proves it.
    var actingFor = ActingFor.nobody

    /// One claim as it is wished for.
    struct Wish: Hashable, Sendable {
        /// Nil: any.
        let values: [JSON]?
    }

    /// Nothing is asked: everything that policy released is told.
    package static let none = RequestedClaims(requirement: nil, subject: nil, idToken: nil, userInfo: nil)

    private static let acting = "acting_for"
    static let mostValues = 16
    /// Claims in one member of `claims`; more than any provider has.
    static let mostClaims = 64

    /// `standard`: the client's `default_acr_values`, for a request that asks for none in either way (OpenID Connect Dynamic Registration §2).
    static func read(_ parameters: AuthorizationParameters, orElse standard: [String] = []) throws(AuthorizationFault) -> RequestedClaims {
        // Wishes, liked best first: what comes behind the most that is read refuses nobody.
        let fromValues = ContextRequirement.wished(Array((parameters["acr_values"]?.words ?? []).prefix(mostValues)))
        let usual = ContextRequirement.wished(standard)
        guard let text = parameters["claims"] else {
            return RequestedClaims(requirement: fromValues ?? usual, subject: nil, idToken: nil, userInfo: nil)
        }
        let json: JSON
        do throws(JSONRefusal) {
            json = try JSON(reading: text, limit: 8_192, depth: 8)
        } catch {
            throw fault("claims is not JSON, or too large")
        }
        guard json.members != nil else { throw fault("claims is not an object") }
        let token = try place("id_token", in: json)
        let info = try place("userinfo", in: json)
        // An essential acr is a condition; it outranks the wishes of `acr_values` (§5.5.1.1).
        let fromClaims = try contexts(json["id_token"]?["acr"])
        let requirement = fromClaims?.essential == true ? fromClaims : fromValues ?? fromClaims ?? usual
        let subject = try subject(json["id_token"]?["sub"], "id_token")
        let other = try self.subject(json["userinfo"]?["sub"], "userinfo")
        if let subject, let other, !subject.hasSameBytes(as: other) { throw fault("claims asks for two citizens at once") }
        // What one place asks for is not told in the other; a request that names only claims of the protocol leaves both as they are.
        let named = token != nil || info != nil
        var claims = RequestedClaims(
            requirement: requirement, subject: subject ?? other, idToken: named ? token ?? [:] : nil, userInfo: named ? info ?? [:] : nil)
        if let acting = json["id_token"]?[Self.acting]?["value"] {
            guard let whom = acting.string.flatMap(ActingFor.init(rawValue:)) else {
                throw fault("claims.id_token.acting_for is nobody we know")
            }
            claims.actingFor = whom
        }
        return claims
    }

    /// What one place wishes for, without the claims that the protocol itself sets; nil when nothing is left.
    private static func place(_ name: String, in json: JSON) throws(AuthorizationFault) -> [String: Wish]? {
        guard let asked = json[name], asked != .null else { return nil }
        guard let members = asked.members else { throw fault("claims." + name + " is not an object") }
        guard members.count <= mostClaims else { throw fault("claims." + name + " has more than \(mostClaims) members") }
        var wishes: [String: Wish] = [:]
        for (claim, wish) in members where !IDToken.claims.contains(claim) && claim != acting {
            guard wish == .null || wish.members != nil else { throw fault("a member of claims." + name + " is neither null nor an object") }
            let values = wish["value"].map { [$0] } ?? wish["values"]?.array
            guard (values?.count ?? 0) <= mostValues else { throw fault("a member of claims." + name + " has too many values") }
            wishes[claim] = Wish(values: values)
        }
        return wishes.isEmpty ? nil : wishes
    }

    private static func contexts(_ asked: JSON?) throws(AuthorizationFault) -> ContextRequirement? {
        guard let members = asked?.members else {
            guard asked == nil || asked == .null else { throw fault("claims.id_token.acr is not an object") }
            return nil
        }
        let essential: Bool
        switch asked?["essential"] {
        case .none: essential = false
        case .some(.bool(let value)): essential = value
        case .some: throw fault("claims.id_token.acr.essential is not a boolean")
        }
        guard members.contains(where: { $0.0 == "value" || $0.0 == "values" }) else { return nil }
        let single = asked?["value"].map { [$0] } ?? []
        guard let values = JSON.array(single + (asked?["values"] ?? []).items).strings, !values.isEmpty, values.count <= mostValues else {
            throw fault("claims.id_token.acr has no usable values")
        }
        // "MUST return an acr Claim Value that matches one of the requested values" (§5.5.1.1) is an exact comparison.
        return ContextRequirement(values: values, comparison: essential ? .exact : .minimum, essential: essential)
    }

    /// The one citizen that `value` or `values` names. The login of one journey is one citizen's, so that a choice of several is refused
    /// rather than left to whoever happens to be here.
    private static func subject(_ asked: JSON?, _ place: String) throws(AuthorizationFault) -> String? {
        let (value, values) = (asked?["value"], asked?["values"])
        guard value != nil || values != nil else { return nil }
        let single: [JSON] = value.map { [$0] } ?? []
        guard let texts = JSON.array(single + (values ?? []).items).strings, let text = texts.first else {
            throw fault("claims." + place + ".sub has no usable value")
        }
        guard texts.allSatisfy({ $0.hasSameBytes(as: text) }) else { throw fault("claims." + place + ".sub names several citizens") }
        return text
    }

    private static func fault(_ summary: String) -> AuthorizationFault {
        AuthorizationFault(
            .invalidRequest,
            Explanation(
                "openid.request.claims", summary, clause: "OpenID Connect Core §5.5",
                remedy: "send a JSON object as in the example of §5.5, or leave it out"))
    }
}

/// What a grant tells the client, and where.
package struct ToldClaims: Hashable, Sendable {
    package let idToken: JSON
    /// Nil: the same as in the ID token.
    package let userInfo: JSON?
    package let citizen: CitizenClaims?
    /// Every attribute that is told in either place, or that values were set beside, by the names of `AttributeSource`.
    package let sources: [String]
}

extension RequestedClaims {
    /// Claims of the person that scopes stand for (OpenID Connect Core §5.4).
    static let scopes: [String: Set<AttributeSource>] = [
        "profile": [.name, .birthDate, .sex], "address": [.address], "customer_id": [.customerID],
    ]

    private static func scoped(_ scopes: [String]) -> Set<AttributeSource> {
        scopes.reduce(into: []) { $0.formUnion(Self.scopes[$1] ?? []) }
    }

    private var namesClaims: Bool { idToken != nil || userInfo != nil }

    /// What the request asks to be told: without a `claims` parameter the facts of the login, and of the person what the scopes stand for.
    func wish(with scopes: [String]) -> ReleaseWish {
        let scoped = Self.scoped(scopes)
        guard namesClaims else { return scoped.isEmpty ? .unsaid : .facts(and: scoped) }
        let named = AttributeSource.allCases.filter { idToken?[$0.claim] != nil || userInfo?[$0.claim] != nil }
        return .only(scoped.union(named))
    }

    /// What is told where. What policy released is the upper bound: a wish never adds, and a released claim whose value is not among those
    /// asked for is left out, essential or not (§5.5.1). What a scope stands for is told at userinfo (§5.4).
    package func split(_ grant: Grant, scopes: [String]) -> ToldClaims {
        let released = grant.attributes
        guard namesClaims || grant.consent != nil || released.contains(where: { $0.source.isPersonal }) else {
            return ToldClaims(
                idToken: .object(released.map { ($0.source.claim, $0.value) }), userInfo: nil, citizen: nil,
                sources: released.map(\.source.rawValue))
        }
        let scoped = Self.scoped(scopes)
        let token = released.filter { namesClaims ? isTold($0, grant, idToken ?? [:], []) : !$0.source.isPersonal }
        let info = released.filter { namesClaims ? isTold($0, grant, userInfo ?? [:], scoped) : true }
        let told = Set((token + info).map(\.source))
        return ToldClaims(
            idToken: Self.plain(token), userInfo: Self.plain(info),
            citizen: CitizenClaims(
                idToken: token.map(\.source).filter(\.isPersonal), userInfo: info.map(\.source).filter(\.isPersonal),
                consented: AttributeSource.allCases.filter { grant.consented.contains($0) && told.contains($0) }),
            sources: released.filter { told.contains($0.source) || isCompared($0, grant) }.map(\.source.rawValue))
    }

    /// Whoever names values and is told nothing has learnt that it is none of them.
    private func isCompared(_ attribute: ReleasedAttribute, _ grant: Grant) -> Bool {
        let names = [attribute.source, grant.original(of: attribute.source)].compactMap(\.self)
        return names.contains { idToken?[$0.claim]?.values != nil || userInfo?[$0.claim]?.values != nil }
    }

    private static func plain(_ released: [ReleasedAttribute]) -> JSON {
        .object(released.filter { !$0.source.isPersonal }.map { ($0.source.claim, $0.value) })
    }

    /// By its own name, by that in whose place it is told, or by that whose characters it explains.
    private func isTold(
        _ attribute: ReleasedAttribute, _ grant: Grant, _ wishes: [String: Wish], _ scoped: Set<AttributeSource>
    ) -> Bool {
        let explained = attribute.source.isPersonal ? AttributeSource.allCases.first { $0.companion == attribute.source } : nil
        let names = [attribute.source, grant.original(of: attribute.source), explained].compactMap { $0 }
        return names.contains { name in
            scoped.contains(name) || wishes[name.claim].map { $0.values?.contains(attribute.claimValue) ?? true } ?? false
        }
    }
}

extension ContextRequirement {
    /// The voluntary wish for one of these, the first liked best; nil for none.
    static func wished(_ values: [String]) -> ContextRequirement? {
        values.isEmpty ? nil : ContextRequirement(values: values, comparison: .minimum, essential: false)
    }
}

extension JSON {
    /// The items of an array; anything else is one item, which then fails to be an array of strings.
    fileprivate var items: [JSON] { array ?? [self, .null] }
}
