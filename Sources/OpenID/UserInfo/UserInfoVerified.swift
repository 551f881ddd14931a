import Cryptography
package import TrustFramework
package import Vocabulary

/// Proof that whoever asks holds a token of ours, in the way the token is bound, and that it is good for userinfo. When it was shown with
/// a DPoP proof, `replay` has to be claimed before the answer is given.
package struct VerifiedUserInfoRequest: Sendable {
    package let client: Client
    package let record: AccessTokenRecord
    package let replay: AssertionClaim?
    /// What may be told: what the token was issued for, and no more than policy releases now.
    package let told: Entitlement

    fileprivate init(client: Client, record: AccessTokenRecord, replay: AssertionClaim?, told: Entitlement) {
        self.client = client
        self.record = record
        self.replay = replay
        self.told = told
    }
}

extension VerifiedUserInfoRequest {
    /// The policy of now on the facts of the login, for tokens that tell of the person or under a consent: whoever is forbidden to be told since,
    /// or is to be told less, is not told by a token of before. A token that tells plain facts of the login alone is not judged again.
    package func judged(
        by policy: Policy, _ member: Member, hearing word: CitizenWord, at now: Timestamp
    ) throws(ResourceRefusal) -> VerifiedUserInfoRequest {
        guard record.citizen != nil, let assurance = record.assurance else { return self }
        let decision = policy.decide(assurance.question(by: member, on: .userInfo, under: policy, showing: word.isShown, at: now))
        let scheme: PresentedToken.Scheme = if case .dpop = record.binding { .dpop } else { .bearer }
        switch decision.outcome {
        case .permit:
            return VerifiedUserInfoRequest(client: client, record: record, replay: replay, told: told.narrowed(to: decision))
        case .authenticate(let acceptable):
            throw .stepUp(
                .userInfoDenied(policyVersion: decision.policyVersion), acrValues: acceptable.compactMap(\.acrValues.first), by: scheme)
        case .deny: throw ResourceRefusal(.invalidToken, .userInfoDenied(policyVersion: decision.policyVersion), by: scheme)
        }
    }
}

extension AccessTokenRecord {
    /// What a holder of the token would be told, where nobody holds one: in a rehearsal, whose tokens are in no store (decision 0061).
    func rehearsed(
        of client: Client, _ member: Member, in rehearsal: RehearsalProvider, at now: Timestamp
    ) throws(ResourceRefusal) -> VerifiedUserInfoRequest {
        try checked(of: client, member, at: rehearsal.provider, at: now, by: .bearer, replay: nil)
    }

    fileprivate func checked(
        of client: Client, _ member: Member, at provider: Provider, at now: Timestamp, by scheme: PresentedToken.Scheme,
        replay: AssertionClaim?
    ) throws(ResourceRefusal) -> VerifiedUserInfoRequest {
        let question = UserInfoCheck.Question(record: self, client: client, member: member, provider: provider, now: now)
        for check in UserInfoCheck.inOrder {
            if let (error, explanation) = check.fault(question) { throw ResourceRefusal(error, explanation, by: scheme) }
        }
        return VerifiedUserInfoRequest(client: client, record: self, replay: replay, told: entitlement)
    }
}

extension PresentedToken {
    /// Proves the token's use. `record` is what the store found under `digest`; `client` and `member` are those that the record names.
    package func verified(
        as record: AccessTokenRecord, of client: Client, _ member: Member, with evidence: ClientEvidence, nonces: DPoPNonces,
        at provider: Provider, at now: Timestamp
    ) throws(ResourceRefusal) -> VerifiedUserInfoRequest {
        guard ConstantTime.equal(digest, record.tokenDigest) else { throw .tokenUnknown(self) }
        let replay = try possession(of: record.binding, with: evidence, nonces: nonces, at: now)
        return try record.checked(of: client, member, at: provider, at: now, by: scheme, replay: replay)
    }

    /// Whether the holder shows the key that the token is bound to. A token bound to a DPoP key is never taken as a bearer token, nor one
    /// that is bound to nothing with a proof of just any key (RFC 9449 §7.1, §7.2).
    package func possession(
        of binding: TokenBinding?, with evidence: ClientEvidence, nonces: DPoPNonces, at now: Timestamp
    ) throws(ResourceRefusal) -> AssertionClaim? {
        let expected: Scheme = if case .dpop = binding { .dpop } else { .bearer }
        guard scheme == expected else {
            throw ResourceRefusal(.invalidToken, .schemeOther(expected: expected, sent: scheme), by: expected)
        }
        switch binding {
        case nil: return nil
        case .certificate(let thumbprint):
            guard let shown = evidence.certificate?.thumbprint, ConstantTime.equal(Array(shown.utf8), Array(thumbprint.utf8)) else {
                throw ResourceRefusal(.invalidToken, .certificateOther, by: scheme)
            }
            return nil
        case .dpop(let thumbprint):
            let proof: DPoPProof?
            do throws(TokenRefusal) {
                proof = try DPoPProof.proven(
                    evidence.dpop, method: evidence.method, address: evidence.address, accessToken: text, nonces: nonces, at: now)
            } catch {
                throw ResourceRefusal(error)
            }
            guard let proof else { throw ResourceRefusal(.invalidDPoPProof, .proofMissing, by: .dpop) }
            guard ConstantTime.equal(Array(proof.thumbprint.utf8), Array(thumbprint.utf8)) else {
                throw ResourceRefusal(.invalidToken, .keyOther, by: .dpop)
            }
            return proof.replay
        }
    }
}
