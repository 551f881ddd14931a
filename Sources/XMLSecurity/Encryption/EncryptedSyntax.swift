import Cryptography
import Vocabulary
import XML

/// An `xenc:EncryptedData` read strictly. No CipherReference, no transform, no address is ever followed (C4).
struct EncryptedDataSyntax {
    let element: XMLElement
    let type: String?
    let cipher: ContentCipher
    let value: [UInt8]
    /// Those whose algorithm we speak.
    let keys: [EncryptedKeySyntax]

    /// A reader has one key or a few during a roll-over; a message has one reader or a few.
    static let maximumKeys = 8

    /// `element`, or the one such child of it (EncryptedAssertion, EncryptedID).
    static func find(_ element: XMLElement) throws(XMLEncryptionRefusal) -> XMLElement {
        let name = EncryptionNames.xenc("EncryptedData")
        if element.isNamed(name) { return element }
        let found = element.children(name)
        guard found.count == 1, let data = found.first else { throw .malformed("EncryptedData") }
        return data
    }

    init(_ element: XMLElement, allowing: Set<ContentCipher>, bytes limit: Int) throws(XMLEncryptionRefusal) {
        self.element = element
        type = element.attribute("Type")
        var parts = EncryptedParts(element)
        guard let method = parts.optional(EncryptionNames.xenc("EncryptionMethod")) else { throw .malformed("EncryptionMethod") }
        let uri = method.attribute("Algorithm") ?? ""
        guard let cipher = ContentCipher(uri: uri), allowing.contains(cipher) else { throw .algorithm(uri) }
        self.cipher = cipher
        let keyInfo = parts.optional(Algorithms.ds("KeyInfo"))
        value = try EncryptedDataSyntax.cipherValue(&parts)
        _ = parts.optional(EncryptionNames.xenc("EncryptionProperties"))
        try parts.end()
        // Vector or nonce in front, tag or padding behind.
        guard value.count <= limit + 2 * AES.block else { throw .tooLarge }
        guard value.count >= (cipher.isAuthenticated ? AES.nonce + AES.block : 2 * AES.block),
            cipher.isAuthenticated || value.count.isMultiple(of: AES.block)
        else { throw .malformed("CipherValue") }
        keys = try EncryptedDataSyntax.keys(keyInfo, beside: element)
    }

    static func cipherValue(_ parts: inout EncryptedParts) throws(XMLEncryptionRefusal) -> [UInt8] {
        guard let data = parts.optional(EncryptionNames.xenc("CipherData")) else { throw .malformed("CipherData") }
        var inside = EncryptedParts(data)
        guard let value = inside.optional(EncryptionNames.xenc("CipherValue")) else {
            throw data.child(EncryptionNames.xenc("CipherReference")) == nil ? .malformed("CipherValue") : .algorithm("CipherReference")
        }
        try inside.end()
        return try bytes(value)
    }

    /// Base64 with white space and nothing else (A7).
    static func bytes(_ element: XMLElement) throws(XMLEncryptionRefusal) -> [UInt8] {
        guard element.hasOnlyText, let bytes = Base64.decodeLenient(element.text), !bytes.isEmpty else {
            throw .malformed(element.name.local)
        }
        return bytes
    }

    /// Both layouts that SAML Core §2.2.4 and its libraries know: inside KeyInfo; or beside EncryptedData, where a RetrievalMethod
    /// picks one by its `Id`. Only siblings are looked at, so no identifier elsewhere in the document can be meant (A2).
    private static func keys(_ keyInfo: XMLElement?, beside element: XMLElement) throws(XMLEncryptionRefusal) -> [EncryptedKeySyntax] {
        let name = EncryptionNames.xenc("EncryptedKey")
        let siblings = element.parent?.children(name) ?? []
        var found = keyInfo?.children(name) ?? []
        let references = keyInfo?.children(Algorithms.ds("RetrievalMethod")) ?? []
        guard found.count + siblings.count + references.count <= maximumKeys else { throw .tooLarge }
        for reference in references {
            // A retrieval method may carry transforms, which have run before any check elsewhere (C4); ours may carry none.
            guard reference.children.isEmpty, let uri = reference.attribute("URI"), uri.utf8.first == UInt8(ascii: "#") else {
                throw .malformed("RetrievalMethod")
            }
            let identifier = String(uri.dropFirst())
            let named = siblings.filter { $0.attribute("Id")?.utf8.elementsEqual(identifier.utf8) ?? false }
            guard Identifier.isName(identifier), named.count == 1, let key = named.first else { throw .malformed("RetrievalMethod") }
            if !found.contains(where: { $0.isSame(as: key) }) { found.append(key) }
        }
        if found.isEmpty { found = siblings }
        var keys: [EncryptedKeySyntax] = []
        var unspoken: XMLEncryptionRefusal?
        for key in found {
            do throws(XMLEncryptionRefusal) { keys.append(try EncryptedKeySyntax(key)) } catch {
                guard case .algorithm = error else { throw error }
                unspoken = unspoken ?? error
            }
        }
        if keys.isEmpty, let unspoken { throw unspoken }
        for part in [EncryptionNames.xenc11("DerivedKey"), EncryptionNames.xenc("AgreementMethod")] where keys.isEmpty {
            // Keys for the content that come without an EncryptedKey.
            if keyInfo?.child(part) != nil { throw .algorithm(part.local) }
        }
        return keys
    }
}

/// An `xenc:EncryptedKey` whose algorithm we speak.
struct EncryptedKeySyntax {
    enum Method {
        case rsa(OAEP)
        case agreement(AgreementSyntax, wrap: Int)
        /// AES key wrap with a key that both already have; never in SAML.
        case wrap(Int)
    }

    let method: Method
    let value: [UInt8]
    let recipient: String?

    /// The longest RSA modulus that a key of ours may have; key wrap is far shorter.
    private static let maximumBytes = 1024

    init(_ element: XMLElement) throws(XMLEncryptionRefusal) {
        recipient = element.attribute("Recipient")
        var parts = EncryptedParts(element)
        guard let method = parts.optional(EncryptionNames.xenc("EncryptionMethod")) else { throw .malformed("EncryptionMethod") }
        let keyInfo = parts.optional(Algorithms.ds("KeyInfo"))
        self.method = try EncryptedKeySyntax.method(method, keyInfo)
        value = try EncryptedDataSyntax.cipherValue(&parts)
        for local in ["EncryptionProperties", "ReferenceList", "CarriedKeyName"] { _ = parts.optional(EncryptionNames.xenc(local)) }
        try parts.end()
        guard value.count <= EncryptedKeySyntax.maximumBytes else { throw .tooLarge }
    }

    private static func method(_ element: XMLElement, _ keyInfo: XMLElement?) throws(XMLEncryptionRefusal) -> Method {
        let uri = element.attribute("Algorithm") ?? ""
        if let length = EncryptionNames.wrap(uri) {
            guard let agreement = keyInfo?.child(EncryptionNames.xenc("AgreementMethod")) else { return .wrap(length) }
            return .agreement(try AgreementSyntax(agreement), wrap: length)
        }
        var digest: String?
        var mask: String?
        var label: [UInt8] = []
        for child in element.children {
            if child.isNamed(Algorithms.ds("DigestMethod")), digest == nil {
                digest = child.attribute("Algorithm") ?? ""
            } else if child.isNamed(EncryptionNames.xenc11("MGF")), mask == nil {
                mask = child.attribute("Algorithm") ?? ""
            } else if child.isNamed(EncryptionNames.xenc("OAEPparams")), label.isEmpty {
                label = child.text.isEmpty ? [] : try EncryptedDataSyntax.bytes(child)
            } else if !child.isNamed(EncryptionNames.xenc("KeySize")) {
                throw .malformed("EncryptionMethod")
            }
        }
        guard case .rsaOAEP(let digest, let mask, _) = KeyTransport(uri: uri, digest: digest, mgf: mask) else {
            throw .algorithm(EncryptedKeySyntax.isOAEP(uri) ? "\(uri) \(digest ?? "") \(mask ?? "")" : uri)
        }
        guard label.count <= 256 else { throw .tooLarge }
        return .rsa(OAEP(digest: digest, mask: mask, label: label))
    }

    private static func isOAEP(_ uri: String) -> Bool { uri.hasSuffix("#rsa-oaep") || uri.hasSuffix("#rsa-oaep-mgf1p") }
}

/// `xenc:AgreementMethod` for ECDH-ES: the originator's fresh key and what goes into the derivation (XML Encryption 1.1 §5.6.2,
/// §5.4.1).
struct AgreementSyntax {
    /// Nil when the message only names it; then a caller of the generic door must know it.
    let originator: PublicKey?
    let digest: DigestAlgorithm
    let information: [UInt8]

    init(_ element: XMLElement) throws(XMLEncryptionRefusal) {
        let uri = element.attribute("Algorithm") ?? ""
        guard uri == KeyTransport.ecdhES.uri else { throw .algorithm(uri) }
        guard let derivation = element.child(EncryptionNames.xenc11("KeyDerivationMethod")) else { throw .malformed("KeyDerivationMethod") }
        let method = derivation.attribute("Algorithm") ?? ""
        guard method == EncryptionNames.derivation else { throw .algorithm(method) }
        guard let parameters = derivation.child(EncryptionNames.xenc11("ConcatKDFParams")),
            let digestMethod = parameters.child(Algorithms.ds("DigestMethod"))?.attribute("Algorithm")
        else { throw .malformed("ConcatKDFParams") }
        guard let digest = Algorithms.digest(digestMethod) else { throw .algorithm(digestMethod) }
        self.digest = digest
        var information: [UInt8] = []
        for name in ["AlgorithmID", "PartyUInfo", "PartyVInfo", "SuppPubInfo", "SuppPrivInfo"] {
            information += try AgreementSyntax.bits(parameters.attribute(name) ?? "")
        }
        self.information = information
        guard let info = element.child(EncryptionNames.xenc("OriginatorKeyInfo")) else { throw .malformed("OriginatorKeyInfo") }
        originator = KeyInfoReader.keyValue(info)
        // A key that is there must be one.
        guard originator != nil || !KeyInfoReader.hasKeyValue(info) else { throw .malformed("OriginatorKeyInfo") }
    }

    /// A bit string in hexadecimal, the number of padding bits first; we take whole bytes only.
    private static func bits(_ text: String) throws(XMLEncryptionRefusal) -> [UInt8] {
        guard !text.isEmpty else { return [] }
        guard text.utf8.count <= 1024, let bytes = Hexadecimal.decode(text), bytes.first == 0 else { throw .malformed("ConcatKDFParams") }
        return Array(bytes.dropFirst())
    }
}

/// The children of an element, taken in order.
struct EncryptedParts {
    private let parent: XMLElement
    private var rest: ArraySlice<XMLElement>

    init(_ parent: XMLElement) {
        self.parent = parent
        rest = parent.children[...]
    }

    mutating func optional(_ name: XMLName) -> XMLElement? {
        guard let first = rest.first, first.isNamed(name) else { return nil }
        rest.removeFirst()
        return first
    }

    func end() throws(XMLEncryptionRefusal) {
        guard rest.isEmpty, !parent.hasStrayText else { throw .malformed(parent.name.local) }
    }
}
