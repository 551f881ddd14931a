import Cryptography
import Foundation
package import Trust
import Vocabulary

/// A list that one of our authorities signed, with what is remembered of it.
package struct ProvenList: Sendable {
    package let list: VerifiedRevocationList
    package let facts: ListFacts
}

/// From bytes on the disk to a proof.
enum ListProof {
    /// Generations of an authority share a name: the list is whose key signed it. The reason that came nearest is the one reported.
    static func prove(_ bytes: [UInt8], _ plan: ListPlan, at now: Timestamp) throws(ListRefusal) -> ProvenList {
        let list: UnverifiedRevocationList
        do { list = try UnverifiedRevocationList(der: bytes) } catch { throw .list(error) }
        let proven = try prove(list, plan, at: now)
        return ProvenList(list: proven, facts: ListFacts(of: proven, digest: Digest.sha256(bytes), bytes: bytes.count))
    }

    /// Held against the anchors of its issuer's name, and then against the authorities below them, each with its path.
    static func prove(_ list: UnverifiedRevocationList, _ plan: ListPlan, at now: Timestamp) throws(ListRefusal) -> VerifiedRevocationList {
        let named = plan.anchors.filter { $0.subject == list.claimedIssuer }
        let below = plan.intermediates.filter { $0.subject == list.claimedIssuer }
        guard !named.isEmpty || !below.isEmpty else { throw .noAuthority(list.claimedIssuer.text) }
        var nearest = RevocationRefusal.issuer
        for anchor in named {
            do throws(RevocationRefusal) { return try list.verified(issuer: anchor, at: now) } catch {
                if error != .issuer { nearest = error }
            }
        }
        guard !below.isEmpty else { throw .list(nearest) }
        let search = PathSearch(store: TrustStore(anchors: plan.anchors.map { TrustAnchor(certificate: $0, isSimulated: false) }))
        for authority in below {
            switch search.verdict(on: authority, with: plan.intermediates, at: now) {
            case .trusted(let chain):
                do throws(RevocationRefusal) { return try list.verified(by: chain, at: now) } catch {
                    if error != .issuer { nearest = error }
                }
            case .refused(let why, _): nearest = .signerPath(why)
            }
        }
        throw .list(nearest)
    }
}

extension ListFacts {
    init(of list: VerifiedRevocationList, digest: [UInt8], bytes: Int) {
        self.init(
            digest: Hexadecimal.encode(digest), bytes: bytes, issuer: list.head.issuer.text,
            number: list.number.map { number in
                let digits = Hexadecimal.encode(number.drop { $0 == 0 })
                return digits.isEmpty ? "00" : digits
            },
            thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate, entries: list.count, isDelta: list.head.isDelta,
            scope: Self.words(list.scope))
    }

    /// For the operator's eye, and to tell one scope from another.
    private static func words(_ scope: IssuingDistributionPoint?) -> String {
        guard let scope else { return everything }
        var words: [String] = []
        if let point = scope.point { words.append((point.names ?? []).map(word).joined(separator: " | ")) }
        if scope.onlyUsers { words.append("users only") }
        if scope.onlyAuthorities { words.append("authorities only") }
        if let reasons = scope.reasons { words.append("reasons " + String(reasons.rawValue, radix: 2)) }
        if scope.isIndirect { words.append("other issuers too") }
        return words.isEmpty ? everything : words.joined(separator: "; ")
    }

    private static let everything = "everything"

    private static func word(_ name: GeneralName) -> String {
        switch name {
        case .directory(let name): name.text
        case .uri(let text): text
        default: "\(name)"
        }
    }
}
