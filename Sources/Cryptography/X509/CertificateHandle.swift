import COpenSSL

/// Owns one libcrypto X509, parsed from bytes that were read as a certificate in Swift before: for the few things libcrypto makes of
/// whole certificates (PKCS #12). Paths and signatures do not need it.
@safe final class CertificateHandle {
    let pointer: OpaquePointer

    /// nil when libcrypto refuses the bytes or leaves some.
    init?(der: [UInt8]) {
        var consumed = 0
        let parsed: OpaquePointer? = unsafe der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            // The new X509 is ours; it copies what it needs from the buffer.
            let parsed = unsafe d2i_X509(nil, &cursor, buffer.count)
            if let start = buffer.baseAddress, let end = unsafe cursor { consumed = unsafe end - start }
            return unsafe parsed
        }
        guard let parsed = unsafe parsed else {
            ERR_clear_error()
            return nil
        }
        unsafe pointer = parsed
        guard consumed == der.count else {
            ERR_clear_error()
            return nil
        }
    }

    deinit {
        unsafe X509_free(pointer)
    }
}
