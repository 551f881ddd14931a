import Cryptography
import Trust
import Vocabulary

/// One question of `sekisho trust verify`, as it was read from JSON: DER that nobody has parsed yet, and what is asked of it.
struct VerifyJob {
    enum Revocation: String {
        /// Nobody asks.
        case none
        /// Evidence that is there counts; its absence does not refuse.
        case ifPresent = "if-present"
        /// Every certificate below the anchor has to be proven good.
        case required
    }

    /// Echoed as it came.
    let id: JSON
    let anchors: [[UInt8]]
    let leaf: [UInt8]
    let candidates: [[UInt8]]
    let lists: [[UInt8]]
    let answers: [[UInt8]]
    /// Nil: the present.
    let time: Timestamp?
    /// Nil: whatever the profile says.
    let policies: [ObjectIdentifier]?
    let requireExplicit: Bool?
    let inhibitMapping: Bool?
    let inhibitAnyPolicy: Bool?
    let profile: String?
    let revocation: Revocation
    /// Seconds; nil is no limit beside nextUpdate.
    let maximumAge: Int64?
    let skew: Int64?
    let names: [JobName]
    let purposes: [ObjectIdentifier]
    let keyUsage: KeyUsage
    let longestPath: Int?
    let mappingDepth: Int?
    let algorithms: JobAlgorithms
    let budget: [String: Int]
    let anchorRules: AnchorRules?
    let issuerRules: IssuerRules?
    /// Members that meant nothing to us.
    let ignored: [String]

    init(_ json: JSON, material: JobMaterial) throws(JobRefusal) {
        var fields = try JobFields(json)
        // x509-limbo asks for what RFC 5280 §4 makes issuers promise, not only for what §6.1 makes judges look at.
        let isLimbo = ["trusted_certs", "untrusted_intermediates", "peer_certificate", "validation_kind"].allSatisfy { json[$0] != nil }
        id = JobDoor.identity(of: json)
        _ = fields.take(["id", "test"])
        var anchors = try material.all(.certificate, fields.take(Self.anchorNames))
        let leaf = try material.all(.certificate, fields.take(Self.leafNames))
        // Leaf first, as protocols send them; PKITS writes the path from the anchor to the leaf, and means the first one to be trusted.
        var chain = try material.all(.certificate, fields.take(["chain", "certificates"]))
        let path = try material.all(.certificate, fields.take(["path"]))
        if chain.isEmpty { chain = path.reversed() }
        if anchors.isEmpty, let first = path.first { anchors = [first] }
        var others: [[UInt8]] = []
        for names in Self.candidateNames { others += try material.all(.certificate, fields.take(names)) }
        guard let first = leaf.first ?? chain.first else {
            throw JobRefusal("job.field.missing", "no certificate to verify: give `leaf`, or `chain` with the leaf first")
        }
        self.anchors = anchors
        self.leaf = first
        candidates = Self.distinct(leaf.dropFirst() + chain.drop { $0 == first } + others)
        guard candidates.count <= JobMaterial.most else { throw JobRefusal("job.size", "more than \(JobMaterial.most) candidates") }
        lists = try material.all(.list, fields.take(["crls", "crl", "lists", "revocation_lists"]))
        answers = try material.all(.answer, fields.take(["ocsp", "ocsp_responses", "ocsp_response", "answers", "stapled"]))
        time = try Self.moment(fields.take(["time", "validation_time", "at", "now", "verification_time", "date"]))
        policies = try Self.policies(fields.texts(["initial_policy_set", "user_initial_policy_set", "policies", "initial_policies"]))
        requireExplicit = try fields.flag(["initial_explicit_policy", "require_explicit_policy", "explicit_policy"])
        inhibitMapping = try fields.flag([
            "initial_policy_mapping_inhibit", "inhibit_policy_mapping", "initial_inhibit_policy_mapping", "inhibit_mapping",
        ])
        inhibitAnyPolicy = try fields.flag([
            "initial_any_policy_inhibit", "inhibit_any_policy", "initial_inhibit_any_policy",
        ])
        profile = fields.take(["profile"])?.value.string ?? (isLimbo ? "strict" : nil)
        let isEvident = !lists.isEmpty || !answers.isEmpty
        revocation = try Self.revocation(fields.take(["revocation", "status", "revocation_mode"])) ?? (isEvident ? .required : .none)
        maximumAge = try fields.number(in: 0...1_000_000_000, ["maximum_age", "max_age"]).map(Int64.init)
        skew = try fields.number(in: 0...86_400, ["clock_skew", "skew"]).map(Int64.init)
        names = try JobName.read(&fields)
        purposes = try Purposes.read(&fields)
        keyUsage = try Usages.read(&fields)
        longestPath = try fields.number(in: 0...32, ["longest_path", "max_chain_depth", "max_depth"])
        mappingDepth = try fields.number(in: 0...32, ["mapping_depth"])
        algorithms = try JobAlgorithms(&fields)
        budget = try Self.budget(fields.take(["budget"]))
        anchorRules = try Self.anchorRules(fields.texts(["anchor_rules", "last_cert_trust"]))
        issuerRules = try Self.issuerRules(fields.texts(["issuer_rules"]))
        ignored = fields.ignored
    }

    private static let anchorNames = [
        "anchors", "trust_anchors", "trust_anchor", "anchor", "trusted_certs", "trusted_certificates", "trust_root", "roots", "trusted",
    ]
    private static let leafNames = [
        "leaf", "certificate", "target", "peer_certificate", "end_entity", "end_entity_certificate", "cert", "ee",
    ]
    private static let candidateNames = [
        ["candidates", "untrusted"], ["others", "other_certs", "other_certificates"],
        ["intermediates", "untrusted_intermediates"], ["certs"],
    ]

    private static func distinct(_ items: [[UInt8]]) -> [[UInt8]] {
        var seen: Set<[UInt8]> = []
        return items.filter { seen.insert($0).inserted }
    }

    static func moment(_ given: JobFields.Given?) throws(JobRefusal) -> Timestamp? {
        guard let given else { return nil }
        if let seconds = given.value.integer { return Timestamp(seconds: seconds) }
        if case .number(let seconds) = given.value, abs(seconds) < 1e12 { return Timestamp(milliseconds: Int64(seconds * 1000)) }
        if let text = given.value.string {
            if let moment = Timestamp(text) ?? Timestamp(text + "T00:00:00Z") ?? Timestamp(text + "Z") { return moment }
            if let seconds = Int64(text) { return Timestamp(seconds: seconds) }
        }
        throw JobRefusal("job.field.value", "`\(given.name)` is neither a moment (RFC 3339) nor seconds since 1970")
    }

    /// An empty list asks for nothing in particular, as in OpenSSL: any policy.
    private static func policies(_ given: (name: String, texts: [String])?) throws(JobRefusal) -> [ObjectIdentifier]? {
        guard let given else { return nil }
        var found: [ObjectIdentifier] = []
        for text in given.texts {
            if ["anypolicy", "any-policy", "any"].contains(text.lowercased()) {
                found.append(.anyPolicy)
            } else if let identifier = ObjectIdentifier(text) {
                found.append(identifier)
            } else {
                throw JobRefusal("job.field.value", "`\(given.name)` holds `\(text)`, which is no object identifier")
            }
        }
        return found.isEmpty ? [.anyPolicy] : found
    }

    private static func revocation(_ given: JobFields.Given?) throws(JobRefusal) -> Revocation? {
        guard let given else { return nil }
        switch given.value {
        case .bool(let isAsked): return isAsked ? .required : Revocation.none
        case .string(let text):
            switch text.lowercased().replacing("_", with: "-") {
            case "none", "off", "no", "skip": return Revocation.none
            case "if-present", "soft", "soft-fail", "best-effort", "optional": return .ifPresent
            case "required", "hard", "hard-fail", "require": return .required
            default: break
            }
        default: break
        }
        throw JobRefusal("job.field.value", "`\(given.name)` is none of `none`, `if-present`, `required`")
    }

    private static func budget(_ given: JobFields.Given?) throws(JobRefusal) -> [String: Int] {
        guard let given else { return [:] }
        var fields = try JobFields(given.value)
        var found: [String: Int] = [:]
        for (name, most) in [
            ("signatures", 10_000), ("candidates", 100_000), ("policy_nodes", 1_000_000), ("name_comparisons", 10_000_000),
            ("statuses", 10_000),
        ] { found[name] = try fields.number(in: 0...most, [name]) }
        if let stranger = fields.ignored.first { throw JobRefusal("job.field.value", "`budget` has no `\(stranger)`") }
        return found
    }

    /// Our own words, or Chromium's `TRUSTED_ANCHOR_WITH_EXPIRATION_AND_CONSTRAINTS`.
    private static func anchorRules(_ given: (name: String, texts: [String])?) throws(JobRefusal) -> AnchorRules? {
        guard let given else { return nil }
        var rules: AnchorRules = []
        for text in given.texts.map({ $0.lowercased() }) {
            if text == "validity" || text.contains("expiration") { rules.insert(.validity) }
            if text.contains("constraints") { rules.insert(.constraints) }
            guard ["none", "validity", "constraints"].contains(text) || text.hasPrefix("trusted_anchor") else {
                throw JobRefusal("job.field.value", "`\(given.name)` holds `\(text)`; choose among validity, constraints, none")
            }
        }
        return rules
    }

    private static func issuerRules(_ given: (name: String, texts: [String])?) throws(JobRefusal) -> IssuerRules? {
        guard let given else { return nil }
        let known: [String: IssuerRules] = [
            "authority": .authority, "criticality": .criticality, "key-identifiers": .keyIdentifiers, "serial": .serial, "names": .names,
            "all": .all, "none": [],
        ]
        var rules: IssuerRules = []
        for text in given.texts {
            guard let rule = known[text.lowercased().replacing("_", with: "-")] else {
                throw JobRefusal(
                    "job.field.value", "`\(given.name)` holds `\(text)`; choose among " + known.keys.sorted().joined(separator: ", "))
            }
            rules.formUnion(rule)
        }
        return rules
    }
}
