import Cryptography
import Testing
import Vocabulary
import XML
import XMLSecurity

let md = "urn:oasis:names:tc:SAML:2.0:metadata"
private let rpi = "urn:oasis:names:tc:SAML:metadata:rpi"
private let attr = "urn:oasis:names:tc:SAML:metadata:attribute"

/// Aggregates of the small imaginary federation.
enum Aggregate {
    static func entity(_ entityID: String, _ attributes: [(String, String)] = [], padding: Int = 0) -> XMLTag {
        let name = XMLTag(
            "md", md, "OrganizationName", attributes: [("xml:lang", "ja")], text: "大学 " + String(repeating: "x", count: padding))
        let role = XMLTag(
            "md", md, "SPSSODescriptor", attributes: [("protocolSupportEnumeration", samlp)],
            children: [.element(XMLTag("mdui", "urn:oasis:names:tc:SAML:metadata:ui", "UIInfo", attributes: [("z", "&"), ("a", "<\n")]))])
        return XMLTag(
            "md", md, "EntityDescriptor", attributes: [("entityID", entityID)] + attributes,
            children: [.text("\n"), .element(role), .element(XMLTag("md", md, "Organization", children: [.element(name)]))])
    }

    static func extensions(authority: String?, category: String?) -> XMLTag {
        var children: [XMLNode] = []
        if let authority {
            children.append(.element(XMLTag("mdrpi", rpi, "RegistrationInfo", attributes: [("registrationAuthority", authority)])))
        }
        if let category {
            let value = XMLTag("saml", saml, "AttributeValue", text: category)
            let attribute = XMLTag(
                "saml", saml, "Attribute", attributes: [("Name", "http://macedir.org/entity-category"), ("NameFormat", "urn:uri")],
                children: [.element(value)])
            children.append(.element(XMLTag("mdattr", attr, "EntityAttributes", children: [.element(attribute)])))
        }
        return XMLTag("md", md, "Extensions", children: children)
    }

    static func group(_ attributes: [(String, String)], _ children: [XMLTag]) -> XMLTag {
        XMLTag("md", md, "EntitiesDescriptor", attributes: attributes, children: children.flatMap { [.text("\n  "), .element($0)] })
    }

    /// Two members, a group of two with its own rules, one more.
    static func standard(id: String = "_aggregate") -> XMLTag {
        let inner = group(
            [("Name", "https://fed.example/inner"), ("validUntil", "2026-11-25T00:00:00Z")],
            [
                extensions(authority: "https://inner.example", category: "https://refeds.org/category/code-of-conduct/v2"),
                entity("https://c.example/sp"), group([], [entity("https://d.example/sp")]),
            ])
        return group(
            [("ID", id), ("Name", "https://fed.example"), ("validUntil", "2026-12-01T00:00:00Z"), ("cacheDuration", "PT6H")],
            [
                extensions(authority: "https://fed.example", category: "http://refeds.org/category/research-and-scholarship"),
                entity("https://a.example/sp"), entity("https://b.example/sp"), inner, entity("https://e.example/sp"),
            ])
    }

    static func signed(_ tag: XMLTag, kind: KeyKind = .rsa(bits: 2048), algorithm: SignatureAlgorithm = .rsaPKCS1(.sha256)) throws -> String
    {
        text(try XMLSigner(key: try Keys.of(kind), algorithm: algorithm, certificate: nil).sign(tag))
    }

    static func signed() throws -> String { try signed(standard()) }
}

/// What came out of one reading.
struct Read {
    var slices: [EntitySlice] = []
    var proof: VerifiedAggregate?
    var facts: AggregateFacts?
    var refusal: AggregateRefusal?

    var names: [String] { slices.map(\.entityID) }
}

func read(
    _ text: String, keys: [PublicKey]? = nil, allowed: Set<SignatureAlgorithm> = .modernXMLSignatures, limits: AggregateLimits = .standard,
    pieces size: Int = 700
) throws -> Read {
    try read(Array(text.utf8), keys: keys, allowed: allowed, limits: limits, pieces: size)
}

func read(
    _ bytes: [UInt8], keys: [PublicKey]? = nil, allowed: Set<SignatureAlgorithm> = .modernXMLSignatures,
    limits: AggregateLimits = .standard,
    pieces size: Int = 65_536
) throws -> Read {
    let keys = try keys ?? [try Keys.of().publicKey]
    var result = Read()
    do {
        let proof = try StreamedSignature.verify(inPieces(bytes, size), keys: keys, allowed: allowed, limits: limits) {
            result.slices.append($0)
        }
        result.proof = proof
        result.facts = proof.facts
    } catch let refusal as AggregateRefusal { result.refusal = refusal }
    return result
}

func readTrusted(_ text: String, limits: AggregateLimits = .standard) throws -> Read {
    var result = Read()
    do {
        result.facts = try StreamedSignature.read(trusted: inPieces(Array(text.utf8), 500), limits: limits) { result.slices.append($0) }
    } catch let refusal as AggregateRefusal { result.refusal = refusal }
    return result
}

func inPieces(_ bytes: [UInt8], _ size: Int) -> () throws -> [UInt8] {
    var position = 0
    return {
        let end = min(bytes.count, position + size)
        defer { position = end }
        return Array(bytes[position..<end])
    }
}
