import Testing
import Vocabulary
import XML

private let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
private let spoken: Set<String> = [exclusive, exclusive + "WithComments"]
/// The canonical form that SAML uses, by itself. All the others go through the generic doors (Generic/GenericVectorTests).
@Suite struct `Vectors of exclusive canonicalization` {
    @Test func `canonical outputs of Santuario: every exclusive one byte for byte, the others counted`() throws {
        guard let manifest = try Vectors.manifest("xmldsig/santuario", cases: 138) else { return }
        let cases = try #require(manifest["c14n"]?.array)
        var tally = Tally()
        for test in cases {
            let id = test["id"]?.string ?? ""
            let transforms = test["transforms"]?.strings ?? [test["algorithm"]?.string ?? ""]
            guard transforms.allSatisfy(spoken.contains), let algorithm = transforms.first, transforms.count == 1 else {
                let other = transforms.first { !spoken.contains($0) } ?? ""
                tally.add("not spoken: \(other.split(separator: "/").last ?? "")")
                continue
            }
            let expected = try #require(Vectors.read("xmldsig/santuario/" + (test["expected_output"]?.string ?? "")))
            let input = test["input"]?.string ?? test["signature_file"]?.string ?? ""
            let document: XMLDocument
            do { document = try XMLDocument(parsing: try #require(Vectors.read("xmldsig/santuario/" + input))) } catch {
                tally.add("not read: \(reason(error))")
                continue
            }
            let element = try #require(apex(test, in: document.root), "\(id)")
            let prefixes = (test["inclusive_prefixes"]?.strings ?? []).flatMap { $0.split(separator: " ").map(String.init) }
            let bytes = try Canonical.exclusive(element, inclusivePrefixes: prefixes, withComments: algorithm.hasSuffix("WithComments"))
            #expect(bytes == expected, "\(id)")
            tally.add("equal")
        }
        print("santuario canonical outputs, exclusive and of whole subtrees: \(cases.count): \(tally.text)")
        #expect(tally["equal"] >= 8)
    }

    /// `//*[local-name()='x']` and `#xpointer(id('x'))` are the only two ways these cases name an apex.
    private func apex(_ test: JSON, in root: XMLElement) -> XMLElement? {
        var found: XMLElement?
        let path = test["apex_xpath"]?.string ?? test["uri"]?.string ?? ""
        let quoted = path.split(separator: "'").dropFirst().first.map(String.init) ?? ""
        root.forEachInSubtree { element in
            let matches =
                path.hasPrefix("//") ? element.name.local == quoted : element.count(attributes: ["Id", "ID", "id"], valued: quoted) > 0
            if found == nil, matches { found = element }
        }
        return found
    }
}
