import Cryptography
import Foundation
import Testing
import Vocabulary
import XML
import XMLSecurity

private let old: Set<SignatureAlgorithm> = Set<SignatureAlgorithm>.modernXMLSignatures.union([.rsaPKCS1(.sha1)])

@Suite struct `Metadata of real federations, read as a stream` {
    @Test func `A35 M6 M8 gives the entities that are in it, and the tree reader's verdict on the signature`() throws {
        guard let manifest = try Vectors.manifest("metadata", cases: 17) else { return }
        var tally = Tally()
        let own = try Keys.of().publicKey
        for file in manifest["files"]?.array ?? [] {
            let name = try #require(file["file"]?.string)
            let bytes = try read(name)
            var entityIDs: [String] = []
            do {
                let facts = try StreamedSignature.read(trusted: inPieces(bytes, 10_000)) { slice in
                    entityIDs.append(slice.entityID)
                    let alone = try XMLDocument(parsing: slice.bytes, limits: .metadata).root
                    #expect(alone.attribute("entityID") == slice.entityID)
                }
                #expect(facts.bytes == bytes.count)
            } catch let refusal as AggregateRefusal {
                let tree = try? XMLDocument(parsing: bytes, limits: .metadata)
                if tree == nil {
                    tally.add("refused by both: \(reason(refusal))")
                } else {
                    // Documents about metadata, not metadata.
                    guard case .root = refusal else {
                        Issue.record("\(name): \(refusal)")
                        continue
                    }
                    tally.add("no metadata")
                }
                continue
            }
            if let expected = file["entities"]?.integer { #expect(entityIDs.count == expected, "\(name)") }
            if let expected = file["unique_entity_ids"]?.integer { #expect(Set(entityIDs).count == expected, "\(name)") }
            guard file["root_signature"]?.bool == true else {
                #expect(try reading(bytes, [own]) == .signature(.noSignature))
                tally.add("unsigned")
                continue
            }
            let pem = try #require(Vectors.read("metadata/" + (file["embedded_signing_cert"]?.string ?? "")))
            guard let key = (try? Certificate(pem: pem))?.publicKey else {
                tally.add("not judged: certificate refused")
                continue
            }
            let verdict = try reading(bytes, [key])
            #expect(verdict == tree(bytes, key), "\(name)")
            tally.add(verdict.map { "refused by both: \($0)" } ?? "proven")
            if verdict == nil {
                #expect(try reading(bytes, [own]) == .signature(.signature))
                if file["signature_algorithm"]?.string?.hasSuffix("sha1") == true {
                    let modern = try reading(bytes, [key], .modernXMLSignatures)
                    guard case .signature(.algorithm) = modern else {
                        Issue.record("\(name): SHA-1 was not allowed and gave \(String(describing: modern))")
                        continue
                    }
                }
                var changed = bytes
                let last = try #require(changed.lastIndex(of: UInt8(ascii: "E")))
                changed.insert(contentsOf: Array("<x/>".utf8), at: changed[..<last].lastIndex(of: UInt8(ascii: "<")) ?? last)
                #expect(try reading(changed, [key]) == .signature(.digest))
            }
        }
        print("streamed metadata: \(tally.total): \(tally.text), 0 differ")
    }

    private func reading(_ bytes: [UInt8], _ keys: [PublicKey], _ allowed: Set<SignatureAlgorithm> = old) throws -> AggregateRefusal? {
        do {
            _ = try StreamedSignature.verify(inPieces(bytes, 30_000), keys: keys, allowed: allowed) { _ in }
            return nil
        } catch let refusal as AggregateRefusal { return refusal }
    }

    private func tree(_ bytes: [UInt8], _ key: PublicKey) -> AggregateRefusal? {
        let root: XMLElement
        do { root = try XMLDocument(parsing: bytes, limits: .metadata).root } catch { return .xml(error) }
        do throws(XMLSignatureRefusal) {
            _ = try EnvelopedSignature.verify(root, keys: [key], allowed: old, wholeDocument: true)
            return nil
        } catch { return .signature(error) }
    }

    private func read(_ name: String) throws -> [UInt8] {
        guard name.hasSuffix(".gz") else { return try #require(Vectors.read("metadata/" + name)) }
        let gzip = try #require(Program.find("gzip"))
        return Array(try Program.run(gzip, ["-dc", Vectors.root.appending(path: "metadata/" + name).path()]).output.utf8)
    }
}

/// xmlsec1 as an independent judge, where it is installed (`apt-get install xmlsec1`).
@Suite struct `xmlsec1 and the stream` {
    @Test(arguments: ["", "xs xsi #default"], ["#_1", ""])
    func `S55 agree on what it signs, with and without PrefixList, by ID and whole`(prefixes: String, uri: String) throws {
        guard let program = Program.find("xmlsec1") else { return print("NOT RUN: xmlsec1 is not installed") }
        let key = try Keys.of()
        let list = "<InclusiveNamespaces xmlns=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"\(prefixes)\"/>"
        let inner = prefixes.isEmpty ? "" : list
        let template = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- made by hand -->
            <EntitiesDescriptor xmlns="\(md)" xmlns:xs="urn:xs"
                xmlns:xsi="urn:xsi"  ID='_1'   Name="a&amp;b">
              <Signature xmlns="\(ds)">
                <SignedInfo>
                  <CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">\(inner)</CanonicalizationMethod>
                  <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
                  <Reference URI="\(uri)"><Transforms>
                    <Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
                    <Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">\(inner)</Transform>
                  </Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>
                </SignedInfo><SignatureValue/>
              </Signature>
              <!-- comments are not signed --><EntityDescriptor entityID="https://a.example/sp"><Organization xmlns:xs="urn:xs:other"
                xsi:type='xs:string' b='&#9;&#10;&lt;&gt;"' a="'"><![CDATA[a<b]]>&amp;&#x42;<!-- c --><x xmlns=""/></Organization></EntityDescriptor>
            </EntitiesDescriptor>
            """
        let signed = try Program.inScratch { folder in
            let file = folder.appending(path: "t.xml")
            let pem = folder.appending(path: "k.pem")
            try Data(template.utf8).write(to: file)
            try Data(key.exportPEM()).write(to: pem)
            return try Program.run(
                program, ["--sign", "--privkey-pem", pem.path(), "--id-attr:ID", md + ":EntitiesDescriptor", file.path()]
            ).output
        }
        for size in [1, 65_536] {
            let result = try read(signed, keys: [key.publicKey], pieces: size)
            #expect(result.refusal == nil && result.names == ["https://a.example/sp"])
            let alone = try XMLDocument(parsing: try #require(result.slices.first).bytes).root
            #expect(alone.child(XMLName(md, "Organization"))?.text == "a<b&B")
        }
        #expect(try read(try signed.with("a.example", "b.example"), keys: [key.publicKey]).refusal == .signature(.digest))
        // Exclusive canonicalization does not see a prefix used in content only; with PrefixList it is signed.
        let redefined = try signed.with("xmlns:xs=\"urn:xs\"", "xmlns:xs=\"urn:evil\"")
        #expect(try read(redefined, keys: [key.publicKey]).refusal == (prefixes.isEmpty ? nil : .signature(.signature)))
    }
}
