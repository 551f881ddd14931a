package import TrustFramework
package import Vocabulary

extension GrantReader {
    /// RFC 8628 §3.4.
    static let deviceCode = GrantReader(type: .deviceCode) { parameters, client, _ throws(TokenRefusal) in
        guard client.grants.contains(.deviceCode) else { throw TokenRefusal.awaitedOff(.deviceCode) }
        return .awaited(.device, digest: try digest("device_code", in: parameters), TokenNarrowing(parameters))
    }
}

extension AuthenticatedTokenRequest {
    /// What the client waits for, by the digest of its device_code or auth_req_id; nil for another grant.
    package var awaited: (kind: AwaitedGrant.Kind, digest: [UInt8])? {
        guard case .awaited(let kind, let digest, _) = grant else { return nil }
        return (kind, digest)
    }

    /// Makes the tokens of what a citizen approved. They count only after the store said that they are the first.
    package func tokens(
        forAwaited granted: Entitlement, member: Member, policy: Policy, hearing word: CitizenWord = .silent, at provider: Provider,
        at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> TokenAnswer {
        guard case .awaited(let kind, let digest, let narrowing) = grant else { throw TokenRefusal.awaitedUnknown }
        let entitlement = try narrowing.applied(to: granted, for: client, at: provider)
        var order = TokenMint.Order(kind == .device ? .deviceCode : .ciba, root: digest)
        order.kept = granted
        order.word = word
        return try TokenMint.tokens(
            for: entitlement, client: authenticated, member: member, policy: policy, binding: binding, at: provider, at: now,
            using: &random, via: order)
    }
}
