import Cryptography
import JOSE
import SAML
import Trust
import Vocabulary

/// `certificate-profile:` in a member's file: a key of that member counts only inside a certificate that the profile believes at this
/// moment. A member at the door is refused for one that does not count; of a member who is in already the key is left out of account, and
/// the operator reads why: one expired certificate shall not keep the platform down.
struct MemberCertificates {
    let profile: TrustProfile
    let terms: MemberFile.Terms
    let findings: Findings

    /// Nil when the file names no profile, or one that is not there, which is reported.
    static func read(_ section: Section, _ terms: MemberFile.Terms) -> MemberCertificates? {
        guard let name = section.text("certificate-profile", limit: 64), let profiles = terms.profiles else { return nil }
        guard let profile = profiles[name] else {
            section.report(
                "member.certificate-profile", at: section.line(of: "certificate-profile"),
                "there is no profile `\(Explanation.redacted(name))` that could be read",
                profiles.names.isEmpty ? "write Keys/profiles/\(name).yaml" : "choose among " + profiles.names.joined(separator: ", "))
            return nil
        }
        return MemberCertificates(profile: profile, terms: terms, findings: section.findings)
    }

    /// The provider with the keys that count. Without any it can sign nothing, so every request of its own is refused.
    func counting(_ provider: ServiceProvider, metadata: [UInt8], _ file: String) -> ServiceProvider {
        let pool = Self.certificates(in: metadata)
        let keys = provider.signingKeys.filter { key in
            counts(key, among: pool.filter { $0.publicKey == key }, beside: pool, file)
        }
        return provider.signing(onlyWith: keys)
    }

    /// The keys whose `x5c` (RFC 7517 §4.7) counts: its first certificate holds the key, the rest may lead to an anchor.
    func counting(_ set: JWKSet, _ json: JSON, _ file: String) -> JWKSet {
        let chains = (json["keys"]?.array ?? []).compactMap { item -> [Certificate]? in
            item["x5c"]?.strings?.prefix(16).compactMap { Base64.decode($0).flatMap { try? Certificate(der: $0) } }
        }
        return JWKSet(
            set.keys.filter { item in
                let own = chains.filter { $0.first?.publicKey == item.key }
                return counts(item.key, among: own.compactMap(\.first), beside: own.flatMap(\.self), file)
            })
    }

    private func counts(_ key: PublicKey, among candidates: [Certificate], beside others: [Certificate], _ file: String) -> Bool {
        let search = PathSearch(store: profile.store, profile: profile.rules)
        var refusal = "there is no certificate around it"
        for candidate in candidates {
            let others = others.filter { $0 != candidate } + profile.intermediates
            let status = profile.status(terms.evidence.evidence(for: profile, beside: others))
            switch search.verdict(on: candidate, with: others, at: terms.now, status: status) {
            case .trusted: return true
            case .refused(let reason, let chain):
                refusal =
                    "\(reason); the chain is " + chain.map { "`" + Explanation.redacted($0.subject.text) + "`" }.joined(separator: " ← ")
            }
        }
        let problem = Problem(
            file: file, code: "member.certificate",
            message: "a key for signing does not count: under the profile `\(profile.name)` " + refusal,
            remedy: "ask the member for a certificate that \(profile.file) believes")
        if terms.isAdding { findings.report(problem) } else { findings.notice(problem) }
        return false
    }

    /// Certificates anywhere in the document. Where one stands proves nothing, and nothing is concluded from it: a key counts only when a
    /// certificate around that very key is believed.
    private static func certificates(in metadata: [UInt8]) -> [Certificate] {
        var found: [Certificate] = []
        for piece in metadata.split(separator: 0x3c) {
            guard found.count < 256, let end = piece.firstIndex(of: 0x3e) else { continue }
            let tag = piece[..<end].prefix { $0 > 0x20 }
            guard tag.suffix(15).elementsEqual("X509Certificate".utf8), tag.count == 15 || tag.dropLast(15).last == 0x3a,
                let der = Base64.decodeLenient(String(decoding: piece[piece.index(after: end)...], as: UTF8.self)),
                let certificate = try? Certificate(der: der), !found.contains(certificate)
            else { continue }
            found.append(certificate)
        }
        return found
    }
}
