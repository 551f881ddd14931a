/// A list's index as a file: written in pieces once the list is verified, mapped again at the next start.
///
/// What stands in front of the index is what proves it: the head of the list in the authority's own bytes, the digest of the list that the
/// authority signed, and its signature, which is verified again at every start. Then tags over the index itself, all of which are checked
/// before the first answer: an index that is found broken in the middle of a login has no honest answer of *listed* or *not listed*, and
/// checking ten million entries takes 10 to 40 milliseconds.
///
///     magic (8) ‖ version (4) ‖ header length (4) ‖ file length (8) ‖ SHA-256 of what stands before and of the header (32)
///     header: DER
///     zeros up to a multiple of 64, then the index
package struct SealedIndex: Sendable {
    static let magic = [UInt8]("SKREVIDX".utf8)
    static let version: UInt32 = 2
    /// Bytes before the header.
    static let preamble = 56
    static let alignment = 64

    private let front: [UInt8]
    private let body: FixedBytes

    /// Of a list that was read from its bytes, or from a sealed index.
    package init(_ list: ParsedRevocationList) throws(SealRefusal) {
        guard case .digest(let digest) = list.signature.signed else { throw .unsealable }
        body = list.index.body
        let header = SealedHeader(
            fields: list.fields, algorithmIdentifier: list.signature.algorithmIdentifier, signature: list.signature.signature,
            digest: digest, groups: list.index.groups, tags: ChunkTags.compute(body, 0..<body.count)
        ).der
        let start = Self.start(headerLength: header.count)
        var front = Self.magic + Self.bytes(UInt64(Self.version), 4) + Self.bytes(UInt64(header.count), 4)
        front += Self.bytes(UInt64(start + body.count), 8)
        front += Digest.sha256(front + header) + header
        front += [UInt8](repeating: 0, count: start - front.count)
        self.front = front
    }

    /// Bytes of the file.
    package var size: Int { front.count + body.count }

    /// Hands the file over in pieces of about a mebibyte, in order. What was written proves nothing until it is whole and on the disk: the
    /// caller writes under another name, flushes, and renames.
    package func write<Failure: Error>(_ piece: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        try piece(front)
        for offset in stride(from: 0, to: body.count, by: ChunkTags.chunk) {
            try piece(body.array(offset..<min(offset + ChunkTags.chunk, body.count)))
        }
    }

    /// Where the index begins.
    fileprivate static func start(headerLength: Int) -> Int {
        (preamble + headerLength + alignment - 1) / alignment * alignment
    }

    /// The least significant byte first.
    private static func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
}

extension ParsedRevocationList {
    /// A sealed index that was mapped. Everything is checked but the signature, which is the caller's next question (`isSigned(by:)`): it
    /// is verified over the digest of the list that was read when the index was sealed.
    package init(sealed file: FixedBytes) throws(SealRefusal) {
        guard file.count >= SealedIndex.preamble, file.array(0..<8) == SealedIndex.magic else { throw .notSealed }
        let version = UInt32(truncatingIfNeeded: file.bits(at: 0, behind: 8, width: 32))
        guard version == SealedIndex.version else { throw .version(version) }
        let headerLength = Int(file.bits(at: 0, behind: 12, width: 32))
        let length = file.word(at: 16)
        guard length == UInt64(file.count) else { throw .length(expected: length, found: file.count) }
        let start = SealedIndex.start(headerLength: headerLength)
        guard start <= file.count else { throw .header }
        let header = file.array(SealedIndex.preamble..<SealedIndex.preamble + headerLength)
        guard file.array(24..<56) == Digest.sha256(file.array(0..<24) + header) else { throw .header }
        guard file.array(SealedIndex.preamble + headerLength..<start).allSatisfy({ $0 == 0 }) else { throw .header }
        let parts: SealedHeader
        do { parts = try SealedHeader(der: header) } catch { throw .layout }
        if let damaged = ChunkTags.firstDamage(file, start..<file.count, tags: parts.tags) { throw .chunk(damaged) }
        let body = FixedBytes(sharing: file, start..<file.count)
        guard let groups = parts.groups(in: body) else { throw .layout }
        do {
            try self.init(
                fields: parts.fields,
                signature: RevocationListSignature(
                    algorithmIdentifier: parts.algorithmIdentifier, signature: parts.signature, signed: .digest(parts.digest)),
                index: RevocationIndex(body: body, groups: groups))
        } catch { throw .list(error) }
    }
}
