import Hummingbird
import OpenID
import Settings
import SignOn
import Signals
import TrustFramework
import Vocabulary

/// Subjects of a stream, and its verification (Shared Signals Framework 1.0 §8.1.3, §8.1.4).
extension Platform {
    /// `POST /ssf/subjects/add`, `POST /ssf/subjects/remove`. Adding is no consent: it only undoes a removal.
    func setSubject(isIn: Bool, _ request: Request, _ context: DoorContext) async throws -> Response {
        let metadata = TransmitterMetadata(issuer: configuration.current.openIDProvider.issuer)
        return try await receiving(request, context, at: isIn ? metadata.addSubject : metadata.removeSubject, .manage) { receiver in
            let asked = try SubjectRequest(body: try await signalBody(request), naming: receiver.naming)
            _ = try await stream(asked.stream, of: receiver)
            // An identifier of another sector is as unknown as one that nobody has.
            guard let owner = try await stores.owner(of: asked.subject), owner.sector.hasSameBytes(as: receiver.member.sector) else {
                throw StreamRefusal.subjectForeign
            }
            let record = Self.record(
                isIn ? "signal.subject-added" : "signal.subject-removed", asked.stream, of: receiver,
                [("subject", .string(owner.subject.text))])
            try await stores.set(asked.subject, in: asked.stream, of: receiver.id, isIn: isIn, recording: record)
            return Answer.bytes([], type: "application/json", status: isIn ? .ok : .noContent)
        }
    }

    /// `POST /ssf/verify`: the event travels as every other does, so that its coming proves the way.
    func verifyStream(_ request: Request, _ context: DoorContext) async throws -> Response {
        let metadata = TransmitterMetadata(issuer: configuration.current.openIDProvider.issuer)
        return try await receiving(request, context, at: metadata.verify, .manage) { receiver in
            let asked = try VerificationRequest(body: try await signalBody(request))
            let stream = try await stream(asked.stream, of: receiver)
            let rules = receiver.settings.signals
            var random = SystemRandomNumberGenerator()
            let event = stream.event(.verification, asked.event, keep: rules.keep, at: receiver.now, using: &random)
            let earliest = receiver.now.adding(seconds: -rules.verification)
            guard try await stores.verify(stream.id, of: receiver.id, since: earliest, telling: event) else {
                let since = stream.verifiedAt.map { receiver.now.seconds(since: $0) } ?? 0
                throw StreamRefusal.verifiedLately(wait: max(1, rules.verification - since))
            }
            return Answer.bytes([], type: "application/json", status: .noContent)
        }
    }
}
