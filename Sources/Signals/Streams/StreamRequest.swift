package import Vocabulary

/// What a receiver wants of a stream (SSF 1.0 §8.1.1.1, .3, .4), read and not yet granted.
package struct StreamRequest: Sendable {
    package enum Act: Sendable { case create, update, replace }

    private let act: Act
    /// Nil for a stream that is to be created.
    package let stream: StreamID?
    private let reading: RequestReading

    package init(_ act: Act, body: [UInt8]) throws(StreamRefusal) {
        reading = try RequestReading(body)
        self.act = act
        stream = act == .create ? nil : try reading.stream()
    }

    /// The stream that it asks for.
    package func created(
        for member: MemberID, under terms: SignalTerms, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(StreamRefusal) -> SignalStream {
        guard let id = StreamID.fresh(using: &random) else { throw .notJSON }
        return SignalStream(
            id: id, member: member, delivery: try delivery(under: terms, from: nil) ?? .poll, requested: try requested() ?? [],
            description: try reading.text("description"), createdAt: now, changedAt: now)
    }

    /// The stream as it will be. What the transmitter decides may be repeated and not changed (§8.1.1.3). `issuer` is ours.
    package func changed(
        _ stream: SignalStream, under terms: SignalTerms, rules: SignalRules, from issuer: String, at now: Timestamp
    ) throws(StreamRefusal) -> SignalStream {
        let present = stream.configuration(under: terms, rules: rules, from: issuer)
        for name in ["iss", "aud", "events_supported", "min_verification_interval", "inactivity_timeout"] {
            guard let sent = reading.value(name), sent != present[name] else { continue }
            throw .notYours(name, sent.text)
        }
        var next = stream
        next.changedAt = now
        let (delivery, requested) = (try delivery(under: terms, from: stream), try requested())
        let description = try reading.text("description")
        switch act {
        case .update:
            next.delivery = delivery ?? stream.delivery
            next.requested = requested ?? stream.requested
            next.description = description ?? stream.description
        case .create, .replace:
            next.delivery = delivery ?? .poll
            next.requested = requested ?? []
            next.description = description
        }
        return next
    }

    private func requested() throws(StreamRefusal) -> Set<String>? {
        try reading.texts("events_requested", most: StreamLimits.events).map { Set($0) }
    }

    /// A header that a receiver set before stays when it repeats the rest without it: we never show it.
    private func delivery(under terms: SignalTerms, from stream: SignalStream?) throws(StreamRefusal) -> SignalDelivery? {
        guard let value = reading.value("delivery") else { return nil }
        guard value.members != nil, let method = value["method"]?.string else { throw .malformed("delivery has no method", "delivery") }
        switch method {
        case SignalDelivery.pollMethod: return .poll
        case SignalDelivery.pushMethod: break
        default: throw .method(method)
        }
        guard let endpoint = value["endpoint_url"]?.string else { throw .malformed("endpoint_url is missing", "delivery") }
        guard terms.endpoints.contains(where: { $0.hasSameBytes(as: endpoint) }) else { throw .endpointUnregistered }
        var authorization: String?
        switch value["authorization_header"] {
        case nil, .null?:
            if act == .update, case .push(let before, let header) = stream?.delivery, before.hasSameBytes(as: endpoint) {
                authorization = header
            }
        case .string(let header)? where Self.isHeader(header): authorization = header
        default: throw .malformed("authorization_header is no header value", "delivery")
        }
        return .push(endpoint: endpoint, authorization: authorization)
    }

    /// Visible ASCII and single spaces inside: what travels as one line (RFC 9110 §5.5).
    private static func isHeader(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return (1...RequestReading.longest).contains(bytes.count) && bytes.allSatisfy { (0x20...0x7e).contains($0) }
            && bytes.first != 0x20 && bytes.last != 0x20
    }
}

extension SignalStream {
    /// The stream's configuration (§8.1.1), without the receiver's own secret.
    package func configuration(under terms: SignalTerms, rules: SignalRules, from issuer: String) -> JSON {
        let supported = EventType.onRequest.filter(terms.events.contains)
        var members: [(String, JSON)] = [
            ("stream_id", .string(id.text)), ("iss", .string(issuer)), ("aud", .string(member.text)),
            ("events_supported", .array(supported.map { .string($0.rawValue) })),
            ("events_requested", .array(requested.sorted().map { .string($0) })),
            ("events_delivered", .array(delivered(under: terms).map { .string($0.rawValue) })),
        ]
        switch delivery {
        case .push(let endpoint, _):
            members.append(
                ("delivery", .object([("method", .string(SignalDelivery.pushMethod)), ("endpoint_url", .string(endpoint))])))
        case .poll:
            members.append(
                (
                    "delivery",
                    .object([
                        ("method", .string(SignalDelivery.pollMethod)),
                        ("endpoint_url", .string(TransmitterMetadata(issuer: issuer).poll(id))),
                    ])
                ))
        }
        members.append(("min_verification_interval", .integer(rules.verification)))
        if let seconds = rules.inactivity { members.append(("inactivity_timeout", .integer(seconds))) }
        if let description { members.append(("description", .string(description))) }
        return .object(members)
    }

    /// §8.1.2.1.
    package var state: JSON {
        var members: [(String, JSON)] = [("stream_id", .string(id.text)), ("status", .string(status.rawValue))]
        if let reason { members.append(("reason", .string(reason))) }
        return .object(members)
    }
}
