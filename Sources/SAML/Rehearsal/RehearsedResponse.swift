import Cryptography
package import SignOn
import TrustFramework
package import Vocabulary

/// A login of a service as it would ask for one, inside a rehearsal. What it is answered with is made by the code that answers everybody, and
/// is the rehearsal's.
package struct RehearsedAuthnRequest: Sendable {
    let identity: RehearsalIdentity
    let verified: VerifiedAuthnRequest

    package var ask: Ask { verified.ask }
    package var takesGeneralIdentifier: Bool { verified.serviceProvider.takesGeneralIdentifier }

    package func response(
        for grant: Grant, general: PairwiseID?, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> RehearsedResponse {
        let made = try verified.made(for: grant, general: general, from: identity.identityProvider, at: now, using: &random)
        return RehearsedResponse(made.answer, assertion: made.assertion, to: self, at: now)
    }

    package func response(
        refusing refusal: SignOnRefusal, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerFailure) -> RehearsedResponse {
        let answer = try verified.response(refusing: refusal, from: identity.identityProvider, at: now, using: &random)
        return RehearsedResponse(answer, assertion: nil, to: self, at: now)
    }
}

/// A Response of a rehearsal, taken apart, and judged as its service should judge it.
package struct RehearsedResponse: Sendable {
    /// As it would be sent, under the rehearsal's name. Nobody is sent it.
    package let xml: [UInt8]
    package let binding: MessageBinding
    package let destination: String
    package let isEncrypted: Bool
    /// The assertion as it was before it was encrypted; nil where it can be read in `xml`.
    package let assertion: [UInt8]?
    /// What can be read, in the order of the document; the assertion's parts stand behind those of the Response.
    package let parts: [MessagePart]
    package let signatures: [(element: String, algorithm: String)]
    /// How the assertion was encrypted.
    package let ciphers: [String]
    /// A careful service's verdict on what it can read: on the Response, else on the assertion out of it. Nil where only the member's key
    /// opens what the signature covers.
    package let verdict: MessageVerdict?

    fileprivate init(_ answer: SAMLAnswer, assertion clear: [UInt8]?, to request: RehearsedAuthnRequest, at now: Timestamp) {
        let provider = request.verified.serviceProvider
        if case .encrypted = request.verified.encryption { isEncrypted = clear != nil } else { isEncrypted = false }
        xml = answer.xml
        binding = answer.binding
        destination = answer.destination
        assertion = isEncrypted ? clear : nil
        let inspections = ([xml] + (assertion.map { [$0] } ?? [])).compactMap { bytes in
            (try? PastedMessage(bytes)).map { MessageInspection($0, revealing: true) }
        }
        parts = inspections.flatMap(\.parts)
        signatures = inspections.flatMap { $0.signatures.map { ($0.element, $0.algorithm) } }
        ciphers = inspections.flatMap { $0.encrypted.flatMap(\.algorithms) }
        let readable = isEncrypted ? (provider.signing == .response ? nil : assertion) : xml
        verdict = readable.map { bytes in
            var rules = JudgeRules()
            let own = request.identity.identityProvider
            rules.keys = own.signingKeys.keys.map(\.publicKey)
            rules.issuer = own.entityID.text
            rules.audience = provider.entityID.text
            rules.address = answer.destination
            rules.inResponseTo = request.verified.id
            rules.skew = own.skew
            rules.mayBeUnnamed = request.verified.nameIDKind == .untold
            return MessageJudge(rules, as: .serviceProvider, identity: own.signingKeys).verdict(on: bytes, by: .xml, at: now)
        }
    }
}
