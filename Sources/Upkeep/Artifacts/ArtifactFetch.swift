package import Logging
package import Outbound
package import SAML
package import Settings
import Vocabulary

/// Asks members for the messages behind their artifacts: a request that waits for somebody else's server, and therefore has budgets of its
/// own. The address is the one of the member's metadata; redirects are not followed.
package final class ArtifactFetch: Sendable {
    package typealias Ask = @Sendable (OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer

    /// Seconds that a citizen's browser waits for the member's server at most.
    package static let patience: Int64 = 5
    /// Fetches at one time: strangers can make artifacts in a member's name, and must not make us besiege it.
    package static let most = 16

    private let ask: Ask
    private let logger: Logger
    private let places = Places(ArtifactFetch.most)

    package convenience init(configuration: @escaping @Sendable () -> Configuration, logger: Logger) {
        self.init(logger: logger) { (request) throws(OutboundRefusal) in
            try await Outbound(rules: configuration().artifactRules).fetch(request)
        }
    }

    package init(logger: Logger, ask: @escaping Ask) {
        self.ask = ask
        self.logger = logger
    }

    /// The octets of a SOAP answer, of which nothing is believed.
    package func callAsFunction(_ question: ArtifactQuestion) async throws(SAMLRefusal.Reason) -> [UInt8] {
        guard places.enter() else { throw .artifactUnresolved("too many at one time") }
        defer { places.leave() }
        guard let address = WebAddress(question.address) else { throw .artifactUnresolved("address") }
        let answer: OutboundAnswer
        do {
            answer = try await ask(
                .post(
                    address, type: SOAPEnvelope.contentType, body: question.envelope,
                    headers: [OutboundRequest.Header("SOAPAction", SOAPEnvelope.action)]))
        } catch {
            // What our network did is for the operator, not for the person who brought the artifact.
            logger.warning("artifact not resolved", metadata: ["member": "\(question.member.text)", "reason": "\(error)"])
            throw .artifactUnresolved("no answer")
        }
        // A Fault comes with 500, and says why in its body.
        guard answer.status == 200 || answer.status == 500 else { throw .artifactUnresolved("status " + String(answer.status)) }
        guard (try? SOAPEnvelope.admit(contentType: answer.header("content-type"))) != nil else { throw .artifactUnresolved("no text/xml") }
        return answer.body
    }
}

extension Configuration {
    /// A member's own address, from metadata that an operator or a federation vouches for; still never into our own network unless the
    /// deployment says so, and never after a redirect.
    package var artifactRules: OutboundRules {
        OutboundRules(
            hosts: nil, allowsPrivateAddresses: outbound.allowsPrivateAddresses, allowsPlainHTTP: mode == .development,
            limit: SOAPEnvelope.limit(identityProvider.limits), seconds: ArtifactFetch.patience, redirects: 0)
    }
}
