import CZlib

/// The way back of `Inflate`: a message of ours as one raw DEFLATE stream (RFC 1951).
package enum Deflation {
    /// Nil when zlib has no memory for it, or when it is longer than zlib can count.
    package static func bytes(_ input: [UInt8]) -> [UInt8]? {
        var stream = unsafe z_stream()
        guard let length = UInt32(exactly: input.count), unsafe sekisho_deflate_raw(&stream) == Z_OK else { return nil }
        defer { unsafe deflateEnd(&stream) }
        guard let room = UInt32(exactly: unsafe deflateBound(&stream, UInt(length))) else { return nil }
        var status = Z_OK
        // zlib's `next_in` is not const, but it only reads there.
        var input = input
        let output = unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe [UInt8](unsafeUninitializedCapacity: Int(room)) { buffer, count in
                unsafe stream.next_in = source.baseAddress
                unsafe stream.avail_in = length
                unsafe stream.next_out = buffer.baseAddress
                unsafe stream.avail_out = room
                status = unsafe deflate(&stream, Z_FINISH)
                count = Int(room - (unsafe stream.avail_out))
            }
        }
        return status == Z_STREAM_END ? output : nil
    }
}
