import Cryptography
import SignOn
package import Vocabulary

/// The body of a request to the pushed authorization request endpoint. Nothing is believed; who sent it is for `UnverifiedClient` to say.
package struct UnverifiedPush: Sendable {
    private let body: [UInt8]

    package init(body: [UInt8]) { self.body = body }

    /// What authenticates the client is nobody's business later, and no secret goes into a store.
    private static let credentials: Set<String> = ["client_assertion", "client_assertion_type", "client_secret"]

    /// Proves that `client` may ask what it pushes, by all the rules of the authorization endpoint (RFC 9126 §2.1). `kept`: seconds that a
    /// login may pause.
    package func verified(
        from client: AuthenticatedClient, showing proof: DPoPProof?, at provider: Provider, keptFor kept: Int64, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AuthorizationRefusal) -> VerifiedPush {
        let parameters = try form(of: client.client)
        let unverified = try UnverifiedAuthorizationRequest(parameters: parameters)
        guard unverified.clientID.text.hasSameBytes(as: client.client.id.text) else {
            throw .page(.clientContradicted(unverified.clientID.text, client.client.id.text))
        }
        let channel = Channel.back(digest: nil, proven: proof?.thumbprint)
        _ = try unverified.verified(for: client.client, through: channel, at: provider, at: now, objectAt: now)
        let uri = PushedRequest.prefix + Ticket.fresh(using: &random).text
        let usable = now.adding(seconds: provider.authorization.pushedLifetime)
        return VerifiedPush(
            request: PushedRequest(
                digest: Digest.sha256(Array(uri.utf8)), client: client.client.id, parameters: parameters,
                provenThumbprint: proof?.thumbprint,
                receivedAt: now, usableUntil: usable, keptUntil: usable.adding(seconds: kept)),
            claims: [client.replay, proof?.replay].compactMap(\.self),
            body: .object([("request_uri", .string(uri)), ("expires_in", .integer(provider.authorization.pushedLifetime))]))
    }

    /// The parameters as they came; a client that Basic or a certificate authenticates may leave its name out of them.
    private func form(of client: Client) throws(AuthorizationRefusal) -> String {
        var isNamed = false
        var pieces: [String] = []
        for piece in body.split(separator: 0x26) {
            let name: String
            do throws(FormRefusal) {
                name = try FormParameters.decoded(piece.prefix { $0 != 0x3d })
            } catch {
                throw .page(error.explanation)
            }
            if Self.credentials.contains(name) { continue }
            if name == "client_id", piece.contains(0x3d) { isNamed = true }
            pieces.append(String(decoding: piece, as: UTF8.self))
        }
        if !isNamed { pieces.insert([("client_id", client.id.text)].formEncoded, at: 0) }
        return pieces.joined(separator: "&")
    }
}

/// Proof that a registered client pushed this, authenticated, and that it may be brought by a browser.
package struct VerifiedPush: Sendable {
    /// For the store.
    package let request: PushedRequest
    /// To be taken with it: the client's assertion, its DPoP proof.
    package let claims: [AssertionClaim]
    /// For the client, with status 201 (RFC 9126 §2.2): the only place that has the `request_uri`.
    package let body: JSON

    fileprivate init(request: PushedRequest, claims: [AssertionClaim], body: JSON) {
        self.request = request
        self.claims = claims
        self.body = body
    }
}

extension UnverifiedAuthorizationRequest {
    /// Proves the pushed request that a browser's `request_uri` names; nil when there is none. Nothing else of the browser's parameters but
    /// the `client_id` counts (RFC 9126 §4). A request object in it was judged at the moment it was pushed.
    package func verified(
        as pushed: PushedRequest?, for client: Client?, at provider: Provider, at now: Timestamp
    ) throws(AuthorizationRefusal) -> VerifiedAuthorizationRequest {
        let client = try known(client)
        guard let pushed, pushedDigest == pushed.digest, now < pushed.usableUntil else {
            throw .page(.pushedUnknown, .invalidRequestURI)
        }
        guard pushed.client.text.hasSameBytes(as: client.id.text) else { throw .page(.pushedByAnother, .invalidRequestURI) }
        return try pushed.verified(for: client, at: provider, at: now)
    }
}

extension PushedRequest {
    /// Proves a pushed request again: when a browser brings it, and when a paused journey goes on, which does not ask whether it is still
    /// known. `now` is when the browser came.
    package func verified(
        for client: Client?, at provider: Provider, at now: Timestamp
    ) throws(AuthorizationRefusal) -> VerifiedAuthorizationRequest {
        let unverified = try UnverifiedAuthorizationRequest(parameters: parameters)
        let client = try unverified.known(client)
        return try unverified.verified(
            for: client, through: .back(digest: digest, proven: provenThumbprint), at: provider, at: now, objectAt: receivedAt)
    }
}
