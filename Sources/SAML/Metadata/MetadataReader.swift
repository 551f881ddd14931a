import Vocabulary
import XML

extension ServiceProvider {
    /// Reads a member's metadata: an `EntityDescriptor` with an `SPSSODescriptor` for SAML 2.0, or an `EntitiesDescriptor` small enough.
    ///
    /// The file is trusted because an operator put it there; its XML signature, if any, is not looked at. `development` lets `http`
    /// addresses pass. Refuses with every problem it found; a document with one bad member gives none.
    package static func read(
        metadata xml: [UInt8], development: Bool = false, limits: MetadataLimits = .standard
    ) throws(MetadataRefusal) -> [ServiceProvider] {
        let root = try MetadataDocument.root(of: xml, limits: limits)
        var reader = DocumentReader(development: development, limits: limits)
        reader.read(root, InheritedMetadata(), depth: 0)
        if reader.findings.problems.isEmpty, reader.members.isEmpty {
            reader.findings.problem(
                .metadata("role", "no EntityDescriptor with an SPSSODescriptor for SAML 2.0 is in the document"))
        }
        guard reader.findings.problems.isEmpty else { throw MetadataRefusal(problems: reader.findings.problems) }
        return reader.members
    }
}

enum MetadataDocument {
    static func root(of xml: [UInt8], limits: MetadataLimits) throws(MetadataRefusal) -> XMLElement {
        guard xml.count <= limits.bytes else {
            throw MetadataRefusal(problems: [
                .metadata("size", "the document is too large", [.init("bytes", String(xml.count)), .init("limit", String(limits.bytes))])
            ])
        }
        do {
            return try XMLDocument(
                parsing: xml,
                limits: XMLLimits(
                    bytes: limits.bytes, depth: 40, elements: 100_000, attributesPerElement: 64, namespacesInScope: 128, textBytes: 262_144)
            ).root
        } catch {
            throw MetadataRefusal(problems: [.metadata("xml", "the document cannot be read", [.init("reason", "\(error)")])])
        }
    }
}

private struct DocumentReader {
    let development: Bool
    let limits: MetadataLimits
    var members: [ServiceProvider] = []
    var findings = MetadataFindings(.strict)
    private var seen: Set<String> = []

    init(development: Bool, limits: MetadataLimits) {
        self.development = development
        self.limits = limits
    }

    mutating func read(_ element: XMLElement, _ inherited: InheritedMetadata, depth: Int) {
        if element.isNamed(.metadata("EntityDescriptor")) { return entity(element, inherited) }
        guard element.isNamed(.metadata("EntitiesDescriptor")), depth < 8 else {
            return findings.problem(.metadata("root", "the root is no EntityDescriptor", [.init("element", element.name.local)]))
        }
        let inner = inherited.within(element, &findings)
        for child in element.children
        where child.isNamed(.metadata("EntityDescriptor")) || child.isNamed(.metadata("EntitiesDescriptor")) {
            guard seen.count < limits.entities else {
                return findings.problem(
                    .metadata("size", "the document has too many entities", [.init("limit", String(limits.entities))]))
            }
            read(child, inner, depth: depth + 1)
        }
    }

    private mutating func entity(_ element: XMLElement, _ inherited: InheritedMetadata) {
        var reader = EntityReader(development: development, limits: limits, reading: .strict)
        // An identity provider among the entities of an aggregate is none of our members.
        let provider = reader.serviceProvider(element, inherited)
        findings.add(reader.findings)
        guard !reader.name.isEmpty else { return }
        guard seen.insert(reader.name).inserted else {
            return findings.problem("entity-id", "an entityID comes twice", reader.name)
        }
        if let provider { members.append(provider) }
    }
}
