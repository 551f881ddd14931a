package import SignOn
import TrustFramework
package import Vocabulary

extension AwaitedGrant {
    /// Seconds that a card's use may lie back when a citizen decides about a request that was put to him: what he does on a page that somebody
    /// else left open is not his.
    static let freshness: Int64 = 300

    /// What the client asks of the citizen who decides. A device's code says nothing about whose it is, and is what a phisher sends around
    /// (RFC 8628 §5.4): there the card is used in this very journey. `registered` is the client as it stands now, whose `default_max_age`
    /// may ask for a newer login than `freshness` does (OpenID Connect Dynamic Registration §2).
    package func ask(at moment: Timestamp, of registered: Client?) -> Ask {
        switch kind {
        case .device:
            return Ask(
                member: client, forceAuthentication: true, requirement: requirement, askedAt: moment, wish: wish, by: .openid,
                path: .device)
        case .backchannel:
            let oldest = min(Self.freshness, registered?.defaultMaximumAge ?? Self.freshness)
            return Ask(
                member: client, forceAuthentication: oldest == 0, maximumAge: oldest, requirement: requirement,
                expected: addressee?.pairwise, askedAt: moment, wish: wish, by: .openid, path: .backchannel)
        }
    }

    private var wish: ReleaseWish { RequestedClaims.none.wish(with: scopes) }

    /// What of the released attributes the client is told, and where.
    package func told(of grant: Grant) -> ToldClaims { RequestedClaims.none.split(grant, scopes: scopes) }

    /// What the client may redeem once the citizen has said yes.
    package func entitlement(for grant: Grant) -> Entitlement {
        let told = told(of: grant)
        return Entitlement(
            grant, scopes: scopes, requirement: requirement, claims: told.idToken, userInfoClaims: told.userInfo, citizen: told.citizen,
            resources: resources)
    }
}

/// What the endpoints that begin a wait have in common: the parameters that say what is asked for.
struct AwaitedWish: Hashable, Sendable {
    let scopes: [String]
    let acrValues: [String]
    let resources: [String]

    /// `acr_values` are wishes, liked best first: what comes behind these is passed over.
    static let mostACRValues = RequestedClaims.mostValues

    static func read(_ parameters: AwaitedParameters, _ client: Client, _ provider: Provider) throws(TokenRefusal) -> AwaitedWish {
        if parameters["authorization_details"] != nil {
            throw TokenRefusal(
                .invalidAuthorizationDetails, .unsupported("authorization_details", "RFC 9396 §5; not with this grant"))
        }
        guard let scope = parameters["scope"] else {
            throw TokenRefusal(.invalidScope, .missing("scope", "openid", "CIBA Core §7.1; RFC 8628 §3.1; OpenID Connect Core §3.1.2.1"))
        }
        let words = scope.words
        guard words.contains("openid"), words.allSatisfy(Scope.isToken) else {
            throw TokenRefusal(.invalidScope, .value("scope", scope, accepted: "openid …", "CIBA Core §7.1; OpenID Connect Core §3.1.2.1"))
        }
        let acrValues = Array((parameters["acr_values"]?.words ?? client.defaultContexts).prefix(mostACRValues))
        let resources: [String]
        do throws(ResourceFault) {
            resources = try ResourceIndicators.read(parameters.all("resource"), for: client, at: provider)
        } catch {
            throw TokenRefusal(.invalidTarget, error.explanation)
        }
        return AwaitedWish(scopes: provider.scopes(words, givenTo: client), acrValues: acrValues, resources: resources)
    }
}

/// The parameters of a request, in a form or in a signed object. A value that is empty counts as left out.
struct AwaitedParameters: Sendable {
    private let values: @Sendable (String) -> [String]

    init(_ form: FormParameters) { values = { form.all($0) } }

    /// The claims of a request object: texts, lists of texts, and numbers where a number is meant.
    init(_ claims: JSON) {
        values = { name in
            guard let claim = claims[name] else { return [] }
            return (claim.strings ?? [claim.string ?? claim.integer.map(String.init) ?? ""]).filter { !$0.isEmpty }
        }
    }

    /// The value that came exactly once.
    subscript(_ name: String) -> String? {
        let all = values(name)
        return all.count == 1 ? all.first : nil
    }

    func all(_ name: String) -> [String] { values(name) }
}
