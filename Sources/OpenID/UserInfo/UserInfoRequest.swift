import Cryptography
import Vocabulary

/// The userinfo endpoint (OpenID Connect Core §5.3).
package enum UserInfo {
    /// SHA-256 of the access token a request carries, in the header or in a form body, never in a query (RFC 6750 §2.1–2.3). `form` is the
    /// body of a POST in `application/x-www-form-urlencoded`, nil otherwise.
    package static func bearer(authorization: String?, form: [UInt8]? = nil) throws(TokenRefusal) -> [UInt8] {
        let inBody = try form.flatMap { body throws(TokenRefusal) in try Self.token(inForm: body) }
        let token: String
        switch (authorization, inBody) {
        case (.some, .some): throw TokenRefusal(userInfo: .invalidRequest, .tokenTwice)
        case (.some(let header), .none): token = try Self.token(inHeader: header)
        case (.none, .some(let text)): token = text
        case (.none, .none): throw TokenRefusal(userInfo: .invalidToken, .tokenMissing, nothingSent: true)
        }
        guard UserInfoCheck.isToken(token) else { throw TokenRefusal(userInfo: .invalidToken, .tokenMalformed) }
        return Digest.sha256(Array(token.utf8))
    }

    private static func token(inHeader header: String) throws(TokenRefusal) -> String {
        let bytes = Array(header.utf8)
        guard bytes.count > 7, String(decoding: bytes[..<7], as: UTF8.self).lowercased() == "bearer " else {
            throw TokenRefusal(userInfo: .invalidToken, .tokenMissing, nothingSent: true)
        }
        return String(decoding: bytes[7...], as: UTF8.self)
    }

    private static func token(inForm body: [UInt8]) throws(TokenRefusal) -> String? {
        let parameters: FormParameters
        do throws(FormRefusal) {
            parameters = try FormParameters(body)
        } catch {
            throw TokenRefusal(userInfo: .invalidRequest, error.explanation)
        }
        guard !parameters.repeated.contains("access_token") else {
            throw TokenRefusal(userInfo: .invalidRequest, .repeated("access_token"))
        }
        return parameters["access_token"]
    }
}
