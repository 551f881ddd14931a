import Cryptography
import Testing
import Vocabulary
import XML
import XMLSecurity

private let xpath =
    "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>self::text()</ds:XPath></ds:Transform>"
private let enveloped = "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>"
private let exclusive = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>"

@Suite struct `A forged aggregate, read as a stream` {
    private let open = "<md:EntitiesDescriptor "
    private let evil = "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://evil.example/sp\"/>"

    /// Nothing is proven by either reader, and both say the same.
    private func expectRefused(
        _ text: String, _ expected: XMLSignatureRefusal, sameAsTree: Bool = true, location: SourceLocation = #_sourceLocation
    ) throws {
        for size in [7, 65_536] {
            let result = try read(text, pieces: size)
            #expect(result.refusal == .signature(expected) && result.proof == nil, sourceLocation: location)
        }
        let root = try XMLDocument(parsing: Array(text.utf8)).root
        let key = try Keys.of().publicKey
        do throws(XMLSignatureRefusal) {
            _ = try EnvelopedSignature.verify(root, keys: [key], wholeDocument: true)
            Issue.record("the tree reader believes it", sourceLocation: location)
        } catch {
            if sameAsTree { #expect(error == expected, sourceLocation: location) }
        }
    }

    @Test func `is refused when one byte of an entity changed, though every entity was handed over`() throws {
        let text = try Aggregate.signed().with("https://e.example/sp", "https://evil.example/sp")
        try expectRefused(text, .digest)
        #expect(try read(text).slices.count == 5)
    }

    @Test func `is refused when an entity was put in, taken out or moved`() throws {
        let text = try Aggregate.signed()
        try expectRefused(try text.with("</md:EntitiesDescriptor>", evil + "</md:EntitiesDescriptor>"), .digest)
        let first = try text.part("<md:EntityDescriptor ", "</md:EntityDescriptor>")
        try expectRefused(try text.with(first, ""), .digest)
        try expectRefused(try text.with(first, "").with("</md:EntitiesDescriptor>", first + "</md:EntitiesDescriptor>"), .digest)
    }

    @Test func `A1 is refused when the signed root was wrapped in another`() throws {
        let text = try Aggregate.signed()
        let wrapped = "<md:EntitiesDescriptor xmlns:md=\"\(md)\" ID=\"_other\">\(evil)\(text)</md:EntitiesDescriptor>"
        try expectRefused(wrapped, .noSignature)
        let signature = try text.signature
        let moved =
            "<md:EntitiesDescriptor xmlns:md=\"\(md)\" ID=\"_other\">\(signature)\(evil)\(try text.with(signature, ""))</md:EntitiesDescriptor>"
        try expectRefused(moved, .reference("#_aggregate"))
        // The same identifier on the new root: which one is meant is the question, so neither is.
        try expectRefused(try moved.with("_other", "_aggregate"), .duplicateID)
        let whole = try moved.with("_other", "_aggregate").with("ID=\"_aggregate\" Name", "ID=\"_old\" Name")
        try expectRefused(whole, .digest)
    }

    @Test func `A2 is refused when an element anywhere carries the root's identifier`() throws {
        let text = try Aggregate.signed()
        for name in ["ID", "Id", "id"] {
            let forged = try text.with("entityID=\"https://d.example/sp\"", "entityID=\"https://d.example/sp\" \(name)=\"_aggregate\"")
            try expectRefused(forged, .duplicateID)
        }
        try expectRefused(try text.with("<ds:SignatureValue>", "<ds:SignatureValue Id=\"_aggregate\">"), .duplicateID)
    }

    @Test func `A5 is refused with a second signature, in the root or in the first`() throws {
        let text = try Aggregate.signed()
        let signature = try text.signature
        try expectRefused(try text.with(signature, signature + signature), .severalSignatures)
        try expectRefused(
            String(text.dropLast("</md:EntitiesDescriptor>".count)) + signature + "</md:EntitiesDescriptor>", .severalSignatures)
        try expectRefused(
            try text.with("</ds:Signature>", "<ds:KeyInfo>\(signature)</ds:KeyInfo></ds:Signature>"), .severalSignatures)
        try expectRefused(
            try text.with("</ds:Signature>", "<ds:Object>\(evil)</ds:Object></ds:Signature>"), .malformed("Signature"))
    }

    @Test func `A4 is refused when the signature stands behind another element; comments and white space do not matter`() throws {
        let text = try Aggregate.signed()
        let signature = try text.signature
        let extensions = try text.part("<md:Extensions>", "</md:Extensions>")
        let late = try text.with(signature, "").with(extensions, extensions + signature)
        #expect(try read(late).refusal == .signature(.noSignature))
        #expect(try read(try text.with(signature, "<!-- one -->\(signature)<!-- two -->")).proof != nil)
        #expect(try read("<!-- before -->\n" + text + "\n<!-- behind -->\n").proof != nil)
        #expect(
            try read(try text.with(signature, "\n" + signature)).refusal == .signature(.digest), "white space inside the root is content")
    }

    @Test func `A7 is refused when comments cut the signature's values`() throws {
        let text = try Aggregate.signed()
        let value = try text.part("<ds:SignatureValue>", "</ds:SignatureValue>")
        let cut = value.prefix(40) + "<!-- x -->" + value.dropFirst(40)
        try expectRefused(try text.with(value, String(cut)), .malformed("SignatureValue"))
        let digest = try text.part("<ds:DigestValue>", "</ds:DigestValue>")
        try expectRefused(try text.with(digest, digest.prefix(30) + "<!-- x -->" + digest.dropFirst(30)), .malformed("DigestValue"))
    }

    @Test func `A15 gets no key and no algorithm from the message`() throws {
        let stranger = try XMLSigner(
            key: try Keys.ofStranger(), algorithm: .rsaPKCS1(.sha256), certificate: Array("certificate of the stranger".utf8))
        try expectRefused(text(try stranger.sign(Aggregate.standard())), .signature)
        let genuine = try Aggregate.signed()
        let hmac = "http://www.w3.org/2000/09/xmldsig#hmac-sha1"
        try expectRefused(try genuine.with("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", hmac), .algorithm(hmac))
        let old = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
        try expectRefused(try genuine.with("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", old), .algorithm(old))
    }

    @Test(arguments: [
        (enveloped, enveloped + xpath), (enveloped, xpath + enveloped), (enveloped, enveloped + enveloped), (exclusive, ""),
        (enveloped, ""),
        (exclusive, "<ds:Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"></ds:Transform>"),
        (exclusive, "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"></ds:Transform>"),
    ])
    func `C4 is refused with any other transforms, before an entity passes`(old: String, new: String) throws {
        let result = try read(try Aggregate.signed().with(old, new))
        guard case .signature(.transform) = result.refusal else {
            Issue.record("\(String(describing: result.refusal))")
            return
        }
        #expect(result.slices.isEmpty)
    }

    @Test(arguments: ["#_other", "#", "#xpointer(/)", "https://fed.example/x.xml", "_aggregate", "#_aggregate'"])
    func `A3 is refused when the reference is to anything but the root`(uri: String) throws {
        let text = try Aggregate.signed().with("URI=\"#_aggregate\"", "URI=\"\(uri)\"")
        try expectRefused(text, .reference(uri))
    }

    @Test func `A14 needs a usable identifier when the reference names one, and none when it means the whole document`() throws {
        let text = try Aggregate.signed()
        try expectRefused(try text.with(" ID=\"_aggregate\"", ""), .identifier)
        try expectRefused(try text.with(" ID=\"_aggregate\"", " ID=\"1 2\""), .identifier)
        // An empty URI changes SignedInfo, so this says only that the reference itself is accepted.
        try expectRefused(try text.with("URI=\"#_aggregate\"", "URI=\"\""), .signature, sameAsTree: false)
    }

    @Test func `A37 is refused wherever it is cut, and proven only whole`() throws {
        let bytes = Array(try Aggregate.signed().utf8)
        for length in stride(from: 0, to: bytes.count, by: 61) {
            let result = try read(Array(bytes[..<length]))
            #expect(result.proof == nil && result.refusal != nil, "\(length)")
        }
        let many = try Aggregate.signed(Aggregate.group([("ID", "_1")], (0..<60).map { Aggregate.entity("https://\($0).example/sp") }))
        #expect(try read(many).proof?.facts.entities == 60)
        let most = try read(Array(many.utf8.dropLast(10)))
        #expect(most.slices.count >= 40 && most.proof == nil, "most entities came, and none of them counts")
        #expect(try read(bytes + Array(evil.utf8)).proof == nil)
        #expect(try read(bytes + Array("x".utf8)).proof == nil)
        #expect(try read(bytes + [0]).proof == nil)
    }

    @Test func `C1 C2 is refused with a document type, wherever it stands and whatever it defines`() throws {
        let text = try Aggregate.signed()
        let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
        #expect(try read(bomb + text).refusal == .xml(.doctype))
        #expect(try read(try text.with("大学", "&b;")).refusal == .xml(.entity))
        #expect(
            try read(try text.with("<md:Extensions>", "<?xml-stylesheet href='x'?><md:Extensions>")).refusal == .xml(.processingInstruction)
        )
    }

    @Test func `C5 C6 D3 is refused when something in it is gigantic, before it is held`() throws {
        let text = try Aggregate.signed()
        let start = Array(text.prefix(upTo: try #require(text.firstRange(of: "<md:EntityDescriptor")).lowerBound).utf8)
        for (opening, filler) in [("<md:EntityDescriptor entityID='", "x"), ("<md:EntityDescriptor ", "x"), ("<x>", "y"), ("", "<x>")] {
            let piece = Array(String(repeating: filler, count: 100_000).utf8)
            var calls = 0
            let key = try Keys.of().publicKey
            #expect(throws: AggregateRefusal.self) {
                try StreamedSignature.verify(
                    {
                        calls += 1
                        return calls == 1 ? start : calls == 2 ? Array(opening.utf8) : piece
                    }, keys: [key]
                ) { _ in }
            }
            #expect(calls < 20, "\(opening)")
        }
    }

    @Test func `M6 keeps to its limits`() throws {
        let small = AggregateLimits(document: .aggregate, groups: 2, entities: 3)
        #expect(try read(try Aggregate.signed(), limits: small).refusal == .groups(limit: 2))
        let few = AggregateLimits(document: .aggregate, groups: 3, entities: 4)
        #expect(try read(try Aggregate.signed(), limits: few).refusal == .entities(limit: 4))
        #expect(try read(try Aggregate.signed(), limits: AggregateLimits(document: .aggregate, groups: 3, entities: 5)).proof != nil)
    }

    @Test func `is refused when a group's Extensions come late or twice: nobody would know what they hold for`() throws {
        let extensions = Aggregate.extensions(authority: "https://late.example", category: nil)
        let entity = Aggregate.entity("https://a.example/sp")
        for children in [[entity, extensions], [extensions, extensions, entity], [Aggregate.group([], [entity]), extensions]] {
            #expect(try read(try Aggregate.signed(Aggregate.group([("ID", "_1")], children))).refusal == .extensions)
        }
    }

    @Test(arguments: ["<html><body/></html>", "<a/>", "<EntitiesDescriptor/>", "<md:EntitiesDescriptor xmlns:md='urn:x'/>"])
    func `is refused when it is no metadata`(text: String) throws {
        let result = try readTrusted(text)
        guard case .root = result.refusal else {
            Issue.record("\(String(describing: result.refusal))")
            return
        }
        #expect(result.refusal?.explanation.code == "saml.aggregate.root")
    }

    @Test func `A10 has no canonical form with a relative namespace name`() throws {
        let text = try Aggregate.signed().with("entityID=\"https://d.example/sp\"", "xmlns:r=\"rel\" entityID=\"https://d.example/sp\"")
        #expect(try read(text).refusal == .xml(.canonicalization))
    }
}
