import Vocabulary

/// A rule of the device authorization endpoint. The list in its order is the specification.
struct DeviceCheck: Sendable {
    let name: String
    let fault: @Sendable (FormParameters, Client) -> TokenRefusal?

    static let inOrder = [
        DeviceCheck(name: "every parameter once") { form, _ in
            form.repeated.first { $0 != "resource" }.map { TokenRefusal(.invalidRequest, .repeated($0)) }
        },
        // Off unless a member's file turns it on: it is the grant that phishers like best (RFC 8628 §5.4; checklist O13).
        DeviceCheck(name: "the client may") { _, client in
            client.grants.contains(.deviceCode) ? nil : .awaitedOff(.deviceCode)
        },
        DeviceCheck(name: "no request object") { form, _ in
            ["request", "request_uri"].first { form[$0] != nil }.map { TokenRefusal(.invalidRequest, .unsupported($0, "RFC 8628 §3.1")) }
        },
    ]
}
