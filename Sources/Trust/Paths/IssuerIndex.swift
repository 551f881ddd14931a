import Cryptography
import Vocabulary

/// Who may have issued whom, by names alone: the anchors, and the certificates that came along, with how far from an anchor each name
/// is. What leads nowhere is never looked at again, however the certificates point at each other.
struct IssuerIndex {
    /// An anchor, or a certificate that came along.
    struct Candidate {
        let certificate: Certificate
        let anchor: TrustAnchor?
    }

    private let store: TrustStore
    private var bySubject: [DistinguishedName: [Certificate]] = [:]
    /// Certificates between a name and the nearest anchor; nil when there is none.
    private var distances: [DistinguishedName: Int] = [:]
    private var ordered: [DistinguishedName: [Candidate]] = [:]

    /// Anchors, copies of one certificate and the leaf itself are no use among the `others`.
    init(_ others: [Certificate], leaf: Certificate, store: TrustStore) {
        self.store = store
        guard !others.isEmpty else { return }
        var seen: Set<Certificate> = [leaf]
        var byIssuer: [DistinguishedName: [Certificate]] = [:]
        var reached: [DistinguishedName] = []
        for other in others where !store.holds(other) && seen.insert(other).inserted {
            bySubject[other.subject, default: []].append(other)
            byIssuer[other.issuer, default: []].append(other)
            if store.hasAnchor(named: other.issuer) { reached.append(other.issuer) }
        }
        for name in reached { distances[name] = 0 }
        // Breadth first, from the anchors downwards.
        var next = 0
        while next < reached.count {
            let name = reached[next]
            next += 1
            let distance = (distances[name] ?? 0) + 1
            for child in byIssuer.removeValue(forKey: name) ?? []
            where distances[child.subject] == nil && !store.hasAnchor(named: child.subject) {
                distances[child.subject] = distance
                reached.append(child.subject)
            }
        }
    }

    func distance(of name: DistinguishedName) -> Int? {
        store.hasAnchor(named: name) ? 0 : distances[name]
    }

    /// Whoever may have issued a certificate, the likeliest first: whom its key identifier names, then anchors, then what is nearer to
    /// one, in its time, and newer. Identifiers are hints: a signature is the proof.
    mutating func issuers(of certificate: Certificate, at now: Timestamp) -> [Candidate] {
        let all = named(certificate.issuer, at: now)
        guard all.count > 1 else { return all }
        var byHint: [[Candidate]] = [[], [], []]
        for candidate in all { byHint[certificate.names(candidate.certificate).rawValue].append(candidate) }
        return byHint.flatMap { $0 }
    }

    /// All of one name in the order that does not depend on whom they issued; sorted once.
    private mutating func named(_ name: DistinguishedName, at now: Timestamp) -> [Candidate] {
        if let known = ordered[name] { return known }
        let anchors = store.anchors(named: name).map { Candidate(certificate: $0.certificate, anchor: $0) }
        guard let others = bySubject[name] else { return anchors }
        let ranked = others.map { other in
            (
                distance(of: other.issuer) ?? .max, PathProfile.timeFault(of: other, at: now) == nil ? 0 : 1,
                -other.notBefore.milliseconds, other
            )
        }
        .sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }
        let candidates = anchors + ranked.map { Candidate(certificate: $0.3, anchor: nil) }
        ordered[name] = candidates
        return candidates
    }
}

/// How a certificate's authorityKeyIdentifier fits one that may have issued it.
enum KeyHint: Int {
    case named, silent, other

    /// Bytes of an identifier that is looked at: a digest has 64 at most, and comparing longer ones would be work that nobody counts.
    static let longest = 64
}

extension Certificate {
    func names(_ issuer: Certificate) -> KeyHint {
        if let wanted = authorityKeyIdentifier {
            guard let own = issuer.subjectKeyIdentifier, max(own.count, wanted.count) <= KeyHint.longest else { return .silent }
            return wanted == own ? .named : .other
        }
        guard let serial = authorityKeySerial else { return .silent }
        return serial == issuer.serial && authorityKeyIssuer.contains(.directory(issuer.issuer)) ? .named : .other
    }
}
