import Vocabulary
import XML

/// Reads parts of messages strictly where two readers could differ: each element at most once, values of text only, nothing of another kind
/// between them; bounded, and refused rather than cut (S35).
struct MessageReader {
    let limits: MessageLimits

    /// The entityID in an Issuer (SAML Profiles §4.1.4.1: no other format, no qualifiers). White space around it is the pretty-printer's.
    static func issuer(_ element: XMLElement) throws(SAMLRefusal.Reason) -> MemberID {
        let text = Lexical.trimmed(element.text)
        guard element.hasOnlyText, let id = MemberID(text) else { throw .issuer(text) }
        guard element.attribute("Format").map({ $0 == NameIDFormat.entity }) ?? true,
            element.attribute("NameQualifier") == nil, element.attribute("SPNameQualifier") == nil
        else { throw .issuer(text) }
        return id
    }

    /// The children by local name, each one allowed and each once.
    func children(_ element: XMLElement, allowed: [XMLName]) throws(SAMLRefusal.Reason) -> [String: XMLElement] {
        guard !element.hasStrayText else { throw .malformed(element.name.local, "text between elements") }
        var found: [String: XMLElement] = [:]
        for child in element.children {
            guard let name = allowed.first(where: { child.isNamed($0) }) else { throw .malformed(element.name.local, child.name.local) }
            guard found.updateValue(child, forKey: name.local) == nil else { throw .malformed(element.name.local, name.local + " twice") }
        }
        return found
    }

    func text(_ value: String, _ what: String) throws(SAMLRefusal.Reason) -> String {
        guard value.utf8.count <= limits.string || value.unicodeScalars.count <= limits.string else {
            throw .tooLong(what, limit: limits.string)
        }
        return value
    }

    /// The text of an element that holds nothing else.
    func content(_ element: XMLElement) throws(SAMLRefusal.Reason) -> String {
        guard element.hasOnlyText else { throw .malformed(element.name.local, "text and markup") }
        return try text(Lexical.trimmed(element.text), element.name.local)
    }

    func attribute(_ element: XMLElement, _ name: String) throws(SAMLRefusal.Reason) -> String? {
        guard let value = element.attribute(name) else { return nil }
        return try text(value, name)
    }

    func address(_ element: XMLElement, _ name: String) throws(SAMLRefusal.Reason) -> String? {
        guard let value = element.attribute(name) else { return nil }
        guard value.utf8.count <= limits.address else { throw .tooLong(name, limit: limits.address) }
        return value
    }

    /// `xs:unsignedShort`.
    func index(_ element: XMLElement, _ name: String) throws(SAMLRefusal.Reason) -> Int? {
        guard let value = element.attribute(name) else { return nil }
        guard let index = UInt16(Lexical.trimmed(value)) else { throw .malformed(name, value) }
        return Int(index)
    }

    func boolean(_ element: XMLElement, _ name: String) throws(SAMLRefusal.Reason) -> Bool? {
        guard let value = element.attribute(name) else { return nil }
        guard let truth = Lexical.boolean(value) else { throw .malformed(name, value) }
        return truth
    }
}
