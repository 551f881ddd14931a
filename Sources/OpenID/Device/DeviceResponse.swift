import SignOn
package import Vocabulary

extension VerifiedDeviceRequest {
    /// Seconds that a code may be typed in: long enough to fetch a card and a reader, short enough that a code passed on is stale.
    package static let lifetime: Int64 = 600
    /// Codes of one client that wait at one moment. Guessing is reckoned with some thousands (`CodeAttempts`); a device's backend that lost its
    /// way is stopped here.
    package static let mostWaiting = 10_000
    /// Seconds between two polls (RFC 8628 §3.2).
    static let interval: Int64 = 5

    /// The record for the store and the answer (RFC 8628 §3.2). The store may know the user code already: then once more.
    package func begun(
        at provider: Provider, from address: String?, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) -> (grant: AwaitedGrant, answer: JSON) {
        let code = Ticket.fresh(using: &random)
        let userCode = UserCode.fresh(client.deviceUserCode, using: &random)
        let grant = AwaitedGrant(
            kind: .device, secretDigest: code.digest, handle: userCode.digest, client: client.id, scopes: wish.scopes,
            acrValues: wish.acrValues, resources: wish.resources, message: nil, addressee: nil, askedFrom: address, askedAt: now,
            expiresAt: now.adding(seconds: Self.lifetime), interval: Self.interval, notification: nil)
        let page = provider.deviceVerification
        return (
            grant,
            [
                "device_code": .string(code.text), "user_code": .string(userCode.shown), "verification_uri": .string(page),
                "verification_uri_complete": .string(page + "?user_code=" + userCode.shown), "expires_in": .integer(Self.lifetime),
                "interval": .integer(Self.interval),
            ]
        )
    }
}
