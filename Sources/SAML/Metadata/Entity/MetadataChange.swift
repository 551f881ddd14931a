import Cryptography
import Vocabulary

/// One difference between two states of a member's metadata, as an operator reads it.
package struct MetadataChange: Hashable, Sendable {
    package enum Subject: String, Sendable, CaseIterable {
        /// The member as a whole: it came or went.
        case member
        /// Where answers go to: whoever adds an address can receive what citizens send there.
        case address
        /// A key came or went: whoever adds one can sign as the member, or read what is encrypted to it.
        case key
        /// What has to be signed.
        case signing
        /// What it asks to know, and the categories by which it may get it.
        case attributes
        /// Who registered it.
        case registration
        /// Names, logos, contacts, formats, times.
        case description
    }

    package enum Direction: String, Sendable, CaseIterable {
        case added, removed, changed
    }

    package let subject: Subject
    package let direction: Direction
    /// Redacted: it is a stranger's text.
    package let text: String

    init(_ subject: Subject, _ direction: Direction, _ text: String) {
        self.subject = subject
        self.direction = direction
        self.text = Explanation.redacted(text)
    }

    /// Read back from where it was written down.
    package init?(subject: String, direction: String, text: String) {
        guard let subject = Subject(rawValue: subject), let direction = Direction(rawValue: direction) else { return nil }
        self.init(subject, direction, text)
    }

    /// Somebody should look at it before it takes effect.
    package var isSecurityRelevant: Bool { [.address, .key, .signing].contains(subject) }

    /// `+ key for signing RSA 2048 SHA-256 …`
    package var line: String {
        let sign =
            switch direction {
            case .added: "+"
            case .removed: "-"
            case .changed: "~"
            }
        return sign + " " + text
    }
}

extension MetadataChange {
    /// What differs, in a fixed order; empty when nothing does that means anything to us. Nil: the member is not there.
    package static func between(_ old: ServiceProvider?, _ new: ServiceProvider?) -> [MetadataChange] {
        guard let old else { return new.map { [MetadataChange(.member, .added, "member " + $0.entityID.text)] } ?? [] }
        guard let new else { return [MetadataChange(.member, .removed, "member " + old.entityID.text)] }
        var changes = differences(.address, addresses(old), addresses(new))
        changes += differences(.key, keys(old), keys(new))
        changes += flag("AuthnRequestsSigned", old.authnRequestsSigned, new.authnRequestsSigned)
        changes += flag("WantAssertionsSigned", old.wantAssertionsSigned, new.wantAssertionsSigned)
        changes += differences(.attributes, attributes(old), attributes(new))
        changes += differences(
            .registration, [old.registrationAuthority.map { "registered by " + $0 }],
            [new.registrationAuthority.map { "registered by " + $0 }])
        changes += differences(.description, descriptions(old), descriptions(new))
        return changes
    }

    private static func differences(_ subject: Subject, _ old: [String?], _ new: [String?]) -> [MetadataChange] {
        let old = old.compactMap(\.self), new = new.compactMap(\.self)
        let before = Set(old), after = Set(new)
        return old.filter { !after.contains($0) }.map { MetadataChange(subject, .removed, $0) }
            + new.filter { !before.contains($0) }.map { MetadataChange(subject, .added, $0) }
    }

    private static func flag(_ name: String, _ old: Bool, _ new: Bool) -> [MetadataChange] {
        old == new ? [] : [MetadataChange(.signing, .changed, "\(name): \(old) → \(new)")]
    }

    fileprivate static func addresses(_ member: ServiceProvider) -> [String] {
        member.consumers.map {
            "AssertionConsumerService \($0.index) \(short($0.binding)) \($0.location)" + ($0.isDefault == true ? " (default)" : "")
        }
            + member.logoutServices.map {
                "SingleLogoutService \(short($0.binding)) \($0.location)" + ($0.responseLocation.map { ", answers to " + $0 } ?? "")
            } + member.artifactServices.map { "ArtifactResolutionService \($0.index) \($0.location)" }
    }

    private static func short(_ binding: String) -> String { binding.split(separator: ":").last.map(String.init) ?? binding }

    fileprivate static func keys(_ member: ServiceProvider) -> [String] {
        member.signingKeys.map { "key for signing " + name($0) } + member.encryptionKeys.map { "key for encryption " + name($0.key) }
    }

    /// SHA-256 of the SubjectPublicKeyInfo: another certificate around the same key is no change.
    private static func name(_ key: PublicKey) -> String {
        let kind =
            switch key.kind {
            case .rsa(let bits): "RSA \(bits)"
            case .ec(let curve): "EC \(curve.rawValue)"
            case .ed25519: "Ed25519"
            case .x25519: "X25519"
            }
        return kind + " SHA-256 " + Hexadecimal.encode(Digest.sha256(key.spki))
    }

    fileprivate static func attributes(_ member: ServiceProvider) -> [String] {
        var lines: [String] = []
        for (name, values) in member.entityAttributes.sorted(by: { $0.key < $1.key }) {
            lines += values.sorted().map { "entity attribute \(name) = \($0)" }
        }
        for service in member.attributeConsumingServices {
            lines += service.requested.map { wish($0) + " in service \(service.index)" }
        }
        return lines
    }

    /// Everything by which a release is decided, and the friendly name beside it, which decides nothing. Two wishes never read the same:
    /// a name with spaces or quotation marks is quoted, and a value always.
    private static func wish(_ wish: RequestedAttribute) -> String {
        func quoted(_ text: String) -> String {
            text.isEmpty || text.utf8.contains { $0 <= 0x20 || $0 == 0x22 || $0 == 0x5c } ? String(reflecting: text) : text
        }
        var line = "asks for " + quoted(wish.name)
        if let friendlyName = wish.friendlyName { line += " called " + quoted(friendlyName) }
        // No format is the unspecified one (Core §2.7.3.1).
        let format = wish.nameFormat ?? AttributeNameFormat.unspecified
        if format != AttributeNameFormat.uri { line += " as " + quoted(format) }
        if !wish.values.isEmpty { line += " of " + wish.values.map { String(reflecting: $0) }.joined(separator: " ") }
        return line + (wish.isRequired ? " (required)" : "")
    }

    fileprivate static func descriptions(_ member: ServiceProvider) -> [String] {
        var lines = member.displayNames.sorted { $0.key < $1.key }.map { "name \($0.key): \($0.value)" }
        lines += member.nameIDFormats.map { "NameIDFormat " + $0 }
        for key in member.encryptionKeys where !key.methods.isEmpty { lines.append("decrypts " + key.methods.joined(separator: ", ")) }
        if !member.declaredSigningAlgorithms.isEmpty {
            lines.append("verifies " + member.declaredSigningAlgorithms.joined(separator: ", "))
        }
        lines += member.scopes.map { "scope " + $0 }
        return lines
    }
}

extension ServiceProvider {
    /// All that a change could be about, one line each, in a fixed order.
    package var lines: [String] {
        var lines = ["AuthnRequestsSigned: \(authnRequestsSigned)", "WantAssertionsSigned: \(wantAssertionsSigned)"]
        lines = MetadataChange.addresses(self) + MetadataChange.keys(self) + lines + MetadataChange.attributes(self)
        if let registrationAuthority { lines.append("registered by " + registrationAuthority) }
        return (lines + MetadataChange.descriptions(self)).map(Explanation.redacted)
    }
}
