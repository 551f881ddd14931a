import CPKCS11

/// A private key that lies in a token: named, not held. What it can do is asked of the token each time.
package struct TokenKey: Sendable {
    /// What the key is for, which decides how it is tried and what one that is made there may do.
    package enum Purpose: Hashable, Sendable {
        case signing, decryption
    }

    package let token: Token
    package let uri: TokenURI
    package let purpose: Purpose
    private let object: TokenObject

    package init(_ token: Token, _ uri: TokenURI, for purpose: Purpose) {
        self.token = token
        self.uri = uri
        self.purpose = purpose
        object = TokenObject(label: uri.object, id: uri.id)
    }

    /// A signature over `bytes`, which are already what the mechanism signs. ECDSA: r‖s.
    func sign(_ bytes: [UInt8], _ mechanism: TokenMechanism, for key: PublicKey, patience: Int64? = nil) throws(TokenFault) -> [UInt8] {
        guard purpose == .signing else { throw .permission }
        let object = object
        return try token.perform(patience: patience) { (session) throws(TokenFault) in
            let handle = try session.privateKey(object)
            if !session.isProven(object, key) { try Self.prove(object, handle, is: key, in: session) }
            return try session.sign(bytes, mechanism, with: handle)
        }
    }

    /// Nil when the token decrypts, and cannot decrypt this.
    func decrypt(_ encrypted: [UInt8], _ scheme: OAEP, for key: PublicKey, patience: Int64? = nil) throws(TokenFault) -> Secret? {
        let object = object
        let width = key.rsaComponents?.modulus.count ?? 0
        return try token.perform(patience: patience) { (session) throws(TokenFault) -> Secret? in
            let handle = try session.privateKey(object)
            var plain: [UInt8]?
            do throws(TokenFault) {
                // SoftHSM 2.6 takes a label and forgets it.
                guard scheme.label.isEmpty else { throw .mechanism }
                plain = try session.decrypt(encrypted, .oaep(scheme), with: handle)
            } catch {
                guard error == .mechanism else { throw error }
                // Many tokens know OAEP with SHA-1 only; all know the bare power, and libcrypto takes the padding off in constant time.
                var padded = try session.decrypt(encrypted, .rsa, with: handle) ?? []
                plain = scheme.unpadded(padded, width: width)
                erase(&padded)
            }
            if var plain { return Secret(taking: &plain) }
            // Whether the message or the token is to blame shows in whether the token still knows its key.
            guard session.isAlive, session.value(CKA_KEY_TYPE, of: handle) != nil else { throw .absent }
            return nil
        }
    }

    /// The x coordinate of the common point.
    func agree(with other: PublicKey, patience: Int64? = nil) throws(TokenFault) -> Secret {
        guard let (curve, x, y) = other.ecPoint else { throw .permission }
        let object = object
        return try token.perform(patience: patience) { (session) throws(TokenFault) -> Secret in
            var shared = try session.derive([4] + x + y, curve.width, with: try session.privateKey(object))
            guard shared.count == curve.width else {
                erase(&shared)
                throw .mechanism
            }
            return Secret(taking: &shared)
        }
    }

    /// Proves once per session that the token's key is the one whose public half we publish: an object that was exchanged, or restored from
    /// another backup, would sign what nobody can verify.
    private static func prove(
        _ object: TokenObject, _ handle: CK_ULONG, is key: PublicKey, in session: TokenSession
    ) throws(TokenFault) {
        let probe = Array("is this the key that we publish".utf8)
        guard let usual = key.kind.usual else { throw .mechanism }
        let signature = try session.sign(TokenMechanism.input(probe, usual), TokenMechanism(usual), with: handle)
        guard key.verifies(signature, over: probe, usual, encoding: .raw) else { throw .mismatch }
        session.noteProven(object, key)
    }
}
