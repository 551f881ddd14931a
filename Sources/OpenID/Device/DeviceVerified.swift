import TrustFramework

/// Proof that a registered client asks for a code that it may show.
package struct VerifiedDeviceRequest: Sendable {
    package let client: Client
    let wish: AwaitedWish

    fileprivate init(client: Client, wish: AwaitedWish) {
        self.client = client
        self.wish = wish
    }
}

extension UnverifiedDeviceRequest {
    package func verified(for client: AuthenticatedClient, at provider: Provider) throws(TokenRefusal) -> VerifiedDeviceRequest {
        for check in DeviceCheck.inOrder {
            if let fault = check.fault(form, client.client) { throw fault }
        }
        return VerifiedDeviceRequest(
            client: client.client, wish: try AwaitedWish.read(AwaitedParameters(form), client.client, provider))
    }
}
