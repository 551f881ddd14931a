import CZlib

/// Raw DEFLATE (RFC 1951), as the HTTP-Redirect binding uses it: no zlib header, no checksum (SAML Bindings §3.4.4.1).
///
/// Made for strangers' bytes: output grows step by step under a budget and the work stops at the first byte too many, so a bomb costs
/// what the budget allows and no more (checklist D1). Nothing may follow the last block.
package enum Inflate {
    package enum Refusal: Error, Hashable, Sendable {
        /// The text ends inside a block.
        case truncated
        /// No DEFLATE stream: a reserved block type, an impossible code table, a distance before the beginning.
        case malformed
        /// Bytes follow the last block.
        case trailing
        /// The output would pass the limit, in bytes or as a multiple of the input.
        case tooLarge(limit: Int)
    }

    /// The inflated bytes: at most `limit`, and at most `ratio` times the input with 4 KiB always allowed.
    package static func bytes(_ input: [UInt8], limit: Int, ratio: Int) throws(Refusal) -> [UInt8] {
        let (product, overflow) = input.count.multipliedReportingOverflow(by: max(1, ratio))
        let cap = max(0, min(limit, max(4096, overflow ? Int.max : product), Int(Int32.max)))
        guard let length = UInt32(exactly: input.count) else { throw .tooLarge(limit: cap) }
        var stream = unsafe z_stream()
        guard unsafe sekisho_inflate_raw(&stream) == Z_OK else { throw .tooLarge(limit: cap) }
        defer { unsafe inflateEnd(&stream) }
        var output: [UInt8] = []
        // zlib's `next_in` is not const, but it only reads there.
        var input = input
        let outcome = unsafe input.withUnsafeMutableBufferPointer { source -> Result<Void, Refusal> in
            unsafe stream.next_in = source.baseAddress
            unsafe stream.avail_in = length
            return unsafe run(&stream, into: &output, cap: cap)
        }
        try outcome.get()
        return output
    }

    private static func run(_ stream: inout z_stream, into output: inout [UInt8], cap: Int) -> Result<Void, Refusal> {
        // One byte above the cap tells a stream that would go on from one that ends there.
        var room = min(cap + 1, max(1024, Int(unsafe stream.avail_in) * 4))
        while true {
            var status = Z_OK
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                unsafe stream.next_out = buffer.baseAddress
                unsafe stream.avail_out = UInt32(room)
                status = unsafe inflate(&stream, Z_NO_FLUSH)
                count = room - Int(unsafe stream.avail_out)
            }
            if output.isEmpty { output = piece } else { output += piece }
            if output.count > cap { return .failure(.tooLarge(limit: cap)) }
            switch status {
            case Z_STREAM_END: return unsafe stream.avail_in == 0 ? .success(()) : .failure(.trailing)
            case Z_OK where unsafe stream.avail_out == 0: room = min(cap + 1 - output.count, output.count)
            case Z_OK, Z_BUF_ERROR: return .failure(.truncated)
            default: return .failure(.malformed)
            }
        }
    }
}
