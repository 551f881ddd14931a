import Credentials
import Cryptography
import Signals
import Trust
import Vocabulary

/// What the lists and the memory of revocations say of certificates that are known by authority and serial only: an index of the lists by the
/// authority whose key signed them, made once for each publication.
///
/// Lists that another key of the authority signed, or another authority, are not asked here: whether they may speak takes the certificate
/// itself, which is not kept. Who logs in with such a certificate is refused all the same, and that is heard (`NightWatch.saw`).
struct CertificateWords: Sendable {
    private struct Shelf: Sendable {
        let list: VerifiedRevocationList
        let series: String
    }

    private let shelves: [String: [Shelf]]
    /// SubjectPublicKeyInfo of the authorities, by which the memory names its keys.
    private let keys: [String: [UInt8]]

    init(_ lists: RevocationLists, authorities: [Certificate]) {
        var shelves: [String: [Shelf]] = [:]
        var keys: [String: [UInt8]] = [:]
        for authority in authorities { keys[Self.name(authority)] = authority.publicKey.spki }
        for list in lists.lists {
            let name = Self.name(list.issuer)
            keys[name] = list.issuer.publicKey.spki
            shelves[name, default: []].append(Shelf(list: list, series: Self.series(list, name)))
        }
        self.shelves = shelves
        self.keys = keys
    }

    /// As `CertificateIdentity` names an authority.
    private static func name(_ authority: Certificate) -> String {
        Hexadecimal.encode(Digest.sha256(authority.publicKey.spki + authority.subject.der))
    }

    private static func series(_ list: VerifiedRevocationList, _ authority: String) -> String {
        let scope = list.scope.map { String(describing: $0) } ?? ""
        return Hexadecimal.encode(Array(Digest.sha256(Array((authority + " " + scope).utf8)).prefix(16)))
    }

    /// What the lists say; nil: nothing bad. Revoked for good in any of them is; of holds the latest word counts.
    func listed(_ certificate: CertificateIdentity) -> (state: CertificateState, isCompromise: Bool)? {
        guard let serial = Hexadecimal.decode(certificate.serial), let shelf = shelves[certificate.issuer] else { return nil }
        let found = shelf.compactMap { shelf in shelf.list.entry(serial).map { (entry: $0, shelf: shelf) } }
        if let final = found.first(where: { $0.entry.reason.isPermanent }) {
            return (
                CertificateState(.revoked, at: final.entry.at, known: final.shelf.list.thisUpdate, list: final.shelf.series),
                final.entry.reason.isCompromise
            )
        }
        guard let latest = found.max(by: { $0.shelf.list.thisUpdate < $1.shelf.list.thisUpdate }), latest.entry.reason != .removeFromCRL
        else { return nil }
        return (
            CertificateState(.held, at: latest.entry.at, known: latest.shelf.list.thisUpdate, list: latest.shelf.series), false
        )
    }

    /// Whether the series of lists that named a hold has a later edition. Whether that still has it, `listed` says.
    func hasLaterWord(than state: CertificateState, on certificate: CertificateIdentity) -> Bool {
        shelves[certificate.issuer, default: []].contains {
            (state.list == nil || $0.series == state.list) && $0.list.thisUpdate > state.known
        }
    }

    /// The name under which the memory of revocations has it; nil for an authority that nobody knows any more.
    func key(of certificate: CertificateIdentity) -> RevocationKey? {
        guard let spki = keys[certificate.issuer], let serial = Hexadecimal.decode(certificate.serial) else { return nil }
        return RevocationKey(digest: Digest.sha256(spki + serial))
    }
}

extension RevocationReason {
    /// The key is in other hands, or may be.
    var isCompromise: Bool { self == .keyCompromise || self == .aACompromise }
}
