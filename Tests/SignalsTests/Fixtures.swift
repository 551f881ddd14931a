import Cryptography
import JOSE
import SignOn
import Signals
import Testing
import TrustFramework
import Vocabulary

enum Sample {
    static let now = Timestamp(milliseconds: 1_795_233_600_123)  // 2026-11-21T04:00:00.123Z
    static let issuer = "https://login.example.jp"
    static let hook = "https://insurer.example.jp/events"

    static func member(_ text: String = "RP00000001") throws -> MemberID { try #require(MemberID(text)) }
    static func stream() throws -> StreamID { try #require(StreamID("stream-0123456789")) }

    static let terms = SignalTerms(events: [.sessionRevoked, .credentialChange, .customerChanged], endpoints: [hook])

    static func signal(
        _ type: EventType = .sessionRevoked, subject: String? = "pairwise-0123456789", session: String? = nil, body: JSON = .object([])
    ) throws -> QueuedSignal {
        QueuedSignal(
            id: "jti-1", stream: try stream(), member: try member(), type: type, subject: subject, session: session, body: body, at: now,
            expiresAt: now.adding(seconds: 60))
    }

    static func body(_ json: JSON) -> [UInt8] { json.bytes }

    /// As the receiver asked for it: pushed.
    static func open(_ json: JSON) throws -> SignalStream {
        var random = SystemRandom()
        return try StreamRequest(.create, body: json.bytes).created(for: try member(), under: terms, at: now, using: &random)
    }

    static let pushed: JSON = [
        "events_requested": [
            .string(EventType.sessionRevoked.rawValue), .string(EventType.accountDisabled.rawValue), "https://other/event",
        ],
        "delivery": ["method": "urn:ietf:rfc:8935", "endpoint_url": .string(hook), "authorization_header": "Bearer of-theirs"],
        "description": "events of the insurer",
    ]
}
