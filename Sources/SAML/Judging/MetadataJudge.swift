import Cryptography
import Vocabulary
import XML
import XMLSecurity

/// Judges a document of metadata: whose signature covers its root, until when it holds, and what is in it. Read as a stream, so that an
/// aggregate of any size costs one entity of memory beside its own bytes.
struct MetadataJudge {
    let rules: JudgeRules
    let now: Timestamp

    func judge(_ bytes: [UInt8], _ verdict: inout MessageVerdict) throws(JudgeRefusal) {
        var tally = MetadataTally()
        let facts: AggregateFacts
        var root: XMLElement?
        do {
            facts = try StreamedSignature.read(trusted: Self.pieces(of: bytes)) { slice in
                let entity = try XMLDocument(parsing: slice.bytes, limits: .metadata).root
                tally.add(entity, slice)
                if root == nil { root = entity }
            }
        } catch let error as AggregateRefusal { throw .aggregate(error) } catch let error as XMLRefusal {
            throw .reason(.xml(error))
        } catch { throw .kind("metadata") }
        verdict.claims.element = facts.isGroup ? "EntitiesDescriptor" : "EntityDescriptor"
        verdict.claims.namespace = Namespace.metadata
        verdict.claims.id = facts.identifier ?? tally.first
        verdict.facts = tally.facts(facts)
        guard !rules.keys.isEmpty else { throw .nobodyTrusted }
        let verified: VerifiedAggregate
        do {
            verified = try StreamedSignature.verify(Self.pieces(of: bytes), keys: rules.keys, allowed: rules.algorithms) { _ in }
        } catch let error as AggregateRefusal { throw .aggregate(error) } catch { throw .kind("metadata") }
        verdict.verified = [
            VerifiedPart(
                element: verdict.claims.element, id: facts.identifier ?? "", digestMethod: "of the reference", digest: "",
                algorithm: MessageAlgorithm.all.first { $0.signature == verified.algorithm }?.identifier ?? "\(verified.algorithm)",
                key: verified.key, wasEncrypted: false, isQuery: false)
        ]
        guard rules.depth == .full else { return }
        guard let end = facts.root.validUntil else {
            verdict.notes.append("no validUntil: whoever kept an old copy can offer it again for ever (Kantara IIP-MD03)")
            return
        }
        guard now < end else { throw .reason(.metadataExpired(end)) }
    }

    /// In pieces, as the reader wants them; empty at the end.
    private static func pieces(of bytes: [UInt8]) -> () -> [UInt8] {
        var position = 0
        return {
            let end = min(bytes.count, position + 262_144)
            defer { position = end }
            return Array(bytes[position..<end])
        }
    }
}

/// What a document of metadata holds, counted; nobody has vouched for it.
private struct MetadataTally {
    private(set) var first: String?
    private var names: Set<String> = []
    private var entities = 0
    private var roles: [String: Int] = [:]
    private var certificates = 0

    mutating func add(_ entity: XMLElement, _ slice: EntitySlice) {
        entities += 1
        if first == nil { first = slice.entityID }
        names.insert(slice.entityID)
        for role in ["IDPSSODescriptor", "SPSSODescriptor", "AttributeAuthorityDescriptor"]
        where entity.child(.metadata(role)) != nil { roles[role, default: 0] += 1 }
        entity.forEachInSubtree { if $0.isNamed(.signature("X509Certificate")) { certificates += 1 } }
    }

    func facts(_ facts: AggregateFacts) -> [(name: String, value: String)] {
        [
            ("entities", String(entities)), ("entity-ids", String(names.count)), ("idps", String(roles["IDPSSODescriptor"] ?? 0)),
            ("sps", String(roles["SPSSODescriptor"] ?? 0)), ("attribute-authorities", String(roles["AttributeAuthorityDescriptor"] ?? 0)),
            ("certificates", String(certificates)), ("valid-until", facts.root.validUntil?.text ?? "not said"),
            ("left-out", String(facts.nameless + facts.oversized.count)),
        ]
    }
}
