import Testing
import XML

private let samlp = "urn:oasis:names:tc:SAML:2.0:protocol"
private let saml = "urn:oasis:names:tc:SAML:2.0:assertion"

private func text(_ tag: XMLTag) -> String { String(decoding: tag.canonicalBytes(), as: UTF8.self) }

/// Both must hold for every tag: what we write is already canonical, and libxml2 agrees.
private func expectCanonical(_ tag: XMLTag, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let bytes = tag.canonicalBytes()
    let document = try XMLDocument(parsing: bytes)
    let again = try Canonical.exclusive(document.root)
    #expect(again == bytes, "\(String(decoding: bytes, as: UTF8.self))", sourceLocation: sourceLocation)
}

@Suite struct `Writing a message` {
    @Test func `is canonical at once`() throws {
        let tag = XMLTag(
            "samlp", samlp, "Response", attributes: [("Version", "2.0"), ("ID", "_1"), ("Destination", "https://sp.example/?a=1&b=\"")],
            children: [
                .element(XMLTag("saml", saml, "Issuer", text: "https://idp.example")),
                .element(XMLTag("samlp", samlp, "Status", children: [.element(XMLTag("samlp", samlp, "StatusCode"))])),
            ])
        #expect(
            text(tag)
                == "<samlp:Response xmlns:samlp=\"\(samlp)\" Destination=\"https://sp.example/?a=1&amp;b=&quot;\" ID=\"_1\" Version=\"2.0\">"
                + "<saml:Issuer xmlns:saml=\"\(saml)\">https://idp.example</saml:Issuer>"
                + "<samlp:Status><samlp:StatusCode></samlp:StatusCode></samlp:Status></samlp:Response>")
        try expectCanonical(tag)
    }

    @Test func `declares a prefixed attribute's namespace where it is used`() throws {
        let xsi = "http://www.w3.org/2001/XMLSchema-instance"
        let tag = XMLTag(
            "saml", saml, "AttributeValue",
            attributes: [("xsi:nil", "true"), ("xml:lang", "ja"), ("a", "1"), ("nope:b", "2"), ("xmlns", "x")],
            namespaces: [("xsi", xsi)])
        #expect(
            text(tag)
                == "<saml:AttributeValue xmlns:saml=\"\(saml)\" xmlns:xsi=\"\(xsi)\" a=\"1\" xsi:nil=\"true\" xml:lang=\"ja\"></saml:AttributeValue>"
        )
        try expectCanonical(tag)
    }

    @Test func `default namespaces are undone where they must be`() throws {
        let tag = XMLTag("", "urn:d", "a", children: [.element(XMLTag("", "", "b", children: [.element(XMLTag("", "urn:d", "c"))]))])
        #expect(text(tag) == "<a xmlns=\"urn:d\"><b xmlns=\"\"><c xmlns=\"urn:d\"></c></b></a>")
        try expectCanonical(tag)
    }

    @Test(arguments: [
        "</saml:AttributeValue><saml:AttributeValue>admin", "\"><evil a=\"", "]]>", "<![CDATA[x]]>", "&amp;&#0;", "a\r\nb\tc\n",
        "\u{0}\u{1}\u{8}\u{B}\u{1F}", "\u{FFFE}x\u{FFFF}", "\u{FFFD}\u{FF21}\u{EF00}", "戸籍\u{20BB7}", "<!--", "-->",
    ])
    func `A25 a hostile value stays a value`(value: String) throws {
        let tag = XMLTag(
            "saml", saml, "A", attributes: [("FriendlyName", value)], children: [.element(XMLTag("saml", saml, "V", text: value))])
        try expectCanonical(tag)
        let parsed = try XMLDocument(parsing: tag.canonicalBytes()).root
        let expected = String(
            String.UnicodeScalarView(
                value.unicodeScalars.map {
                    ($0.value < 0x20 && ![9, 10, 13].contains($0.value)) || $0.value == 0xfffe || $0.value == 0xffff ? "\u{FFFD}" : $0
                }))
        #expect(parsed.children.count == 1)
        #expect(parsed.attributes.count == 1)
        #expect(parsed.attribute("FriendlyName").map { Array($0.utf8) } == Array(expected.utf8))
        #expect(parsed.children.first.map { Array($0.text.utf8) } == Array(expected.utf8))
    }

    @Test func `A25 a hostile name cannot open a tag`() throws {
        let tag = XMLTag("p", "urn:p", "a><evil", attributes: [("b='1' c", "2")])
        let parsed = try XMLDocument(parsing: tag.canonicalBytes()).root
        #expect(parsed.children.isEmpty)
        #expect(parsed.attributes.map(\.name.local) == ["b__1__c"])
    }

    @Test func `a repeated attribute is written once`() throws {
        #expect(text(XMLTag("", "", "a", attributes: [("b", "1"), ("a", "0"), ("b", "2")])) == "<a a=\"0\" b=\"1\"></a>")
    }

    @Test func `libxml2 finds nothing to change in thousands of random trees`() throws {
        var random = Rolling(state: 20_261_121)
        for _ in 0..<2_000 { try expectCanonical(random.tag(depth: 4)) }
    }
}

@Suite struct `Freezing signed bytes` {
    private func sealed(_ tag: XMLTag, at index: Int = 0, prefix: String = "ds") -> XMLTag {
        tag.inserting(
            at: index, tag: { without in XMLTag(prefix, "urn:ds", "Seal", attributes: [("n", "\(without.count)")]) })
    }

    @Test func `gives the callback the bytes without the child and splices it in`() throws {
        let plain = XMLTag("a", "urn:a", "r", children: [.element(XMLTag("a", "urn:a", "x")), .text("t")])
        for index in [-1, 0, 1, 2, 9] {
            let tag = sealed(plain, at: index)
            try expectCanonical(tag)
            let document = try XMLDocument(parsing: tag.canonicalBytes())
            let seal = try #require(document.root.child(XMLName("urn:ds", "Seal")))
            #expect(try Canonical.exclusive(document.root, excluding: seal) == plain.canonicalBytes())
            #expect(seal.attribute("n") == "\(plain.canonicalBytes().count)")
        }
    }

    @Test(arguments: ["a", "ds", "b", ""])
    func `a frozen child inside any parent is still canonical, and keeps its bytes as an apex`(parentPrefix: String) throws {
        let child = sealed(XMLTag("a", "urn:a", "Child", attributes: [("ID", "_1")], children: [.element(XMLTag("", "", "plain"))]))
        for namespace in ["urn:a", "urn:other"] {
            let parent = sealed(
                XMLTag(parentPrefix, namespace, "Parent", children: [.text("x"), .element(child), .text("y")]), prefix: "a")
            try expectCanonical(parent)
            let document = try XMLDocument(parsing: parent.canonicalBytes())
            let found = try #require(document.root.child(XMLName("urn:a", "Child")))
            #expect(try Canonical.exclusive(found) == child.canonicalBytes())
        }
    }

    @Test func `a thousand levels of sealing stay linear in bytes`() throws {
        var tag = sealed(XMLTag("a", "urn:a", "x", text: String(repeating: "x", count: 10_000)))
        let clock = ContinuousClock()
        let spent = clock.measure {
            for level in 0..<30 { tag = sealed(XMLTag("p\(level)", "urn:\(level)", "x", children: [.element(tag)])) }
        }
        try expectCanonical(tag)
        #expect(spent < .seconds(20))
    }
}

@Suite struct `Templates` {
    private func message(_ values: [String]) -> XMLTag {
        XMLTag(
            "a", "urn:a", "r", attributes: [("ID", values[0]), ("z", "fixed \(values[1]) \"<&")],
            children: [
                .element(XMLTag("b", "urn:b", "x", text: values[1])), .text("> \" &"), .element(XMLTag("", "", "y", text: values[2])),
                .element(XMLTag("b", "urn:b", "x", attributes: [("v", values[2])])),
            ])
    }

    @Test(arguments: [["_1", "", "plain"], ["<&>\"'\r\n\t", "日本\u{0}", "]]>"], ["\"", "\u{FFFE}", XMLTemplate.slot(0)]])
    func `a filled template is the canonical form of the message`(values: [String]) throws {
        let template = XMLTemplate(message((0..<3).map(XMLTemplate.slot)))
        #expect(template.filled(values).bytes == message(values).canonicalBytes())
        #expect(template.prefixes == ["a", "b"])
    }

    @Test func `a slot without a value stays empty, and a value without a slot is not written`() {
        let template = XMLTemplate(message((0..<3).map(XMLTemplate.slot)))
        #expect(template.filled(["_1"]).bytes == message(["_1", "", ""]).canonicalBytes())
        #expect(template.filled(["_1", "2", "3", "4"]).bytes == message(["_1", "2", "3"]).canonicalBytes())
    }

    @Test func `an element in bytes is put where it belongs, and the place of another is told`() {
        let inner = XMLTag("c", "urn:c", "inner", text: "<&>")
        func message(_ children: [XMLNode]) -> XMLTag { XMLTag("a", "urn:a", "r", attributes: [("ID", "_1")], children: children) }
        let template = XMLTemplate(message([.text(XMLTemplate.slot(0)), .text(XMLTemplate.place), .text(XMLTemplate.inner)]))
        let filled = template.filled(["日本<"], around: inner.canonicalBytes())
        #expect(filled.bytes == message([.text("日本<"), .element(inner)]).canonicalBytes())
        #expect(filled.place == message([.text("日本<")]).canonicalBytes().count - "</a:r>".utf8.count)
        #expect(XMLTemplate(message([])).filled([]).place == nil)
    }

    @Test func `what only resembles a slot is text`() {
        for text in ["\u{F8F0}", "\u{F8F0}9\u{F8F1}", "\u{F8F0}ab\u{F8F1}", "\u{F8F0}a"] {
            let tag = XMLTag("a", "urn:a", "r", text: text)
            #expect(XMLTemplate(tag).filled(["value"]).bytes == tag.canonicalBytes())
        }
    }
}

/// Random trees from a fixed seed.
private struct Rolling {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func pick<T>(_ values: [T]) -> T { values[next(values.count)] }

    mutating func tag(depth: Int) -> XMLTag {
        let prefix = pick(["", "", "a", "b", "xs"])
        let namespace = prefix.isEmpty ? pick(["", "urn:1", "urn:2"]) : pick(["urn:1", "urn:2", "urn:0"])
        var attributes: [(String, String)] = []
        for _ in 0..<next(5) {
            attributes.append((pick(["z", "ID", "c:x", "c:a", "d:x", "xml:lang", "é", "a"]), pick(["", "1", "<&\"'>", "\n\t\r", "日本"])))
        }
        // One prefix means one namespace within a tag, as in any XML.
        let declared = [("c", pick(["urn:1", "urn:3"])), ("d", "urn:4")]
        var children: [XMLNode] = []
        if depth > 0 {
            for _ in 0..<next(4) {
                if next(4) == 0 { children.append(.text(pick(["x", " ", "<>&\r", "]]>"]))) }
                var child = tag(depth: depth - 1)
                if next(4) == 0 {
                    child = child.inserting(at: next(3), tag: { _ in XMLTag(["ds", "a", ""][Int(state % 3)], "urn:1", "S") })
                }
                children.append(.element(child))
            }
        }
        return XMLTag(prefix, namespace, pick(["a", "b", "Été"]), attributes: attributes, namespaces: declared, children: children)
    }
}
