import COpenSSL

/// PFX files (RFC 7292), so that a browser can hold a simulated card's key. Encoding only: the platform never reads one.
package enum PKCS12 {
    /// AES-256-CBC by PBES2 and an HMAC-SHA-256, libcrypto's defaults, which current browsers and middleware read. `mismatch` when the
    /// certificate is not of this key; `malformed` for a password that is empty or holds a NUL.
    package static func encode(
        key: PrivateKey, certificate: Certificate, chain: [Certificate] = [], password: String, friendlyName: String
    ) throws(KeyError) -> [UInt8] {
        guard certificate.publicKey == key.publicKey else { throw .mismatch }
        guard !password.isEmpty, !password.utf8.contains(0), !friendlyName.utf8.contains(0) else { throw .malformed }
        // The stack borrows the chain's X509s, which `above` owns; PKCS12_create copies what it writes.
        let handle = try key.handle
        guard let own = CertificateHandle(der: certificate.der), let others = unsafe OPENSSL_sk_new_null() else { throw .failed }
        let above = chain.compactMap { CertificateHandle(der: $0.der) }
        defer {
            unsafe OPENSSL_sk_free(others)
            ERR_clear_error()
        }
        let der = withExtendedLifetime((key, own, above)) { () -> [UInt8] in
            guard above.count == chain.count, above.allSatisfy({ unsafe OPENSSL_sk_push(others, UnsafeRawPointer($0.pointer)) > 0 }),
                let made = unsafe PKCS12_create(password, friendlyName, handle.pointer, own.pointer, others, 0, 0, 0, 0, 0)
            else { return [] }
            defer { unsafe PKCS12_free(made) }
            return unsafe [UInt8](der: { out in unsafe i2d_PKCS12(made, out) })
        }
        guard !der.isEmpty else { throw .failed }
        return der
    }
}
