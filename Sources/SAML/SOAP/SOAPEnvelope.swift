import Vocabulary
package import XML

/// The envelope of the SOAP binding (SOAP 1.1 §4; SAML Bindings §3.2): one SAML message in the Body, and nothing else that we would have to
/// understand. Proves nothing about who sent it; the message inside does.
package enum SOAPEnvelope {
    package static let namespace = "http://schemas.xmlsoap.org/soap/envelope/"
    /// Of our answers and requests (SOAP 1.1 §6).
    package static let contentType = "text/xml; charset=utf-8"
    /// The value of the `SOAPAction` header of our requests, its quotation marks included (SAML Bindings §3.2.3.1). Of a request to us the
    /// header is not looked at (§3.2.2: it must not be depended on).
    package static let action = "\"http://www.oasis-open.org/committees/security\""
    /// Octets that an envelope may have beside its message: its own tags, and header blocks that we pass over.
    package static let allowance = 16_384

    /// Octets of a whole envelope.
    package static func limit(_ limits: MessageLimits = .standard) -> Int { limits.message + allowance }

    /// Whether a `Content-Type` is that of SOAP 1.1: `text/xml`, in UTF-8 if it says (SOAP 1.1 §6). pysaml2 sends the type of SOAP 1.2 with
    /// an envelope of 1.1, others the general one; the envelope's namespace decides. What a form can send is none of these.
    package static func admit(contentType: String?) throws(SOAPRefusal) {
        let parts = (contentType ?? "").split(separator: ";").map { Lexical.trimmed(String($0)).lowercased() }
        guard let type = parts.first, types.contains(type) else { throw .contentType(contentType ?? "absent") }
        for part in parts.dropFirst() where part.hasPrefix("charset=") {
            let charset = part.dropFirst("charset=".utf8.count).filter { $0 != "\"" }
            guard charset == "utf-8" || charset == "us-ascii" else { throw .contentType(contentType ?? "") }
        }
    }

    /// The one element inside the Body, for `IncomingMessage.soap` or another reader.
    ///
    /// Refuses a document type, another version of SOAP, more than one element or any text in the Body, an element behind the Body, and
    /// every header block that demands to be understood (SOAP 1.1 §4.2.3): we understand none. Text between Envelope, Header and Body is
    /// passed over: SimpleSAMLphp sends a stray backslash there in every request, and nothing is read from it. Linear in `bytes`.
    package static func body(of bytes: [UInt8], limits: MessageLimits = .standard) throws(SOAPRefusal) -> XMLElement {
        guard bytes.count <= limit(limits) else { throw .tooLarge(limit: limit(limits)) }
        let root: XMLElement
        do {
            root = try XMLDocument(parsing: bytes, limits: limits.xml).root
        } catch {
            throw .xml(error)
        }
        guard root.name.local == "Envelope" else { throw .notAnEnvelope(root.name.local) }
        guard root.name.namespace == namespace else { throw .version(root.name.namespace) }
        var parts = root.children[...]
        if let header = parts.first, header.isNamed(name("Header")) {
            try examine(header)
            parts = parts.dropFirst()
        }
        guard let body = parts.first, body.isNamed(name("Body")) else { throw .malformed("no Body") }
        guard parts.count == 1 else { throw .malformed("an element behind Body") }
        guard !body.hasStrayText else { throw .malformed("text in Body") }
        let inside = body.children
        guard let message = inside.first, inside.count == 1 else { throw .malformed("Body with \(inside.count) elements") }
        if message.isNamed(name("Fault")) { throw .fault(code: faultCode(of: message)) }
        return message
    }

    /// An envelope with `message` in its Body; a signature that the message already carries stays good.
    package static func wrap(_ message: XMLTag) -> [UInt8] {
        tag("Envelope", [.element(tag("Body", [.element(message)]))]).canonicalBytes()
    }

    /// The Fault for a request that could not be read as a SOAP message (SOAP 1.1 §4.4). Goes out with `refusal.status`.
    package static func fault(_ refusal: SOAPRefusal) -> [UInt8] {
        let explanation = refusal.explanation
        return wrap(
            tag(
                "Fault",
                [
                    .element(XMLTag("", "", "faultcode", text: prefix + ":" + refusal.code.rawValue)),
                    .element(XMLTag("", "", "faultstring", text: explanation.code + ": " + explanation.summary)),
                ]))
    }

    private static let prefix = "soap"
    private static let types: Set<String> = ["text/xml", "application/soap+xml", "application/xml"]

    private static func examine(_ header: XMLElement) throws(SOAPRefusal) {
        guard !header.hasStrayText else { throw .malformed("text in Header") }
        for block in header.children {
            let demand = block.attribute("mustUnderstand", namespace: namespace)
            guard let demand, demand != "0", demand != "false" else { continue }
            // A block for another actor on the way is not for us (§4.2.2).
            let actor = block.attribute("actor", namespace: namespace) ?? ""
            if actor.isEmpty || actor == next { throw .mustUnderstand(block.name.local) }
        }
    }

    private static let next = "http://schemas.xmlsoap.org/soap/actor/next"

    /// What a Fault says of itself, without its prefix; bounded, because it is a stranger's text.
    private static func faultCode(of fault: XMLElement) -> String {
        let text = fault.child(XMLName("", "faultcode"))?.text ?? ""
        return String((text.split(separator: ":").last ?? "").prefix(64))
    }

    private static func tag(_ local: String, _ children: [XMLNode]) -> XMLTag {
        XMLTag(prefix, namespace, local, children: children)
    }

    private static func name(_ local: String) -> XMLName { XMLName(namespace, local) }
}
