import Cryptography
import Vocabulary
import XML

/// A `ds:Signature` read strictly: every part exactly once, in schema order, nothing unknown (A5–A7). KeyInfo may be there and
/// is never looked at (A15, C4).
struct SignatureSyntax {
    let element: XMLElement
    let signedInfo: XMLElement
    let canonicalization: CanonicalMethod
    let algorithm: SignatureAlgorithm
    let reference: ReferenceSyntax
    let value: [UInt8]

    init(_ signature: XMLElement, allowed: Set<SignatureAlgorithm>) throws(XMLSignatureRefusal) {
        var parts = Parts(signature)
        element = signature
        signedInfo = try parts.next("SignedInfo")
        let value = try parts.next("SignatureValue")
        _ = parts.optional("KeyInfo")
        try parts.end()
        // A signature within a signature is somebody's game (A5, A6, XSW8).
        try signature.forEachInSubtree { (inner) throws(XMLSignatureRefusal) in
            if inner.isNamed(Algorithms.ds("Signature")), !inner.isSame(as: signature) { throw .severalSignatures }
        }

        var information = Parts(signedInfo)
        canonicalization = try CanonicalMethod(try information.next("CanonicalizationMethod")) { .algorithm($0) }
        algorithm = try SignatureSyntax.algorithm(try information.next("SignatureMethod"), allowed)
        guard let reference = information.optional("Reference") else { throw .reference("no Reference") }
        if information.optional("Reference") != nil { throw .reference("several References") }
        try information.end()
        self.reference = try ReferenceSyntax(
            reference, sha1: allowed.contains { $0.digest == .sha1 })
        self.value = try SignatureSyntax.bytes(value)
    }

    private static func algorithm(
        _ method: XMLElement, _ allowed: Set<SignatureAlgorithm>
    ) throws(XMLSignatureRefusal) -> SignatureAlgorithm {
        let uri = method.attribute("Algorithm") ?? ""
        guard let algorithm = Algorithms.signature(uri), allowed.contains(algorithm) else { throw .algorithm(uri) }
        // HMACOutputLength, RSAPSSParams and whatever comes next change the algorithm; none is spoken here.
        guard method.children.isEmpty else { throw .malformed("SignatureMethod") }
        return algorithm
    }

    /// Base64 with white space and nothing else: a comment could hide half of it from another reader (A7).
    static func bytes(_ element: XMLElement) throws(XMLSignatureRefusal) -> [UInt8] {
        guard element.hasOnlyText, let bytes = Base64.decodeLenient(element.text), !bytes.isEmpty else {
            throw .malformed(element.name.local)
        }
        return bytes
    }
}

/// `ds:Reference` with at most the two transforms we know, each at most once.
struct ReferenceSyntax {
    let uri: String
    let isEnveloped: Bool
    let canonicalization: CanonicalMethod
    let digest: DigestAlgorithm
    let value: [UInt8]

    init(_ reference: XMLElement, sha1: Bool) throws(XMLSignatureRefusal) {
        guard let uri = reference.attribute("URI") else { throw .reference("no URI") }
        self.uri = uri
        var parts = Parts(reference)
        var transforms: [XMLElement] = []
        if let list = parts.optional("Transforms") {
            var inside = Parts(list)
            while let transform = inside.optional("Transform") { transforms.append(transform) }
            try inside.end()
        }
        let digestMethod = try parts.next("DigestMethod")
        let method = digestMethod.attribute("Algorithm") ?? ""
        let value = try parts.next("DigestValue")
        try parts.end()
        guard transforms.count <= 2 else { throw .transform("\(transforms.count) transforms") }
        if let first = transforms.first, first.attribute("Algorithm") == Algorithms.enveloped {
            guard first.children.isEmpty else { throw .malformed("Transform") }
            isEnveloped = true
            transforms.removeFirst()
        } else {
            isEnveloped = false
        }
        // Without it the digest would be over inclusive canonical XML (XML Signature §4.4.3.2), which is not spoken here.
        guard let last = transforms.popLast() else { throw .transform("no exclusive canonicalization") }
        guard transforms.isEmpty else { throw .transform(transforms.first?.attribute("Algorithm") ?? "") }
        canonicalization = try CanonicalMethod(last) { .transform($0) }
        guard let digest = Algorithms.digest(method), digest != .sha1 || sha1 else { throw .algorithm(method) }
        // None of these digests has a parameter (XML Signature §4.4.3.5).
        guard digestMethod.children.isEmpty else { throw .malformed("DigestMethod") }
        self.digest = digest
        self.value = try SignatureSyntax.bytes(value)
    }
}

/// Exclusive canonicalization with its PrefixList (exc-c14n §4, checklist S55).
struct CanonicalMethod {
    let withComments: Bool
    let prefixes: [String]

    init(
        _ element: XMLElement, otherwise refusal: (String) -> XMLSignatureRefusal
    ) throws(XMLSignatureRefusal) {
        let uri = element.attribute("Algorithm") ?? ""
        switch uri {
        case Algorithms.exclusive: withComments = false
        case Algorithms.exclusiveWithComments: withComments = true
        default: throw refusal(uri)
        }
        var parts = Parts(element)
        if let list = parts.optional(XMLName(Algorithms.exclusive, "InclusiveNamespaces")) {
            let text = list.attribute("PrefixList") ?? ""
            prefixes = text.split { $0 == " " || $0 == "\n" || $0 == "\r" || $0 == "\t" || $0 == "\r\n" }.map(String.init)
            // Canonicalization searches the list at each element.
            guard prefixes.count <= 32, list.children.isEmpty else { throw .malformed("InclusiveNamespaces") }
        } else {
            prefixes = []
        }
        try parts.end()
    }

    func bytes(
        of element: XMLElement, comments: Bool, excluding: XMLElement? = nil
    ) throws(XMLSignatureRefusal) -> [UInt8] {
        do {
            return try Canonical.exclusive(
                element, inclusivePrefixes: prefixes, withComments: withComments && comments, excluding: excluding)
        } catch {
            throw .canonicalization
        }
    }
}

/// The children of an element, taken in order.
struct Parts {
    private let parent: XMLElement
    private var rest: ArraySlice<XMLElement>

    init(_ parent: XMLElement) {
        self.parent = parent
        rest = parent.children[...]
    }

    mutating func next(_ local: String) throws(XMLSignatureRefusal) -> XMLElement {
        guard let element = optional(local) else { throw .malformed(local) }
        return element
    }

    mutating func optional(_ local: String) -> XMLElement? { optional(Algorithms.ds(local)) }

    mutating func optional(_ name: XMLName) -> XMLElement? {
        guard let first = rest.first, first.isNamed(name) else { return nil }
        rest.removeFirst()
        return first
    }

    func end() throws(XMLSignatureRefusal) {
        guard rest.isEmpty, !parent.hasStrayText else { throw .malformed(parent.name.local) }
    }
}
