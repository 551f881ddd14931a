package import TrustFramework
package import Vocabulary

/// Proof that a registered resource server asks about a token (RFC 7662 §2.1): only what is meant for one of `server.audiences` is its
/// business.
package struct VerifiedIntrospection: Sendable {
    package let server: Client
    package let member: Member
    /// SHA-256 of the token.
    package let digest: [UInt8]

    fileprivate init(server: Client, member: Member, digest: [UInt8]) {
        self.server = server
        self.member = member
        self.digest = digest
    }
}

extension AuthenticatedClient {
    /// `member` is the client's own.
    package func introspecting(
        _ token: TokenReference, _ member: Member, at now: Timestamp
    ) throws(TokenRefusal) -> VerifiedIntrospection {
        guard client.isResourceServer else { throw TokenRefusal(.unauthorizedClient, .noResourceServer) }
        if let fault = Explanation.memberFault(member, client.id, now) { throw TokenRefusal(.unauthorizedClient, fault) }
        return VerifiedIntrospection(server: client, member: member, digest: token.digest)
    }
}

/// What the store knows of the token, with the registration and the member that it names now.
package enum IntrospectedToken: Sendable {
    case access(AccessTokenRecord, Client?, Member?, actors: [Member?])
    /// `fresh`: it would still be exchanged.
    case refresh(RefreshTokenRecord, fresh: Bool)

    /// The access token of a login that a signature certificate stood beside.
    package var restingOnCertificate: AccessTokenRecord? {
        guard case .access(let record, _, _, _) = self, record.assurance?.facts.signatureCertificate == true else { return nil }
        return record
    }
}

/// Proof that a token is active for the resource server that asks: it lives, it is meant for it, and everybody concerned is in good
/// standing at this moment.
package struct ActiveToken: Sendable {
    let introspection: VerifiedIntrospection
    let token: IntrospectedToken

    fileprivate init(introspection: VerifiedIntrospection, token: IntrospectedToken) {
        self.introspection = introspection
        self.token = token
    }

    /// The identifier that the token was issued with: another sector's, unless it was exchanged for this one.
    package var pairwise: PairwiseID {
        switch token {
        case .access(let record, _, _, _): record.pairwise
        case .refresh(let record, _): record.pairwise
        }
    }

    /// The sector that may be told of the citizen.
    package var sector: String { introspection.member.sector }
}

extension VerifiedIntrospection {
    /// Nil: the answer is `active: false` and nothing else, whatever the reason (RFC 7662 §2.2; checklist O11). `isShown`: what the citizen
    /// showed of a signature certificate is still kept; asked for where `IntrospectedToken.restingOnCertificate` names a token.
    package func active(
        _ token: IntrospectedToken?, under policy: Policy, showing isShown: Bool = true, at now: Timestamp
    ) -> ActiveToken? {
        guard let token else { return nil }
        let question = IntrospectionCheck.Question(introspection: self, token: token, policy: policy, isShown: isShown, now: now)
        guard IntrospectionCheck.inOrder.allSatisfy({ $0.holds(question) }) else { return nil }
        return ActiveToken(introspection: self, token: token)
    }
}
