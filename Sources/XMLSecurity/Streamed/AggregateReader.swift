import Vocabulary
import XML

/// Sorts what passes: the root's signature to whom it concerns, groups onto a stack, entities out.
final class AggregateReader: XMLStreamVisitor {
    /// What the next part is. One can wait while another comes: the entity that is the root waits for its own signature.
    private enum Awaited {
        case signature
        case extensions
        case entity(String)
    }

    /// What the caller's own closures threw: none of our business, even if it should look like a refusal.
    private struct Foreign: Error { let error: any Error }

    private struct OpenGroup {
        var group: AggregateGroup
        var hasMembers = false
        var hasExtensions = false
    }

    private let limits: AggregateLimits
    private let signature: RootSignature?
    private let entity: (EntitySlice) throws -> Void

    private var awaited: [Awaited] = []
    private var open: [OpenGroup] = []
    /// `open`, as slices carry it.
    private var groups: [AggregateGroup] = []
    private var root: AggregateGroup?
    private var isGroup = true
    private var isFirstChild = true
    private var members = 0
    private var number = 0
    private var nameless = 0
    private var oversized: [String] = []
    private var seen: Set<Fingerprint> = []
    private var repeated: [String] = []

    private(set) var identifier: String?
    var inclusivePrefixes: [String] { signature?.prefixes ?? [] }

    private static let metadata = "urn:oasis:names:tc:SAML:2.0:metadata"
    private static let entityName = XMLName(metadata, "EntityDescriptor")
    private static let groupName = XMLName(metadata, "EntitiesDescriptor")
    private static let extensionsName = XMLName(metadata, "Extensions")
    private static let signatureName = Algorithms.ds("Signature")
    /// Names kept for the report.
    private static let reported = 100

    private init(_ limits: AggregateLimits, _ signature: RootSignature?, _ entity: @escaping (EntitySlice) throws -> Void) {
        self.limits = limits
        self.signature = signature
        self.entity = entity
    }

    static func read(
        _ next: () throws -> [UInt8], _ limits: AggregateLimits, _ signature: RootSignature?, _ entity: (EntitySlice) throws -> Void
    ) throws -> (facts: AggregateFacts, identifierCount: Int) {
        try withoutActuallyEscaping(entity) { entity in
            let reader = AggregateReader(limits, signature, entity)
            let summary: XMLStream.Summary
            do {
                summary = try XMLStream.read(
                    { do { return try next() } catch { throw Foreign(error: error) } }, limits: limits.document,
                    identifiers: Identifier.attributes, visitor: reader)
            } catch let foreign as Foreign { throw foreign.error } catch let error as XMLRefusal {
                throw AggregateRefusal.xml(error)
            } catch let error as XMLSignatureRefusal { throw AggregateRefusal.signature(error) }
            return (reader.facts(summary), summary.identifierCount)
        }
    }

    private func facts(_ summary: XMLStream.Summary) -> AggregateFacts {
        AggregateFacts(
            root: root ?? AggregateGroup(name: nil, validUntil: nil, cacheSeconds: nil), isGroup: isGroup, identifier: identifier,
            entities: number, repeated: repeated, nameless: nameless, oversized: oversized, bytes: summary.bytes)
    }

    // MARK: What passes

    func start(_ element: StreamedElement) throws -> StreamChoice {
        if element.depth == 0 { return try start(root: element) }
        if element.depth == 1 {
            defer { isFirstChild = false }
            if element.name == Self.signatureName {
                guard isFirstChild else { throw XMLSignatureRefusal.severalSignatures }
                awaited.append(.signature)
                return .withhold
            }
            guard !isFirstChild || signature == nil else { throw XMLSignatureRefusal.noSignature }
        }
        guard !open.isEmpty else { return [] }
        switch element.name {
        case Self.entityName: return try start(entity: element)
        case Self.groupName:
            open[open.count - 1].hasMembers = true
            guard open.count < limits.groups else { throw AggregateRefusal.groups(limit: limits.groups) }
            push(try Self.group(element))
            return .enter
        case Self.extensionsName:
            let current = open[open.count - 1]
            guard !current.hasMembers, !current.hasExtensions else { throw AggregateRefusal.extensions }
            open[open.count - 1].hasExtensions = true
            awaited.append(.extensions)
            return .capture
        default: return []
        }
    }

    private func start(root element: StreamedElement) throws -> StreamChoice {
        identifier = element.attribute("ID")
        signature?.identifier = identifier
        let group = try Self.group(element)
        root = group
        switch element.name {
        case Self.groupName:
            push(group)
            return .enter
        case Self.entityName:
            isGroup = false
            return try start(entity: element).union(.enter)
        default: throw AggregateRefusal.root(element.name.local)
        }
    }

    private func start(entity element: StreamedElement) throws -> StreamChoice {
        if !open.isEmpty { open[open.count - 1].hasMembers = true }
        members += 1
        guard members <= limits.entities else { throw AggregateRefusal.entities(limit: limits.entities) }
        guard let entityID = element.attribute("entityID"), (1...1_024).contains(entityID.utf8.count) else {
            nameless += 1
            return []
        }
        awaited.append(.entity(entityID))
        return .capture
    }

    func end() { if open.popLast() != nil { groups = open.map(\.group) } }

    func part(_ bytes: [UInt8]?) throws {
        switch awaited.popLast() {
        case .signature:
            guard let signature else { return }
            guard let bytes else { throw XMLSignatureRefusal.malformed("Signature") }
            try signature.read(bytes)
        case .extensions:
            guard let bytes, !open.isEmpty else { throw AggregateRefusal.extensions }
            try GroupExtensions.read(bytes, into: &open[open.count - 1].group)
            groups = open.map(\.group)
            if open.count == 1 { root = groups.first }
        case .entity(let entityID):
            try hand(bytes, entityID)
        case nil: break
        }
    }

    func canonical(_ bytes: Span<UInt8>) { signature?.update(bytes) }

    // MARK: Members

    private func hand(_ bytes: [UInt8]?, _ entityID: String) throws {
        guard let bytes else {
            if oversized.count < Self.reported { oversized.append(entityID) }
            return
        }
        let isRepeated = !seen.insert(Fingerprint(entityID)).inserted
        if isRepeated, repeated.count < Self.reported, !repeated.contains(entityID) { repeated.append(entityID) }
        do {
            try entity(EntitySlice(number: number, entityID: entityID, bytes: bytes, groups: groups, isRepeated: isRepeated))
        } catch { throw Foreign(error: error) }
        number += 1
    }

    private func push(_ group: AggregateGroup) {
        open.append(OpenGroup(group: group))
        groups = open.map(\.group)
    }

    private static func group(_ element: StreamedElement) throws(AggregateRefusal) -> AggregateGroup {
        var validUntil: Timestamp?
        if let text = element.attribute("validUntil") {
            validUntil = Timestamp(XMLWhiteSpace.trimmed(text))
            if validUntil == nil { throw .time(text) }
        }
        // It protects nobody: one that cannot be read says nothing, as an entity's.
        let cacheSeconds = element.attribute("cacheDuration").flatMap { MetadataDuration.seconds(XMLWhiteSpace.trimmed($0)) }
        return AggregateGroup(name: element.attribute("Name"), validUntil: validUntil, cacheSeconds: cacheSeconds)
    }
}

/// An entityID that has been seen. 128 bits under a key of this process stand for up to 1024 octets: a forger's thousand-octet names, read
/// before the digest is known, cannot fill the memory. By bytes; Swift's own comparison of strings is canonical equivalence.
private struct Fingerprint: Hashable {
    private let low: Int
    private let high: Int

    init(_ text: String) {
        var first = Hasher()
        var second = Hasher()
        second.combine(UInt8(1))
        for byte in text.utf8 {
            first.combine(byte)
            second.combine(byte)
        }
        low = first.finalize()
        high = second.finalize()
    }
}
