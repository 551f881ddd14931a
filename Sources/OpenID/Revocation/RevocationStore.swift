package import Vocabulary

/// Ending tokens before their time (RFC 7009). Throws when the store fails: then the token lives, and nobody may be told otherwise
/// (CVE-2020-15223; checklist E19).
package protocol RevocationStore: Sendable {
    /// Ends one access token, and with it all that was exchanged for it, with the trace in the same step. A token that is not there any more
    /// leaves the trace all the same.
    func revoke(accessToken digest: [UInt8], recording record: Record, at now: Timestamp) async throws
    /// Ends every refresh and access token of a login, and keeps the code at its root from ever bringing new ones.
    func revoke(family: [UInt8], recording record: Record, at now: Timestamp) async throws
    /// Whether a refresh token would still be exchanged: known, unused, its session alive.
    func isFresh(refreshToken digest: [UInt8], at now: Timestamp) async throws -> Bool
}
