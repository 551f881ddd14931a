import Cryptography
import SignOn
import Vocabulary
import XML
import XMLSecurity

/// What a LogoutRequest says, read once from the element that was signed (SAML Core §3.7.1). The reading is strict where two readers could
/// differ.
struct LogoutRequestMessage: Sendable {
    enum Principal: Sendable {
        case name(MemberName)
        /// Something that is there and names nobody we could know.
        case unknown(String)
    }

    let principal: Principal
    /// Empty: every session of the principal at this member (§3.7.1).
    let sessionIndexes: [String]
    let notOnOrAfter: Timestamp?
    let reason: String?
    let isAsynchronous: Bool

    /// More than any citizen has sessions.
    private static let mostIndexes = 64

    /// `root` was proven to be its sender's, an EncryptedID inside it with it: `ciphers` may name such that do not prove it themselves.
    init(
        reading root: XMLElement, at identityProvider: IdentityProvider, at now: Timestamp, ciphers: Set<ContentCipher> = .authenticated
    ) throws(SAMLRefusal.Reason) {
        let reader = MessageReader(limits: identityProvider.limits)
        guard !root.hasStrayText else { throw .malformed(LogoutName.request, "text between elements") }
        var identifiers: [XMLElement] = []
        var indexes: [String] = []
        var isAsynchronous = false
        for child in root.children {
            switch (child.name.namespace, child.name.local) {
            case (Namespace.assertion, "BaseID"), (Namespace.assertion, "NameID"), (Namespace.assertion, "EncryptedID"):
                identifiers.append(child)
            case (Namespace.protocol, "SessionIndex"):
                guard indexes.count < Self.mostIndexes else { throw .tooLarge("SessionIndex", limit: Self.mostIndexes) }
                indexes.append(try reader.content(child))
            case (Namespace.protocol, "Extensions"):
                isAsynchronous = child.children.contains { $0.isNamed(XMLName(LogoutName.asynchronous, "Asynchronous")) }
            case (Namespace.assertion, "Issuer"), (Namespace.signature, "Signature"): break
            default: throw .malformed(LogoutName.request, child.name.local)
            }
        }
        // A SessionIndex alone names nobody (checklist §1.4).
        guard let identifier = identifiers.first else { throw .principal("NameID, BaseID or EncryptedID is missing") }
        guard identifiers.count == 1 else { throw .principal("more than one identifier") }
        principal = try Self.principal(identifier, reader, identityProvider.decryptionKeys(at: now), ciphers)
        sessionIndexes = indexes
        self.isAsynchronous = isAsynchronous
        reason = try root.attribute("Reason").map { (text) throws(SAMLRefusal.Reason) in try reader.text(text, "Reason") }
        notOnOrAfter = try root.attribute("NotOnOrAfter").map { (text) throws(SAMLRefusal.Reason) in
            guard let moment = Lexical.moment(text) else { throw .malformed("NotOnOrAfter", text) }
            return moment
        }
    }

    private static func principal(
        _ element: XMLElement, _ reader: MessageReader, _ keys: [PrivateKey], _ ciphers: Set<ContentCipher>
    ) throws(SAMLRefusal.Reason) -> Principal {
        switch element.name.local {
        case "NameID": return .name(try name(element, reader))
        // Abstract: whatever type it has, none of ours (Core §2.2.1).
        case "BaseID": return .unknown("BaseID")
        default:
            let document: XMLDocument
            do {
                document = try XMLEncryption.decrypt(element, with: keys, allowing: ciphers)
            } catch {
                throw .hiddenName(error, otherwise: .principal("EncryptedID cannot be read"))
            }
            guard document.root.isNamed(.assertion("NameID")) else { return .unknown("EncryptedID without NameID") }
            return .name(try name(document.root, reader))
        }
    }

    private static func name(_ element: XMLElement, _ reader: MessageReader) throws(SAMLRefusal.Reason) -> MemberName {
        let text = try reader.content(element)
        guard !text.isEmpty else { throw .principal("NameID is empty") }
        return .nameID(
            text, format: try reader.attribute(element, "Format"), nameQualifier: try reader.address(element, "NameQualifier"),
            spNameQualifier: try reader.address(element, "SPNameQualifier"))
    }
}

/// What a LogoutResponse says, read once from the element that was proven (SAML Core §3.7.2, §3.2.2).
struct LogoutResponseMessage: Sendable {
    /// The request that it answers.
    let inResponseTo: String
    /// The status codes from the top down, without their prefix.
    private let codes: [String]

    /// For the record.
    var status: String { codes.prefix(2).joined(separator: "/") }
    /// Success, or that it knows nobody of this name: in either case nothing of the citizen's is open there.
    var hasEnded: Bool { codes == ["Success"] || codes.contains("UnknownPrincipal") }

    init(reading message: ProvenMessage, limits: MessageLimits) throws(SAMLRefusal.Reason) {
        guard let inResponseTo = message.header.inResponseTo else { throw .malformed(LogoutName.response, "no InResponseTo") }
        let parts = try MessageReader(limits: limits).children(
            message.element, allowed: [.assertion("Issuer"), .signature("Signature"), .protocol("Extensions"), .protocol("Status")])
        guard let status = parts["Status"] else { throw .malformed(LogoutName.response, "no Status") }
        var codes: [String] = []
        var code = status.child(.protocol("StatusCode"))
        while let found = code, codes.count < 4 {
            let value = found.attribute("Value") ?? ""
            codes.append(value.hasPrefix(SAMLStatus.prefix) ? String(value.dropFirst(SAMLStatus.prefix.count)) : "other")
            code = found.child(.protocol("StatusCode"))
        }
        guard !codes.isEmpty else { throw .malformed(LogoutName.response, "no StatusCode") }
        self.inResponseTo = inResponseTo
        self.codes = codes
    }
}
