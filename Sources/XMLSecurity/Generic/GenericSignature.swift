import Cryptography
import Vocabulary
import XML

/// A plain `ds:Signature` (XML Signature 1.1 §4): any number of references within the document or to given resources.
struct GenericSignature {
    let element: XMLElement
    let document: XMLDocument
    let options: GenericOptions
    /// Of all filters of all references.
    private let budget: XPathBudget

    init(element: XMLElement, document: XMLDocument, options: GenericOptions) {
        self.element = element
        self.document = document
        self.options = options
        budget = XPathBudget(options.operations)
    }

    /// More references than any honest signature of ours or the interoperability suites has (31).
    private static let maximumReferences = 64

    static let algorithms: [(uri: String, algorithm: SignatureAlgorithm)] =
        Algorithms.allSignatures + [("http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519", .ed25519)]

    func verified(by keys: [PublicKey]) throws(GenericRefusal) -> ProvenGenericSignature {
        do {
            var parts = Parts(element)
            let information = try parts.next("SignedInfo")
            let value = try SignatureSyntax.bytes(try parts.next("SignatureValue"))
            let keyInfo = parts.optional("KeyInfo")
            while parts.optional("Object") != nil {}
            try parts.end()

            var inside = Parts(information)
            let methodElement = try inside.next("CanonicalizationMethod")
            let signatureMethod = try inside.next("SignatureMethod")
            var references: [XMLElement] = []
            while let reference = inside.optional("Reference") { references.append(reference) }
            try inside.end()
            guard !references.isEmpty, references.count <= GenericSignature.maximumReferences else {
                throw GenericRefusal.signature(.reference("\(references.count) References"))
            }

            guard let method = try GenericCanonical(methodElement) else {
                throw GenericRefusal.unsupported(methodElement.attribute("Algorithm") ?? "")
            }
            let algorithm = try algorithm(signatureMethod)
            let signed = try method.bytes(of: XMLSelection(of: information, comments: true))
            let trusted = options.keyFromMessage ? keys + (keyInfo.map(KeyInfoReader.keys) ?? []) : keys
            let fitting = trusted.filter { algorithm.fits($0.kind) }
            if fitting.isEmpty, options.keyFromMessage, let bits = keyInfo.flatMap(KeyInfoReader.weakness) {
                throw GenericRefusal.unsupported("RSA key of \(bits) bits")
            }
            guard !fitting.isEmpty else { throw GenericRefusal.signature(.keyMissing) }
            guard let key = fitting.first(where: { $0.verifies(value, over: signed, algorithm, encoding: .raw) }) else {
                throw GenericRefusal.signature(.signature)
            }
            // Nothing of a reference is done before somebody has signed that it should be (C4).
            return ProvenGenericSignature(
                algorithm: signatureMethod.attribute("Algorithm") ?? "", key: key, references: try references.map { try judged($0) })
        } catch let refusal as GenericRefusal {
            throw refusal
        } catch let refusal as XMLSignatureRefusal {
            throw .signature(refusal)
        } catch {
            throw .signature(.malformed("Signature"))
        }
    }

    private func algorithm(_ method: XMLElement) throws(GenericRefusal) -> SignatureAlgorithm {
        let uri = method.attribute("Algorithm") ?? ""
        guard let algorithm = GenericSignature.algorithms.first(where: { $0.uri == uri })?.algorithm else { throw .unsupported(uri) }
        guard algorithm.digest != .sha1 || options.allowSHA1 else { throw .signature(.algorithm(uri)) }
        guard method.children.isEmpty else { throw .unsupported("parameters of " + uri) }
        return algorithm
    }

    private func judged(_ reference: XMLElement) throws -> GenericVerdict.Reference {
        var parts = Parts(reference)
        if let list = parts.optional("Transforms") {
            var inside = Parts(list)
            while inside.optional("Transform") != nil {}
            try inside.end()
        }
        let method = try parts.next("DigestMethod").attribute("Algorithm") ?? ""
        let value = try SignatureSyntax.bytes(try parts.next("DigestValue"))
        try parts.end()
        guard let digest = Algorithms.digest(method) else { throw GenericRefusal.unsupported(method) }
        guard digest != .sha1 || options.allowSHA1 else { throw GenericRefusal.signature(.algorithm(method)) }
        let (octets, names, target) = try self.octets(of: reference)
        guard ConstantTime.equal(Digest.compute(digest, octets), value) else { throw GenericRefusal.signature(.digest) }
        return GenericVerdict.Reference(
            uri: reference.attribute("URI") ?? "", transforms: names, digest: method, octets: octets, elementName: target?.name.local,
            identifier: target.flatMap { element in Identifier.attributes.compactMap { element.attribute($0) }.first })
    }

    /// What `reference` digests.
    func octets(of reference: XMLElement) throws(GenericRefusal) -> (octets: [UInt8], transforms: [String], target: XMLElement?) {
        let (content, target) = try target(of: reference)
        var chain = GenericTransforms(content, of: element, options: options, within: budget)
        let transforms = reference.child(Algorithms.ds("Transforms"))?.children(Algorithms.ds("Transform")) ?? []
        let (octets, names) = try chain.apply(transforms)
        return (octets, names, target)
    }

    /// Comments are part of what an XPointer names, and not of what a bare name or the empty URI does (XML Signature §4.4.3.3).
    private func target(of reference: XMLElement) throws(GenericRefusal) -> (GenericTransforms.Content, XMLElement?) {
        guard let uri = reference.attribute("URI") else { throw .unsupported("Reference without URI") }
        if uri.isEmpty { return (.nodes(XMLSelection(of: document, comments: false)), nil) }
        if uri == "#xpointer(/)" { return (.nodes(XMLSelection(of: document, comments: true)), nil) }
        guard uri.utf8.first == UInt8(ascii: "#") else {
            guard let resource = options.resources[uri] else { throw .unsupported("Reference outside the document: " + uri) }
            return (.octets(resource), nil)
        }
        var name = String(uri.dropFirst())
        var hasComments = false
        for quote in ["'", "\""] where name.hasPrefix("xpointer(id(\(quote)") && name.hasSuffix("\(quote)))") {
            name = String(name.dropFirst("xpointer(id('".count).dropLast("'))".count))
            hasComments = true
        }
        guard Identifier.isName(name) else { throw .unsupported("Reference " + uri) }
        do {
            let target = try Identifier.only(name, in: document.root)
            return (.nodes(XMLSelection(of: target, comments: hasComments)), target)
        } catch {
            throw .signature(error)
        }
    }
}

/// Handed from the verifier to the verdict, in this folder only.
struct ProvenGenericSignature {
    let algorithm: String
    let key: PublicKey
    let references: [GenericVerdict.Reference]

    fileprivate init(algorithm: String, key: PublicKey, references: [GenericVerdict.Reference]) {
        self.algorithm = algorithm
        self.key = key
        self.references = references
    }
}
