import Testing
import XML

private func root(_ text: String) throws -> XMLElement { try XMLDocument(parsing: Array(text.utf8)).root }

private func canonical(_ element: XMLElement, prefixes: [String] = [], comments: Bool = false, without: XMLElement? = nil) throws -> String
{
    String(
        decoding: try Canonical.exclusive(element, inclusivePrefixes: prefixes, withComments: comments, excluding: without), as: UTF8.self)
}

@Suite struct `Exclusive canonical form` {
    @Test(arguments: [
        ("<a  c='1'  b=\"2\" ></a >", "<a b=\"2\" c=\"1\"></a>"),
        ("<a xmlns:z='urn:z' xmlns:y='urn:y' y:q='1'/>", "<a xmlns:y=\"urn:y\" y:q=\"1\"></a>"),
        ("<a><![CDATA[<&>]]>\r\n&#13;</a>", "<a>&lt;&amp;&gt;\n&#xD;</a>"),
        ("<a b='&#9;&#10;&#13;&lt;&gt;&quot;'/>", "<a b=\"&#x9;&#xA;&#xD;&lt;>&quot;\"></a>"),
        ("<a xmlns='urn:d'><b xmlns=''/></a>", "<a xmlns=\"urn:d\"><b xmlns=\"\"></b></a>"),
        ("<!-- x --><a><!-- y --></a>", "<a></a>"),
        ("<a xmlns='http://x.example/?a&amp;b'/>", "<a xmlns=\"http://x.example/?a&amp;b\"></a>"),
        ("<a xmlns='http://x.example/?a&amp;lt;b' c='&amp;lt;'/>", "<a xmlns=\"http://x.example/?a&amp;lt;b\" c=\"&amp;lt;\"></a>"),
    ])
    func `is what the specification says`(text: String, expected: String) throws {
        #expect(try canonical(try root(text)) == expected)
    }

    @Test func `comments stay when asked for, except outside the element`() throws {
        #expect(try canonical(try root("<!-- x --><a><!-- y --></a>"), comments: true) == "<a><!-- y --></a>")
    }

    @Test func `of a part does not depend on where it stands, except through PrefixList`() throws {
        let outer = try root("<o xmlns='urn:d' xmlns:p='urn:p' xmlns:xs='urn:xs'><p:i t='xs:string'><x xmlns=''/></p:i></o>")
        let inner = try #require(outer.children.first)
        #expect(try canonical(inner) == "<p:i xmlns:p=\"urn:p\" t=\"xs:string\"><x></x></p:i>")
        #expect(try canonical(inner, prefixes: ["xs"]) == "<p:i xmlns:p=\"urn:p\" xmlns:xs=\"urn:xs\" t=\"xs:string\"><x></x></p:i>")
        #expect(
            try canonical(inner, prefixes: ["#default", "nothere"])
                == "<p:i xmlns=\"urn:d\" xmlns:p=\"urn:p\" t=\"xs:string\"><x xmlns=\"\"></x></p:i>")
    }

    @Test func `A6 leaves out exactly the excluded element, not its twin`() throws {
        let element = try root("<a><s>1</s><s>1</s><b/></a>")
        let first = try #require(element.children.first)
        #expect(try canonical(element, without: first) == "<a><s>1</s><b></b></a>")
    }

    @Test func `A10 a relative namespace name is an error, not an empty form`() throws {
        for text in ["<a xmlns='rel'/>", "<p:a xmlns:p='../x'/>", "<r><b xmlns:p='x' p:c=''/></r>"] {
            let element: XMLElement
            do { element = try root(text) } catch { continue }
            #expect(throws: XMLRefusal.canonicalization) { try Canonical.exclusive(element) }
        }
        let nested = try root("<r xmlns:p='urn:ok'><p:b/></r>")
        #expect(try canonical(nested) == "<r><p:b xmlns:p=\"urn:ok\"></p:b></r>")
    }

    @Test func `A11 printing and reading again changes nothing`() throws {
        for text in [
            "<a xmlns='urn:d' xmlns:p='urn:p' p:b='&#10;'>&amp;<p:c/>\u{3042}<d xmlns=''/></a>",
            "<x:a xmlns:x='urn:x'><x:a xmlns:x='urn:y'/></x:a>",
        ] {
            let once = try Canonical.exclusive(try root(text))
            #expect(try Canonical.exclusive(try XMLDocument(parsing: once).root) == once)
        }
    }

    @Test func `of a fragment knows the namespaces around it, an ampersand in their names too, and no others`() throws {
        let outer = try root("<o xmlns:p='http://x.example/?a&amp;b'><p:i/></o>")
        let inner = try #require(outer.children.first)
        #expect(inner.namespacesInScope == [XMLNamespace(prefix: "p", name: "http://x.example/?a&b")])
        let fragment = Array("<p:i/>".utf8)
        #expect(try canonical(XMLDocument(fragment: fragment, amid: inner.namespacesInScope).root) == canonical(inner))
        let other = XMLNamespace(prefix: "q", name: "http://x.example/?a&b")
        #expect(throws: XMLRefusal.self) { try XMLDocument(fragment: fragment, amid: [other]) }
    }

    @Test func `standard error stays silent, whatever libxml2 has to say`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            for text in ["<a xmlns='rel' b='&#0;'>\u{1}</b>", "<p:a/>", "<a xmlns:p='' xml:id='1' p:q:r=''/>", "<a xmlns='rel'/>", "<a"] {
                if let document = try? XMLDocument(parsing: Array(text.utf8)) { _ = try? Canonical.exclusive(document.root) }
            }
        }
        #expect(result?.standardErrorContent.isEmpty == true)
    }
}
