import Vocabulary

/// A rule of the back-channel authentication endpoint, for what the request says wherever it stood. The list in its order is the specification.
struct BackchannelCheck: Sendable {
    let name: String
    let fault: @Sendable (AwaitedParameters, Client) -> TokenRefusal?

    /// Bytes of `client_notification_token` (CIBA Core §7.1).
    static let longestToken = 1_024

    static let inOrder = [
        BackchannelCheck(name: "a notification token for pings, and a fit one") { parameters, client in
            let token = parameters["client_notification_token"]
            guard client.ciba?.delivery == .ping else { return nil }
            guard let token else {
                return TokenRefusal(.invalidRequest, .missing("client_notification_token", "a bearer token", "CIBA Core §7.1"))
            }
            return isBearer(token) ? nil : TokenRefusal(.invalidRequest, .backchannelNotificationToken)
        },
        BackchannelCheck(name: "a binding message that can be shown") { parameters, _ in
            guard let message = parameters["binding_message"], let fault = BindingMessage.fault(in: message) else { return nil }
            return TokenRefusal(.invalidBindingMessage, .backchannelMessage(fault))
        },
        BackchannelCheck(name: "an expiry in whole seconds") { parameters, _ in
            guard let text = parameters["requested_expiry"] else { return nil }
            return seconds(text) != nil ? nil : TokenRefusal(.invalidRequest, .backchannelExpiry(text))
        },
        // There is no place where a citizen could have set one, so that whatever is sent is not it.
        BackchannelCheck(name: "no user code") { parameters, _ in
            parameters["user_code"].map { _ in TokenRefusal(.invalidUserCode, .backchannelUserCode) }
        },
    ]

    /// A positive whole number of at most nine digits.
    static func seconds(_ text: String) -> Int64? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(text),
            seconds > 0
        else { return nil }
        return seconds
    }

    /// `b64token` of RFC 6750 §2.1: it goes into a header of ours.
    private static func isBearer(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let body = bytes.prefix { $0 != 0x3d }
        return (1...longestToken).contains(bytes.count) && !body.isEmpty && bytes.dropFirst(body.count).allSatisfy { $0 == 0x3d }
            && body.allSatisfy { $0.isBase64url || [0x2e, 0x7e, 0x2b, 0x2f].contains($0) }
    }
}
