import CPKCS11

/// A key of a token with its public half: found there, or made there.
package struct FoundTokenKey: Sendable {
    package let uri: TokenURI
    package let publicKey: PublicKey
    /// Whether the token would give the private half away, wrapped or in the clear; nil when it does not say.
    package let isExtractable: Bool?
}

extension TokenKey {
    /// Milliseconds for what is done once by an operator's command: a key of 4096 bits takes its time.
    private static let longest: Int64 = 120_000

    /// Looks the key up, with its public half.
    package func found(patience: Int64 = 10_000) throws(TokenFault) -> FoundTokenKey {
        let (object, uri) = (TokenObject(label: uri.object, id: uri.id), uri)
        return try token.perform(patience: patience) { (session) throws(TokenFault) in
            let handle = try session.privateKey(object, anew: true)
            return try session.describe(handle, object, uri)
        }
    }

    /// Whether the token would give the private half away; nil when it does not say.
    package func isExtractable() throws(TokenFault) -> Bool? {
        let object = TokenObject(label: uri.object, id: uri.id)
        return try token.perform { (session) throws(TokenFault) in session.flag(CKA_EXTRACTABLE, of: try session.privateKey(object)) }
    }

    /// Makes a key pair in the token under the URI's label and a fresh CKA_ID: sensitive, never extractable, for this purpose only. The
    /// label must not be taken.
    package func made(_ kind: KeyKind) throws(TokenFault) -> FoundTokenKey {
        guard let label = uri.object else { throw .objectMissing }
        var random = SystemRandom()
        let id = uri.id ?? random.bytes(8)
        let (object, named, purpose) = (TokenObject(label: label, id: nil), uri.naming(object: label, id: id), purpose)
        return try token.perform(patience: Self.longest, isWriting: true) { (session) throws(TokenFault) in
            guard try session.one(CKO_PRIVATE_KEY, object) == nil else { throw .objectAmbiguous }
            let made = try session.generate(kind, TokenObject(label: label, id: id), purpose)
            return try session.describe(made, TokenObject(label: label, id: id), named)
        }
    }
}

extension TokenSession {
    fileprivate func describe(_ handle: CK_ULONG, _ object: TokenObject, _ uri: TokenURI) throws(TokenFault) -> FoundTokenKey {
        let id = object.id ?? value(CKA_ID, of: handle)
        let named = TokenObject(label: id?.isEmpty == false ? nil : object.label, id: id?.isEmpty == false ? id : nil)
        // The private object knows its public numbers when it is RSA; a point is told by the public object only.
        let places = [handle, try one(CKO_PUBLIC_KEY, named)].compactMap(\.self)
        guard let key = places.lazy.compactMap({ self.publicKey($0) }).first else { throw .publicMissing }
        return FoundTokenKey(
            uri: uri.naming(object: object.label, id: named.id), publicKey: key, isExtractable: flag(CKA_EXTRACTABLE, of: handle))
    }

    private func publicKey(_ handle: CK_ULONG) -> PublicKey? {
        switch value(CKA_KEY_TYPE, of: handle) {
        case Self.number(CKK_RSA):
            guard let modulus = value(CKA_MODULUS, of: handle), let exponent = value(CKA_PUBLIC_EXPONENT, of: handle) else { return nil }
            return try? PublicKey(rsaModulus: modulus, exponent: exponent)
        case Self.number(CKK_EC):
            guard let point = value(CKA_EC_POINT, of: handle).map(Self.unwrapped), point.first == 4,
                let curve = EllipticCurve.allCases.first(where: { 1 + 2 * $0.width == point.count }),
                value(CKA_EC_PARAMS, of: handle) == curve.parameters
            else { return nil }
            return try? PublicKey(curve: curve, x: Array(point[1...curve.width]), y: Array(point[(curve.width + 1)...]))
        case Self.number(CKK_EC_EDWARDS):
            return value(CKA_EC_POINT, of: handle).map(Self.unwrapped).flatMap { try? PublicKey(ed25519: $0) }
        default: return nil
        }
    }

    /// The OCTET STRING around a point (PKCS#11 2.40 §2.3.3), which some modules leave out.
    private static func unwrapped(_ point: [UInt8]) -> [UInt8] {
        var reader = DERReader(point)
        guard let element = try? reader.expect(DERTag.octetString), reader.isAtEnd else { return point }
        return element.content
    }

    fileprivate func generate(_ kind: KeyKind, _ object: TokenObject, _ purpose: TokenKey.Purpose) throws(TokenFault) -> CK_ULONG {
        // What a key may not do is said as well: SoftHSM allows what it is not told.
        let (yes, no): ([UInt8], [UInt8]) = ([1], [0])
        let named: [(CK_ULONG, [UInt8])] = [(CKA_LABEL, Array((object.label ?? "").utf8)), (CKA_ID, object.id ?? []), (CKA_TOKEN, yes)]
        var open = named + [(CKA_PRIVATE, no)]
        var closed = named + [(CKA_PRIVATE, yes), (CKA_SENSITIVE, yes), (CKA_EXTRACTABLE, no)]
        switch (purpose, kind) {
        case (.signing, _):
            open.append((CKA_VERIFY, yes))
            closed += [(CKA_SIGN, yes), (CKA_DECRYPT, no), (CKA_UNWRAP, no), (CKA_DERIVE, no)]
        case (.decryption, .rsa):
            open.append((CKA_ENCRYPT, yes))
            closed += [(CKA_SIGN, no), (CKA_DECRYPT, yes), (CKA_UNWRAP, no), (CKA_DERIVE, no)]
        case (.decryption, .ec): closed += [(CKA_SIGN, no), (CKA_DECRYPT, no), (CKA_UNWRAP, no), (CKA_DERIVE, yes)]
        // SoftHSM and its like have no Montgomery curve; a key that nothing can try is no key.
        case (.decryption, .ed25519), (.decryption, .x25519): throw .mechanism
        }
        let mechanism: CK_ULONG
        switch kind {
        case .rsa(let bits):
            mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN
            open += [(CKA_MODULUS_BITS, Self.number(CK_ULONG(bits))), (CKA_PUBLIC_EXPONENT, [1, 0, 1])]
        case .ec(let curve):
            mechanism = CKM_EC_KEY_PAIR_GEN
            open.append((CKA_EC_PARAMS, curve.parameters))
        case .ed25519:
            mechanism = CKM_EC_EDWARDS_KEY_PAIR_GEN
            open.append((CKA_EC_PARAMS, [6, 3, 0x2b, 0x65, 0x70]))
        case .x25519: throw .mechanism
        }
        var request = unsafe CK_MECHANISM(mechanism: mechanism, pParameter: nil, ulParameterLen: 0)
        var (publicKey, privateKey): (CK_ULONG, CK_ULONG) = (0, 0)
        try unsafe check(
            Self.attributes(open) { open, openCount in
                unsafe Self.attributes(closed) { closed, closedCount in
                    unsafe module.functions.generateKeyPair(
                        handle, &request, open, openCount, closed, closedCount, &publicKey, &privateKey)
                }
            })
        return privateKey
    }
}
