import JOSE
import Vocabulary

/// A software statement (RFC 7591 §2.3): metadata of a client, signed by the federation's registrar, with the terms of its membership in the
/// claim `federation_terms`.
struct SoftwareStatement {
    /// Metadata that outrank the request's.
    let metadata: JSON
    let terms: RegistrationTerms
    /// For the trail.
    let id: String?

    static let termsClaim = "federation_terms"
    /// Claims about the statement, which are no metadata. Nor may a statement carry another.
    private static let own: Set<String> = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", termsClaim, "software_statement"]
    private static let types: Set<String?> = [nil, "jwt", "software-statement+jwt"]
    /// Seconds that a statement lives at most: a registrar that changed its mind must not wait longer.
    static let longest: Int64 = 366 * 86_400

    /// Proves it. The order is that of RFC 7591 §3.2.2: a statement that cannot be believed is invalid, one that is believed and not enough
    /// is not approved.
    static func proven(_ text: String, by registrar: RegistrationRules.Registrar, at provider: Provider, at now: Timestamp)
        throws(RegistrationRefusal) -> SoftwareStatement
    {
        let claims: JWTClaims
        do {
            let verified = try UnverifiedJWS(compact: text, limit: 65_536).verified(
                by: registrar.keys.keys, allowed: Set(Client.idTokenAlgorithms))
            guard types.contains(verified.type) else { throw RegistrationRefusal.statement("its typ is another one") }
            claims = try JWTClaims(verified)
        } catch let refusal as RegistrationRefusal {
            throw refusal
        } catch let refusal as JWSRefusal {
            throw .statement(
                "no key of the registrar verifies it" + (refusal == .parts || refusal == .encoding ? ": it is no compact JWS" : ""))
        } catch {
            throw .statement("it is no set of claims")
        }
        guard let issuer = claims.issuer, issuer.hasSameBytes(as: registrar.issuer) else {
            throw .statement("its iss is not the registrar")
        }
        guard claims.audience.isEmpty || claims.audience.contains(where: { $0.hasSameBytes(as: provider.issuer) }) else {
            throw .statement("its aud is not this provider")
        }
        guard let expires = claims.expiresAt else { throw .statement("it has no exp") }
        guard now < expires.adding(seconds: provider.skew) else { throw .statement("it has expired") }
        guard expires <= now.adding(seconds: longest) else { throw .statement("it lives longer than a year") }
        for moment in [claims.notBefore, claims.issuedAt].compactMap(\.self) where moment > now.adding(seconds: max(provider.skew, 10)) {
            throw .statement("it comes from the future")
        }
        guard let written = claims[termsClaim] else { throw .unapproved("it has no " + termsClaim) }
        guard let terms = RegistrationTerms(json: written) else { throw .unapproved("its " + termsClaim + " cannot be read") }
        let metadata = (claims.json.members ?? []).filter { !own.contains($0.0) }
        return SoftwareStatement(metadata: .object(metadata), terms: terms, id: claims.jwtID.map(Explanation.redacted))
    }
}
