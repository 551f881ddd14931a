import Cryptography
import XML

/// The signature of a streamed root: read and checked against the keys when it passes, compared with the content's digest at the end.
final class RootSignature {
    private let keys: [PublicKey]
    private let allowed: Set<SignatureAlgorithm>
    /// The root's `ID`, set before the signature passes.
    var identifier: String?

    private var read: Read?
    private struct Read {
        let algorithm: SignatureAlgorithm
        let key: PublicKey
        let reference: ReferenceSyntax
        let digest: RunningDigest
    }

    /// A real one has 2 to 8 KB. Its top carries every namespace of the root.
    private static let limits = XMLLimits(
        bytes: 262_144, depth: 16, elements: 1_000, attributesPerElement: 256, namespacesInScope: 256, textBytes: 131_072)

    init(keys: [PublicKey], allowed: Set<SignatureAlgorithm>) {
        self.keys = keys
        self.allowed = allowed
    }

    /// The PrefixList of the content's canonical form (exc-c14n §4).
    var prefixes: [String] { read?.reference.canonicalization.prefixes ?? [] }

    /// `bytes`: the `ds:Signature` as a document of its own, with every namespace in scope.
    func read(_ bytes: [UInt8]) throws(XMLSignatureRefusal) {
        let signature: XMLElement
        do { signature = try XMLDocument(parsing: bytes, limits: Self.limits).root } catch { throw .malformed("Signature") }
        let syntax = try SignatureSyntax(signature, allowed: allowed)
        try judge(syntax.reference)
        let signed = try syntax.canonicalization.bytes(of: syntax.signedInfo, comments: true)
        let candidates = keys.filter { syntax.algorithm.fits($0.kind) }
        guard !candidates.isEmpty else { throw .keyMissing }
        guard let key = candidates.first(where: { $0.verifies(syntax.value, over: signed, syntax.algorithm, encoding: .raw) }) else {
            throw .signature
        }
        read = Read(
            algorithm: syntax.algorithm, key: key, reference: syntax.reference, digest: RunningDigest(syntax.reference.digest))
    }

    /// As `EnvelopedSignature` for a root whose whole document may be meant.
    private func judge(_ reference: ReferenceSyntax) throws(XMLSignatureRefusal) {
        guard reference.isEnveloped else { throw .transform("no enveloped-signature") }
        if reference.uri.isEmpty { return }
        guard let identifier, Identifier.isName(identifier) else { throw .identifier }
        guard reference.uri.utf8.elementsEqual("#\(identifier)".utf8) else { throw .reference(reference.uri) }
    }

    /// The next bytes of the content. Nothing of it comes before the signature was read.
    func update(_ bytes: Span<UInt8>) { read?.digest.update(bytes) }

    /// `identifiers`: how often the root's identifier stands in the document.
    func finish(identifiers: Int) throws(XMLSignatureRefusal) -> (SignatureAlgorithm, PublicKey) {
        guard let read else { throw .noSignature }
        guard read.reference.uri.isEmpty || identifiers == 1 else { throw .duplicateID }
        guard ConstantTime.equal(read.digest.finish(), read.reference.value) else { throw .digest }
        return (read.algorithm, read.key)
    }
}
