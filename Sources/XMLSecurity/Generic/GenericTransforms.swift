import Vocabulary
import XML

/// The transforms of one plain Reference, in order (XML Signature §4.4.3.2). No XSLT, no XPath Filter 2, nothing that fetches.
struct GenericTransforms {
    static let base64 = "http://www.w3.org/2000/09/xmldsig#base64"
    static let xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116"
    static let uris = [Algorithms.enveloped, base64, xpath] + GenericCanonical.uris
    private static let maximum = 8

    enum Content {
        case nodes(XMLSelection)
        case octets([UInt8])
    }

    let signature: XMLElement
    let options: GenericOptions
    private let budget: XPathBudget
    private(set) var content: Content

    /// `budget` is that of the whole signature.
    init(_ content: Content, of signature: XMLElement, options: GenericOptions, within budget: XPathBudget) {
        self.content = content
        self.signature = signature
        self.options = options
        self.budget = budget
    }

    /// What is digested in the end, and the names of what was done.
    mutating func apply(_ transforms: [XMLElement]) throws(GenericRefusal) -> (octets: [UInt8], names: [String]) {
        guard transforms.count <= GenericTransforms.maximum else { throw .signature(.transform("\(transforms.count) transforms")) }
        for transform in transforms { try apply(transform) }
        let names = transforms.map { $0.attribute("Algorithm") ?? "" }
        switch content {
        case .octets(let octets): return (octets, names)
        case .nodes(let nodes): return (try GenericCanonical.implied.bytes(of: nodes), names)
        }
    }

    private mutating func apply(_ transform: XMLElement) throws(GenericRefusal) {
        let uri = transform.attribute("Algorithm") ?? ""
        if let method = try GenericCanonical(transform) {
            content = .octets(try method.bytes(of: try nodes()))
            return
        }
        switch uri {
        case Algorithms.enveloped:
            // Of a resource or of octets it would remove nothing (XML Signature §6.6.4).
            guard case .nodes(let nodes) = content, transform.children.isEmpty else { throw .signature(.transform(uri)) }
            content = .nodes(nodes.removing(signature))
        case GenericTransforms.base64:
            content = .octets(try decoded())
        case GenericTransforms.xpath:
            content = .nodes(try filtered(transform))
        default: throw .unsupported(uri)
        }
    }

    /// Octets become the nodes of the document that they are.
    private func nodes() throws(GenericRefusal) -> XMLSelection {
        switch content {
        case .nodes(let nodes): return nodes
        case .octets(let octets):
            do { return XMLSelection(of: try XMLDocument(parsing: octets, limits: options.limits), comments: true) } catch {
                throw .xml(error)
            }
        }
    }

    private func decoded() throws(GenericRefusal) -> [UInt8] {
        let text =
            switch content {
            case .nodes(let nodes): nodes.text
            case .octets(let octets): String(decoding: octets, as: UTF8.self)
            }
        guard let bytes = Base64.decodeLenient(text) else { throw .signature(.transform(GenericTransforms.base64)) }
        return bytes
    }

    private func filtered(_ transform: XMLElement) throws(GenericRefusal) -> XMLSelection {
        guard options.allowXPath else { throw .unsupported(GenericTransforms.xpath) }
        let paths = transform.children
        guard paths.count == 1, let path = paths.first, path.isNamed(Algorithms.ds("XPath")), path.children.isEmpty else {
            throw .signature(.malformed("XPath"))
        }
        do { return try nodes().filtered(by: path.text, at: path, within: budget) } catch let error as XPathRefusal {
            throw error == .budget ? .xml(.tooManyElements) : .unsupported("XPath expression")
        } catch let error as GenericRefusal {
            throw error
        } catch {
            throw .unsupported(GenericTransforms.xpath)
        }
    }
}
