package import Vocabulary

/// A poll (RFC 8936 §2.2): what was taken, what was not understood, and how much is wanted.
package struct PollRequest: Sendable {
    /// 0: only acknowledges.
    package let most: Int
    package let returnsImmediately: Bool
    /// `jti`s of events that the receiver keeps itself by now.
    package let acknowledged: [String]
    /// Events that the receiver refuses, with the code it gives. They are not sent again: another try would not change it.
    package let refused: [(id: String, code: String)]

    package init(body: [UInt8]) throws(StreamRefusal) {
        let reading = try RequestReading(body)
        switch reading.value("maxEvents") {
        case nil: most = StreamLimits.poll
        case let value?:
            guard let number = value.integer, number >= 0 else { throw .malformed("a number from 0 is due", "maxEvents") }
            most = Int(min(number, Int64(StreamLimits.poll)))
        }
        returnsImmediately = try reading.flag("returnImmediately") ?? false
        acknowledged = try reading.texts("ack", most: StreamLimits.acknowledged) ?? []
        var refused: [(String, String)] = []
        if let errors = reading.value("setErrs") {
            guard let members = errors.members, members.count <= StreamLimits.acknowledged else {
                throw .malformed("an object by jti is due", "setErrs")
            }
            for (id, error) in members {
                guard let code = error["err"]?.string else { throw .malformed("err is missing", "setErrs") }
                refused.append((id, SignalErrorCode.known(code)))
            }
        }
        self.refused = refused
    }
}

/// RFC 8936 §2.4.
package struct PollAnswer: Sendable {
    package let sets: [(id: String, token: String)]
    package let more: Bool

    package init(sets: [(id: String, token: String)], more: Bool) {
        self.sets = sets
        self.more = more
    }

    package var json: JSON {
        .object([("sets", .object(sets.map { ($0.id, .string($0.token)) })), ("moreAvailable", .bool(more))])
    }
}

/// Error codes of RFC 8935 §2.4, which are what a receiver may say of a token. Anything else is kept as one word, never as its text.
package enum SignalErrorCode {
    private static let codes: Set<String> = [
        "invalid_request", "invalid_key", "invalid_issuer", "invalid_audience", "authentication_failed", "access_denied", "jwtIss",
        "jwtAud",
        "jwtParse", "jwtHdr", "jwtCrypto", "jws", "jwe", "jwtExp", "setType", "setParse", "setData", "dup",
        // Shared Signals Framework 1.0 §8.1.4.1: a verification with another `state` than was asked for.
        "invalid_state",
    ]

    package static func known(_ code: String) -> String { codes.contains(code) ? code : "other" }
}
