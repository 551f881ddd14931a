import CPKCS11

/// How a token is told what to do.
enum TokenMechanism {
    /// Around bytes that are DigestInfo already.
    case pkcs1
    case pss(DigestAlgorithm)
    case ecdsa
    case eddsa
    case oaep(OAEP)
    /// The bare power.
    case rsa

    init(_ algorithm: SignatureAlgorithm) {
        self =
            switch algorithm {
            case .rsaPKCS1: .pkcs1
            case .rsaPSS(let digest): .pss(digest)
            case .ecdsa: .ecdsa
            case .ed25519: .eddsa
            }
    }

    /// What the mechanism signs for a message: everything but Ed25519 signs what we have hashed, so that a long message stays here.
    static func input(_ message: [UInt8], _ algorithm: SignatureAlgorithm) -> [UInt8] {
        guard let digest = algorithm.digest else { return message }
        let hash = Digest.compute(digest, message)
        guard case .rsaPKCS1 = algorithm else { return hash }
        return DERWriter.build { writer in
            writer.sequence {
                $0.sequence {
                    $0.objectIdentifier(digest.identifier)
                    $0.null()
                }
                $0.octetString(hash)
            }
        }
    }

    func with<Answer>(_ body: (UnsafeMutablePointer<CK_MECHANISM>?) throws(TokenFault) -> Answer) throws(TokenFault) -> Answer {
        switch self {
        case .pkcs1: return try unsafe Self.plain(CKM_RSA_PKCS, body)
        case .ecdsa: return try unsafe Self.plain(CKM_ECDSA, body)
        case .eddsa: return try unsafe Self.plain(CKM_EDDSA, body)
        case .rsa: return try unsafe Self.plain(CKM_RSA_X_509, body)
        case .pss(let digest):
            var parameters = CK_RSA_PKCS_PSS_PARAMS(hashAlg: digest.mechanism, mgf: digest.mask, sLen: CK_ULONG(digest.length))
            return try unsafe Self.with(CKM_RSA_PKCS_PSS, &parameters, body)
        case .oaep(let scheme):
            var label = scheme.label
            return try unsafe label.withUnsafeMutableBufferPointer { (label) throws(TokenFault) in
                var parameters = unsafe CK_RSA_PKCS_OAEP_PARAMS(
                    hashAlg: scheme.digest.mechanism, mgf: scheme.mask.mask, source: CKZ_DATA_SPECIFIED,
                    pSourceData: label.isEmpty ? nil : label.baseAddress, ulSourceDataLen: CK_ULONG(label.count))
                return try unsafe Self.with(CKM_RSA_PKCS_OAEP, &parameters, body)
            }
        }
    }

    private static func plain<Answer>(
        _ type: CK_ULONG, _ body: (UnsafeMutablePointer<CK_MECHANISM>?) throws(TokenFault) -> Answer
    ) throws(TokenFault) -> Answer {
        var mechanism = unsafe CK_MECHANISM(mechanism: type, pParameter: nil, ulParameterLen: 0)
        return try unsafe body(&mechanism)
    }

    private static func with<Parameters, Answer>(
        _ type: CK_ULONG, _ parameters: UnsafeMutablePointer<Parameters>,
        _ body: (UnsafeMutablePointer<CK_MECHANISM>?) throws(TokenFault) -> Answer
    ) throws(TokenFault) -> Answer {
        var mechanism = unsafe CK_MECHANISM(
            mechanism: type, pParameter: parameters, ulParameterLen: CK_ULONG(MemoryLayout<Parameters>.size))
        return try unsafe body(&mechanism)
    }
}

extension DigestAlgorithm {
    fileprivate var mechanism: CK_ULONG {
        switch self {
        case .sha1: CKM_SHA_1
        case .sha256: CKM_SHA256
        case .sha384: CKM_SHA384
        case .sha512: CKM_SHA512
        }
    }

    /// MGF1 with this digest.
    fileprivate var mask: CK_ULONG {
        switch self {
        case .sha1: CKG_MGF1_SHA1
        case .sha256: CKG_MGF1_SHA256
        case .sha384: CKG_MGF1_SHA384
        case .sha512: CKG_MGF1_SHA512
        }
    }

    fileprivate var identifier: ObjectIdentifier {
        switch self {
        case .sha1: ObjectIdentifier(1, 3, 14, 3, 2, 26)
        case .sha256: ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 1)
        case .sha384: ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 2)
        case .sha512: ObjectIdentifier(2, 16, 840, 1, 101, 3, 4, 2, 3)
        }
    }
}

extension TokenSession {
    func sign(_ bytes: [UInt8], _ mechanism: TokenMechanism, with key: CK_ULONG) throws(TokenFault) -> [UInt8] {
        try unsafe mechanism.with { (pointer) throws(TokenFault) in try check(unsafe module.functions.signInit(handle, pointer, key)) }
        // RSA of 8192 bits is the longest.
        var signature = [UInt8](repeating: 0, count: 1024)
        var length = CK_ULONG(signature.count)
        try check(unsafe module.functions.sign(handle, bytes, CK_ULONG(bytes.count), &signature, &length))
        guard length <= signature.count else { throw .device(0) }
        signature.removeLast(signature.count - Int(length))
        return signature
    }

    /// Nil when the token took the question and could not decrypt; `mechanism` when it does not know the scheme.
    func decrypt(_ encrypted: [UInt8], _ mechanism: TokenMechanism, with key: CK_ULONG) throws(TokenFault) -> [UInt8]? {
        try unsafe mechanism.with { (pointer) throws(TokenFault) in
            let answer = unsafe module.functions.decryptInit(handle, pointer, key)
            // SoftHSM 2.6 says so of parameters that it does not know.
            guard answer != CKR_ARGUMENTS_BAD else { throw .mechanism }
            try check(answer)
        }
        var plain = [UInt8](repeating: 0, count: 1024)
        var length = CK_ULONG(plain.count)
        let answer = unsafe module.functions.decrypt(handle, encrypted, CK_ULONG(encrypted.count), &plain, &length)
        defer { erase(&plain) }
        guard answer != CKR_MECHANISM_PARAM_INVALID else { throw .mechanism }
        guard answer == CKR_OK, length <= plain.count else { return nil }
        return Array(plain.prefix(Int(length)))
    }

    /// ECDH without a derivation of the token's own. The common secret is an object of the session for as long as it is read.
    func derive(_ point: [UInt8], _ width: Int, with key: CK_ULONG) throws(TokenFault) -> [UInt8] {
        // The point as it is (PKCS#11 2.40 §2.3.8), and inside an OCTET STRING for modules that want it so.
        do throws(TokenFault) {
            return try deriveOnce(point, width, with: key)
        } catch {
            guard error == .device(CKR_ARGUMENTS_BAD) || error == .mechanism else { throw error }
            return try deriveOnce(DERWriter.build { $0.octetString(point) }, width, with: key)
        }
    }

    private func deriveOnce(_ point: [UInt8], _ width: Int, with key: CK_ULONG) throws(TokenFault) -> [UInt8] {
        var point = point
        var derived: CK_ULONG = 0
        let yes: [UInt8] = [1]
        let no: [UInt8] = [0]
        let template: [(CK_ULONG, [UInt8])] = [
            (CKA_CLASS, Self.number(CKO_SECRET_KEY)), (CKA_KEY_TYPE, Self.number(CKK_GENERIC_SECRET)), (CKA_TOKEN, no),
            (CKA_SENSITIVE, no), (CKA_EXTRACTABLE, yes), (CKA_VALUE_LEN, Self.number(CK_ULONG(width))),
        ]
        let answer = unsafe point.withUnsafeMutableBufferPointer { point in
            var parameters = unsafe CK_ECDH1_DERIVE_PARAMS(
                kdf: CKD_NULL, ulSharedDataLen: 0, pSharedData: nil, ulPublicDataLen: CK_ULONG(point.count), pPublicData: point.baseAddress)
            return unsafe withUnsafeMutablePointer(to: &parameters) { parameters in
                var mechanism = unsafe CK_MECHANISM(
                    mechanism: CKM_ECDH1_DERIVE, pParameter: parameters, ulParameterLen: CK_ULONG(MemoryLayout<CK_ECDH1_DERIVE_PARAMS>.size)
                )
                return unsafe Self.attributes(template) { unsafe module.functions.deriveKey(handle, &mechanism, key, $0, $1, &derived) }
            }
        }
        try check(answer)
        defer { _ = module.functions.destroyObject(handle, derived) }
        guard let shared = value(CKA_VALUE, of: derived) else { throw .permission }
        return shared
    }
}
