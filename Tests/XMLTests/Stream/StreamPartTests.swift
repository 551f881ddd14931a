import Testing
import XML

@Suite struct `Parts of a stream` {
    private let document = """
        <g:all xmlns:g="urn:g" xmlns:u="urn:unused" xmlns="urn:d" g:k="1"><!-- c -->
          <g:one xmlns:o="urn:o" id="1"><o:x q="&lt;&#10;"/><y xmlns=""/>t</g:one>
          <g:two><inner><!-- c -->deep</inner></g:two>
          <three/>
        </g:all>
        """

    private func choice(_ table: [String: StreamChoice]) -> (StreamedElement) -> StreamChoice {
        { table[$0.name.local] ?? [] }
    }

    @Test func `nobody is asked about the children of what was not entered`() throws {
        let recorder = Recorder(wanted: choice(["all": .enter]))
        try stream(Array(document.utf8), to: recorder)
        #expect(recorder.asked == ["all", "one", "two", "three"])
        #expect(recorder.ends == 1)
        let closed = Recorder()
        try stream(Array(document.utf8), to: closed)
        #expect(closed.asked == ["all"] && closed.ends == 0)
    }

    @Test func `captured ones stand alone, and their canonical form is that of the place they came from`() throws {
        let recorder = Recorder(wanted: choice(["all": .enter, "one": .capture, "two": .capture, "three": .capture]))
        try stream(Array(document.utf8), pieces: 5, to: recorder)
        let root = try XMLDocument(parsing: Array(document.utf8)).root
        #expect(recorder.output == (try Canonical.exclusive(root)))
        #expect(recorder.parts.count == 3)
        for (part, element) in zip(recorder.parts, root.children) {
            let alone = try XMLDocument(parsing: try #require(part)).root
            #expect(try Canonical.exclusive(alone) == Canonical.exclusive(element))
        }
        #expect(recorder.texts[2] == "<three xmlns=\"urn:d\" xmlns:g=\"urn:g\"></three>")
    }

    @Test func `captured ones of documents that nobody wrote stand alone too`() throws {
        var maker = DocumentMaker(seed: 8)
        var count = 0
        for _ in 0..<300 {
            let bytes = Array(maker.make().utf8)
            for prefixes in [[], ["#default", "xs", "b"]] {
                let recorder = Recorder(prefixes: prefixes, wanted: { $0.depth == 0 ? .enter : .capture })
                try stream(bytes, pieces: 64, to: recorder)
                let root = try XMLDocument(parsing: bytes).root
                let children = root.children
                #expect(recorder.parts.count == children.count)
                for (part, element) in zip(recorder.parts, children) {
                    let alone = try XMLDocument(parsing: try #require(part)).root
                    #expect(try Canonical.exclusive(alone) == Canonical.exclusive(element))
                    count += 1
                }
            }
        }
        #expect(count > 300)
    }

    @Test func `withheld ones are no part of the canonical form, keep their comments and know every namespace`() throws {
        for name in ["one", "two", "three"] {
            let recorder = Recorder(wanted: choice(["all": .enter, name: .withhold]))
            try stream(Array(document.utf8), pieces: 3, to: recorder)
            let root = try XMLDocument(parsing: Array(document.utf8)).root
            let element = try #require(root.children.first { $0.name.local == name })
            #expect(recorder.output == (try Canonical.exclusive(root, excluding: element)))
            let alone = try XMLDocument(parsing: try #require(recorder.parts.first ?? nil)).root
            for list in [[], ["u", "#default", "o"]] {
                #expect(
                    try Canonical.exclusive(alone, inclusivePrefixes: list, withComments: true)
                        == Canonical.exclusive(element, inclusivePrefixes: list, withComments: true))
            }
        }
    }

    @Test func `a PrefixList learnt from the withheld first child holds for the root`() throws {
        final class Late: XMLStreamVisitor {
            var output: [UInt8] = []
            var inclusivePrefixes: [String] = []
            var identifier: String? { nil }
            func start(_ element: StreamedElement) -> StreamChoice {
                element.depth == 0 ? .enter : element.name.local == "one" ? .withhold : []
            }
            func end() {}
            func part(_ bytes: [UInt8]?) { inclusivePrefixes = ["u", "o"] }
            func canonical(_ bytes: Span<UInt8>) { for index in bytes.indices { output.append(bytes[index]) } }
        }
        let late = Late()
        _ = try XMLStream.read(pieces(Array(document.utf8), of: 9), visitor: late)
        let root = try XMLDocument(parsing: Array(document.utf8)).root
        #expect(late.output == (try Canonical.exclusive(root, inclusivePrefixes: ["u", "o"], excluding: root.children.first)))
        #expect(String(decoding: late.output, as: UTF8.self).contains("xmlns:u"))
    }

    @Test func `the root can be captured around its withheld first child`() throws {
        let recorder = Recorder(wanted: choice(["all": [.enter, .capture], "one": .withhold]))
        try stream(Array(document.utf8), pieces: 7, to: recorder)
        #expect(recorder.parts.count == 2)
        #expect(recorder.parts.last == recorder.output)
    }

    @Test func `a part longer than the limit is not kept, and the rest goes on`() throws {
        let limits = XMLStreamLimits(document: .metadata, nameBytes: 64, names: 1_000, partBytes: 1_000)
        let long = "<r><a>" + String(repeating: "<b/>", count: 60_000) + "</a><c>x</c></r>"
        let recorder = Recorder(wanted: choice(["r": .enter, "a": .capture, "c": .capture]))
        try stream(Array(long.utf8), limits: limits, to: recorder)
        #expect(recorder.texts == ["too long", "<c>x</c>"])
        #expect(recorder.output == (try Canonical.exclusive(try XMLDocument(parsing: Array(long.utf8), limits: .metadata).root)))
        let withheld = Recorder(wanted: choice(["r": .enter, "a": .withhold]))
        #expect(throws: XMLRefusal.tooLarge) { try stream(Array(long.utf8), limits: limits, to: withheld) }
    }

    @Test func `A2 identifiers are counted wherever they stand, whatever the name and prefix`() throws {
        let text = """
            <r ID='_1' xmlns:p='urn:p'><s><x Id='_1'/></s><a p:id='_1' ID='_2'/><b name='_1'>_1</b><c ID=' _1 '/><d ID='&#95;1'/></r>
            """
        let recorder = Recorder(wanted: choice(["r": .enter, "s": .withhold]))
        recorder.identifier = "_1"
        #expect(try stream(Array(text.utf8), identifiers: ["ID", "Id", "id"], to: recorder).identifierCount == 4)
    }

    @Test func `attributes are told as they are`() throws {
        var seen: [XMLAttribute] = []
        let recorder = Recorder(wanted: {
            seen = $0.attributes
            return []
        })
        try stream(Array("<r a='&amp;&#38;lt;&#x26;' p:b='&lt;&#10;' xmlns:p='urn:p'/>".utf8), to: recorder)
        #expect(seen.map(\.name) == [XMLName("", "a"), XMLName("urn:p", "b")])
        #expect(seen.map(\.value) == ["&&lt;&", "<\n"])
    }
}
