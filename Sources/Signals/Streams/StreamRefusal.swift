package import Vocabulary

/// Why the management API or a poll says no, ready for the wire.
package struct StreamRefusal: Error, Hashable, Sendable {
    package let status: Int
    package let explanation: Explanation
    /// Seconds, for `Retry-After`.
    package let retryAfter: Int64?

    init(_ status: Int, _ explanation: Explanation, retryAfter: Int64? = nil) {
        self.status = status
        self.explanation = explanation
        self.retryAfter = retryAfter
    }

    /// As everywhere: a code for programs, and the whole explanation for a developer's eyes. `err` and `description` are RFC 8935's words.
    package var body: JSON {
        let word: JSON =
            switch status {
            case 401: "authentication_failed"
            case 403: "access_denied"
            default: "invalid_request"
            }
        return .object([("err", word), ("description", .string(explanation.summary)), ("explanation", explanation.json)])
    }
}

extension StreamRefusal {
    package static let notOffered = StreamRefusal(
        404,
        Explanation(
            "signals.off", "this deployment sends no security events", clause: "sekisho.yaml, `signals.offered`",
            remedy: "ask the operator; `/.well-known/ssf-configuration` is there once it does"))

    /// The client's file has no `signals:`, or its member is not in force.
    package static let notRegistered = StreamRefusal(
        403,
        Explanation(
            "signals.not-registered", "the client is not registered for security events", clause: "Shared Signals Framework 1.0 §7.1.1",
            remedy: "have `signals` written into the member's file, under `openid` or `saml`"))

    package static let streamUnknown = StreamRefusal(
        404,
        Explanation(
            "signals.stream.unknown", "this client has no such stream", clause: "Shared Signals Framework 1.0 §8.1.1",
            remedy: "send the stream_id of the answer that created it; GET without stream_id lists yours"))

    /// An operator stopped a stream of this client: it is neither started nor closed, nor another opened in its place.
    package static func held(_ status: StreamStatus) -> StreamRefusal {
        StreamRefusal(
            403,
            Explanation(
                "signals.stream.held", "the operator stopped this client's stream", compared: [.init("status", status.rawValue)],
                clause: "Shared Signals Framework 1.0 §8.1.2.2", remedy: "ask the operator, who starts it again by `sekisho signal enable`")
        )
    }

    package static func streams(most: Int) -> StreamRefusal {
        StreamRefusal(
            409,
            Explanation(
                "signals.stream.too-many", "the client has as many streams as it may have",
                compared: [.init("streams-per-member", String(most))], clause: "Shared Signals Framework 1.0 §8.1.1.1",
                remedy: "delete one, or change one of them"))
    }

    /// What was sent is no JSON of this shape. `member` names the part that is at fault.
    static func malformed(_ why: String, _ member: String) -> StreamRefusal {
        StreamRefusal(
            400,
            Explanation(
                "signals.request.malformed", "the request is not what this endpoint takes: " + why,
                compared: [.init("member", member)], clause: "Shared Signals Framework 1.0 §8.1", remedy: "correct the member " + member))
    }

    package static let notJSON = StreamRefusal(
        400,
        Explanation(
            "signals.request.json", "the body is no JSON object of at most 64 KiB", clause: "Shared Signals Framework 1.0 §8.1",
            remedy: "send application/json"))

    static let endpointUnregistered = StreamRefusal(
        400,
        Explanation(
            "signals.push.endpoint", "the endpoint_url is not one of the member's registered push addresses, byte for byte",
            clause: "RFC 8935 §5.4; checklist E1, C10", remedy: "register it under `signals.push` in the member's file"))

    static func method(_ sent: String) -> StreamRefusal {
        StreamRefusal(
            400,
            Explanation(
                "signals.delivery.method", "this delivery method is not supported", compared: [.init("method", sent)],
                clause: "Shared Signals Framework 1.0 §10.3", remedy: "send urn:ietf:rfc:8935 or urn:ietf:rfc:8936"))
    }

    static func notYours(_ member: String, _ sent: String) -> StreamRefusal {
        StreamRefusal(
            400,
            Explanation(
                "signals.stream.property", "a property that the transmitter decides has another value", compared: [.init(member, sent)],
                clause: "Shared Signals Framework 1.0 §8.1.1.3", remedy: "leave it out, or send it as it was read"))
    }

    package static let subjectForeign = StreamRefusal(
        404,
        Explanation(
            "signals.subject.unknown", "the subject is no identifier that this client was told by us",
            clause: "Shared Signals Framework 1.0 §8.1.3",
            remedy: "send format iss_sub with our issuer and the sub of an ID token; a SAML service our entityID and the NameID"))

    static let subjectFormat = StreamRefusal(
        400,
        Explanation(
            "signals.subject.format", "the subject is not in the format iss_sub", clause: "RFC 9493 §3.2.4",
            remedy: "send {\"format\": \"iss_sub\", \"iss\": …, \"sub\": …}"))

    package static func verifiedLately(wait: Int64) -> StreamRefusal {
        StreamRefusal(
            429,
            Explanation(
                "signals.verification.too-often", "a verification was asked for a moment ago",
                clause: "Shared Signals Framework 1.0 §8.1.4.2", remedy: "wait for min_verification_interval seconds"), retryAfter: wait)
    }

    /// The stream is one that we push.
    package static let notPolled = StreamRefusal(
        404,
        Explanation(
            "signals.poll.push-stream", "the events of this stream are pushed, there is nothing to poll", clause: "RFC 8936 §2",
            remedy: "change the stream's delivery method to urn:ietf:rfc:8936"))

    package static let pollsWaiting = StreamRefusal(
        429,
        Explanation(
            "signals.poll.too-many", "too many polls wait at this moment", clause: "RFC 8936 §2.4",
            remedy: "poll with returnImmediately, or again in a moment"), retryAfter: 5)
}
