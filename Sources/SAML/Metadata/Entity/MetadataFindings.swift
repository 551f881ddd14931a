import Vocabulary

/// How metadata is read.
package enum MetadataReading: Sendable {
    /// An operator put this file there: whatever is wrong is told and refused, so that it is repaired.
    case strict
    /// A federation of thousands: what cannot be used is left out with a note, as long as nothing that protects anybody is left out with it.
    case tolerant
}

/// What was found wrong while one document was read.
struct MetadataFindings {
    let reading: MetadataReading
    private(set) var problems: [Explanation] = []
    private(set) var notes: [Explanation] = []

    init(_ reading: MetadataReading) { self.reading = reading }

    /// Bounds what a hostile document can make us say.
    private static let most = 100

    /// The entity cannot be used.
    mutating func problem(
        _ code: String, _ summary: String, _ entity: String, _ compared: [Explanation.Compared] = [], remedy: String? = nil
    ) {
        guard problems.count < Self.most else { return }
        problems.append(.metadata(code, summary, [.init("entity", entity)] + compared, remedy: remedy))
    }

    mutating func problem(_ explanation: Explanation) {
        guard problems.count < Self.most else { return }
        problems.append(explanation)
    }

    /// A part of it cannot be used. `remedy`, where the one of the code speaks of something else.
    mutating func flaw(
        _ code: String, _ summary: String, _ entity: String, _ compared: [Explanation.Compared] = [], remedy: String? = nil
    ) {
        switch reading {
        case .strict: problem(code, summary, entity, compared, remedy: remedy)
        case .tolerant: note(code, summary, entity, compared, remedy: remedy)
        }
    }

    /// Left out, and nobody is the worse for it.
    mutating func note(
        _ code: String, _ summary: String, _ entity: String, _ compared: [Explanation.Compared] = [], remedy: String? = nil
    ) {
        guard notes.count < Self.most else { return }
        notes.append(.metadata(code, summary, [.init("entity", entity)] + compared, remedy: remedy))
    }

    mutating func add(_ other: MetadataFindings) {
        problems += other.problems.prefix(max(Self.most - problems.count, 0))
        notes += other.notes.prefix(max(Self.most - notes.count, 0))
    }
}

extension Explanation {
    static func metadata(_ code: String, _ summary: String, _ compared: [Compared] = [], remedy: String? = nil) -> Explanation {
        let (clause, usual) =
            switch code {
            case "key": ("SAML Metadata §2.4.1.1; IIP-MD07", "publish an RSA key of 2048 bits or more, or a P-256, P-384 or P-521 key")
            case "endpoint": ("SAML Metadata §2.4.4; checklist A26", "publish an https AssertionConsumerService with the HTTP-POST binding")
            case "logout", "artifact": ("SAML Metadata §2.2.2, §2.2.3", "publish an https address")
            case "role": ("SAML Metadata §2.4.4", "send the metadata of a service provider")
            case "entity-id": ("SAML Metadata §2.3.2", "give each entity one entityID of its own")
            case "valid-until": ("SAML Metadata §2.3.2", "write validUntil as an xs:dateTime in UTC")
            case "expired": ("SAML Metadata §2.3.2; IIP-MD04", "get the metadata anew from who publishes it")
            case "xml", "root", "size": ("SAML Metadata §2.3", "send one EntityDescriptor in UTF-8 without DOCTYPE")
            case "scope": ("SDP-IDP14; checklist M16", "write scopes out; regular expressions are not evaluated")
            case "logo": ("SDP-MD10; checklist M13", "publish an https address, or a data: URL of a small PNG, JPEG, GIF or WebP")
            case "registration": ("MDRPI §2.1", "write registrationAuthority and, as xs:dateTime in UTC, registrationInstant")
            default: ("SAML Metadata §2", "repair the value")
            }
        return Explanation("saml.metadata." + code, summary, compared: compared, clause: clause, remedy: remedy ?? usual)
    }
}
