import Vocabulary
import XML

/// What a document claims, read without believing any of it.
extension MessageClaims {
    init(_ root: XMLElement) {
        self.init()
        element = root.name.local
        namespace = root.name.namespace
        func cut(_ text: String?) -> String? { text.map { String($0.prefix(1024)) } }
        id = cut(root.attribute("ID") ?? root.attribute("entityID"))
        issuer = cut(root.child(.assertion("Issuer")).map { Lexical.trimmed($0.text) })
        issueInstant = cut(root.attribute("IssueInstant"))
        destination = cut(root.attribute("Destination"))
        inResponseTo = cut(root.attribute("InResponseTo"))
    }
}

/// Reads messages to a service provider as strictly as `MessageReader` reads those to us.
enum JudgeReader {
    /// Children in the schema's order: each name of `order` as often as `most` says.
    static func children(
        _ element: XMLElement, _ order: [(name: XMLName, most: Int)]
    ) throws(JudgeRefusal) -> [String: [XMLElement]] {
        try refuseStrayText(in: element)
        var found: [String: [XMLElement]] = [:]
        var place = 0
        for child in element.children {
            guard let index = order.indices.first(where: { $0 >= place && child.isNamed(order[$0].name) }) else {
                throw .malformed(element.name.local, child.name.local)
            }
            place = index
            let local = order[index].name.local
            found[local, default: []].append(child)
            guard (found[local]?.count ?? 0) <= order[index].most else { throw .malformed(element.name.local, local + " too often") }
        }
        return found
    }

    /// Of elements that hold elements alone; white space between them is the pretty-printer's.
    static func refuseStrayText(in element: XMLElement) throws(JudgeRefusal) {
        guard !element.hasStrayText else { throw .malformed(element.name.local, "text between elements") }
    }

    /// The text of an element that holds nothing else. A comment inside is refused: another reader may stop there (checklist A7, A8).
    static func text(_ element: XMLElement) throws(JudgeRefusal) -> String {
        guard element.hasOnlyText else { throw .comment(element.name.local) }
        return Lexical.trimmed(element.text)
    }

    /// Version, ID and IssueInstant of a message or an assertion.
    static func envelope(_ element: XMLElement) throws(JudgeRefusal) {
        let version = element.attribute("Version") ?? ""
        guard version == "2.0" else { throw .version(version) }
        let id = element.attribute("ID") ?? ""
        guard Lexical.isNCName(id), id.utf8.count <= 1024 else { throw .malformed("ID", id.isEmpty ? "absent" : id) }
    }

    static func issuer(_ element: XMLElement) throws(JudgeRefusal) -> String {
        do { return try MessageReader.issuer(element).text } catch { throw .reason(error) }
    }
}
