/// Something to be signed, the algorithm, the signature: the shape that certificates, revocation lists and OCSP answers share.
package struct SignedStructure: Sendable {
    /// The bytes the signature is over, as they came.
    let body: [UInt8]
    /// The whole AlgorithmIdentifier beside the signature.
    let algorithmIdentifier: [UInt8]
    let signature: [UInt8]

    /// The three elements that come next in `reader`.
    init(reading reader: inout DERReader) throws(DERError) {
        body = try reader.expect(DERTag.sequence).encoded
        algorithmIdentifier = try reader.expect(DERTag.sequence).encoded
        signature = try reader.expect(DERTag.bitString).bytesOfBits()
    }

    /// SHA-1 signatures are collisions for sale (RFC 6194, RFC 9155) and never count; nor does an algorithm we do not know.
    func isSigned(by key: PublicKey) -> Bool {
        guard let algorithm = SignatureAlgorithm(identifier: algorithmIdentifier), algorithm.digest != .sha1 else { return false }
        return key.verifies(signature, over: body, algorithm)
    }

    /// The whole structure around `body`, for what we issue ourselves and in the simulator. `trailer` are elements behind the signature.
    package static func make(
        _ body: [UInt8], key: PrivateKey, _ algorithm: SignatureAlgorithm, trailer: [UInt8] = []
    ) throws(KeyError) -> [UInt8] {
        let signature = try key.sign(body, algorithm)
        return DERWriter.build { writer in
            writer.sequence {
                $0.raw(body)
                $0.raw(algorithm.identifier)
                $0.bitString(signature)
                $0.raw(trailer)
            }
        }
    }
}
