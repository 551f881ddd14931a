package import Vocabulary

/// Why a verified payload is no set of claims.
package enum JWTRefusal: Error, Hashable, Sendable {
    case payload(JSONRefusal)
    case notAnObject
    /// A registered claim of the wrong type or out of range.
    case claim(String)
}

/// The registered claims of a JWT (RFC 7519 §4.1), typed. What they must say is the reader's to judge: presence, audience, time and
/// replay are not looked at here.
package struct JWTClaims: Sendable {
    package let issuer: String?
    package let subject: String?
    /// Empty when the claim is absent; one string and a list of one are the same.
    package let audience: [String]
    package let expiresAt: Timestamp?
    package let notBefore: Timestamp?
    package let issuedAt: Timestamp?
    package let jwtID: String?
    package let json: JSON

    // More than any token names; bounds the work of comparing.
    private static let mostAudiences = 32

    package init(_ jws: VerifiedJWS) throws(JWTRefusal) {
        do { json = try JSON(reading: jws.payload) } catch { throw .payload(error) }
        guard json.members != nil else { throw .notAnObject }
        issuer = try json.claimedText("iss")
        subject = try json.claimedText("sub")
        jwtID = try json.claimedText("jti")
        expiresAt = try json.claimedDate("exp")
        notBefore = try json.claimedDate("nbf")
        issuedAt = try json.claimedDate("iat")
        switch json["aud"] {
        case nil: audience = []
        case .string(let one): audience = [one]
        case .some(let value):
            guard let list = value.strings, !list.isEmpty, list.count <= Self.mostAudiences else { throw .claim("aud") }
            audience = list
        }
    }

    package subscript(_ name: String) -> JSON? { json[name] }
}

extension JSON {
    fileprivate func claimedText(_ name: String) throws(JWTRefusal) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string else { throw .claim(name) }
        return text
    }

    /// NumericDate (RFC 7519 §2): seconds since 1970, a fraction allowed, within the years that can be written.
    fileprivate func claimedDate(_ name: String) throws(JWTRefusal) -> Timestamp? {
        let latest: Int64 = 253_402_300_799
        switch self[name] {
        case nil: return nil
        case .integer(let seconds) where (0...latest).contains(seconds): return Timestamp(seconds: seconds)
        case .number(let seconds) where seconds >= 0 && seconds <= Double(latest):
            return Timestamp(milliseconds: Int64(seconds * 1000))
        default: throw .claim(name)
        }
    }
}
