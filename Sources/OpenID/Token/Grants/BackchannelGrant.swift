extension GrantReader {
    /// CIBA Core §10.1. Redeemed like a device's code (`DeviceGrant.swift`): only how the wait began is different.
    static let backchannel = GrantReader(type: .ciba) { parameters, client, _ throws(TokenRefusal) in
        guard client.grants.contains(.ciba) else { throw TokenRefusal.awaitedOff(.ciba) }
        return .awaited(.backchannel, digest: try digest("auth_req_id", in: parameters), TokenNarrowing(parameters))
    }
}
