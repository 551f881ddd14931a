import SAML
import Testing
import Vocabulary
import XML

@Suite struct `A SOAP 1.1 envelope, SAML Bindings §3.2 (checklist S5)` {
    private static let message = "<m:Question xmlns:m=\"urn:m\" ID=\"_1\"><m:Part/></m:Question>"

    private static func envelope(
        body: String = message, header: String = "", behind: String = "", namespace: String = SOAPEnvelope.namespace, prolog: String = ""
    ) -> [UInt8] {
        Array("\(prolog)<s:Envelope xmlns:s=\"\(namespace)\">\(header)<s:Body>\(body)</s:Body>\(behind)</s:Envelope>".utf8)
    }

    private static func refusal(_ bytes: [UInt8]) -> SOAPRefusal? {
        do {
            _ = try SOAPEnvelope.body(of: bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        "", "<s:Header/>", "<s:Header><x:Note xmlns:x=\"urn:x\" s:mustUnderstand=\"0\"/></s:Header>",
        "<s:Header><x:Note xmlns:x=\"urn:x\"/></s:Header>",
        "<s:Header><x:Note xmlns:x=\"urn:x\" s:mustUnderstand=\"1\" s:actor=\"urn:somebody-else\"/></s:Header>",
    ])
    func `gives the one element of its Body, whatever header need not be understood`(header: String) throws {
        let element = try SOAPEnvelope.body(of: Self.envelope(header: header))
        #expect(element.name == XMLName("urn:m", "Question"))
        #expect(element.attribute("ID") == "_1")
    }

    @Test func `with SimpleSAMLphp's stray backslash before its Header is read all the same`() throws {
        let element = try SOAPEnvelope.body(of: Self.envelope(header: "\\\n        <s:Header/>"))
        #expect(element.attribute("ID") == "_1")
        #expect(Self.refusal(Self.envelope(body: "\\" + Self.message)) == .malformed("text in Body"))
    }

    @Test(arguments: ["1", "true", "yes"])
    func `is refused when a header block demands to be understood`(demand: String) {
        let header = "<s:Header><x:Security xmlns:x=\"urn:x\" s:mustUnderstand=\"\(demand)\"/></s:Header>"
        #expect(Self.refusal(Self.envelope(header: header)) == .mustUnderstand("Security"))
        #expect(SOAPRefusal.mustUnderstand("Security").code == .mustUnderstand)
        let actor = "http://schemas.xmlsoap.org/soap/actor/next"
        let next = "<s:Header><x:A xmlns:x=\"urn:x\" s:mustUnderstand=\"1\" s:actor=\"\(actor)\"/></s:Header>"
        #expect(Self.refusal(Self.envelope(header: next)) == .mustUnderstand("A"))
    }

    @Test(arguments: ["", message + message, "text" + message, message + "text"])
    func `is refused when its Body holds anything but one element`(body: String) {
        let refusal = Self.refusal(Self.envelope(body: body))
        guard case .malformed? = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
    }

    @Test func `is refused with an element behind the Body, a second Body, or a Header in the wrong place`() {
        #expect(Self.refusal(Self.envelope(behind: "<x:T xmlns:x=\"urn:x\"/>")) == .malformed("an element behind Body"))
        #expect(Self.refusal(Self.envelope(behind: "<s:Body>\(Self.message)</s:Body>")) == .malformed("an element behind Body"))
        #expect(Self.refusal(Self.envelope(behind: "<s:Header/>")) == .malformed("an element behind Body"))
    }

    @Test func `is refused in another version of SOAP, with the code that says so`() {
        let refusal = Self.refusal(Self.envelope(namespace: "http://www.w3.org/2003/05/soap-envelope"))
        #expect(refusal == .version("http://www.w3.org/2003/05/soap-envelope"))
        #expect(refusal?.code == .versionMismatch)
        #expect(Self.refusal(Array(Self.message.utf8)) == .notAnEnvelope("Question"))
    }

    @Test func `has no document type, checklist C1`() {
        #expect(Self.refusal(Self.envelope(prolog: "<!DOCTYPE s:Envelope>")) == .xml(.doctype))
        #expect(Self.refusal(Self.envelope(prolog: "<?pi?>")) == .xml(.processingInstruction))
    }

    @Test func `has a limit, checklist D1`() {
        let long = Self.envelope(body: "<m/>", header: "<s:Header>" + String(repeating: "<x/>", count: 40_000) + "</s:Header>")
        #expect(Self.refusal(long) == .tooLarge(limit: SOAPEnvelope.limit()))
        #expect(SOAPRefusal.tooLarge(limit: 1).status == 413)
    }

    @Test func `that carries a Fault is an answer that failed`() {
        let fault = "<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring></s:Fault>"
        #expect(Self.refusal(Self.envelope(body: fault)) == .fault(code: "Server"))
    }

    @Test(arguments: [
        "text/xml", "text/xml; charset=utf-8", "TEXT/XML;charset=\"UTF-8\"", "text/xml; charset=US-ASCII", "application/soap+xml",
    ])
    func `comes as XML in UTF-8, whatever type a stack has for it`(type: String) throws {
        try SOAPEnvelope.admit(contentType: type)
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "text/xml; charset=utf-16", "text/html", ""])
    func `is refused under another content type`(type: String) {
        #expect(throws: SOAPRefusal.contentType(type)) { try SOAPEnvelope.admit(contentType: type) }
        #expect(throws: SOAPRefusal.contentType("absent")) { try SOAPEnvelope.admit(contentType: nil) }
        #expect(SOAPRefusal.contentType("").status == 415)
    }

    @Test func `of ours is read by the same reader`() throws {
        let tag = XMLTag("m", "urn:m", "Answer", children: [.text("<&>")])
        let element = try SOAPEnvelope.body(of: SOAPEnvelope.wrap(tag))
        #expect(element.name.local == "Answer")
        #expect(element.text == "<&>")
    }

    @Test(arguments: [
        (SOAPRefusal.malformed("no Body"), "Client"), (.version("urn:x"), "VersionMismatch"), (.mustUnderstand("X"), "MustUnderstand"),
        (.failure, "Server"),
    ])
    func `of ours tells a Fault by its code and our stable code`(refusal: SOAPRefusal, code: String) throws {
        let text = String(decoding: SOAPEnvelope.fault(refusal), as: UTF8.self)
        #expect(text.contains("<faultcode>soap:\(code)</faultcode>"))
        #expect(text.contains(refusal.explanation.code))
        #expect(Self.refusal(SOAPEnvelope.fault(refusal)) == .fault(code: code))
    }

    @Test func `is answered with 403 to one whom we do not speak with, and 500 to one who errs`() {
        #expect(SOAPRefusal.message(.noKeys).status == 403)
        #expect(SOAPRefusal.message(.version("1.1")).status == 500)
    }
}
