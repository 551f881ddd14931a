package import Cryptography
package import Trust
package import Vocabulary

/// What a door gives without a trustworthy statement, and what it asks of the status.
package struct DoorRules: Hashable, Sendable {
    /// The mode that counts when nobody registered signed for one: the weakest in which this door can be passed.
    package let weakestMode: CardMode
    package let ages: StatusAges

    package init(weakestMode: CardMode, ages: StatusAges = .daily) {
        self.weakestMode = weakestMode
        self.ages = ages
    }
}

/// Somebody used this certificate's key, or held this card at a terminal we know, just now: each fact by itself.
package struct Authentication: Sendable {
    package let certificate: CertificateIdentity
    package let mode: CardMode
    /// A registered terminal signed for the mode; otherwise it is what the door's rules say.
    package let modeIsStated: Bool
    package let carrier: Carrier
    package let door: Door
    package let terminal: TerminalID?
    /// The class of that terminal, from its file.
    package let terminalClass: String?
    package let status: CertificateStatus
    package let keyAlgorithm: KeyKind
    package let at: Timestamp

    fileprivate init(
        _ login: LoginCertificate, mode: CardMode, statedBy statement: ModeStatement?, door: Door, status: CertificateStatus, at: Timestamp
    ) {
        certificate = login.identity
        self.mode = mode
        modeIsStated = statement != nil
        carrier = login.carrier
        self.door = door
        terminal = statement?.terminal
        terminalClass = statement?.terminalClass
        self.status = status
        keyAlgorithm = login.chain.leaf.publicKey.kind
        self.at = at
    }
}

extension LoginCertificate {
    /// A signature never is longer than this: RSA-8192 fills it.
    package static let longestSignature = 1024

    /// The signed-challenge door. The caller has taken the challenge from its store (one use) and looked at
    /// `challenge.expected(origin:transaction:purpose:)`; `status` is the status of this very certificate.
    ///
    /// Without a signature only a valid statement of mode C by a terminal allowed to make it counts. A statement that was sent and is
    /// wrong refuses the whole answer: falling back to the weaker mode would hide an attack.
    package func authentication(
        answering challenge: CardChallenge, signature: [UInt8]?, statement: String?, terminals: TerminalRegistry, rules: DoorRules,
        status: CertificateStatus, at now: Timestamp
    ) throws(CredentialRefusal) -> Authentication {
        try challenge.open(at: now)
        try chain.leaf.inItsTime(at: now)
        try rules.ages.admits(status, at: now)
        if let signature {
            guard !signature.isEmpty, signature.count <= Self.longestSignature,
                chain.leaf.publicKey.verifies(signature, over: challenge.signedText, algorithm.signature, encoding: .der)
            else { throw .signatureWrong(algorithm) }
        }
        guard let statement else {
            guard signature != nil else { throw .signatureMissing }
            return Authentication(self, mode: rules.weakestMode, statedBy: nil, door: .challenge, status: status, at: now)
        }
        let stated = try UnverifiedModeStatement(text: statement).verified(
            for: challenge, certificate: chain.leaf, terminals: terminals, at: now)
        guard signature != nil || stated.mode == .presence else { throw .signatureMissing }
        return Authentication(self, mode: stated.mode, statedBy: stated, door: .challenge, status: status, at: now)
    }

    /// The TLS door: the handshake that just ended proved the key (RFC 8446 §4.4.3), and nobody stated a mode.
    package func authenticationOverTLS(
        rules: DoorRules, status: CertificateStatus, at now: Timestamp
    ) throws(CredentialRefusal) -> Authentication {
        try chain.leaf.inItsTime(at: now)
        try rules.ages.admits(status, at: now)
        return Authentication(self, mode: rules.weakestMode, statedBy: nil, door: .tls, status: status, at: now)
    }
}
