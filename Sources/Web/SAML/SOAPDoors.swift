import HTTPTypes
import Hummingbird
import SAML
import Settings
import SignOn
import Vocabulary

/// What the doors that members' servers knock at have in common (SAML Bindings §3.2).
extension Platform {
    /// A proven message of kind `name`, and the SOAP envelope that `answer` makes of it. What cannot be read, or comes from nobody who has
    /// proven to be a member, gets a Fault.
    func soap(
        _ request: Request, _ name: String, to address: KeyPath<Endpoints, String>, signature: SignatureRule,
        _ answer: (ProvenMessage, Configuration, Timestamp) async throws -> [UInt8]
    ) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        do {
            let message = try await read(request, name, settings)
            // Here too a member of a metadata query service may come for the first time.
            await settings.federation.learn(message.issuer)
            let proven: ProvenMessage
            do throws(SAMLRefusal.Reason) {
                proven = try message.proven(
                    by: settings.federation.serviceProvider(message.issuer), at: settings.identityProvider,
                    address: settings.identityProvider.endpoints[keyPath: address], signature: signature, at: now)
            } catch {
                throw SOAPRefusal.message(error)
            }
            return Answer.bytes(try await answer(proven, settings, now), type: SOAPEnvelope.contentType)
        } catch let refusal as SOAPRefusal {
            return try await fault(refusal, name, at: now)
        } catch is AnswerFailure {
            return try await fault(.failure, name, at: now)
        }
    }

    private func read(_ request: Request, _ name: String, _ settings: Configuration) async throws -> IncomingMessage {
        let limits = settings.identityProvider.limits
        let limit = SOAPEnvelope.limit(limits)
        try SOAPEnvelope.admit(contentType: request.headers[.contentType])
        guard let bytes = try await request.collected(upTo: limit) else { throw SOAPRefusal.tooLarge(limit: limit) }
        let body = try SOAPEnvelope.body(of: bytes, limits: limits)
        do throws(SAMLRefusal.Reason) {
            return try IncomingMessage.soap(body, named: [name])
        } catch {
            throw SOAPRefusal.message(error)
        }
    }

    private func fault(_ refusal: SOAPRefusal, _ name: String, at now: Timestamp) async throws -> Response {
        try await stores.append(
            Record(
                "request.refused", at: now,
                [("protocol", "saml"), ("message", .string(name)), ("code", .string(refusal.explanation.code))]))
        return Answer.bytes(
            SOAPEnvelope.fault(refusal), type: SOAPEnvelope.contentType, status: HTTPResponse.Status(code: refusal.status))
    }
}
