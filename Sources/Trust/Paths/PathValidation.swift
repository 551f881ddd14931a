import Cryptography
import Vocabulary

/// RFC 5280 §6.1, from the anchor down to the leaf: the state variables of §6.1.2 and what each certificate does to them. Signatures come
/// from the verdict's memory; revocation is asked by the caller, when all this stands.
struct PathValidation {
    private let profile: PathProfile
    private let now: Timestamp
    /// From the leaf to the anchor.
    private let path: [Certificate]

    // §6.1.2. The counters hold how many more certificates may pass before they bite.
    private var explicitPolicy: Int
    private var policyMapping: Int
    private var inhibitAnyPolicy: Int
    private var maximumLength: Int
    private var mappers = 0
    private var policies = PolicyGraph()
    private var names = NameBounds()

    private init(_ path: [Certificate], _ profile: PathProfile, at now: Timestamp) {
        self.profile = profile
        self.now = now
        self.path = path
        let inputs = profile.policies
        explicitPolicy = inputs.requireExplicit ? 0 : path.count
        policyMapping = inputs.inhibitMapping ? 0 : path.count
        inhibitAnyPolicy = inputs.inhibitAnyPolicy ? 0 : path.count
        maximumLength = path.count
    }

    /// The user-constrained-policy-set of a valid path, in the order of their bytes.
    static func policies(
        of path: [Certificate], _ profile: PathProfile, at now: Timestamp, _ memory: inout SignatureMemory, _ budget: inout PathBudget
    ) throws(PathStop) -> [ObjectIdentifier] {
        guard path.count >= 2, let anchor = path.last, let leaf = path.first else {
            throw .fault(PathFault(.noPath, depth: 0, "no issuer"))
        }
        guard path.count - 2 <= profile.longestPath else { throw .fault(PathFault(.tooLong, depth: 0, "profile")) }
        var state = PathValidation(path, profile, at: now)
        try state.begin(with: anchor, &budget)
        for depth in stride(from: path.count - 2, through: 0, by: -1) {
            let certificate = path[depth]
            try state.process(certificate, below: path[depth + 1], at: depth, &memory, &budget)
            if depth > 0 { try state.prepare(below: certificate, at: depth, &budget) }
        }
        return try state.finish(leaf)
    }

    /// What the anchor's certificate adds to its name and key (RFC 5937 §3.2), when the profile asks.
    private mutating func begin(with anchor: Certificate, _ budget: inout PathBudget) throws(PathStop) {
        let depth = path.count - 1
        if profile.anchors.contains(.validity) { try refuse(PathProfile.timeFault(of: anchor, at: now), at: depth) }
        if !profile.rules(of: anchor).allows(anchor.publicKey.kind) { try refuse((.weak, "key"), at: depth) }
        guard profile.anchors.contains(.constraints) else { return }
        // An anchor of version 1, or without basicConstraints, is one because the operator says so.
        if anchor.extensions.contains(.basicConstraints) ? !anchor.isAuthority : profile.issuers.contains(.authority) {
            try refuse((.authority, "RFC 5937 §3.2: basicConstraints"), at: depth)
        }
        if let usage = anchor.keyUsage, !usage.contains(.keyCertSign) { try refuse((.authority, "RFC 5937 §3.2: keyUsage"), at: depth) }
        try refuse(profile.purposeFault(ofAuthority: anchor), at: depth)
        try refuse(PathProfile.extensionFault(of: anchor), at: depth)
        try refuse(profile.conformanceFault(of: anchor, isAnchor: true, &budget), at: depth)
        try policies.take(anchor.hasPolicies ? anchor.policies : [.anyPolicy], anyCounts: true, &budget)
        try bind(by: anchor, isAnchor: true, &budget)
        if let length = anchor.pathLength { maximumLength = min(maximumLength, length) }
    }

    /// §6.1.3, for one certificate.
    private mutating func process(
        _ certificate: Certificate, below issuer: Certificate, at depth: Int, _ memory: inout SignatureMemory, _ budget: inout PathBudget
    ) throws(PathStop) {
        guard certificate.issuer == issuer.subject else { throw .fault(PathFault(.noPath, depth: depth, "RFC 5280 §6.1.3 (a)(4)")) }
        try refuse(profile.strengthFault(of: certificate, issuedBy: issuer), at: depth)
        guard try memory.isSigned(certificate, by: issuer.publicKey, &budget) else {
            throw .fault(PathFault(.signature, depth: depth, "RFC 5280 §6.1.3 (a)(1)"))
        }
        try refuse(PathProfile.timeFault(of: certificate, at: now), at: depth)
        try refuse(PathProfile.extensionFault(of: certificate), at: depth)
        try refuse(profile.conformanceFault(of: certificate, &budget), at: depth)
        if !certificate.isSelfIssued || depth == 0, let rule = try names.rule(brokenBy: certificate, &budget) {
            throw .fault(PathFault(.nameConstraint, depth: depth, rule))
        }
        let anyCounts = inhibitAnyPolicy > 0 || depth > 0 && certificate.isSelfIssued
        try policies.take(certificate.hasPolicies ? certificate.policies : nil, anyCounts: anyCounts, &budget)
        guard explicitPolicy > 0 || !policies.isEmpty else { throw .fault(PathFault(.policy, depth: depth, "RFC 5280 §6.1.3 (f)")) }
    }

    /// §6.1.4: a certificate that issued the next one.
    private mutating func prepare(below certificate: Certificate, at depth: Int, _ budget: inout PathBudget) throws(PathStop) {
        try refuse(profile.authorityFault(of: certificate), at: depth)
        try bind(by: certificate, &budget)
        if !certificate.isSelfIssued {
            guard maximumLength > 0 else { throw .fault(PathFault(.authority, depth: depth, "RFC 5280 §6.1.4 (l)")) }
            maximumLength -= 1
        }
        if let length = certificate.pathLength { maximumLength = min(maximumLength, length) }
    }

    /// §6.1.4 (b), (g)–(j), in that order: what an authority's certificate says about those below.
    private mutating func bind(by authority: Certificate, isAnchor: Bool = false, _ budget: inout PathBudget) throws(PathStop) {
        let mappings = authority.policyMappings
        if !mappings.isEmpty { mappers += 1 }
        let isAllowed = policyMapping > 0 && profile.mappingDepth.map { mappers <= $0 } ?? true
        try policies.map(mappings, isAllowed: isAllowed, &budget)
        if let constraints = authority.nameConstraints { try names.add(constraints, &budget) }
        // An anchor is no certificate of the path, however it was issued: only its constraints count.
        if !authority.isSelfIssued, !isAnchor {
            explicitPolicy = max(explicitPolicy - 1, 0)
            policyMapping = max(policyMapping - 1, 0)
            inhibitAnyPolicy = max(inhibitAnyPolicy - 1, 0)
        }
        if let skip = authority.requireExplicitPolicy { explicitPolicy = min(explicitPolicy, skip) }
        if let skip = authority.inhibitPolicyMapping { policyMapping = min(policyMapping, skip) }
        if let skip = authority.inhibitAnyPolicy { inhibitAnyPolicy = min(inhibitAnyPolicy, skip) }
    }

    /// §6.1.5, and what the profile asks of the leaf.
    private func finish(_ leaf: Certificate) throws(PathStop) -> [ObjectIdentifier] {
        // (a): the decrement at the leaf; unlike §6.1.4 (h) it does not ask whether the leaf is self-issued.
        let isRequired = explicitPolicy <= 1 || leaf.requireExplicitPolicy == 0
        let found = policies.policies(acceptable: profile.policies.acceptable)
        guard !isRequired || !found.isEmpty else { throw .fault(PathFault(.policy, depth: 0, "RFC 5280 §6.1.5 (g)")) }
        try refuse(profile.useFault(of: leaf), at: 0)
        return found.sorted { $0.content.lexicographicallyPrecedes($1.content) }
    }

    private func refuse(_ finding: PathProfile.Finding?, at depth: Int) throws(PathStop) {
        if let finding { throw .fault(PathFault(finding.reason, depth: depth, finding.rule)) }
    }
}
