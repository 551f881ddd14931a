import JOSE
import TrustFramework
import Vocabulary

/// `prompt` (OpenID Connect Core §3.1.2.1).
enum Prompt: String, CaseIterable {
    case none, login
    /// The login page names the service and the use of the card is the citizen's act: a fresh one stands for both.
    case consent
    case selectAccount = "select_account"

    static func read(_ text: String?) throws(AuthorizationFault) -> Set<Prompt> {
        guard let text else { return [] }
        var prompts: Set<Prompt> = []
        for word in text.words {
            guard let prompt = Prompt(rawValue: word) else { throw fault(text) }
            prompts.insert(prompt)
        }
        guard prompts.count == 1 || !prompts.contains(.none) else { throw fault(text) }
        return prompts
    }

    private static func fault(_ text: String) -> AuthorizationFault {
        AuthorizationFault(
            .invalidRequest,
            .value("prompt", text, accepted: "none alone, or any of login, consent, select_account", "OpenID Connect Core §3.1.2.1"))
    }
}

enum MaximumAge {
    /// Whole seconds, at most ten digits.
    static func read(_ text: String?) throws(AuthorizationFault) -> Int64? {
        guard let text else { return nil }
        guard (1...10).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(text) else {
            throw AuthorizationFault(
                .invalidRequest, .value("max_age", text, accepted: "whole seconds", "OpenID Connect Core §3.1.2.1"))
        }
        return seconds
    }
}

/// What `acr_values` and the `claims` parameter ask of the login.
struct RequestedClaims {
    let requirement: ContextRequirement?
    /// The citizen asked for by `claims.id_token.sub.value` (OpenID Connect Core §5.5.1).
    let subject: String?

    static let mostValues = 16

    static func read(_ parameters: FormParameters) throws(AuthorizationFault) -> RequestedClaims {
        let voluntary = parameters["acr_values"]?.words ?? []
        guard voluntary.count <= mostValues else { throw fault("acr_values has more than \(mostValues) values") }
        let fromValues =
            voluntary.isEmpty ? nil : ContextRequirement(values: voluntary, comparison: .minimum, essential: false)
        guard let text = parameters["claims"] else { return RequestedClaims(requirement: fromValues, subject: nil) }
        let json: JSON
        do throws(JSONRefusal) {
            json = try JSON(reading: text, limit: 8_192, depth: 8)
        } catch {
            throw fault("claims is not JSON, or too large")
        }
        guard json.members != nil else { throw fault("claims is not an object") }
        let token = json["id_token"]
        guard token == nil || token?.members != nil else { throw fault("claims.id_token is not an object") }
        // An essential acr is a condition; it outranks the wishes of `acr_values` (§5.5.1.1).
        let fromClaims = try contexts(token?["acr"])
        let requirement = fromClaims?.essential == true ? fromClaims : fromValues ?? fromClaims
        return RequestedClaims(requirement: requirement, subject: try subject(token?["sub"]))
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

    private static func subject(_ asked: JSON?) throws(AuthorizationFault) -> String? {
        guard let value = asked?["value"] else { return nil }
        guard let text = value.string else { throw fault("claims.id_token.sub.value is not a string") }
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

extension JSON {
    /// The items of an array; anything else is one item, which then fails to be an array of strings.
    fileprivate var items: [JSON] { array ?? [self, .null] }
}

/// `id_token_hint`: an ID token of ours, possibly expired, that names the citizen the client expects (OpenID Connect Core §3.1.2.1).
enum Hint {
    static func read(_ text: String?, for client: Client, at provider: Provider) throws(AuthorizationFault) -> String? {
        guard let text else { return nil }
        let claims: JWTClaims
        do {
            let token = try UnverifiedJWS(compact: text).verified(
                by: provider.verificationKeys, allowed: Set(provider.verificationKeys.compactMap(\.algorithm)))
            // Only ID tokens: nothing else that our keys signed may name a citizen (checklist E24).
            guard token.header["typ"]?.string == IDToken.type else { throw fault("it is no ID token") }
            claims = try JWTClaims(token)
        } catch let fault as AuthorizationFault {
            throw fault
        } catch {
            throw fault("its signature is not ours")
        }
        guard let issuer = claims.issuer, issuer.hasSameBytes(as: provider.issuer) else { throw fault("another issuer made it") }
        guard claims.audience.contains(where: { $0.hasSameBytes(as: client.id.text) }) else {
            throw fault("it was made for another client")
        }
        guard let subject = claims.subject else { throw fault("it names nobody") }
        return subject
    }

    private static func fault(_ why: String) -> AuthorizationFault {
        AuthorizationFault(
            .invalidRequest,
            Explanation(
                "openid.request.id-token-hint", "the id_token_hint is not accepted: " + why,
                clause: "OpenID Connect Core §3.1.2.1", remedy: "send an ID token that this provider gave to this client, or none"))
    }
}
