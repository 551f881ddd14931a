package import Cryptography
package import XML

/// Plain canonical XML, XML Signature and XML Encryption, for the command line and for judging the vectors of other projects. SAML
/// never comes here: `EnvelopedSignature` and `XMLEncryption` are stricter in every respect.
package enum GenericXML {
    // What is claimed, by URI. Everything else is refused as unsupported, never half done.
    package static let canonicalMethods = GenericCanonical.uris
    package static let signatureAlgorithms = GenericSignature.algorithms.map(\.uri)
    package static let digestAlgorithms = DigestAlgorithm.allCases.map { Algorithms.uri(of: $0) }
    package static let transforms = GenericTransforms.uris
    package static let contentCiphers = ContentCipher.allCases.map(\.uri)
    package static let keyTransports =
        [KeyTransport.saml2int.uri, KeyTransport.rsaOAEP(digest: .sha256, mgf: .sha256).uri, KeyTransport.ecdhES.uri]
        + [16, 24, 32].map { EncryptionNames.wrap(keyLength: $0) }

    /// The canonical bytes of the document, or of one element of it: `path` is `#identifier` or `//*[local-name()='name']`.
    /// `prefixes` is the PrefixList of the exclusive forms. Limits as for any document: no document type, UTF-8.
    package static func canonicalize(
        _ bytes: [UInt8], method uri: String, prefixes: [String] = [], apex path: String? = nil, limits: XMLLimits = .metadata
    ) throws(GenericRefusal) -> [UInt8] {
        guard let method = GenericCanonical(uri: uri, prefixes: prefixes) else { throw .unsupported(uri) }
        let document = try read(bytes, limits)
        guard let path else { return try method.bytes(of: XMLSelection(of: document, comments: true)) }
        return try method.bytes(of: XMLSelection(of: try element(path, in: document.root), comments: true))
    }

    /// The first `ds:Signature` of the document in document order, or the one named by `path`: every one of its references.
    package static func verify(
        _ bytes: [UInt8], keys: [PublicKey], signature path: String? = nil, options: GenericOptions = GenericOptions()
    ) throws(GenericRefusal) -> GenericVerdict {
        let document = try read(bytes, options.limits)
        let name = Algorithms.ds("Signature")
        var found: XMLElement?
        if let path {
            found = try element(path, in: document.root)
        } else {
            document.root.forEachInSubtree { if found == nil, $0.isNamed(name) { found = $0 } }
        }
        guard let found, found.isNamed(name) else { throw .signature(.noSignature) }
        return GenericVerdict(proven: try GenericSignature(element: found, document: document, options: options).verified(by: keys))
    }

    /// The octets that the XPath filter and canonical form `transforms` of one Reference make: reference number `index` of the
    /// document's first signature, whatever its digest says. For comparing canonical outputs; proves nothing.
    package static func referencedOctets(
        _ bytes: [UInt8], reference index: Int, options: GenericOptions = GenericOptions()
    ) throws(GenericRefusal) -> [UInt8] {
        let document = try read(bytes, options.limits)
        var signature: XMLElement?
        document.root.forEachInSubtree { if signature == nil, $0.isNamed(Algorithms.ds("Signature")) { signature = $0 } }
        guard let signature, let information = signature.child(Algorithms.ds("SignedInfo")) else { throw .signature(.noSignature) }
        let references = information.children(Algorithms.ds("Reference"))
        guard references.indices.contains(index) else { throw .path("Reference \(index)") }
        return try GenericSignature(element: signature, document: document, options: options).octets(of: references[index]).octets
    }

    /// The first `xenc:EncryptedData` of the document, decrypted. `secrets` are AES keys that both parties have, `originators` the
    /// static keys of senders that ECDH-ES messages only name.
    package static func decrypt(
        _ bytes: [UInt8], with keys: [PrivateKey], secrets: [[UInt8]] = [], originators: [PublicKey] = [],
        options: GenericOptions = GenericOptions()
    ) throws(GenericRefusal) -> GenericPlaintext {
        let document = try read(bytes, options.limits)
        let name = EncryptionNames.xenc("EncryptedData")
        var (place, count) = (0, 0)
        var found: XMLElement?
        document.root.forEachInSubtree { element in
            if found == nil, element.isNamed(name) { (found, place) = (element, count) }
            count += 1
        }
        guard let found else { throw .encryption(.malformed("EncryptedData")) }
        let plaintext: (bytes: [UInt8], isPadded: Bool)
        do {
            let data = try EncryptedDataSyntax(
                found, allowing: options.allowCBC ? .withCBC : .authenticated, bytes: options.limits.bytes)
            plaintext = try XMLEncryption.octets(
                of: data, with: DecryptionKeys(own: keys, secrets: secrets, originators: originators), recipient: nil)
        } catch {
            if case .algorithm(let uri) = error, ContentCipher(uri: uri) == nil { throw .unsupported(uri) }
            throw .encryption(error)
        }
        guard plaintext.isPadded else { throw .encryption(.undecryptable) }
        let type = found.attribute("Type")
        var whole = plaintext.bytes
        if type == EncryptionNames.element || type == EncryptionNames.content {
            guard let range = SourceRange.ofElement(place, in: bytes) else { throw .encryption(.malformed("EncryptedData")) }
            whole = bytes[..<range.lowerBound] + plaintext.bytes + bytes[range.upperBound...]
        }
        return GenericPlaintext(octets: plaintext.bytes, type: type, document: whole)
    }

    private static func read(_ bytes: [UInt8], _ limits: XMLLimits) throws(GenericRefusal) -> XMLDocument {
        do { return try XMLDocument(parsing: bytes, limits: limits) } catch { throw .xml(error) }
    }

    private static func element(_ path: String, in root: XMLElement) throws(GenericRefusal) -> XMLElement {
        if path.utf8.first == UInt8(ascii: "#") {
            do { return try Identifier.only(String(path.dropFirst()), in: root) } catch { throw .path(path) }
        }
        let (start, end) = ("//*[local-name()='", "']")
        guard path.hasPrefix(start), path.hasSuffix(end), path.count > start.count + end.count else { throw .path(path) }
        let name = String(path.dropFirst(start.count).dropLast(end.count))
        var found: [XMLElement] = []
        root.forEachInSubtree { if $0.name.local == name { found.append($0) } }
        guard found.count == 1, let only = found.first else { throw .path(path) }
        return only
    }
}
