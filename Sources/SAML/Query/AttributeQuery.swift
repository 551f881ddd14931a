import Cryptography
import SignOn
import Vocabulary
import XML
import XMLSecurity

/// What an AttributeQuery says, read once from the element that was signed (SAML Core §3.3.2.3). The reading is strict where two readers
/// could differ.
struct AttributeQueryMessage: Sendable {
    /// Nil: an identifier that names nobody we could know.
    let name: MemberName?
    /// Empty: everything that the member may be told.
    let wishes: [AttributeWish]

    /// More than we have attributes, by far.
    private static let mostWishes = 64

    /// `root` was proven to be its sender's, an EncryptedID inside it with it: `ciphers` may name such that do not prove it themselves.
    init(
        reading root: XMLElement, at identityProvider: IdentityProvider, at now: Timestamp, ciphers: Set<ContentCipher> = .authenticated
    ) throws(SAMLRefusal.Reason) {
        let reader = MessageReader(limits: identityProvider.limits)
        guard !root.hasStrayText else { throw .malformed(AttributeQuery.name, "text between elements") }
        var subject: XMLElement?
        var wishes: [AttributeWish] = []
        for child in root.children {
            switch (child.name.namespace, child.name.local) {
            case (Namespace.assertion, "Issuer"), (Namespace.signature, "Signature"), (Namespace.protocol, "Extensions"):
                guard subject == nil else { throw .malformed(AttributeQuery.name, child.name.local) }
            case (Namespace.assertion, "Subject"):
                guard subject == nil, wishes.isEmpty else { throw .malformed(AttributeQuery.name, "Subject") }
                subject = child
            case (Namespace.assertion, "Attribute"):
                guard subject != nil else { throw .malformed(AttributeQuery.name, "Attribute before Subject") }
                guard wishes.count < Self.mostWishes else { throw .tooLarge("Attribute", limit: Self.mostWishes) }
                let wish = try AttributeWish(reading: child, reader)
                guard !wishes.contains(where: { $0.name.hasSameBytes(as: wish.name) && $0.format == wish.format }) else {
                    throw .queryAttribute(wish.name)
                }
                wishes.append(wish)
            default: throw .malformed(AttributeQuery.name, child.name.local)
            }
        }
        guard let subject else { throw .malformed(AttributeQuery.name, "no Subject") }
        name = try Self.name(in: subject, reader, identityProvider.decryptionKeys(at: now), ciphers)
        self.wishes = wishes
    }

    /// The one identifier. Of a confirmation we could make none again in the answer, which §3.3.4 would demand.
    private static func name(
        in subject: XMLElement, _ reader: MessageReader, _ keys: [PrivateKey], _ ciphers: Set<ContentCipher>
    ) throws(SAMLRefusal.Reason) -> MemberName? {
        guard !subject.hasStrayText, let identifier = subject.children.first, subject.children.count == 1 else {
            throw .subject("not one identifier and nothing else")
        }
        if identifier.isNamed(.assertion("NameID")) { return try name(identifier, reader) }
        guard identifier.isNamed(.assertion("EncryptedID")) else { return nil }
        let hidden: XMLElement
        do {
            hidden = try XMLEncryption.decrypt(identifier, with: keys, allowing: ciphers).root
        } catch {
            throw .hiddenName(error, otherwise: .subject("EncryptedID cannot be read"))
        }
        return hidden.isNamed(.assertion("NameID")) ? try name(hidden, reader) : nil
    }

    private static func name(_ element: XMLElement, _ reader: MessageReader) throws(SAMLRefusal.Reason) -> MemberName {
        let text = try reader.content(element)
        guard !text.isEmpty else { throw .subject("NameID is empty") }
        return .nameID(
            text, format: try reader.attribute(element, "Format"), nameQualifier: try reader.address(element, "NameQualifier"),
            spNameQualifier: try reader.address(element, "SPNameQualifier"))
    }
}

/// One attribute that a query names, and the values it is told of only (SAML Core §3.3.2.3).
struct AttributeWish: Sendable {
    let name: String
    /// Nil: in any format.
    let format: String?
    /// Empty: whatever they are.
    let values: [String]

    private static let mostValues = 64

    init(reading element: XMLElement, _ reader: MessageReader) throws(SAMLRefusal.Reason) {
        guard !element.hasStrayText else { throw .malformed("Attribute", "text between elements") }
        name = try reader.attribute(element, "Name") ?? ""
        guard !name.isEmpty else { throw .malformed("Attribute", "no Name") }
        let format = try reader.attribute(element, "NameFormat").map(Lexical.trimmed)
        self.format = format == AttributeNameFormat.unspecified ? nil : format
        var values: [String] = []
        for child in element.children {
            guard child.isNamed(.assertion("AttributeValue")) else { throw .malformed("Attribute", child.name.local) }
            guard values.count < Self.mostValues else { throw .tooLarge("AttributeValue", limit: Self.mostValues) }
            guard child.hasOnlyText else { throw .malformed("AttributeValue", "text and markup") }
            let value = try reader.text(child.text, "AttributeValue")
            // pysaml2 writes an empty one where it means any. No value of ours is empty.
            if !value.isEmpty { values.append(value) }
        }
        self.values = values
    }

    func admits(_ item: AttributeRelease.Item) -> Bool { names(item) && (values.isEmpty || values.contains(where: item.has)) }

    /// Whoever names values and is told nothing has learnt that it is none of them.
    func compares(_ item: AttributeRelease.Item) -> Bool { names(item) && !values.isEmpty }

    private func names(_ item: AttributeRelease.Item) -> Bool {
        item.names.contains { name, format in
            self.name.hasSameBytes(as: name) && (self.format.map { $0.hasSameBytes(as: format) } ?? true)
        }
    }
}
