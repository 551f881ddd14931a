import Cryptography
package import Trust
package import Vocabulary

/// What is asked of a presentation beside the certificate.
package struct IdentityRules: Hashable, Sendable {
    package let ages: StatusAges
    /// A login with PIN is evidence of who is here for this many seconds.
    package let loginAge: Int64
    /// The weakest tie that counts.
    package let tie: IdentityTie

    package init(ages: StatusAges = .daily, loginAge: Int64 = 600, tie: IdentityTie = .journey) {
        self.ages = ages
        self.loginAge = loginAge
        self.tie = tie
    }
}

/// A use of the login key in the session in which the signature certificate is presented.
package struct SessionLogin: Hashable, Sendable {
    package let certificate: CertificateIdentity
    package let mode: CardMode
    package let at: Timestamp
    /// It says who used this browser: with the PIN, at this device, and not used up by an answer.
    package let isProof: Bool

    /// A login without the PIN is no proof, whatever is said of it.
    package init(certificate: CertificateIdentity, mode: CardMode, at: Timestamp, isProof: Bool = true) {
        self.certificate = certificate
        self.mode = mode
        self.at = at
        self.isProof = isProof && mode == .pin
    }
}

/// The login certificate that was read beside the signature certificate, and what its key signed of the same declaration.
package struct LoginBeside: Sendable {
    package let certificate: LoginCertificate
    package let signature: [UInt8]?
    package let status: CertificateStatus

    package init(certificate: LoginCertificate, signature: [UInt8]?, status: CertificateStatus) {
        self.certificate = certificate
        self.signature = signature
        self.status = status
    }
}

/// The holder of this signature certificate declared, with its key, to show it here and now, and is tied to the citizen of the session as
/// `tie` says. The only source of the four attributes.
///
/// INVARIANT: printing one shows nothing of the person.
package struct PresentedIdentity: Sendable, CustomStringConvertible, CustomReflectable {
    package let attributes: BasicAttributes
    package let place: AddressPlace
    package let certificate: CertificateIdentity
    package let carrier: Carrier
    package let tie: IdentityTie
    package let member: MemberID
    package let purpose: String
    package let document: String?
    package let statusSource: String
    package let statusAt: Timestamp
    package let at: Timestamp

    fileprivate init(
        _ certificate: SignatureCertificate, tie: IdentityTie, challenge: IdentityChallenge, source: String, statusAt: Timestamp,
        at: Timestamp
    ) {
        attributes = certificate.attributes
        place = certificate.place
        self.certificate = certificate.identity
        carrier = certificate.carrier
        self.tie = tie
        member = challenge.member
        purpose = challenge.purpose
        document = challenge.document
        statusSource = source
        self.statusAt = statusAt
        self.at = at
    }

    /// Says "the same certificate" without saying which.
    package var certificateDigest: [UInt8] {
        Digest.sha256(Array((certificate.issuer + ":" + certificate.serial).utf8))
    }

    package var description: String { "PresentedIdentity" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension SignatureCertificate {
    /// The caller has taken the challenge from its store (one use) and looked at `challenge.expected(…)`; `status` is the status of this very
    /// certificate, `logins` are the uses of the login key in the session. Evidence that was sent and is wrong refuses the whole answer.
    package func identity(
        answering challenge: IdentityChallenge, signature: [UInt8], beside login: LoginBeside?, statement: String?, logins: [SessionLogin],
        terminals: TerminalRegistry, rules: IdentityRules, status: CertificateStatus, at now: Timestamp
    ) throws(IdentityRefusal) -> PresentedIdentity {
        try challenge.open(at: now)
        do throws(CredentialRefusal) { try chain.leaf.inItsTime(at: now) } catch { throw .time(error) }
        let (source, statusAt) = try rules.vouched(status, at: now)
        guard Self.signed(challenge, by: chain.leaf.publicKey, algorithm, signature) else { throw .signatureWrong(algorithm) }
        let tie = try tie(to: logins, challenge, beside: login, statement, terminals, rules, at: now)
        guard tie >= rules.tie else { throw .tieTooWeak(tie, needed: rules.tie) }
        return PresentedIdentity(self, tie: tie, challenge: challenge, source: source, statusAt: statusAt, at: now)
    }

    private func tie(
        to logins: [SessionLogin], _ challenge: IdentityChallenge, beside login: LoginBeside?, _ statement: String?,
        _ terminals: TerminalRegistry, _ rules: IdentityRules, at now: Timestamp
    ) throws(IdentityRefusal) -> IdentityTie {
        guard let login else {
            guard statement == nil else { throw .loginCertificateMissing }
            guard let latest = logins.filter(\.isProof).max(by: { $0.at < $1.at }) else { throw .loginMissing }
            guard now.seconds(since: latest.at) <= rules.loginAge else {
                throw .loginTooOld(at: latest.at, now: now, oldest: rules.loginAge)
            }
            return .journey
        }
        // Any login, relayed or used up: what is beside it is used here and now, and this says only whose it has to be.
        guard logins.contains(where: { $0.certificate == login.certificate.identity }) else { throw .otherCitizen }
        _ = try rules.vouched(login.status, at: now)
        if let signature = login.signature {
            let key = login.certificate.chain.leaf.publicKey
            guard Self.signed(challenge, by: key, login.certificate.algorithm, signature) else {
                throw .loginSignatureWrong(login.certificate.algorithm)
            }
        }
        guard let statement else {
            guard login.signature != nil else { throw .loginSignatureMissing }
            return .keys
        }
        do throws(CredentialRefusal) {
            try UnverifiedCardStatement(text: statement).verified(
                for: challenge, certificate: chain.leaf, login: login.certificate.chain.leaf, terminals: terminals, at: now)
        } catch {
            throw .statement(error)
        }
        return .card
    }

    /// The whole EM layout is compared (`jpki.md` §3.3), and the algorithm is the key's.
    private static func signed(
        _ challenge: IdentityChallenge, by key: PublicKey, _ algorithm: CardAlgorithm, _ signature: [UInt8]
    ) -> Bool {
        !signature.isEmpty && signature.count <= LoginCertificate.longestSignature
            && key.verifies(signature, over: challenge.signedText, algorithm.signature, encoding: .der)
    }
}

extension IdentityRules {
    fileprivate func vouched(_ word: CertificateStatus, at now: Timestamp) throws(IdentityRefusal) -> (String, Timestamp) {
        do throws(CredentialRefusal) { return (word.source.rawValue, try ages.admits(word, at: now)) } catch { throw .status(error) }
    }
}
