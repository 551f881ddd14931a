import OpenID
import Testing
import Vocabulary

@Suite struct `Records go through the store unchanged` {
    @Test func `code, access token and refresh token read back what was written`() throws {
        let federation = try Federation(refreshTokens: true)
        let client = try federation.client(scopes: ["offline_access"], refreshTokens: true)
        for changes in [[("scope", "openid offline_access")], [("scope", "openid offline_access"), ("nonce", nil)]] as [[(String, String?)]]
        {
            let (code, record) = try federation.code(changes, client: client)
            #expect(CodeRecord(json: try JSON(reading: record.json.text)) == record)
            let answer = try federation.tokens(
                record, Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client)
            #expect(AccessTokenRecord(json: try JSON(reading: answer.accessToken.json.text)) == answer.accessToken)
            let refresh = try #require(answer.refreshToken)
            #expect(RefreshTokenRecord(json: try JSON(reading: refresh.json.text)) == refresh)
        }
    }

    @Test func `a record that lacks a member is no record`() throws {
        let federation = try Federation(refreshTokens: true)
        let client = try federation.client(scopes: ["offline_access"], refreshTokens: true)
        let (code, record) = try federation.code([("scope", "openid offline_access")], client: client)
        let answer = try federation.tokens(
            record, Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client)
        func lacking(_ json: JSON) -> [JSON] {
            let members = json.members ?? []
            return members.indices.map { index in
                .object(members.enumerated().filter { $0.offset != index }.map(\.element))
            }
        }
        for json in lacking(record.json) { #expect(CodeRecord(json: json) == nil) }
        for json in lacking(answer.accessToken.json) { #expect(AccessTokenRecord(json: json) == nil) }
        for json in lacking(try #require(answer.refreshToken).json) { #expect(RefreshTokenRecord(json: json) == nil) }
    }
}
