import COpenSSL

extension KeyHandle {
    /// A public key from parts that already have the right shape. Points off the curve are refused by libcrypto here.
    convenience init(importing parts: SubjectPublicKey.Parts) throws(KeyError) {
        switch parts {
        case .rsa(let modulus, let exponent):
            let bits = try RSAModulus.checked(modulus, exponent: exponent)
            guard let key = unsafe Self.rsa(modulus, exponent) else { throw .malformed }
            unsafe self.init(owning: key, kind: .rsa(bits: bits), canSign: false)
        case .ec(let curve, let x, let y):
            guard let key = unsafe Self.ec(curve, [4] + x + y) else { throw .malformed }
            unsafe self.init(owning: key, kind: .ec(curve), canSign: false)
        case .ed25519(let bytes):
            guard let key = unsafe EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count) else {
                ERR_clear_error()
                throw .malformed
            }
            unsafe self.init(owning: key, kind: .ed25519, canSign: false)
        case .x25519(let bytes):
            guard !LowOrder.holds(bytes) else { throw .malformed }
            guard let key = unsafe EVP_PKEY_new_raw_public_key_ex(nil, "X25519", nil, bytes, bytes.count) else {
                ERR_clear_error()
                throw .malformed
            }
            unsafe self.init(owning: key, kind: .x25519, canSign: false)
        }
    }

    private static func rsa(_ modulus: [UInt8], _ exponent: [UInt8]) -> OpaquePointer? {
        // OSSL_PARAM numbers are in the machine's own order.
        var n = modulus
        var e = exponent
        if 1 == UInt16(1).littleEndian {
            n.reverse()
            e.reverse()
        }
        return unsafe n.withUnsafeMutableBufferPointer { n in
            unsafe e.withUnsafeMutableBufferPointer { e in
                var parameters = unsafe [
                    OSSL_PARAM_construct_BN(Name.modulus.pointer, n.baseAddress, n.count),
                    OSSL_PARAM_construct_BN(Name.exponent.pointer, e.baseAddress, e.count),
                    OSSL_PARAM_construct_end(),
                ]
                return unsafe make("RSA", &parameters)
            }
        }
    }

    private static func ec(_ curve: EllipticCurve, _ point: [UInt8]) -> OpaquePointer? {
        var point = point
        return unsafe point.withUnsafeMutableBufferPointer { point in
            var parameters = unsafe [
                // Never written through, despite the type.
                OSSL_PARAM_construct_utf8_string(Name.group.pointer, UnsafeMutablePointer(mutating: Name.of(curve).pointer), 0),
                OSSL_PARAM_construct_octet_string(Name.point.pointer, point.baseAddress, point.count),
                OSSL_PARAM_construct_end(),
            ]
            return unsafe make("EC", &parameters)
        }
    }

    private static func make(_ type: String, _ parameters: UnsafeMutablePointer<OSSL_PARAM>) -> OpaquePointer? {
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_fromdata_init(context) == 1,
            unsafe EVP_PKEY_fromdata(context, &key, Int32(OSSL_KEYMGMT_SELECT_PUBLIC_KEY | OSSL_KEYMGMT_SELECT_ALL_PARAMETERS), parameters)
                == 1
        else {
            ERR_clear_error()
            return nil
        }
        return unsafe key
    }

    /// Names that OSSL_PARAM keeps pointers to: static, so they outlive every call.
    @safe private struct Name: @unchecked Sendable {
        static let modulus = Name("n")
        static let exponent = Name("e")
        static let group = Name("group")
        static let point = Name("pub")
        private static let p256 = Name("P-256")
        private static let p384 = Name("P-384")
        private static let p521 = Name("P-521")

        let pointer: UnsafePointer<CChar>

        private init(_ text: StaticString) {
            unsafe pointer = UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
        }

        static func of(_ curve: EllipticCurve) -> Name {
            switch curve {
            case .p256: p256
            case .p384: p384
            case .p521: p521
            }
        }
    }
}
