package import TrustFramework
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

    /// One claim as it is wished for.
    struct Wish: Hashable, Sendable {
        /// Nil: any.
        let values: [JSON]?
    }

    /// Nothing is asked: everything that policy released is told.
    package static let none = RequestedClaims(requirement: nil, subject: nil, idToken: nil, userInfo: nil)

    static let mostValues = 16
    /// Claims in one member of `claims`; more than any provider has.
    static let mostClaims = 64

    static func read(_ parameters: AuthorizationParameters) throws(AuthorizationFault) -> RequestedClaims {
        let voluntary = parameters["acr_values"]?.words ?? []
        guard voluntary.count <= mostValues else { throw fault("acr_values has more than \(mostValues) values") }
        let fromValues =
            voluntary.isEmpty ? nil : ContextRequirement(values: voluntary, comparison: .minimum, essential: false)
        guard let text = parameters["claims"] else {
            return fromValues == nil ? .none : RequestedClaims(requirement: fromValues, subject: nil, idToken: nil, userInfo: nil)
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
        let requirement = fromClaims?.essential == true ? fromClaims : fromValues ?? fromClaims
        let subject = try subject(json["id_token"]?["sub"], "id_token")
        let other = try self.subject(json["userinfo"]?["sub"], "userinfo")
        if let subject, let other, !subject.hasSameBytes(as: other) { throw fault("claims asks for two citizens at once") }
        // What one place asks for is not told in the other; a request that names only claims of the protocol leaves both as they are.
        let named = token != nil || info != nil
        return RequestedClaims(
            requirement: requirement, subject: subject ?? other, idToken: named ? token ?? [:] : nil, userInfo: named ? info ?? [:] : nil)
    }

    /// What one place wishes for, without the claims that the protocol itself sets; nil when nothing is left.
    private static func place(_ name: String, in json: JSON) throws(AuthorizationFault) -> [String: Wish]? {
        guard let asked = json[name], asked != .null else { return nil }
        guard let members = asked.members else { throw fault("claims." + name + " is not an object") }
        guard members.count <= mostClaims else { throw fault("claims." + name + " has more than \(mostClaims) members") }
        var wishes: [String: Wish] = [:]
        for (claim, wish) in members where !IDToken.claims.contains(claim) {
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

    private static func subject(_ asked: JSON?, _ place: String) throws(AuthorizationFault) -> String? {
        guard let value = asked?["value"] else { return nil }
        guard let text = value.string else { throw fault("claims." + place + ".sub.value is not a string") }
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

extension RequestedClaims {
    /// What is told where. What policy released is the upper bound: a wish never adds, and a released claim whose value is not among those
    /// asked for is left out, essential or not (§5.5.1). Nil for userinfo: the same as in the ID token.
    package func split(_ released: [ReleasedAttribute]) -> (idToken: JSON, userInfo: JSON?) {
        guard idToken != nil || userInfo != nil else { return (.object(released.map { ($0.source.claim, $0.value) }), nil) }
        return (.object(told(released, idToken ?? [:])), .object(told(released, userInfo ?? [:])))
    }

    /// Whether a released attribute is told in either place.
    func tells(_ attribute: ReleasedAttribute) -> Bool {
        guard idToken != nil || userInfo != nil else { return true }
        return [idToken, userInfo].contains { !told([attribute], $0 ?? [:]).isEmpty }
    }

    private func told(_ released: [ReleasedAttribute], _ wishes: [String: Wish]) -> [(String, JSON)] {
        released.compactMap { attribute in
            guard let wish = wishes[attribute.source.claim], wish.values?.contains(attribute.value) ?? true else { return nil }
            return (attribute.source.claim, attribute.value)
        }
    }
}

extension JSON {
    /// The items of an array; anything else is one item, which then fails to be an array of strings.
    fileprivate var items: [JSON] { array ?? [self, .null] }
}
