import Testing
import XML

private func refusal(_ text: String, limits: XMLLimits = .message) -> XMLRefusal? { refusal(Array(text.utf8), limits: limits) }

private func refusal(_ bytes: [UInt8], limits: XMLLimits = .message) -> XMLRefusal? {
    do {
        _ = try XMLDocument(parsing: bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

private func bigEndian16(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }

/// In other encodings than UTF-8, or broken ones.
let foreign: [[UInt8]] = {
    let texts = [
        "+ADw-!DOCTYPE a+AD4-", "+/v8-+ADw-a/+AD4-", "<?xml version='1.0' encoding='UTF-7'?><a/>",
        "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "<?xml version='1.0' encoding='UTF-16'?><a/>",
    ]
    var all = texts.map { Array($0.utf8) }
    all.append(bigEndian16("\u{FEFF}<a/>"))
    all.append(bigEndian16("\u{FEFF}<!DOCTYPE a><a/>"))
    all.append(bigEndian16("<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE a><a/>"))
    all.append("\u{FEFF}<!DOCTYPE a><a/>".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
    all.append("<!DOCTYPE a><a/>".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
    all.append([0x4c, 0x6f, 0xa7, 0x94, 0x93])  // `<?xml` in EBCDIC
    all.append([0x00, 0x00, 0x00, 0x3c])
    for wrong: [UInt8] in [[0xc0, 0xbc], [0xed, 0xa0, 0x80], [0xff], [0xf4, 0x90, 0x80, 0x80], [0xe3, 0x81]] {
        all.append(Array("<a>".utf8) + wrong + Array("</a>".utf8))
    }
    return all
}()

@Suite struct `A document from a stranger` {
    @Test(arguments: [
        "<a/>", "<?xml version=\"1.0\"?><a/>", "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n<a b='1'/>\n",
        "\u{FEFF}<a/>", "<!-- c --><a/><!-- d -->", "<a>&lt;&gt;&amp;&quot;&apos;&#x41;&#66;</a>", "<a><![CDATA[<!DOCTYPE &x;]]></a>",
        "<a b='>' c=\"'\"/>", "<p:a xmlns:p='urn:x' p:b=''/>", "  <a/>",
    ])
    func `is read when it is plain`(text: String) throws {
        #expect(refusal(text) == nil)
    }

    @Test(arguments: [
        ("<!DOCTYPE a><a/>", XMLRefusal.doctype),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", .doctype),
        ("<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE a PUBLIC '-//x' 'http://evil.example/x.dtd'><a/>", .doctype),
        ("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://evil.example/'>%p;]><a/>", .doctype),
        ("<a>&x;</a>", .entity), ("<a b='&x;'/>", .entity), ("<a>&nbsp;</a>", .entity),
        ("<a>%p;<b/>&file;</a>", .entity),
        ("<?xml-stylesheet href='http://evil.example/x.xsl'?><a/>", .processingInstruction),
        ("<a><?php echo 1 ?></a>", .processingInstruction), ("<a/><?x?>", .processingInstruction),
        ("<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file:///etc/passwd'/></a>", .inclusion),
    ])
    func `C1 C3 A12 is refused when it could fetch or expand`(text: String, expected: XMLRefusal) {
        #expect(refusal(text) == expected)
    }

    @Test func `C2 billion laughs and quadratic entities are refused before any expansion`() {
        var text = "<!DOCTYPE l [<!ENTITY l0 'lol'>"
        for level in 1..<10 { text += "<!ENTITY l\(level) '" + String(repeating: "&l\(level - 1);", count: 10) + "'>" }
        #expect(refusal(text + "]><a>&l9;</a>") == .doctype)
        let quadratic =
            "<!DOCTYPE a [<!ENTITY x '" + String(repeating: "x", count: 50_000) + "'>]><a>"
            + String(repeating: "&x;", count: 50_000) + "</a>"
        #expect(refusal(quadratic) == .doctype)
    }

    @Test(arguments: foreign)
    func `C1 is refused in any encoding but UTF-8`(bytes: [UInt8]) {
        #expect(refusal(bytes) == .unsupportedEncoding)
    }

    @Test func `is refused when it is not version 1 point 0`() {
        #expect(refusal("<?xml version='1.1'?><a/>") == .unsupportedVersion)
    }

    @Test(arguments: [
        "", " ", "<", "<a", "<a>", "</a>", "<a></b>", "<a/><b/>", "x<a/>", "<a/>x", "<a b=1/>", "<a b='1' b='2'/>", "<a b='<'/>",
        "<a>]]></a>", "<a><!-- -- --></a>", "<p:a/>", "<a p:b=''/>", "<a:b:c xmlns:a='urn:x'/>", "<a xmlns:p=''/>",
        "<a xmlns:xml='urn:x'/>", "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='' q:b=''/>", "<a>&#0;</a>", "<a>&#xFFFE;</a>",
        "<a>\u{0}</a>", "<a/>\u{0}", "<a/>\u{0}<b/>", "<a>\u{1}</a>", "<a>&#x110000;</a>", "<a>&#xD800;</a>", "<a>&lt</a>", "<a>&;</a>",
        "<a>&", "<a b='",
        "<a><![CDATA[x</a>", "<a><!-- x</a>", "<!", "<!a>", "<a\u{0}b/>", "<?xml version='1.0'", "<?xml ", "<a/", "<a b", "<a b=", "<1/>",
        "<a>&#;</a>", "<a>&#x;</a>", "<a><b></a></b>", "<a ='1'/>", "<a b='1'c='2'/>",
    ])
    func `A11 A17 A37 is refused when it is not well-formed, namespaces included`(text: String) {
        let found = refusal(text)
        guard case .notWellFormed = found else {
            Issue.record("\(text.debugDescription) gave \(String(describing: found))")
            return
        }
    }

    @Test func `names the line where it stops being well-formed`() {
        #expect(refusal("<a>\n\n<b></a>") == .notWellFormed(line: 3))
    }

    @Test func `A37 any single byte changed or cut gives a tree or a refusal, never a crash`() throws {
        let original = Array("<?xml version='1.0'?><s:a xmlns:s='urn:s' ID='_1'><!-- c --><b x='&amp;'>t<![CDATA[u]]></b></s:a>".utf8)
        var random = SystemRandomNumberGenerator()
        for length in 0..<original.count { _ = refusal(Array(original[..<length])) }
        for index in original.indices {
            for replacement in [0x00, 0x0a, 0x22, 0x26, 0x27, 0x2f, 0x3c, 0x3d, 0x3e, 0x3f, 0x80, 0xc3, 0xff] as [UInt8] {
                var bytes = original
                bytes[index] = replacement
                _ = refusal(bytes)
                bytes.insert(UInt8.random(in: 0...255, using: &random), at: Int.random(in: 0...bytes.count, using: &random))
                if let tree = try? XMLDocument(parsing: bytes) { _ = try? Canonical.exclusive(tree.root) }
            }
        }
    }
}

@Suite struct `Limits hold while reading` {
    private let small = XMLLimits(
        bytes: 1_000, depth: 3, elements: 5, attributesPerElement: 4, namespacesInScope: 3, textBytes: 20)

    @Test(arguments: [
        "<a><b><c/></b></a>", "<a><b/><b/><b/><b/></a>", "<a a='' b='' c='' d=''/>",
        "<a xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'/>", "<a>12345678901234567890</a>",
        "<a><b xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'/><b xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'/></a>",
        "<a><b xmlns:a='urn:a' xmlns:b='urn:b'></b><b xmlns:a='urn:a' xmlns:b='urn:b' xmlns:c='urn:c'/></a>",
    ])
    func `exactly at the limit is read`(text: String) {
        #expect(refusal(text, limits: small) == nil)
    }

    @Test(arguments: [
        ("<a><b><c><d/></c></b></a>", XMLRefusal.tooDeep), ("<a><b/><b/><b/><b/><b/></a>", .tooManyElements),
        ("<a a='' b='' c='' d='' e=''/>", .tooManyAttributes),
        ("<a xmlns:a='urn:a' xmlns:b='urn:b'><b xmlns:c='urn:c' xmlns:d='urn:d'/></a>", .tooManyNamespaces),
        ("<a>123456789012345678901</a>", .textTooLong), ("<a b='123456789012345678901'/>", .textTooLong),
        ("<a><![CDATA[123456789012345678901]]></a>", .textTooLong), ("<a><!--123456789012345678901--></a>", .textTooLong),
        ("<a>" + String(repeating: "<!-- -->", count: 200) + "</a>", .tooLarge),
    ])
    func `C5 one more is refused`(text: String, expected: XMLRefusal) {
        #expect(refusal(text, limits: small) == expected)
    }

    @Test func `C6 a hundred thousand attributes are refused, not worked through`() {
        var bytes = Array("<a".utf8)
        for index in 0..<100_000 { bytes += Array(" a\(index)=''".utf8) }
        bytes += Array("/>".utf8)
        let clock = ContinuousClock()
        var found: XMLRefusal?
        let spent = clock.measure { found = refusal(bytes, limits: .metadata) }
        #expect(found == .tooManyAttributes)
        #expect(spent < .seconds(10))
        #expect(refusal(bytes) == .tooLarge)
    }

    @Test func `C5 deep, wide and namespace bombs within the byte limit are refused, not worked through`() {
        let deep = String(repeating: "<a>", count: 60_000)
        let wide = "<a>" + String(repeating: "<b/>", count: 60_000) + "</a>"
        var names = "<a"
        for index in 0..<5_000 { names += " xmlns:n\(index)='urn:\(index)'" }
        let clock = ContinuousClock()
        for (text, expected) in [(deep, XMLRefusal.tooDeep), (wide, .tooManyElements), (names + "/>", .tooManyAttributes)] {
            var found: XMLRefusal?
            #expect(clock.measure { found = refusal(text) } < .seconds(10))
            #expect(found == expected)
        }
    }

    @Test func `C5 the costliest document that the message limits admit is read and canonicalized in bounded time`() throws {
        var text = "<r"
        for index in 0..<60 { text += " xmlns:n\(index)='urn:\(index)'" }
        text += ">"
        var opened = 0
        while text.utf8.count < 240_000, opened < 7_900 {
            text += "<n\(opened % 60):e n1:a='' n2:a='' n3:a=''/>"
            opened += 1
        }
        text += "</r>"
        let clock = ContinuousClock()
        let spent = try clock.measure { _ = try Canonical.exclusive(try XMLDocument(parsing: Array(text.utf8)).root) }
        #expect(spent < .seconds(30))
    }
}
