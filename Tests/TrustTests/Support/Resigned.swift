import Cryptography
import Vocabulary

/// The structures of one public vector with strong keys in place of its weak ones, everything else byte for byte as it was: whatever was
/// signed rightly by an old key is signed by the new key in its place, whatever was signed wrongly stays wrong. Otherwise every vector
/// would be refused for its RSA-1024 or SHA-1, and a refusal would prove nothing.
struct Resigned {
    private var keys: [[UInt8]: PrivateKey] = [:]
    private var spare: [PrivateKey]

    /// Three authorities and holders at most occur in one file.
    static let pool = Result { try (0..<4).map { _ in try PrivateKey.generate(.rsa(bits: 2048)) } }

    /// `certificates` are all whose keys occur in the file.
    init(certificates: [[UInt8]]) throws {
        spare = try Self.pool.get()
        for der in certificates {
            guard let spki = Self.spki(of: der), keys[spki] == nil else { continue }
            keys[spki] = spare.removeLast()
        }
    }

    func certificate(_ der: [UInt8]) throws -> [UInt8] {
        guard let spki = Self.spki(of: der), let key = keys[spki], let parts = Parts(der) else { return der }
        let body = Self.replacing(spki, by: key.publicKey.spki, in: parts.body)
        return try signed(parts, as: body, algorithm: parts.algorithm)
    }

    func list(_ der: [UInt8]) throws -> [UInt8] {
        guard let parts = Parts(der) else { return der }
        return try signed(parts, as: parts.body, algorithm: parts.algorithm)
    }

    func response(_ der: [UInt8]) throws -> [UInt8] {
        guard var outer = try? DERReader.whole(der), let status = try? outer.next(), let bytes = try? outer.takeExplicit(0) else {
            return der
        }
        var fields = bytes.reader
        guard let kind = try? fields.next(), let content = try? fields.next().content, let parts = Parts(content) else { return der }
        // The issuer's key is named by its hash; hashes of equal length take each other's place.
        var body = parts.body
        for (spki, key) in keys {
            guard let old = Self.bits(spki) else { continue }
            for digest in DigestAlgorithm.allCases {
                body = Self.replacing(Digest.compute(digest, old), by: Digest.compute(digest, key.publicKey.bits), in: body)
            }
        }
        var trailer: [UInt8] = []
        if let bundle = parts.trailer, var list = try? DERReader(bundle).takenExplicit(0) {
            var certificates: [UInt8] = []
            while !list.isAtEnd { certificates += try certificate(list.next().encoded) }
            trailer = DERWriter.build { writer in writer.context(0) { writer in writer.sequence { $0.raw(certificates) } } }
        }
        let basic = try signed(parts, as: body, algorithm: SignatureAlgorithm.rsaPKCS1(.sha256).identifier, trailer: trailer)
        return DERWriter.build { writer in
            writer.sequence { writer in
                writer.raw(status.encoded)
                writer.context(0) { writer in
                    writer.sequence {
                        $0.raw(kind.encoded)
                        $0.octetString(basic)
                    }
                }
            }
        }
    }

    /// The certificates that came along in a response.
    static func bundle(_ response: [UInt8]) throws -> [[UInt8]] {
        var outer = try DERReader.whole(response)
        _ = try outer.next()
        guard var fields = try outer.takeExplicit(0)?.reader else { return [] }
        _ = try fields.next()
        guard let trailer = Parts(try fields.next().content)?.trailer else { return [] }
        guard var list = try DERReader(trailer).takenExplicit(0) else { return [] }
        var certificates: [[UInt8]] = []
        while !list.isAtEnd { certificates.append(try list.next().encoded) }
        return certificates
    }

    private func signed(_ parts: Parts, as body: [UInt8], algorithm: [UInt8], trailer: [UInt8] = []) throws -> [UInt8] {
        var signature = parts.signature
        for (spki, key) in keys {
            if Self.isRight(parts, by: spki) { signature = try key.sign(body, .rsaPKCS1(.sha256)) }
        }
        return DERWriter.build { writer in
            writer.sequence {
                $0.raw(body)
                $0.raw(algorithm)
                $0.bitString(signature)
                $0.raw(trailer)
            }
        }
    }

    private static func isRight(_ parts: Parts, by spki: [UInt8]) -> Bool {
        guard let key = try? PublicKey(spki: spki) else {
            return OldRSA(spki: spki)?.verifies(parts.signature, over: parts.body) ?? false
        }
        return [.rsaPKCS1(.sha1), .rsaPKCS1(.sha256)].contains { key.verifies(parts.signature, over: parts.body, $0) }
    }

    /// The three parts of something signed; nil when it has other parts, and then it is left as it is.
    private struct Parts {
        let body: [UInt8]
        let algorithm: [UInt8]
        let signature: [UInt8]
        let trailer: [UInt8]?

        init?(_ der: [UInt8]) {
            guard var outer = try? DERReader.whole(der), let body = try? outer.expect(DERTag.sequence).encoded,
                let algorithm = try? outer.expect(DERTag.sequence).encoded, let signature = try? outer.next().bytesOfBits()
            else { return nil }
            let trailer = try? outer.take(DERTag.contextConstructed(0))?.encoded
            guard outer.isAtEnd else { return nil }
            self.body = body
            self.algorithm = algorithm
            self.signature = signature
            self.trailer = trailer
        }
    }

    /// The element after the subject: the seventh of a version 3 TBSCertificate, the sixth without a version.
    private static func spki(of certificate: [UInt8]) -> [UInt8]? {
        guard let parts = Parts(certificate), var fields = try? DERReader.whole(parts.body) else { return nil }
        _ = try? fields.take(DERTag.contextConstructed(0))
        for _ in 0..<5 where (try? fields.next()) == nil { return nil }
        return try? fields.expect(DERTag.sequence).encoded
    }

    private static func bits(_ spki: [UInt8]) -> [UInt8]? {
        guard var outer = try? DERReader.whole(spki), (try? outer.next()) != nil else { return nil }
        return try? outer.next().bytesOfBits()
    }

    /// Replaces a run of bytes; when the length changes, the SEQUENCE around it gets its new length.
    private static func replacing(_ old: [UInt8], by new: [UInt8], in body: [UInt8]) -> [UInt8] {
        guard let start = body.indices.first(where: { body[$0...].starts(with: old) }) else { return body }
        let changed = Array(body[..<start]) + new + Array(body[(start + old.count)...])
        guard old.count != new.count, var outer = try? DERReader(body).nextElement() else {
            return old.count == new.count && old != new ? replacing(old, by: new, in: changed) : changed
        }
        outer = Array(changed.suffix(outer.count + new.count - old.count))
        return DERWriter.build { $0.element(DERTag.sequence, outer) }
    }
}

extension DERReader {
    /// The content of the first element.
    fileprivate func nextElement() throws(DERError) -> [UInt8] {
        var copy = self
        return try copy.next().content
    }

    fileprivate func takenExplicit(_ number: UInt8) throws(DERError) -> DERReader? {
        var copy = self
        return try copy.takeExplicit(number)?.reader
    }
}
