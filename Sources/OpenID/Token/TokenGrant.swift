import Cryptography
import Vocabulary

/// What a token request wants to redeem, read but not proven. The table below is the list of grants we know; another one is a case here,
/// a line in the table and a file in `Grants/`.
enum TokenGrant: Hashable, Sendable {
    case code(CodeRedemption)
    case refresh(RefreshExchange)
    case awaited(AwaitedGrant.Kind, digest: [UInt8], TokenNarrowing)
    case exchange(TokenExchange)
    /// The scopes that a client wants for itself; nil: all that it may have.
    case service([String]?)

    /// Longest credential that we hand out or read; ours have 43 characters.
    static let longest = 512

    static func read(_ parameters: FormParameters, _ client: Client, _ provider: Provider) throws(TokenRefusal) -> TokenGrant {
        guard let name = parameters["grant_type"] else {
            throw TokenRefusal(.invalidRequest, .missing("grant_type", "authorization_code", "RFC 6749 §4.1.3"))
        }
        guard let reader = GrantReader.table.first(where: { $0.type.rawValue.hasSameBytes(as: name) }) else {
            throw TokenRefusal(.unsupportedGrantType, .grantType(name))
        }
        return try reader.read(parameters, client, provider)
    }
}

/// How the parameters of one grant type are read.
struct GrantReader: Sendable {
    let type: GrantType
    let read: @Sendable (FormParameters, Client, Provider) throws(TokenRefusal) -> TokenGrant

    static let table: [GrantReader] = [
        .authorizationCode, .refreshToken, .deviceCode, .backchannel, .tokenExchange, .clientCredentials,
    ]

    static func required(_ name: String, in parameters: FormParameters, _ clause: String) throws(TokenRefusal) -> String {
        guard let value = parameters[name] else { throw TokenRefusal(.invalidRequest, .missing(name, "a value", clause)) }
        return value
    }

    /// SHA-256 of a credential of ours; what is longer than any of ours is none.
    static func digest(_ name: String, in parameters: FormParameters) throws(TokenRefusal) -> [UInt8] {
        let value = try required(name, in: parameters, "RFC 6749 §4.1.3, §6")
        guard value.utf8.count <= TokenGrant.longest else { throw TokenRefusal.codeUnknown }
        return Digest.sha256(Array(value.utf8))
    }
}
