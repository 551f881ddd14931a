import Cryptography
import JOSE
package import Vocabulary

/// Whoever asks at an endpoint for clients: names the client it claims to be and brings one credential; neither is believed yet. The one
/// way in for every such endpoint, so that what is refused at one is refused at all.
package struct UnverifiedClient: Sendable {
    package let clientID: MemberID
    private let credential: ClientCredential
    private let evidence: ClientEvidence
    /// What else it signed, at the endpoints that take it: a request object, and CIBA's hint.
    private let objects: [String]

    /// Reads who it claims to be. Two methods at once, two names, and no credential at all are refused here.
    package init(_ form: FormParameters, _ evidence: ClientEvidence) throws(TokenRefusal) {
        let (claimed, credential) = try ClientCredential.read(form, evidence)
        guard let id = MemberID(claimed) else { throw TokenRefusal(.invalidClient, .clientUnknown(claimed)) }
        if let named = form["client_id"], !named.hasSameBytes(as: claimed) {
            throw TokenRefusal(.invalidRequest, .clientContradicted(named, claimed))
        }
        clientID = id
        self.credential = credential
        self.evidence = evidence
        objects = ["request", "login_hint_token"].compactMap { form[$0] }
    }
}

/// Proof that a client is itself, by the method it registered. An assertion has been used only when its `replay` is claimed in a
/// `ReplayGuard`: nothing may be answered before that.
package struct AuthenticatedClient: Sendable {
    package let client: Client
    /// An assertion's `jti`, to be claimed before anything else (checklist E16). Nil for other methods.
    package let replay: AssertionClaim?
    /// `x5t#S256` of the certificate whose key the connection proved, whether or not the client authenticated with it: what tokens are
    /// bound to (RFC 8705 §3).
    package let certificateThumbprint: String?

    fileprivate init(client: Client, replay: AssertionClaim?, certificateThumbprint: String?) {
        self.client = client
        self.replay = replay
        self.certificateThumbprint = certificateThumbprint
    }

    package var clientID: MemberID { client.id }
}

extension UnverifiedClient {
    /// The assertion, the request object or the hint was signed by a key that the client's published set did not have when it was fetched
    /// last.
    package func wantsNewKeys(of client: Client?) -> Bool {
        guard let client else { return false }
        if case .assertion(let assertion) = credential, client.mayHaveNewKey(for: assertion) { return true }
        return objects.contains { client.mayHaveNewKey(for: $0) }
    }

    /// Proves it. `client` is the registration found under `clientID`, nil when there is none.
    package func authenticated(
        as client: Client?, at provider: Provider, at now: Timestamp
    ) throws(TokenRefusal) -> AuthenticatedClient {
        guard let client, client.id.text.hasSameBytes(as: clientID.text) else {
            throw TokenRefusal(.invalidClient, .clientUnknown(clientID.text))
        }
        var replay: AssertionClaim?
        switch (client.authentication, credential) {
        case (.privateKeyJWT(let keys), .assertion(let assertion)):
            let (key, until) = try ClientAssertion.proven(
                assertion, by: keys, client, sentTo: evidence.address, at: provider, at: now)
            replay = AssertionClaim(scope: "client-assertion " + client.id.text, key: key, until: until)
        case (.clientSecretBasic(let expected), .basic(let given)), (.clientSecretPost(let expected), .post(let given)):
            guard ConstantTime.equal(given, expected) else { throw TokenRefusal(.invalidClient, .secretWrong) }
            guard client.secretIsGood(at: now) else { throw TokenRefusal(.invalidClient, .secretExpired) }
        case (.tlsClientAuth(let subject), .certificate(let certificate)):
            if let fault = subject.fault(in: certificate, at: now) { throw TokenRefusal(.invalidClient, fault) }
        case (.selfSignedTLS(let thumbprints), .certificate(let certificate)):
            guard thumbprints.contains(where: { $0.hasSameBytes(as: certificate.thumbprint) }) else {
                throw TokenRefusal(.invalidClient, .certificateUnknown(certificate.thumbprint))
            }
        case (let registered, .none):
            throw TokenRefusal(.invalidClient, registered.isTLS ? .noCertificate : .noCredential)
        case (let registered, let sent):
            throw TokenRefusal(.invalidClient, .methodOther(registered: registered.method, sent: sent.method))
        }
        return AuthenticatedClient(client: client, replay: replay, certificateThumbprint: evidence.certificate?.thumbprint)
    }
}
