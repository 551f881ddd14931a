import Vocabulary

/// What a receiver's answer to a push means (RFC 8935 §2.2 to §2.4).
package enum PushVerdict: Hashable, Sendable {
    case delivered
    /// It says no to this very token, by a code that another try does not change.
    case refused(code: String)
    /// Trouble on the way, or a no that a new key or a new credential may change.
    case tryAgain(code: String?)

    /// `body` is JSON with `err`, when the receiver says why.
    package init(status: Int, body: [UInt8]) {
        switch status {
        case 200...204: self = .delivered
        case 400:
            let json = body.count <= 16_384 ? try? JSON(reading: body) : nil
            let code = (json?["err"]?.string).map(SignalErrorCode.known)
            switch code {
            case nil, "invalid_key", "authentication_failed", "access_denied", "other": self = .tryAgain(code: code)
            case .some(let code): self = .refused(code: code)
            }
        default: self = .tryAgain(code: nil)
        }
    }
}

/// When an event that was not taken is tried again: soon at first, then ever more seldom, until it is no longer kept.
package enum SignalRetry {
    /// Seconds to the next attempt after `attempts` have failed.
    package static func pause(after attempts: Int) -> Int64 {
        switch attempts {
        case ...1: 2
        case 2: 10
        case 3: 30
        case 4: 120
        case 5: 600
        default: 3_600
        }
    }
}
