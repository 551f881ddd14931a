import Credentials
import Cryptography
import Foundation
import SAML
import TrustFramework
package import Vocabulary

/// Something that ends by itself, and takes logins with it where nobody acts in time.
package struct Deadline: Hashable, Sendable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case accreditation
        /// A certificate in a member's metadata.
        case memberKey = "member-key"
        /// What a member's metadata says of its own validity.
        case metadata
        case ownKey = "own-key"
        case officer
    }

    package let kind: Kind
    /// A member's id, a key's name, an officer's name.
    package let name: String
    package let at: Timestamp
    /// Nil for what is ours.
    package let member: MemberID?

    package init(kind: Kind, name: String, at: Timestamp, member: MemberID? = nil) {
        self.kind = kind
        self.name = name
        self.at = at
        self.member = member
    }

    /// Days before the end on which somebody is told.
    package static let reminders: [Int64] = [30, 14, 3]

    /// The tightest reminder whose day has come: 30, 14 or 3; 0 when it has ended; nil when it is further off.
    package func reminder(at now: Timestamp) -> Int64? {
        let left = at.seconds(since: now)
        if left <= 0 { return 0 }
        return Self.reminders.last { left <= $0 * 86_400 }
    }

    /// What stays the same while it is the same deadline: for telling each reminder once.
    package var key: String { kind.rawValue + " " + name + " " + at.text }

    package var json: JSON {
        .object([
            ("kind", .string(kind.rawValue)), ("name", .string(name)), ("at", .string(at.text)),
            ("member", member.map { .string($0.text) } ?? .null),
        ])
    }
}

extension Configuration {
    /// Everything that has an end, soonest first. Reads the members' metadata from the folder: some milliseconds for each hundred.
    package func deadlines() -> [Deadline] {
        var found: [Deadline] = []
        for member in federation.members where member.accreditation.state != .withdrawn {
            found.append(Deadline(kind: .accreditation, name: member.id.text, at: member.accreditation.notAfter, member: member.id))
            guard let registration = federation.registration(member.id) else { continue }
            if case .saml(let provider) = registration.speech, let until = provider.validUntil {
                found.append(Deadline(kind: .metadata, name: member.id.text, at: until, member: member.id))
            }
            found += certificates(of: registration)
        }
        for key in keys {
            guard let end = key.certificateEnds else { continue }
            found.append(Deadline(kind: .ownKey, name: key.entry.name, at: end))
        }
        for officer in officers.all where !officer.isRevoked {
            found.append(Deadline(kind: .officer, name: officer.id, at: officer.notAfter, member: officer.member))
        }
        return found.sorted { ($0.at, $0.kind.rawValue, $0.name) < ($1.at, $1.kind.rawValue, $1.name) }
    }

    /// The certificates that stand in a member's SAML metadata. Their dates bind nobody (SAML Metadata Interoperability Profile §2.6.2), but
    /// many service providers roll their key over when they come.
    private func certificates(of registration: Registration) -> [Deadline] {
        guard case .saml = registration.speech, let companion = registration.companion else { return [] }
        let place = Folder(folder, findings: Findings())
        guard let bytes = place.bytes(MemberFile.folder + "/" + companion, limit: Folder.metadata, required: false) else { return [] }
        return MetadataCertificates.ends(in: bytes)
            .map { Deadline(kind: .memberKey, name: registration.member.id.text, at: $0, member: registration.member.id) }
    }
}

/// The last moments of the certificates that stand in a SAML metadata document.
enum MetadataCertificates {
    static func ends(in bytes: [UInt8]) -> Set<Timestamp> {
        let text = String(decoding: bytes, as: UTF8.self)
        var ends: Set<Timestamp> = []
        for piece in text.components(separatedBy: "X509Certificate>").prefix(64) {
            let body = piece.prefix { $0 != "<" }.filter { !$0.isWhitespace }
            guard body.utf8.count > 256, let der = Base64.decode(String(body)), let certificate = try? Certificate(der: der) else {
                continue
            }
            ends.insert(certificate.notAfter)
        }
        return ends
    }
}
