import Vocabulary

/// The message to a client's notification endpoint (CIBA Core §10.2). Its answer's body is never read.
package enum BackchannelPing {
    package static let contentType = "application/json"

    package static func body(for ping: AwaitedPing) -> [UInt8] {
        JSON.object([("auth_req_id", .string(ping.notification.requestID))]).bytes
    }

    package enum Verdict: String, Hashable, Sendable {
        case delivered
        /// A no that another try does not change: 401 and 403 above all, redirects, which are not followed, and other mistakes.
        case refused
        case tryAgain = "try-again"
    }

    /// What the client's answer means: 204, or 200 which some frameworks send for it; what a server in trouble says is tried again.
    package static func verdict(status: Int) -> Verdict {
        switch status {
        case 200...299: .delivered
        case 408, 429, 500...599: .tryAgain
        default: .refused
        }
    }

    /// Seconds to the next attempt after `attempts` have failed; nil when it was the last: the client can still ask by itself.
    package static func pause(after attempts: Int) -> Int64? {
        switch attempts {
        case ...1: 3
        case 2: 15
        case 3: 60
        default: nil
        }
    }
}
