import Cryptography
import Testing
import Trust
import Vocabulary

/// A small PKI with its lists: one anchor, authorities below it, people, and whatever lists each of them signs. Everything is signed by
/// real keys; nothing is believed because a test says so.
struct Scene {
    let root: Node
    let anchor: Certificate
    var certificates: [Certificate] = []
    var lists: [[UInt8]] = []
    private var serial: UInt8 = 0x10

    /// Made once; every scene has lists and certificates of its own.
    private static let shared = Result { () throws -> (Node, Certificate) in
        let node = try Node("Trust Anchor")
        return (node, try node.root())
    }

    /// With a fresh list of the anchor that revokes nobody.
    init(rootList: Bool = true) throws {
        (root, anchor) = try Self.shared.get()
        if rootList { try list(by: root) }
    }

    var store: TrustStore { TrustStore(anchors: [anchor.anchor]) }

    mutating func nextSerial() -> [UInt8] {
        serial += 1
        return [serial]
    }

    /// An authority, or a signer of lists, certified by the anchor or by `parent`.
    mutating func authority(
        _ name: String, by parent: Node? = nil, usage: KeyUsage = [.keyCertSign, .cRLSign], points: [PointDraft] = [],
        change: (inout CertificateDraft) -> Void = { _ in }
    ) throws -> Node {
        let node = try Node(name)
        try certify(node, by: parent ?? root, usage: usage, points: points, change: change)
        return node
    }

    @discardableResult
    mutating func certify(
        _ node: Node, by parent: Node, usage: KeyUsage = [.keyCertSign, .cRLSign], points: [PointDraft] = [],
        change: (inout CertificateDraft) -> Void = { _ in }
    ) throws -> Certificate {
        let certificate = try parent.certify(node, serial: nextSerial()) { draft in
            draft.extensions[0] = Extension.keyUsage(usage)
            if !points.isEmpty { draft.extensions.append(Extension.points(points)) }
            change(&draft)
        }
        certificates.append(certificate)
        return certificate
    }

    /// A person below an authority.
    func person(_ authority: Node, serial: [UInt8] = [0x07], points: [PointDraft] = []) throws -> Certificate {
        try authority.leaf { draft in
            draft.serial = serial
            if !points.isEmpty { draft.extensions.append(Extension.points(points)) }
        }
    }

    /// A list, by the key and in the name of `signer`, with its key identifier, number 7, fresh for a day before and after now.
    mutating func list(by signer: Node, scope: ScopeDraft? = nil, _ change: (inout ListDraft) -> Void = { _ in }) throws {
        lists.append(try Self.list(by: signer, scope: scope, change))
    }

    static func list(
        by signer: Node, scope: ScopeDraft? = nil, _ change: (inout ListDraft) -> Void = { _ in }
    ) throws -> [UInt8] {
        var draft = ListDraft(keyIdentifier: signer.key.publicKey.keyIdentifier)
        draft.issuer = signer.name
        if let scope { draft.extensions.append(scope.der) }
        change(&draft)
        let key = draft.signer ?? signer.key
        return try SignedStructure.make(draft.body(key.usual), key: key, key.usual)
    }

    func evidence(
        rules: EvidenceRules = EvidenceRules(), budget: RevocationBudget = .standard, answers: [[UInt8]] = []
    ) throws -> RevocationEvidence {
        try RevocationEvidence(
            lists: lists.map { try UnverifiedRevocationList(der: $0) }, answers: answers.map { try UnverifiedOCSPResponse(der: $0) },
            certificates: certificates, store: store, rules: rules, budget: budget)
    }

    /// The whole verdict, with a status for every certificate of the path.
    func verdict(
        on leaf: Certificate, at now: Timestamp = Moment.now, rules: EvidenceRules = EvidenceRules(),
        budget: RevocationBudget = .standard, answers: [[UInt8]] = []
    ) throws -> TrustVerdict {
        PathSearch(store: store).verdict(
            on: leaf, with: certificates, at: now,
            status: .evidence(try evidence(rules: rules, budget: budget, answers: answers), unknownRefuses: true))
    }

    func word(
        on leaf: Certificate, at now: Timestamp = Moment.now, rules: EvidenceRules = EvidenceRules(),
        budget: RevocationBudget = .standard, answers: [[UInt8]] = []
    ) throws -> Word {
        Word(try verdict(on: leaf, at: now, rules: rules, budget: budget, answers: answers))
    }

    /// The leaf's own status, whatever its authorities'.
    func status(
        of leaf: Certificate, at now: Timestamp = Moment.now, rules: EvidenceRules = EvidenceRules(), budget: RevocationBudget = .standard,
        answers: [[UInt8]] = []
    ) throws -> CertificateStatus {
        let chain = try #require(PathSearch(store: store).verdict(on: leaf, with: certificates, at: now).chain)
        return try evidence(rules: rules, budget: budget, answers: answers)
            .status(of: leaf, issuer: chain.issuer, path: chain.path, at: now)
    }

    /// What the published lists say at a login: the same lists, each verified in advance by whichever certificate can.
    func published(of leaf: Certificate, at now: Timestamp = Moment.now) throws -> Word {
        let chains = certificates.compactMap { PathSearch(store: store).verdict(on: $0, with: certificates, at: now).chain }
        let verified = try lists.compactMap { der in
            let list = try UnverifiedRevocationList(der: der)
            return (try? list.verified(issuer: anchor, at: now)) ?? chains.lazy.compactMap { try? list.verified(by: $0, at: now) }.first
        }
        return Word(
            PathSearch(store: store).verdict(
                on: leaf, with: certificates, at: now, status: .evidence(RevocationLists(verified), unknownRefuses: true)))
    }
}

/// How a verdict ended, as far as revocation goes.
enum Word: String {
    case valid, revoked, unknown
    /// Refused for something else: a mistake in the test.
    case other

    init(_ verdict: TrustVerdict) {
        self =
            switch verdict {
            case .trusted: .valid
            case .refused(.path(let fault), _) where fault.reason == .revoked: .revoked
            case .refused(.path(let fault), _) where fault.reason == .statusUnknown: .unknown
            case .refused: .other
            }
    }
}

/// One story about a certificate and the lists that are about it, with its end.
struct Situation: Sendable, CustomTestStringConvertible {
    let name: String
    let expected: Word
    let make: @Sendable (inout Scene) throws -> Certificate

    init(_ name: String, _ expected: Word, _ make: @escaping @Sendable (inout Scene) throws -> Certificate) {
        self.name = name
        self.expected = expected
        self.make = make
    }

    var testDescription: String { name }
}
