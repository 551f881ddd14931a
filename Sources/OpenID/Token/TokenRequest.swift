package import Vocabulary

/// A request to the token endpoint as it came (RFC 6749 §4.1.3). It says whom it claims to come from and brings one credential; neither
/// is believed yet.
package struct UnverifiedTokenRequest: Sendable {
    let parameters: FormParameters
    package let client: UnverifiedClient
    let evidence: ClientEvidence

    /// Parameters that may come more than once (RFC 8707 §2.2, RFC 8693 §2.1).
    private static let several: Set<String> = ["resource", "audience"]

    /// Reads the form body: at most 32 KiB and 64 parameters.
    package init(body: [UInt8], evidence: ClientEvidence) throws(TokenRefusal) {
        let parameters: FormParameters
        do throws(FormRefusal) {
            parameters = try FormParameters(body)
        } catch {
            throw TokenRefusal(.invalidRequest, error.explanation)
        }
        if let name = parameters.repeated.first(where: { !Self.several.contains($0) }) {
            throw TokenRefusal(.invalidRequest, .repeated(name))
        }
        client = try UnverifiedClient(parameters, evidence)
        self.parameters = parameters
        self.evidence = evidence
    }

    package init(body: [UInt8], authorization: String?) throws(TokenRefusal) {
        try self.init(body: body, evidence: ClientEvidence(authorization: authorization))
    }

    package var clientID: MemberID { client.clientID }
}
