import Testing
import XML

private func root(_ text: String) throws -> XMLElement { try XMLDocument(parsing: Array(text.utf8)).root }

@Suite struct `Reading an element` {
    @Test func `names are compared by namespace, never by prefix`() throws {
        let element = try root("<p:a xmlns:p='urn:x' xmlns:q='urn:x'><q:b/><b/><b xmlns='urn:x'/></p:a>")
        #expect(element.name == XMLName("urn:x", "a"))
        #expect(element.children(XMLName("urn:x", "b")).count == 2)
        #expect(element.children(XMLName("", "b")).count == 1)
        #expect(element.child(XMLName("urn:y", "b")) == nil)
        #expect(element.isNamed(XMLName("urn:x", "a")) && !element.isNamed(XMLName("urn:x", "aa")))
        #expect(!element.isNamed(XMLName("urn:x", "")) && !element.isNamed(XMLName("urn", "a")))
    }

    @Test func `names are compared by bytes, not by Unicode equivalence`() throws {
        #expect(XMLName("urn:K", "K") != XMLName("urn:\u{212A}", "K"))
        #expect(XMLName("urn:x", "K") != XMLName("urn:x", "\u{212A}"))
        #expect(try root("<\u{212A}/>").isNamed(XMLName("", "K")) == false)
    }

    @Test func `attributes without prefix have no namespace`() throws {
        let element = try root("<a xmlns='urn:d' xmlns:p='urn:x' ID='1' p:ID='2' xml:lang='ja'/>")
        #expect(element.attribute("ID") == "1")
        #expect(element.attribute("ID", namespace: "urn:x") == "2")
        #expect(element.attribute("ID", namespace: "urn:d") == nil)
        #expect(element.attribute("lang", namespace: "http://www.w3.org/XML/1998/namespace") == "ja")
        #expect(element.attributes.map(\.value) == ["1", "2", "ja"])
        #expect(element.count(attributes: ["ID", "Id"], valued: "2") == 1)
    }

    @Test(arguments: [
        ("<a>admin<!-- -->.evil@x</a>", "admin.evil@x"), ("<a>admin<![CDATA[.evil]]>@x</a>", "admin.evil@x"),
        ("<a><!--x-->admin<!--y--></a>", "admin"), ("<a>a&amp;<!---->&#x62;</a>", "a&b"), ("<a/>", ""),
        ("<a>x<b>y</b>z</a>", "xz"),
    ])
    func `A7 A8 text never stops at a comment`(text: String, expected: String) throws {
        #expect(try root(text).text == expected)
    }

    @Test(arguments: [
        ("<a>x</a>", true), ("<a/>", true), ("<a><![CDATA[x]]></a>", true), ("<a>x<!---->y</a>", false), ("<a><b/></a>", false),
    ])
    func `A8 a value with a comment or an element inside is not only text`(text: String, expected: Bool) throws {
        #expect(try root(text).hasOnlyText == expected)
    }

    @Test func `attribute values are whole, whatever references they hold`() throws {
        #expect(try root("<a b='1&amp;2&lt;3&#x34;&quot;&#10;5\n6'/>").attribute("b") == "1&2<34\"\n5 6")
    }

    @Test func `a verified view shows neither what is above nor what is hidden`() throws {
        let document = try root("<r><s ID='1'>t<sig><deep/></sig><v/></s><evil/></r>")
        let signed = try #require(document.child(XMLName("", "s")))
        let signature = try #require(signed.child(XMLName("", "sig")))
        let view = signed.view(hiding: signature)
        #expect(signed.parent != nil)
        #expect(view.parent == nil)
        #expect(view.children.map(\.name.local) == ["v"])
        #expect(view.child(XMLName("", "sig")) == nil)
        #expect(view.children.first?.parent?.parent == nil)
        var names: [String] = []
        view.forEachInSubtree { names.append($0.name.local) }
        #expect(names == ["s", "v"])
    }

    @Test func `an element keeps its document alive, and many threads may read it`() async throws {
        let element = try #require(try root("<r><a x='1'>t</a></r>").children.first)
        let texts = await withTaskGroup(of: String.self) { group in
            for _ in 0..<200 {
                group.addTask { "\(element.text)\(element.attribute("x") ?? "")\((try? Canonical.exclusive(element))?.count ?? 0)" }
            }
            return await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(texts == ["t114"])
    }

    @Test func `prefixes in content resolve where they stand`() throws {
        let element = try root("<r xmlns:xs='urn:1' xmlns='urn:d'><a xmlns:xs='urn:2'/></r>")
        #expect(element.namespace(ofPrefix: "xs") == "urn:1")
        #expect(element.children.first?.namespace(ofPrefix: "xs") == "urn:2")
        #expect(element.namespace(ofPrefix: "") == "urn:d")
        #expect(element.namespace(ofPrefix: "nope") == nil)
    }
}
