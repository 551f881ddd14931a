package import Cryptography
import Foundation
package import Trust
import Vocabulary

/// What the night shift keeps on disk beside the store, in `trust/`: revocation lists by their digest, and the feed of changes. Read here,
/// never written; every list is proven again by whoever uses it.
package struct KeptTrust: Sendable {
    /// Bytes of a list that is looked at outside the server's own index: those of authorities, never a nation's.
    package static let largestList = 16 << 20
    private static let mostLists = 256

    /// Nil: nothing is kept.
    package let path: String?

    package init(path: String?) { self.path = path }

    /// Beside the database file.
    package static func folder(beside store: String) -> String {
        let parts = store.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (parts.isEmpty ? "" : parts.joined(separator: "/") + "/") + "trust"
    }

    /// The lists in use that are small enough, as evidence about certificates below the anchors of a profile.
    package func evidence(for profile: TrustProfile, beside certificates: [Certificate]) -> RevocationEvidence {
        RevocationEvidence(lists: lists, certificates: certificates, store: profile.store, rules: profile.evidenceRules)
    }

    /// The record of each source names the list in use: `lists/SOURCE.json`, `lists/DIGEST.crl`.
    private var lists: [UnverifiedRevocationList] {
        guard let path else { return [] }
        var found: [UnverifiedRevocationList] = []
        let shelf = path + "/lists/"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: shelf)) ?? []
        for name in names.sorted() where name.hasSuffix(".json") {
            guard found.count < Self.mostLists, let record = Self.bytes(shelf + name, limit: 1 << 16),
                let digest = (try? JSON(reading: record))?["digest"]?.string, KnownAnchors.fingerprint(digest) == digest,
                let bytes = Self.bytes(shelf + digest + ".crl", limit: Self.largestList),
                let list = try? UnverifiedRevocationList(der: bytes)
            else { continue }
            found.append(list)
        }
        return found
    }

    private static func bytes(_ path: String, limit: Int) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: limit + 1), data.count <= limit else { return nil }
        return [UInt8](data)
    }
}

extension Configuration {
    package var keptTrust: KeptTrust { KeptTrust(path: KeptTrust.folder(beside: store.path)) }
}

extension TrustProfile {
    /// How old evidence may be, and whose signatures count on it.
    package var evidenceRules: EvidenceRules {
        let standard = EvidenceRules()
        return EvidenceRules(
            maximumListAge: maximumAge, answers: maximumAge.map { OCSPRules(maximumAge: $0) } ?? standard.answers,
            algorithms: rules.algorithms, algorithmsByAuthority: rules.algorithmsByAuthority, longestPath: rules.longestPath)
    }

    /// What this profile asks about revocation, answered from `evidence`.
    package func status(_ evidence: any StatusEvidence) -> StatusDemand {
        switch demand {
        case .none: .none
        case .ifPresent: .evidence(evidence, unknownRefuses: false)
        case .required: .evidence(evidence, unknownRefuses: true)
        }
    }
}
