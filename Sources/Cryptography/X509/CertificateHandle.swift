import COpenSSL

/// Owns one libcrypto X509, parsed from the very bytes the Swift fields were read from. Immutable after `init`: libcrypto fills its own
/// caches under its own lock, so threads share a handle.
@safe final class CertificateHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// nil when libcrypto refuses the bytes, leaves some, or marks an extension as invalid.
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
        guard consumed == der.count, unsafe X509_get_extension_flags(parsed) & UInt32(EXFLAG_INVALID) == 0 else {
            ERR_clear_error()
            return nil
        }
    }

    deinit {
        unsafe X509_free(pointer)
    }
}
