import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import Signals
import TrustFramework
import Vocabulary

/// A client that proved itself by an access token of its own, with what the operator allows it.
struct Receiver: Sendable {
    let member: Member
    let registration: SignalReceiver
    let settings: Configuration
    let now: Timestamp

    var id: MemberID { member.id }
    var terms: SignalTerms { registration.terms }
    var naming: SubjectNaming { registration.naming }
    var issuer: String { settings.openIDProvider.issuer }

    /// The one stream that a query names: `?stream_id=`. Nil without one.
    static func stream(in query: String) throws(StreamRefusal) -> StreamID? {
        guard !query.isEmpty else { return nil }
        guard let parameters = try? FormParameters(Array(query.utf8)), parameters.repeated.isEmpty else { throw .streamUnknown }
        guard let text = parameters["stream_id"] else { return nil }
        guard let id = StreamID(text) else { throw .streamUnknown }
        return id
    }
}

extension Platform {
    /// The one way in to every endpoint of the management API and to polls: token, scope, registration, and only then `work`. What it refuses
    /// is answered as a resource server answers (RFC 6750 §3), what `work` refuses with the code of the catalogue.
    func receiving(
        _ request: Request, _ context: DoorContext, at endpoint: String, _ scope: SignalScope, _ work: (Receiver) async throws -> Response
    ) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        var member: MemberID?
        do {
            guard settings.signals.isOffered else { throw StreamRefusal.notOffered }
            let receiver = try await receiver(request, context, at: endpoint, scope, settings, at: now)
            member = receiver.id
            var answer = try await work(receiver)
            if let nonce = settings.openIDProvider.nonces.current(at: now), !request.headers[values: .dpop].isEmpty {
                answer.headers[.dpopNonce] = nonce
            }
            return answer
        } catch let refusal as ResourceRefusal {
            return Self.answer(refusal, refusal.challenges(metadata: nil, realm: "ssf", scope: scope.rawValue))
        } catch let refusal as StreamRefusal {
            // A stranger leaves no trace: strangers would fill the trail.
            if let member {
                try await stores.append(
                    Record(
                        "request.refused", at: now,
                        [
                            ("protocol", "ssf"), ("door", .string(context.endpointPath ?? "")),
                            ("code", .string(refusal.explanation.code)), ("member", .string(member.text)),
                        ]))
            }
            var answer = Answer.json(refusal.body, status: .init(code: refusal.status))
            if let seconds = refusal.retryAfter { answer.headers[.retryAfter] = String(seconds) }
            return answer
        }
    }

    private func receiver(
        _ request: Request, _ context: DoorContext, at endpoint: String, _ scope: SignalScope, _ settings: Configuration, at now: Timestamp
    ) async throws -> Receiver {
        let token = try PresentedToken(authorization: request.headers[.authorization], query: request.rawQuery)
        let record = try await stores.serviceToken(token.digest, at: now)
        let verified = try token.verified(
            as: record, of: record.flatMap { settings.federation.receiver($0.client) },
            record.flatMap { settings.federation.member($0.client) }, with: request.evidence(at: endpoint, context),
            nonces: settings.openIDProvider.nonces, allowing: { scope.isIn($0) }, at: now)
        if let replay = verified.replay {
            guard try await stores.claim(replay.key, scope: replay.scope, until: replay.until, at: now) else {
                throw ResourceRefusal.proofReplayed
            }
        }
        guard let registration = settings.signalReceiver(verified.client.id), let member = settings.federation.member(verified.client.id)
        else { throw StreamRefusal.notRegistered }
        return Receiver(member: member, registration: registration, settings: settings, now: now)
    }

    /// The body of a request in JSON, read and bounded.
    func signalBody(_ request: Request) async throws -> [UInt8] {
        guard Self.isJSON(request), let body = try await request.collected(upTo: StreamLimits.body) else { throw StreamRefusal.notJSON }
        return body
    }

    func stream(_ id: StreamID, of receiver: Receiver) async throws -> SignalStream {
        guard let stream = try await stores.stream(id, of: receiver.id) else { throw StreamRefusal.streamUnknown }
        // To the minute: a receiver that polls every second costs no commit each time.
        if receiver.now.seconds(since: stream.activeAt) >= 60 {
            try await stores.heard(from: id, of: receiver.id, at: receiver.now)
        }
        return stream
    }

    /// For the trail: who did what to which stream.
    static func record(_ event: String, _ stream: StreamID, of receiver: Receiver, _ facts: [(name: String, value: JSON)] = []) -> Record {
        Record(event, at: receiver.now, [("member", .string(receiver.id.text)), ("stream", .string(stream.text))] + facts)
    }
}
