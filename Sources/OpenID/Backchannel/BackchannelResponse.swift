import SignOn
package import Vocabulary

extension VerifiedBackchannelRequest {
    /// Seconds that a request waits when it says nothing: long enough to fetch a card.
    static let usualLifetime: Int64 = 300
    /// At most; `expires_in` tells a client that asked for more.
    package static let longestLifetime: Int64 = 900
    /// Seconds between two polls, with pings too: a ping may get lost.
    static let interval: Int64 = 5
    /// Requests of one client that may wait for one citizen: a citizen who is asked again and again says yes in the end.
    package static let mostWaiting = 3

    /// The record for the store and the answer (CIBA Core §7.3). `sector` is the member's. `approval_uri` is ours: a link or QR code that a
    /// counter may show; it opens for the citizen who was named and for nobody else.
    package func begun(
        sector: String, at provider: Provider, from address: String?, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) -> (grant: AwaitedGrant, answer: JSON) {
        let (id, ticket) = (Ticket.fresh(using: &random), Ticket.fresh(using: &random))
        let grant = AwaitedGrant(
            kind: .backchannel, secretDigest: id.digest, handle: ticket.digest, client: client.id, scopes: wish.scopes,
            acrValues: wish.acrValues, resources: wish.resources, message: message,
            addressee: AwaitedGrant.Addressee(sector: sector, pairwise: subject), askedFrom: address, askedAt: now,
            expiresAt: now.adding(seconds: lifetime), interval: Self.interval,
            notification: notificationToken.map { AwaitedGrant.Notification(token: $0, requestID: id.text) })
        return (
            grant,
            [
                "auth_req_id": .string(id.text), "expires_in": .integer(lifetime), "interval": .integer(Self.interval),
                "approval_uri": .string(provider.approvalPage + "/" + ticket.text),
            ]
        )
    }
}
