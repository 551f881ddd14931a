import COpenSSL

/// Bytes with one owner, erased when that owner lets go. Never printed, never copied, compared in constant time.
@safe package struct Secret: ~Copyable, @unchecked Sendable {
    // Allocated here, freed in deinit, never handed out beyond a borrow.
    private let storage: UnsafeMutableBufferPointer<UInt8>

    package init(copying source: borrowing Span<UInt8>) {
        unsafe storage = .allocate(capacity: source.count)
        for index in source.indices { unsafe storage.initializeElement(at: index, to: source[index]) }
    }

    package func withBytes<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        try body(unsafe storage.span)
    }

    package func matches(_ other: borrowing Span<UInt8>) -> Bool {
        unsafe other.withUnsafeBufferPointer {
            unsafe $0.count == storage.count && CRYPTO_memcmp($0.baseAddress, storage.baseAddress, storage.count) == 0
        }
    }

    deinit {
        unsafe OPENSSL_cleanse(storage.baseAddress, storage.count)
        unsafe storage.deallocate()
    }
}
