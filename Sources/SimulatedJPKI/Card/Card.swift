import Cryptography
import Synchronization
package import Vocabulary

/// One card, or the secure element of one phone: a thing with a state of its own, so there is one of it and it is not copied.
///
/// Speaks the commands of JPKI-AP (`jpki.md` §3.3) as functions. The security state is lost when the application is selected again; the
/// counters of PIN and password outlive the process: a try is written down before it is compared.
package final class Card: Sendable {
    private let contents: CardContents
    private let state: Mutex<State>
    private let memory: CardMemory

    private struct State {
        var secrets: CardSecrets
        var isPINVerified = false
        var isPasswordVerified = false
        var isTerminalKnown = false
        var challenge: [UInt8]?

        mutating func set(_ reference: Reference, verified: Bool, left: Int) {
            switch reference {
            case .pin:
                isPINVerified = verified
                secrets.pinTriesLeft = left
            case .password:
                isPasswordVerified = verified
                secrets.passwordTriesLeft = left
            }
        }
    }

    private enum Reference { case pin, password }

    /// Where `memory` cannot be written, the chip does not compare.
    package init(_ contents: CardContents, secrets: CardSecrets, memory: CardMemory = .none) {
        self.contents = contents
        self.memory = memory
        state = Mutex(State(secrets: secrets))
    }

    package var carrier: Carrier { contents.carrier }
    package var secrets: CardSecrets { state.withLock { $0.secrets } }

    /// SELECT of the application: whatever was proven before is forgotten.
    package func select() {
        state.withLock { $0 = State(secrets: $0.secrets) }
    }

    /// EF 000A. Free to read on a card; on a phone only after the PIN (`jpki.md` §1.5).
    package func userCertificate() throws(CardRefusal) -> [UInt8] {
        guard contents.carrier == .card || state.withLock({ $0.isPINVerified }) else { throw .notAuthorised }
        return contents.user.certificate.der
    }

    /// EF 0001: the four attributes are in it, so it is read after the password only.
    package func signatureCertificate() throws(CardRefusal) -> [UInt8] {
        guard let signature = contents.signature else { throw .notFound }
        guard state.withLock({ $0.isPasswordVerified }) else { throw .notAuthorised }
        return signature.certificate.der
    }

    /// VERIFY on EF 0018.
    package func verify(pin: String) throws(CardRefusal) {
        guard CardSecrets.isPIN(pin) else { throw .wrongData }
        try verify(pin, .pin)
    }

    /// VERIFY on EF 001B; the reader upper-cases what is typed.
    package func verify(password: String) throws(CardRefusal) {
        let password = password.uppercased()
        guard CardSecrets.isPassword(password) else { throw .wrongData }
        try verify(password, .password)
    }

    /// CHANGE REFERENCE DATA on EF 0018, after VERIFY.
    package func change(pin: String) throws(CardRefusal) {
        guard CardSecrets.isPIN(pin) else { throw .wrongData }
        try inState { (state) throws(CardRefusal) in
            guard state.isPINVerified else { throw .notAuthorised }
            state.secrets.pin = pin
            try store(state.secrets)
        }
    }

    /// Signs the caller's bytes with the user key as they are, PKCS#1 v1.5 padding around them (`80 2A`, P1 = 00): the card cannot tell
    /// a login from anything else. Opened by the PIN, or by a known terminal.
    package func sign(digestInfo: [UInt8]) throws(CardRefusal) -> [UInt8] {
        guard state.withLock({ $0.isPINVerified || $0.isTerminalKnown }) else { throw .notAuthorised }
        return try Self.sign(digestInfo, with: contents.user.key)
    }

    /// The card computes the digest that its key asks for and signs it (P1 = 03): SHA-256 for RSA, SHA-384 for P-384.
    package func sign(hashing message: [UInt8]) throws(CardRefusal) -> [UInt8] {
        guard state.withLock({ $0.isPINVerified || $0.isTerminalKnown }) else { throw .notAuthorised }
        let algorithm: SignatureAlgorithm
        switch contents.user.key.publicKey.kind {
        case .rsa: algorithm = .rsaPKCS1(.sha256)
        case .ec(.p384): algorithm = .ecdsa(.sha384)
        default: throw .wrongParameters
        }
        do { return try contents.user.key.sign(message, algorithm) } catch { throw .wrongParameters }
    }

    /// The signature key: one signature for each password (`jpki.md` §3.2, "consent per signature").
    package func signDocument(digestInfo: [UInt8]) throws(CardRefusal) -> [UInt8] {
        try Self.sign(digestInfo, with: try openedSignatureKey())
    }

    /// Of the next card, whose chip hashes.
    func signDocument(with algorithm: SignatureAlgorithm, _ message: [UInt8]) throws(CardRefusal) -> [UInt8] {
        let key = try openedSignatureKey()
        do { return try key.sign(message, algorithm) } catch { throw .wrongParameters }
    }

    var signatureKind: KeyKind? { contents.signature?.key.publicKey.kind }

    private func openedSignatureKey() throws(CardRefusal) -> PrivateKey {
        guard let signature = contents.signature else { throw .notFound }
        guard
            state.withLock({ state in
                defer { state.isPasswordVerified = false }
                return state.isPasswordVerified
            })
        else { throw .notAuthorised }
        return signature.key
    }

    /// The most a 2048-bit key can pad (`jpki.md` §3.3).
    private static let longestInput = 245

    private static func sign(_ bytes: [UInt8], with key: PrivateKey) throws(CardRefusal) -> [UInt8] {
        guard case .rsa = key.publicKey.kind else { throw .wrongParameters }
        guard (1...longestInput).contains(bytes.count) else { throw .wrongData }
        do { return try key.signDigestInfo(bytes) } catch { throw .wrongData }
    }
}

// MARK: Without a PIN

extension Card {
    /// GET CHALLENGE, for the terminal to answer.
    package func challenge(using random: inout some RandomNumberGenerator) -> [UInt8] {
        let challenge = random.bytes(16)
        state.withLock { $0.challenge = challenge }
        return challenge
    }

    /// EXTERNAL AUTHENTICATE: an endorsed terminal that signed this card's own last challenge opens the user key without a PIN
    /// (`jpki.md` §2.2). Each challenge serves once.
    package func authenticate(terminal: Endorsement, proof: [UInt8]) throws(CardRefusal) {
        guard contents.carrier == .card else { throw .wrongParameters }
        try inState { (state) throws(CardRefusal) in
            guard let challenge = state.challenge else { throw .notAuthorised }
            state.challenge = nil
            guard terminal.isGood(as: .terminal, by: contents.terminalAuthority),
                terminal.key.verifies(proof, over: Endorsement.proof(.terminal, answering: challenge), .ecdsa(.sha256))
            else { throw .notAuthorised }
            state.isTerminalKnown = true
        }
    }

    /// INTERNAL AUTHENTICATE: proves a genuine chip, with a key that logs nobody in.
    package func proveGenuine(answering challenge: [UInt8]) throws(CardRefusal) -> (endorsement: Endorsement, proof: [UInt8]) {
        guard contents.carrier == .card else { throw .wrongParameters }
        do {
            let proof = try contents.chip.sign(Endorsement.proof(.card, answering: challenge), .ecdsa(.sha256))
            return (contents.chipEndorsement, proof)
        } catch {
            throw .wrongParameters
        }
    }
}

// MARK: Counters

extension Card {
    private func verify(_ text: String, _ reference: Reference) throws(CardRefusal) {
        try inState { (state) throws(CardRefusal) in
            // As the chip has it by now: several programs may hold what is one card.
            do { state.secrets = try memory.read() ?? state.secrets } catch { throw .memory }
            let (expected, left) =
                reference == .pin
                ? (state.secrets.pin, state.secrets.pinTriesLeft) : (state.secrets.password, state.secrets.passwordTriesLeft)
            guard let expected else { throw .notFound }
            guard left > 0 else { throw .blocked }
            state.set(reference, verified: false, left: left - 1)
            // The try is on record before it is compared, so pulling the card wins nothing.
            try store(state.secrets)
            guard ConstantTime.equal(Array(text.utf8), Array(expected.utf8)) else { throw left > 1 ? .wrong(left: left - 1) : .blocked }
            state.set(reference, verified: true, left: reference == .pin ? CardSecrets.pinTries : CardSecrets.passwordTries)
            try store(state.secrets)
        }
    }

    private func store(_ secrets: CardSecrets) throws(CardRefusal) {
        do { try memory.write(secrets) } catch { throw .memory }
    }

    private func inState(_ body: (inout State) throws(CardRefusal) -> Void) throws(CardRefusal) {
        var refusal: CardRefusal?
        do {
            try memory.alone {
                state.withLock { state in
                    do throws(CardRefusal) { try body(&state) } catch { refusal = error }
                }
            }
        } catch {
            throw .memory
        }
        if let refusal { throw refusal }
    }
}
