import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import Vocabulary

extension Request {
    /// What a client shows beside its form: headers, and the certificate of its connection. `endpoint` is our published address; the same
    /// endpoint under the origin for mutual TLS is another one, and proofs name the one that was asked.
    func evidence(at endpoint: String, _ context: DoorContext) -> ClientEvidence {
        ClientEvidence(
            authorization: headers[.authorization], dpop: headers[values: .dpop], certificate: context.client?.certificate,
            method: method.rawValue, address: context.client?.address(of: endpoint) ?? endpoint)
    }
}

extension Platform {
    /// Proves who asks at an endpoint for clients; an assertion is used by it. The endpoints that have more to keep in the same commit
    /// claim it there instead: the token endpoint and PAR.
    func authenticated(
        _ form: FormParameters, _ request: Request, _ context: DoorContext, endpoint: String, _ settings: Configuration, at now: Timestamp
    ) async throws -> AuthenticatedClient {
        let unverified = try UnverifiedClient(form, request.evidence(at: endpoint, context))
        let client = try unverified.authenticated(
            as: await self.client(for: unverified, settings), at: settings.openIDProvider, at: now)
        if let replay = client.replay {
            guard try await stores.claim(replay.key, scope: replay.scope, until: replay.until, at: now) else {
                throw TokenRefusal.assertionReplayed
            }
        }
        return client
    }

    /// What a refused request was proven with serves no second one: an assertion or a proof that somebody caught cannot be sent again and again
    /// until it gets through. What was used in a commit before stays used. Only for want of a nonce the same request is to be sent once more
    /// (RFC 9449 §8), and many clients make nothing anew but the proof.
    func spend(_ shown: [AssertionClaim], refused refusal: TokenRefusal?, at now: Timestamp) async throws {
        if refusal?.error == .useDPoPNonce { return }
        for claim in shown { _ = try await stores.claim(claim.key, scope: claim.scope, until: claim.until, at: now) }
    }
}

/// How a client reached us for mutual TLS: at which addresses, and with which certificate.
struct TLSClient: Sendable {
    let addresses: MutualTLSAddresses
    let issuer: String
    /// Nil when it showed none.
    let certificate: PresentedCertificate?

    func address(of endpoint: String) -> String { addresses.alias(of: endpoint, issuer: issuer) }
}
