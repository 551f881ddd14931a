package import Cryptography
import XML

/// Metadata aggregates of any size, read once from the beginning to the end and never held whole (checklist M6, M8, C5, D3).
package enum StreamedSignature {
    /// Hands each entity of the document over and proves at the end that the root's signature covers all of it.
    ///
    /// `next` gives the next bytes in order, none at the end; pieces of 64 KiB and more are good. `entity` gets each
    /// `md:EntityDescriptor` in document order **before** anything is proven: what it keeps counts only when this call returns.
    ///
    /// The signature is the root's first child and of the one form SAML allows (`EnvelopedSignature`): one reference, to the root by its
    /// ID or to the whole document; enveloped; exclusive canonicalization. Its key is one of `keys`; a certificate beside it means
    /// nothing. The signature's value is checked as soon as it was read, so that a wrong key costs kilobytes; the digest at the end.
    ///
    /// Throws an `AggregateRefusal`, or what `next` or `entity` threw, as it was. One pass; memory for one entity and the names. It
    /// works for a second per 200 MB: not for the threads that answer.
    package static func verify(
        _ next: () throws -> [UInt8], keys: [PublicKey], allowed: Set<SignatureAlgorithm> = .modernXMLSignatures,
        limits: AggregateLimits = .standard, entity: (EntitySlice) throws -> Void
    ) throws -> VerifiedAggregate {
        guard !keys.isEmpty else { throw AggregateRefusal.signature(.keyMissing) }
        let root = RootSignature(keys: keys, allowed: allowed)
        let facts = try AggregateReader.read(next, limits, root, entity)
        do throws(XMLSignatureRefusal) {
            let (algorithm, key) = try root.finish(identifiers: facts.identifierCount)
            return VerifiedAggregate(facts: facts.facts, algorithm: algorithm, key: key)
        } catch { throw AggregateRefusal.signature(error) }
    }

    /// The same reading for a document that the operator trusts because it is a file of his. A signature in it is not looked at, and is
    /// part of no entity.
    package static func read(
        trusted next: () throws -> [UInt8], limits: AggregateLimits = .standard, entity: (EntitySlice) throws -> Void
    ) throws -> AggregateFacts {
        try AggregateReader.read(next, limits, nil, entity).facts
    }
}

/// Proof: every entity that the call handed over is part of a document whose root was signed by the holder of `key`.
/// Made only by `StreamedSignature.verify`, above.
package struct VerifiedAggregate: Sendable {
    package let facts: AggregateFacts
    package let algorithm: SignatureAlgorithm
    /// The one of the given keys that fits.
    package let key: PublicKey

    fileprivate init(facts: AggregateFacts, algorithm: SignatureAlgorithm, key: PublicKey) {
        self.facts = facts
        self.algorithm = algorithm
        self.key = key
    }
}
