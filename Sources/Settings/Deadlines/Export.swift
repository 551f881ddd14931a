import Cryptography
import JOSE
import OpenID
import SAML
import SignOn
import Trust
import TrustFramework
package import Vocabulary

extension HeldKey {
    /// `next`, `current`, `retiring` or what else the key's life says of that moment.
    package func state(at now: Timestamp) -> String { life.state(at: now).rawValue }
}

extension Configuration {
    /// The deployment as text for version control: a line for each fact, sorted, the same bytes as long as nothing changes. No secret, no
    /// citizen and no moment of the export is in it; standings are those of `now`.
    package func export(at now: Timestamp) -> String {
        var lines: Set<String> = []
        func add(_ parts: String...) {
            lines.insert(parts.map { $0.replacing("\n", with: " ") }.joined(separator: " "))
        }
        add("deployment", "mode", mode.rawValue)
        add("deployment", "base-url", baseURL)
        add("policy", "version", policy.version)
        add("policy", "sha256", policies.bundle.fingerprint)
        for rule in policy.rules { add("policy", "rule", rule.id) }
        for source in federation.sources { add("source", source.name) }
        for member in federation.members + federation.applicants.map(\.member) { export(member, at: now, add) }
        for officer in officers.all {
            let name = "officer " + officer.id
            add(name, "name", officer.name)
            add(name, "roles", officer.roles.map(\.rawValue).sorted().joined(separator: ","))
            add(name, "term", officer.notBefore.text, officer.notAfter.text)
            add(name, "key", officer.key.map { $0.thumbprint } ?? "none")
            // Whose card it is, is the officer's own business; that there is one is everybody's.
            add(name, "card", officer.card == nil ? "none" : "bound")
            if officer.isRevoked { add(name, "revoked") }
            if let member = officer.member { add(name, "member", member.text) }
        }
        for key in keys {
            let name = "key " + key.entry.use.rawValue + " " + key.entry.name
            add(name, "state", key.life.state(at: now).rawValue)
            add(name, "sha256", key.digest)
            if let end = key.certificateEnds { add(name, "ends", end.text) }
        }
        for anchor in cards.anchorList {
            add("authority card", Hexadecimal.encode(anchor.certificate.fingerprint), anchor.certificate.subject.text)
        }
        for profile in profiles.all {
            for anchor in profile.store.anchors {
                add("authority " + profile.name, Hexadecimal.encode(anchor.certificate.fingerprint), anchor.certificate.subject.text)
            }
        }
        for (kind, cost) in metering.costs { add("metering", kind.rawValue, Money.text(cost), metering.currency) }
        return lines.sorted().joined(separator: "\n") + "\n"
    }

    private func export(_ member: Member, at now: Timestamp, _ add: (String...) -> Void) {
        let name = "member " + member.id.text, standing = member.accreditation
        add(name, "kind", member.kind.rawValue)
        for (language, text) in member.displayName { add(name, "name", language, text) }
        add(name, "state", standing.state.rawValue)
        add(name, "term", standing.notBefore.text, standing.notAfter.text)
        add(name, "sector", member.sector)
        add(name, "purposes", standing.purposes.map(\.text).sorted().joined(separator: ","))
        add(name, "default-purpose", member.defaultPurpose.text)
        if let attributes = standing.attributes { add(name, "attributes", attributes.map(\.rawValue).sorted().joined(separator: ",")) }
        if let modes = standing.modes { add(name, "modes", modes.map(\.rawValue).sorted().joined(separator: ",")) }
        if let other = member.operatedBy { add(name, "operator", other.text) }
        guard let registration = federation.registration(member.id) else { return }
        switch registration.speech {
        case .saml(let provider):
            add(name, "speaks", "saml")
            for consumer in provider.consumers { add(name, "consumer", String(consumer.index), consumer.location) }
            for key in provider.signingKeys { add(name, "signing-key", Hexadecimal.encode(Digest.sha256(key.spki))) }
        case .openID(let client):
            add(name, "speaks", "openid")
            add(name, "client", client.summary)
        }
    }
}
