import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The back-channel authentication endpoint.
extension Platform {
    /// `POST /openid/ciba` (CIBA Core §7.1)
    func backchannel(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await beginning(request, at: configuration.current.openIDProvider.backchannelAuthenticationEndpoint, context) {
            form, client, settings, now in
            let provider = settings.openIDProvider
            let verified = try UnverifiedBackchannelRequest(form).verified(for: client, at: provider, at: now)
            let member = try self.require(client.client, settings, at: now)
            var random = SystemRandomNumberGenerator()
            let (grant, answer) = verified.begun(
                sector: member.sector, at: provider, from: context.publicAddress, at: now, using: &random)
            // The assertion, the signed request and the wait are one commit. Whether anybody is behind the name is not looked up.
            switch try await self.stores.open(
                grant, claiming: [client.replay, verified.replay].compactMap { $0 },
                mostWaiting: VerifiedBackchannelRequest.mostWaiting, recording: Self.begun(grant, settings), at: now)
            {
            case .opened: return answer
            case .taken(let claim): throw claim == verified.replay ? TokenRefusal.backchannelReplayed : claim.refusal
            case .tooMany: throw TokenRefusal.backchannelTooMany
            case .handleTaken: throw StoreRefusal()
            }
        }
    }
}
