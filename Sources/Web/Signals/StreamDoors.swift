import HTTPTypes
import Hummingbird
import OpenID
import Settings
import Signals
import Vocabulary

/// The management of streams (Shared Signals Framework 1.0 §7.1, §8.1.1).
extension Platform {
    /// `GET /.well-known/ssf-configuration`
    func transmitter() -> Response {
        let settings = configuration.current
        guard settings.signals.isOffered else { return Answer.json(StreamRefusal.notOffered.body, status: .notFound) }
        let provider = settings.openIDProvider
        return Answer.published(
            TransmitterMetadata(issuer: provider.issuer).json(keys: provider.jwksEndpoint).bytes, type: "application/json", seconds: 3_600)
    }

    private var addresses: TransmitterMetadata { TransmitterMetadata(issuer: configuration.current.openIDProvider.issuer) }

    /// `POST /ssf/streams` (§8.1.1.1)
    func openStream(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await receiving(request, context, at: addresses.streams, .manage) { receiver in
            let asked = try StreamRequest(.create, body: try await signalBody(request))
            var random = SystemRandomNumberGenerator()
            let stream = try asked.created(for: receiver.id, under: receiver.terms, at: receiver.now, using: &random)
            let rules = receiver.settings.signals
            let record = Self.record("signal.stream-opened", stream.id, of: receiver, Self.facts(stream, receiver))
            guard try await stores.open(stream, most: rules.streams, recording: record) else {
                // Not another in the place of one that an operator stopped.
                if let held = try await stores.streams(of: receiver.id).first(where: \.isHeld) { throw StreamRefusal.held(held.status) }
                throw StreamRefusal.streams(most: rules.streams)
            }
            return Answer.json(stream.configuration(under: receiver.terms, rules: rules, from: receiver.issuer), status: .created)
        }
    }

    /// `GET /ssf/streams`, `GET /ssf/streams?stream_id=` (§8.1.1.2)
    func readStreams(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await receiving(request, context, at: addresses.streams, .read) { receiver in
            let rules = receiver.settings.signals
            guard let id = try Receiver.stream(in: request.rawQuery) else {
                let all = try await stores.streams(of: receiver.id)
                return Answer.json(.array(all.map { $0.configuration(under: receiver.terms, rules: rules, from: receiver.issuer) }))
            }
            let stream = try await stream(id, of: receiver)
            return Answer.json(stream.configuration(under: receiver.terms, rules: rules, from: receiver.issuer))
        }
    }

    /// `PATCH /ssf/streams`, `PUT /ssf/streams` (§8.1.1.3, §8.1.1.4)
    func changeStream(_ act: StreamRequest.Act, _ request: Request, _ context: DoorContext) async throws -> Response {
        try await receiving(request, context, at: addresses.streams, .manage) { receiver in
            let asked = try StreamRequest(act, body: try await signalBody(request))
            guard let id = asked.stream else { throw StreamRefusal.streamUnknown }
            let rules = receiver.settings.signals
            let stream = try await changed(id, of: receiver) { known in
                try asked.changed(known, under: receiver.terms, rules: rules, from: receiver.issuer, at: receiver.now)
            }
            return Answer.json(stream.configuration(under: receiver.terms, rules: rules, from: receiver.issuer))
        }
    }

    /// `DELETE /ssf/streams?stream_id=` (§8.1.1.5)
    func closeStream(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await receiving(request, context, at: addresses.streams, .manage) { receiver in
            guard let id = try Receiver.stream(in: request.rawQuery) else { throw StreamRefusal.streamUnknown }
            guard try await stores.close(id, of: receiver.id, recording: Self.record("signal.stream-closed", id, of: receiver)) else {
                throw StreamRefusal.held(try await stream(id, of: receiver).status)
            }
            return Answer.bytes([], type: "application/json", status: .noContent)
        }
    }

    /// `GET /ssf/status?stream_id=` (§8.1.2.1)
    func readStatus(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await receiving(request, context, at: addresses.status, .read) { receiver in
            guard let id = try Receiver.stream(in: request.rawQuery) else { throw StreamRefusal.streamUnknown }
            return Answer.json(try await stream(id, of: receiver).state)
        }
    }

    /// `POST /ssf/status` (§8.1.2.2)
    func setStatus(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await receiving(request, context, at: addresses.status, .manage) { receiver in
            let asked = try StatusRequest(body: try await signalBody(request))
            let stream = try await changed(asked.stream, of: receiver) { try asked.changed($0, at: receiver.now) }
            return Answer.json(stream.state)
        }
    }

    /// Whoever changed it meanwhile was first: the change is made once more, on what is there now.
    private func changed(
        _ id: StreamID, of receiver: Receiver, _ change: (SignalStream) throws -> SignalStream
    ) async throws -> SignalStream {
        for _ in 0..<4 {
            let known = try await stream(id, of: receiver)
            let next = try change(known)
            guard next != known else { return known }
            let record = Self.record(
                "signal.stream-changed", id, of: receiver, Self.facts(next, receiver) + [("status", .string(next.status.rawValue))])
            if try await stores.change(next, knowing: known, telling: nil, recording: record) { return next }
        }
        throw StoreRefusal()
    }

    private static func facts(_ stream: SignalStream, _ receiver: Receiver) -> [(name: String, value: JSON)] {
        [
            ("delivery", .string(stream.delivery.isPush ? "push" : "poll")),
            ("events", .array(stream.delivered(under: receiver.terms).map { .string($0.word) })),
        ]
    }
}
