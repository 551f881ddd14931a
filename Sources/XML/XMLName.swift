/// An expanded name: what a namespace-aware reader compares. Prefixes are decoration and never compared.
package struct XMLName: Hashable, Sendable {
    /// Empty for no namespace.
    package let namespace: String
    package let local: String

    package init(_ namespace: String, _ local: String) {
        self.namespace = namespace
        self.local = local
    }

    /// By bytes. Swift's `String ==` is canonical equivalence, under which U+212A (the Kelvin sign) equals `K`.
    package static func == (one: XMLName, other: XMLName) -> Bool {
        one.local.utf8.elementsEqual(other.local.utf8) && one.namespace.utf8.elementsEqual(other.namespace.utf8)
    }
}

/// One attribute of a parsed element, its value normalised by the parser (XML 1.0 §3.3.3).
package struct XMLAttribute: Hashable, Sendable {
    package let name: XMLName
    package let value: String
}
