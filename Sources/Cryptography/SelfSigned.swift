import COpenSSL
package import Vocabulary

/// A certificate that a key signs for itself: a container for a SAML message key, whose trust comes from metadata (SAML Metadata
/// §2.4.1.1), or development TLS. Nobody outside believes it.
package enum SelfSigned {
    /// DER. Version 3, random serial number, no authority; a TLS server's extensions when there are names. `malformed` for a name or
    /// address that is not one. `signer` signs for a key that may not sign.
    package static func certificate(
        for key: PrivateKey, signedBy signer: PrivateKey? = nil, commonName: String, notBefore: Timestamp, notAfter: Timestamp,
        dnsNames: [String] = [],
        ipAddresses: [String] = []
    ) throws(KeyError) -> [UInt8] {
        guard (1...64).contains(commonName.utf8.count), notBefore < notAfter,
            dnsNames.allSatisfy({ $0.isMade(of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.*") }),
            ipAddresses.allSatisfy({ $0.isMade(of: "0123456789abcdefABCDEF.:") })
        else { throw .malformed }
        guard let certificate = unsafe X509_new() else { throw .failed }
        defer { unsafe X509_free(certificate) }
        var random = SystemRandom()
        // Positive and never zero: the first byte is 64…127.
        var serial = random.bytes(16)
        serial[0] = serial[0] & 0x3f | 0x40
        let number = unsafe BN_bin2bn(serial, Int32(serial.count), nil)
        defer { unsafe BN_free(number) }
        let name = unsafe X509_get_subject_name(certificate)
        let text = Array(commonName.utf8)
        guard unsafe X509_set_version(certificate, 2) == 1,
            unsafe BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil,
            unsafe X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text, Int32(text.count), -1, 0) == 1,
            unsafe X509_set_issuer_name(certificate, name) == 1,
            unsafe ASN1_TIME_set(X509_getm_notBefore(certificate), time_t(notBefore.seconds)) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(certificate), time_t(notAfter.seconds)) != nil,
            unsafe X509_set_pubkey(certificate, key.publicKey.handle.pointer) == 1
        else {
            ERR_clear_error()
            throw .failed
        }
        var extensions = [(NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature")]
        let names = dnsNames.map { "DNS:" + $0 } + ipAddresses.map { "IP:" + $0 }
        if !names.isEmpty {
            extensions += [(NID_ext_key_usage, "serverAuth"), (NID_subject_alt_name, names.joined(separator: ","))]
        }
        for (kind, value) in extensions {
            guard let made = unsafe X509V3_EXT_conf_nid(nil, nil, kind, value) else {
                ERR_clear_error()
                throw .malformed
            }
            defer { unsafe X509_EXTENSION_free(made) }
            guard unsafe X509_add_ext(certificate, made, -1) == 1 else { throw .failed }
        }
        // What is signed is written here and signed by whoever holds the key, which may be a token.
        let signer = signer ?? key
        guard let algorithm = signer.publicKey.kind.usual else { throw .unsupported }
        let identifier = algorithm.identifier
        let isNamed = unsafe identifier.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            let name = unsafe d2i_X509_ALGOR(nil, &cursor, buffer.count)
            defer { unsafe X509_ALGOR_free(name) }
            // The certificate is ours and still being made, though libcrypto hands its field out for reading.
            return unsafe name != nil && X509_ALGOR_copy(UnsafeMutablePointer(mutating: X509_get0_tbs_sigalg(certificate)), name) == 1
        }
        let body = unsafe [UInt8](der: { out in unsafe i2d_re_X509_tbs(certificate, out) })
        guard isNamed, !body.isEmpty else {
            ERR_clear_error()
            throw .failed
        }
        return try SignedStructure.make(body, key: signer, algorithm)
    }
}

extension String {
    fileprivate func isMade(of characters: String) -> Bool {
        (1...255).contains(utf8.count) && utf8.allSatisfy { characters.utf8.contains($0) }
    }
}
