package import Vocabulary
import XML

/// What every SAML request and response says of itself (SAML Core §3.2.1, §3.2.2).
package struct MessageHeader: Sendable {
    package let id: String
    package let issuer: MemberID
    package let issueInstant: Timestamp
    /// Nil when absent. Compared byte for byte.
    package let destination: String?
    /// A response's request; nil when absent.
    package let inResponseTo: String?

    /// `element` is a protocol message. Refuses another version than 2.0, an ID with other characters than a name has, and whatever is too long.
    init(reading element: XMLElement, limits: MessageLimits) throws(SAMLRefusal.Reason) {
        let reader = MessageReader(limits: limits)
        let version = element.attribute("Version") ?? ""
        guard version == "2.0" else { throw .version(version) }
        id = try reader.text(element.attribute("ID") ?? "", "ID")
        guard Lexical.isMessageID(id) else { throw .malformed("ID", id) }
        let issued = element.attribute("IssueInstant") ?? ""
        guard let moment = Lexical.moment(issued) else { throw .malformed("IssueInstant", issued) }
        issueInstant = moment
        destination = try reader.address(element, "Destination")
        inResponseTo = try reader.attribute(element, "InResponseTo")
        let issuers = element.children(.assertion("Issuer"))
        guard let first = issuers.first, issuers.count == 1 else { throw .malformed(element.name.local, "not one Issuer") }
        issuer = try MessageReader.issuer(first)
    }
}
