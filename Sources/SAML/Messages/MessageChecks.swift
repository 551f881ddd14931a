import Vocabulary

/// What the rules of every message look at.
struct MessageExamined {
    let header: MessageHeader
    let provider: ServiceProvider
    let identityProvider: IdentityProvider
    let binding: MessageBinding
    let isSigned: Bool
    /// Ours, that it came to.
    let address: String
    let relayState: String?
    let now: Timestamp
}

/// One rule of every message: a name, and the reason to refuse, if there is one.
struct MessageCheck: Sendable {
    let name: String
    let refuses: @Sendable (MessageExamined) -> SAMLRefusal.Reason?
}

/// The rules that every message meets once sender and signature are proven, in their order. A message that is refused here is not believed,
/// so nobody is written to because of it.
enum MessageChecks {
    static let all: [MessageCheck] = [
        // SAML Core §3.2.1; Bindings §3.4.5.2, §3.5.5.2: what a browser carries must, when it is signed, say where it was sent to (S21).
        MessageCheck(name: "sent to this address") { message in
            guard let destination = message.header.destination else {
                guard message.isSigned, message.binding == .redirect || message.binding == .post else { return nil }
                return .destination(nil, expected: message.address)
            }
            return destination.hasSameBytes(as: message.address) ? nil : .destination(destination, expected: message.address)
        },
        // S34.
        MessageCheck(name: "not from the future") { message in
            let issued = message.header.issueInstant
            guard issued > message.now.adding(seconds: message.identityProvider.skew) else { return nil }
            return .issuedInFuture(issued, now: message.now)
        },
        MessageCheck(name: "not stale") { message in
            let issued = message.header.issueInstant
            let lifetime = message.identityProvider.lifetimes.request
            guard issued.adding(seconds: lifetime).adding(seconds: message.identityProvider.skew) < message.now else { return nil }
            return .stale(issued, now: message.now, lifetime: lifetime)
        },
        // Bindings §3.4.3; echoed whole or refused (S32).
        MessageCheck(name: "short RelayState") { message in
            let limit = message.provider.options.relayState ?? message.identityProvider.limits.relayState
            return (message.relayState?.utf8.count ?? 0) > limit ? .tooLarge("RelayState", limit: limit) : nil
        },
    ]
}
