/// What our own messages are made of: a value tree with its canonical form as the only way out (A25).
package indirect enum XMLNode: Sendable {
    case element(XMLTag)
    /// Escaped on the way out. A character that XML 1.0 §2.2 forbids becomes U+FFFD: visible, and unlike silent removal it
    /// cannot join two harmless halves into something else.
    case text(String)
}

/// An element to be written. Values may come from anywhere; names and prefixes are program text (a byte that no name may
/// contain is written as `_`).
///
/// A prefixed attribute (`xsi:type`) takes its namespace from `namespaces` of this tag; `xml:` needs none. An attribute whose
/// prefix is unknown is not written, because no canonical form would have it.
package struct XMLTag: Sendable {
    package let prefix: String
    package let namespace: String
    package let local: String
    /// In canonical order (exc-c14n, Canonical XML §2.2).
    let attributes: [Attribute]
    /// Namespaces declared here although nothing in this tag's own name and attributes uses them: values do (`xs:string`).
    let declared: [Declaration]
    /// Without what `inserting` put among them.
    package let children: [XMLNode]
    /// The exact canonical bytes, when a signature already fixed them.
    let frozen: Frozen?

    struct Declaration: Sendable {
        let prefix: String
        let namespace: String
    }

    struct Attribute: Sendable {
        let prefix: String
        let namespace: String
        let local: String
        let value: String
    }

    /// Bytes that were signed. They may stand inside a larger message as they are when nothing in scope there would have
    /// changed them: no prefix they use is in scope already, no default namespace is in force.
    struct Frozen: Sendable {
        let bytes: [UInt8]
        let prefixes: [String]
        /// The child that the signed bytes have beside `children`, and where it stands among them.
        let place: Int
        let inserted: @Sendable () -> XMLTag
    }

    /// `declaring` writes declarations here whether or not a name uses them: what an InclusiveNamespaces PrefixList of the signature
    /// over this tag names (Exclusive XML Canonicalization §3, S55).
    package init(
        _ prefix: String, _ namespace: String, _ local: String, attributes: [(String, String)] = [],
        namespaces: [(prefix: String, namespace: String)] = [], declaring: [(prefix: String, namespace: String)] = [],
        children: [XMLNode] = []
    ) {
        // A prefix cannot stand for no namespace (Namespaces in XML §5), nor for two in one tag.
        self.prefix = namespace.isEmpty ? "" : prefix
        self.namespace = namespace
        self.local = local
        self.attributes =
            attributes.isEmpty ? [] : XMLTag.ordered(attributes, [(self.prefix, namespace)] + namespaces)
        declared = declaring.isEmpty ? [] : declaring.map { Declaration(prefix: $0.prefix, namespace: $0.namespace) }
        self.children = children
        self.frozen = nil
    }

    /// An element with text only.
    package init(
        _ prefix: String, _ namespace: String, _ local: String, attributes: [(String, String)] = [], text: String
    ) {
        self.init(prefix, namespace, local, attributes: attributes, children: [.text(text)])
    }

    private init(_ tag: XMLTag, children: [XMLNode], frozen: Frozen?) {
        prefix = tag.prefix
        namespace = tag.namespace
        local = tag.local
        attributes = tag.attributes
        declared = tag.declared
        self.children = children
        self.frozen = frozen
    }

    /// The value of an attribute without prefix.
    package func attribute(_ local: String) -> String? {
        attributes.first { $0.prefix.isEmpty && $0.local == local }?.value
    }

    /// The exclusive canonical form (without comments, empty PrefixList) of this element as a document of its own; at the same
    /// time the bytes to send. Equal to `Canonical.exclusive` of the parsed result, byte for byte. Linear; immediate when the
    /// tag is frozen.
    package func canonicalBytes() -> [UInt8] {
        if let frozen { return frozen.bytes }
        var serializer = CanonicalSerializer()
        serializer.write(self)
        return serializer.bytes
    }

    /// What a signature over a tag puts into it: the child as it is written there, and the same as a tag, for the rare place where the
    /// bytes will not do.
    package struct Insertion: Sendable {
        package let bytes: [UInt8]
        let prefixes: [String]
        let tag: @Sendable () -> XMLTag

        /// `bytes` are `tag`'s canonical form, which holds where none of `prefixes` is in scope.
        package init(bytes: [UInt8], prefixes: [String], tag: @escaping @Sendable () -> XMLTag) {
            self.bytes = bytes
            self.prefixes = prefixes
            self.tag = tag
        }
    }

    /// This tag with one more child at `index`, where the caller needs the canonical bytes of this tag without the child to
    /// make the child (a signature over them). One pass: the new bytes are the old ones with the child's spliced in.
    /// The result is frozen.
    package func inserting<E: Error>(
        at index: Int, _ make: (_ canonicalBytesWithout: [UInt8]) throws(E) -> Insertion
    ) throws(E) -> XMLTag {
        guard frozen == nil else { return try thawed.inserting(at: index, make) }
        let index = max(0, min(index, children.count))
        var serializer = CanonicalSerializer()
        let place = serializer.write(self, notingPlaceOfChild: index)
        let without = serializer.bytes
        let child = try make(without)

        let inner = rendered(child)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(without.count + inner.bytes.count)
        bytes += without[..<place]
        bytes += inner.bytes
        bytes += without[place...]
        let prefixes = serializer.prefixes + inner.prefixes.filter { !serializer.prefixes.contains($0) }
        return XMLTag(
            self, children: children, frozen: Frozen(bytes: bytes, prefixes: prefixes, place: index, inserted: child.tag))
    }

    /// The same element with all its children, and no bytes.
    private var thawed: XMLTag {
        guard let frozen else { return self }
        var all = children
        all.insert(.element(frozen.inserted()), at: min(frozen.place, all.count))
        return XMLTag(self, children: all, frozen: nil)
    }

    /// The child's bytes inside this tag, when this tag stands at the top of its document.
    private func rendered(_ child: Insertion) -> (bytes: [UInt8], prefixes: [String]) {
        var inner = CanonicalSerializer(inside: self)
        if inner.isUntouched(by: child.prefixes) { return (child.bytes, child.prefixes) }
        inner.write(child.tag())
        return (inner.bytes, inner.prefixes)
    }

    /// As `inserting` above, for a child that is only there as a tag.
    package func inserting<E: Error>(
        at index: Int, tag make: (_ canonicalBytesWithout: [UInt8]) throws(E) -> XMLTag
    ) throws(E) -> XMLTag {
        try inserting(at: index) { (without: [UInt8]) throws(E) -> Insertion in
            let child = try make(without)
            var serializer = CanonicalSerializer()
            serializer.write(child)
            return Insertion(bytes: serializer.bytes, prefixes: serializer.prefixes) { child }
        }
    }

    private static func ordered(
        _ attributes: [(String, String)], _ namespaces: [(prefix: String, namespace: String)]
    ) -> [Attribute] {
        var sorted: [Attribute] = []
        sorted.reserveCapacity(attributes.count)
        for (name, value) in attributes {
            guard let attribute = attribute(name, value, namespaces) else { continue }
            // Insertion sort: lists are short and usually nearly ordered. A repeated name keeps its first value.
            var index = sorted.endIndex
            while index > 0, attribute.precedes(sorted[index - 1]) { index -= 1 }
            if index > 0, !sorted[index - 1].precedes(attribute) { continue }
            sorted.insert(attribute, at: index)
        }
        return sorted
    }

    private static func attribute(
        _ name: String, _ value: String, _ namespaces: [(prefix: String, namespace: String)]
    ) -> Attribute? {
        guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            return name == "xmlns" ? nil : Attribute(prefix: "", namespace: "", local: name, value: value)
        }
        let prefix = String(name[..<colon])
        let local = String(name[name.utf8.index(after: colon)...])
        if prefix == "xml" {
            return Attribute(prefix: prefix, namespace: "http://www.w3.org/XML/1998/namespace", local: local, value: value)
        }
        guard let declared = namespaces.first(where: { $0.prefix == prefix }), !prefix.isEmpty else { return nil }
        return Attribute(prefix: prefix, namespace: declared.namespace, local: local, value: value)
    }
}

extension XMLTag.Attribute {
    /// Namespace name first, then local name; no namespace is least. Swift orders strings by Unicode canonical equivalence, so
    /// the comparison is of UTF-8 bytes, which is code point order.
    func precedes(_ other: Self) -> Bool {
        if namespace != other.namespace { return namespace.utf8.lexicographicallyPrecedes(other.namespace.utf8) }
        return local.utf8.lexicographicallyPrecedes(other.local.utf8)
    }
}
