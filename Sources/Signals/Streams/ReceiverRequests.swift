package import Vocabulary

/// `POST /ssf/status` (SSF 1.0 §8.1.2.2).
package struct StatusRequest: Sendable {
    package let stream: StreamID
    package let status: StreamStatus
    package let reason: String?

    package init(body: [UInt8]) throws(StreamRefusal) {
        let reading = try RequestReading(body)
        stream = try reading.stream()
        guard let status = try reading.text("status").flatMap({ StreamStatus(rawValue: $0) }) else {
            throw .malformed("enabled, paused or disabled is due", "status")
        }
        self.status = status
        reason = try reading.text("reason")
    }

    /// The stream with the status that it asks for. What an operator stopped stays stopped (§8.1.2.2: 403); asking for what is so already is
    /// no change.
    package func changed(_ stream: SignalStream, at now: Timestamp) throws(StreamRefusal) -> SignalStream {
        guard stream.isHeld else { return stream.set(status, reason, by: .receiver, at: now) }
        guard status == stream.status else { throw .held(stream.status) }
        return stream
    }
}

/// `POST /ssf/subjects/add`, `/remove` (§8.1.3.2, §8.1.3.3). A subject that was never removed is in the stream already (`default_subjects`: ALL).
package struct SubjectRequest: Sendable {
    package let stream: StreamID
    /// Our identifier behind the name that the member says; not yet known to be one.
    package let subject: PairwiseID

    package init(body: [UInt8], naming: SubjectNaming) throws(StreamRefusal) {
        let reading = try RequestReading(body)
        stream = try reading.stream()
        _ = try reading.flag("verified")
        guard let subject = reading.value("subject"), subject["format"]?.string == "iss_sub" else { throw .subjectFormat }
        guard let named = subject["iss"]?.string, let text = subject["sub"]?.string else { throw .subjectFormat }
        guard let id = naming.identifier(named, text) else { throw .subjectForeign }
        self.subject = id
    }
}

/// `POST /ssf/verify` (§8.1.4.2).
package struct VerificationRequest: Sendable {
    package let stream: StreamID
    package let state: String?

    package init(body: [UInt8]) throws(StreamRefusal) {
        let reading = try RequestReading(body)
        stream = try reading.stream()
        state = try reading.text("state")
    }

    /// The verification event's own members (§8.1.4.1).
    package var event: JSON { .object(state.map { [("state", .string($0))] } ?? []) }
}

extension SignalStream {
    /// The `stream-updated` event's own members (§8.1.5).
    package var updated: JSON {
        .object([("status", .string(status.rawValue))] + (reason.map { [("reason", .string($0))] } ?? []))
    }
}
