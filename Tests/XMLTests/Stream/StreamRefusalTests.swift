import Testing
import XML

private func treeRefusal(_ bytes: [UInt8]) -> XMLRefusal? {
    do {
        _ = try XMLDocument(parsing: bytes, limits: .metadata)
        return nil
    } catch {
        return error
    }
}

/// The reasons differ in lines only: the stream knows where it is, the tree sometimes does not.
private func isSameKind(_ one: XMLRefusal?, _ other: XMLRefusal?) -> Bool {
    switch (one, other) {
    case (.notWellFormed, .notWellFormed): true
    default: one == other
    }
}

@Suite struct `A stranger's document as a stream` {
    @Test(arguments: [
        "<a/>", "<?xml version=\"1.0\"?><a/>", "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n<a b='1'/>\n",
        "\u{FEFF}<a/>", "<!-- c --><a/><!-- d -->", "<a>&lt;&gt;&amp;&quot;&apos;&#x41;&#66;</a>", "<a><![CDATA[<!DOCTYPE &x;]]></a>",
        "<a b='>' c=\"'\"/>", "<p:a xmlns:p='urn:x' p:b=''/>", "  <a/>", "<a><![CDATA[]]]]></a>", "<a><!----></a>",
        "<xmlns:a xmlns:xmlnsx='urn:y' xmlnsfoo='' />",
    ])
    func `is read when the tree reader reads it, and else refused`(text: String) {
        let expected = treeRefusal(Array(text.utf8))
        for size in [1, 2, 5, 65_536] { #expect(isSameKind(streamRefusal(Array(text.utf8), pieces: size), expected)) }
    }

    @Test(arguments: [
        ("<!DOCTYPE a><a/>", XMLRefusal.doctype),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", .doctype),
        ("<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE a PUBLIC '-//x' 'http://evil.example/x.dtd'><a/>", .doctype),
        ("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://evil.example/'>%p;]><a/>", .doctype), ("<a><!DOCTYPE b></a>", .doctype),
        ("<a>&x;</a>", .entity), ("<a b='&x;'/>", .entity), ("<a>&nbsp;</a>", .entity), ("<a>&lt\u{1};</a>", .entity),
        ("<a>&aaaaaaaaaaaaaaaaaaaaaaaaaa</a>", .entity), ("<a b='&amplify;'/>", .entity),
        ("<?xml-stylesheet href='http://evil.example/x.xsl'?><a/>", .processingInstruction),
        ("<a><?php echo 1 ?></a>", .processingInstruction), ("<a/><?x?>", .processingInstruction),
        ("<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file:///etc/passwd'/></a>", .inclusion),
        ("<?xml version='1.1'?><a/>", .unsupportedVersion),
    ])
    func `C1 C3 A12 is refused when it could fetch or expand, for the tree's reason`(text: String, expected: XMLRefusal) {
        for size in [1, 3, 65_536] { #expect(streamRefusal(Array(text.utf8), pieces: size) == expected) }
        #expect(treeRefusal(Array(text.utf8)) == expected)
    }

    @Test(arguments: foreign)
    func `C1 is refused in any encoding but UTF-8, wherever a character is cut`(bytes: [UInt8]) {
        for size in [1, 2, 3, 4, 65_536] { #expect(streamRefusal(bytes, pieces: size) == .unsupportedEncoding) }
    }

    @Test func `C2 billion laughs and quadratic entities are refused before any expansion`() {
        var text = "<!DOCTYPE l [<!ENTITY l0 'lol'>"
        for level in 1..<10 { text += "<!ENTITY l\(level) '" + String(repeating: "&l\(level - 1);", count: 10) + "'>" }
        #expect(streamRefusal(Array((text + "]><a>&l9;</a>").utf8)) == .doctype)
    }

    @Test(arguments: [
        "", " ", "<", "<a", "<a>", "</a>", "<a></b>", "<a/><b/>", "x<a/>", "<a/>x", "<a b=1/>", "<a b='1' b='2'/>", "<a b='<'/>",
        "<a>]]></a>", "<a><!-- -- --></a>", "<p:a/>", "<a p:b=''/>", "<a:b:c xmlns:a='urn:x'/>", "<a xmlns:p=''/>",
        "<a xmlns:xml='urn:x'/>", "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='' q:b=''/>", "<a>&#0;</a>", "<a>&#xFFFE;</a>",
        "<a>\u{0}</a>", "<a>\u{1}</a>", "<a>&#x110000;</a>", "<a>&#xD800;</a>", "<a>&lt</a>", "<a>&;</a>", "<a>&", "<a b='",
        "<a><![CDATA[x</a>", "<a><!-- x</a>", "<!", "<!a>", "<a\u{0}b/>", "<?xml version='1.0'", "<?xml ", "<a/", "<a b", "<a b=", "<1/>",
        "<a>&#;</a>", "<a>&#x;</a>", "<a><b></a></b>", "<a ='1'/>", "<a b='1'c='2'/>", "<a/>\u{0}", "<a/>\u{0}<b/>", "<a/ >", "<a / b=''/>",
        "<![CDATA[x]]><a/>", "<a/>&amp;", "< a/>", "<>", "<a></ a>", "<a b='&#38'/>",
    ])
    func `A11 A17 A37 is refused when it is not well-formed, namespaces included`(text: String) {
        for size in [1, 65_536] {
            let found = streamRefusal(Array(text.utf8), pieces: size)
            guard case .notWellFormed = found else {
                Issue.record("\(text.debugDescription) in pieces of \(size) gave \(String(describing: found))")
                continue
            }
        }
    }

    @Test func `names the line where it stops being well-formed`() {
        for size in [1, 65_536] {
            #expect(streamRefusal(Array("<a>\n\n<b></a>".utf8), pieces: size) == .notWellFormed(line: 3))
            #expect(streamRefusal(Array("<a>\n\n<b =''/></a>".utf8), pieces: size) == .notWellFormed(line: 3))
        }
    }

    @Test func `A9 A37 any byte changed, put in or cut: both readers give the same verdict`() {
        let text =
            "<?xml version='1.0'?><s:a xmlns:s='urn:s' xmlns='urn:d' ID='_1'><!-- c --><b x='&amp;' s:y=\"v\">t&#x20;<![CDATA[u]]></b></s:a>"
        let original = Array(text.utf8)
        var random = SplitMix(state: 99)
        var verdicts = [0, 0]
        func compare(_ bytes: [UInt8]) {
            let tree = treeRefusal(bytes)
            let flow = streamRefusal(bytes, pieces: 1 + Int(random.next() % 40))
            // A relative namespace name is read as a tree and then has no canonical form; a NUL behind the end is seen by the stream only.
            if tree == nil, flow == .canonicalization || bytes.contains(0) { return }
            verdicts[tree == nil ? 0 : 1] += 1
            #expect(
                (tree == nil) == (flow == nil),
                "\(String(decoding: bytes, as: UTF8.self)): \(String(describing: tree)), \(String(describing: flow))")
        }
        for length in original.indices { compare(Array(original[..<length])) }
        for index in original.indices {
            for replacement in [0x00, 0x0a, 0x22, 0x26, 0x27, 0x2f, 0x3a, 0x3c, 0x3d, 0x3e, 0x3f, 0x5d, 0x78, 0x80, 0xc3] as [UInt8] {
                var bytes = original
                bytes[index] = replacement
                compare(bytes)
                bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: Int(random.next() % UInt64(bytes.count)))
                compare(bytes)
            }
        }
        #expect(verdicts[0] > 200 && verdicts[1] > 2_000, "\(verdicts)")
    }

    @Test func `what the source throws comes back as it was`() {
        struct Broken: Error {}
        var calls = 0
        #expect(throws: Broken.self) {
            try XMLStream.read(
                {
                    calls += 1
                    if calls > 1 { throw Broken() }
                    return Array(("<a>" + String(repeating: " ", count: 5_000)).utf8)
                }, visitor: Recorder())
        }
    }
}

@Suite struct `Limits of a stream hold while reading` {
    private let small = XMLStreamLimits(
        document: XMLLimits(bytes: 1_000, depth: 3, elements: 5, attributesPerElement: 4, namespacesInScope: 3, textBytes: 20),
        nameBytes: 8, names: 16_384, partBytes: 64)

    @Test(arguments: [
        "<a><b><c/></b></a>", "<a><b/><b/><b/><b/></a>", "<a a='' b='' c='' d=''/>", "<a xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'/>",
        "<a>12345678901234567890</a>", "<abcdefgh/>", "<a abcdefgh=''/>", "<a>1234567890&#x41;&lt;</a>",
        "<a><b xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'/><b xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'/></a>",
        "<a><b xmlns:a='urn:a' xmlns:b='urn:b'></b><b xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'/></a>",
    ])
    func `exactly at the limit is read`(text: String) {
        for size in [1, 7, 2_000] { #expect(streamRefusal(Array(text.utf8), pieces: size, limits: small) == nil) }
    }

    @Test(arguments: [
        ("<a><b><c><d/></c></b></a>", XMLRefusal.tooDeep), ("<a><b/><b/><b/><b/><b/></a>", .tooManyElements),
        ("<a a='' b='' c='' d='' e=''/>", .tooManyAttributes),
        ("<a xmlns:a='urn:a' xmlns:b='urn:b'><b xmlns:c='urn:c' xmlns:d='urn:d'/></a>", .tooManyNamespaces),
        ("<a>123456789012345678901</a>", .textTooLong), ("<a b='123456789012345678901'/>", .textTooLong),
        ("<a><!--123456789012345678901--></a>", .textTooLong), ("<a><![CDATA[123456789012345678901]]></a>", .textTooLong),
        ("<abcdefghi/>", .nameTooLong), ("<a abcdefghi=''/>", .nameTooLong),
        ("<a>" + String(repeating: " <!-- -->", count: 200) + "</a>", .tooLarge),
    ])
    func `one more is refused`(text: String, expected: XMLRefusal) {
        for size in [1, 7, 2_000] { #expect(streamRefusal(Array(text.utf8), pieces: size, limits: small) == expected) }
    }

    @Test func `C5 C6 deep, wide and gigantic documents end early, without having been read`() {
        let hostile: [(String, String, XMLRefusal)] = [
            ("<a>", "<a>", .tooDeep), ("<a ", "b='", .textTooLong), ("<a>", "x", .textTooLong), ("<a>", "<!-- ", .notWellFormed(line: 1)),
            ("<a", "a", .nameTooLong), ("<a ", "a", .nameTooLong), ("<", " ", .notWellFormed(line: 1)),
            ("<a>", "some text here<!---->", .tooLarge),
        ]
        for (start, again, expected) in hostile {
            let filler = again == "b='" ? "x" : again
            let piece = Array(String(repeating: filler, count: 65_536 / filler.utf8.count).utf8)
            var calls = 0
            #expect(throws: expected) {
                try XMLStream.read(
                    {
                        calls += 1
                        return calls == 1 ? Array((start + again).utf8) + piece : piece
                    }, visitor: Recorder())
            }
            #expect(calls < 140, "\(start)\(again)")
        }
    }

    @Test func `C5 what has no end of its own does not grow in memory`() throws {
        let limits = XMLStreamLimits(
            document: XMLLimits(
                bytes: 16_000_000, depth: 40, elements: 100, attributesPerElement: 64, namespacesInScope: 128, textBytes: 200_000),
            nameBytes: 256, names: 16_384, partBytes: 200_000)
        func run(_ start: String, _ again: String, _ choice: StreamChoice) throws -> (Recorder, (any Error)?, Int) {
            let recorder = Recorder(wanted: { $0.depth == 0 ? .enter : choice })
            let piece = Array(String(repeating: again, count: 65_536 / again.utf8.count).utf8)
            var calls = 0
            do {
                _ = try XMLStream.read(
                    {
                        calls += 1
                        return calls == 1 ? Array(start.utf8) : calls < 50 ? piece : calls == 50 ? Array("</b></a>".utf8) : []
                    }, limits: limits, visitor: recorder)
                return (recorder, nil, calls)
            } catch { return (recorder, error, calls) }
        }
        let (captured, none, _) = try run("<a><b>", "some text<!-- x -->", .capture)
        #expect(none == nil && captured.texts == ["too long"] && captured.output.count > 1_000_000)
        for text in ["some text<!-- x -->", "<!-- x -->"] {
            let (_, refusal, calls) = try run("<a><b>", text, .withhold)
            #expect(refusal as? XMLRefusal == .tooLarge && calls < 10, "\(text)")
        }
        for filler in [" ", " \n a='&lt;'", "x:y = '1' ", "   "] {
            let (_, refusal, calls) = try run("<a><b xmlns:x='urn:x' ", filler, [])
            #expect((refusal as? XMLRefusal == .textTooLong || refusal as? XMLRefusal == .tooManyAttributes) && calls < 10, "\(filler)")
        }
    }

    @Test func `long namespace names are kept to ten megabytes`() {
        var text = "<r>"
        for index in 0..<40 { text += "<e xmlns='urn:\(index):" + String(repeating: "x", count: 500_000) + "'/>" }
        #expect(streamRefusal(Array((text + "</r>").utf8)) != nil)
        let few = "<r><e xmlns='urn:" + String(repeating: "x", count: 500_000) + "'/></r>"
        #expect(streamRefusal(Array(few.utf8)) == nil)
    }

    @Test func `C6 a hundred thousand attributes are refused before libxml2 compares them`() {
        var text = "<a"
        for index in 0..<100_000 { text += " a\(index)=''" }
        let clock = ContinuousClock()
        var found: XMLRefusal?
        #expect(clock.measure { found = streamRefusal(Array((text + "/>").utf8)) } < .seconds(10))
        #expect(found == .tooManyAttributes)
    }

    @Test func `new names without end are refused, the same ones are not`() {
        func document(_ name: (Int) -> String) -> [UInt8] {
            Array(("<r>" + (0..<20_000).map { "<\(name($0))/>" }.joined() + "</r>").utf8)
        }
        #expect(streamRefusal(document { "n\($0)" }) == .tooManyNames)
        #expect(streamRefusal(document { "e xmlns='urn:\($0)'" }) == .tooManyNames)
        #expect(streamRefusal(document { "n\($0 % 1_000)" }) == nil)
    }
}
