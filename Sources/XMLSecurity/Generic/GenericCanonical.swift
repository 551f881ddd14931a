import XML

/// A canonicalization algorithm by its URI.
struct GenericCanonical {
    let form: CanonicalForm
    let withComments: Bool

    static let uris = [
        inclusive10, inclusive10 + "#WithComments", inclusive11, inclusive11 + "#WithComments", Algorithms.exclusive,
        Algorithms.exclusiveWithComments,
    ]

    private static let inclusive10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    private static let inclusive11 = "http://www.w3.org/2006/12/xml-c14n11"

    /// What a set of nodes becomes when nothing else was asked for (XML Signature §4.4.3.2).
    static let implied = GenericCanonical(form: .inclusive10, withComments: false)

    private init(form: CanonicalForm, withComments: Bool) {
        self.form = form
        self.withComments = withComments
    }

    init?(uri: String, prefixes: [String]) {
        switch uri {
        case GenericCanonical.inclusive10: self.init(form: .inclusive10, withComments: false)
        case GenericCanonical.inclusive10 + "#WithComments": self.init(form: .inclusive10, withComments: true)
        case GenericCanonical.inclusive11: self.init(form: .inclusive11, withComments: false)
        case GenericCanonical.inclusive11 + "#WithComments": self.init(form: .inclusive11, withComments: true)
        case Algorithms.exclusive: self.init(form: .exclusive(prefixes: prefixes), withComments: false)
        case Algorithms.exclusiveWithComments: self.init(form: .exclusive(prefixes: prefixes), withComments: true)
        default: return nil
        }
    }

    /// From a CanonicalizationMethod or Transform; nil when its URI is another's.
    init?(_ element: XMLElement) throws(GenericRefusal) {
        let uri = element.attribute("Algorithm") ?? ""
        guard GenericCanonical.uris.contains(uri) else { return nil }
        var prefixes: [String] = []
        if uri == Algorithms.exclusive || uri == Algorithms.exclusiveWithComments {
            do { prefixes = try CanonicalMethod(element) { .transform($0) }.prefixes } catch { throw .signature(error) }
        } else if !element.children.isEmpty {
            throw .signature(.malformed(element.name.local))
        }
        guard let method = GenericCanonical(uri: uri, prefixes: prefixes) else { return nil }
        self = method
    }

    func bytes(of selection: XMLSelection) throws(GenericRefusal) -> [UInt8] {
        do { return try selection.canonical(form, withComments: withComments) } catch { throw .xml(error) }
    }
}
