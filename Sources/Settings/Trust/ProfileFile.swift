import Credentials
import Cryptography
import Trust
import Vocabulary

/// `Keys/profiles/NAME.yaml`: one profile.
struct ProfileFile {
    static let folder = "Keys/profiles"
    /// The profile that logs citizens in. It says what the platform does, and may not say anything else.
    static let login = "login"

    /// The policies of `card.login-policies`; nil when sekisho.yaml could not be read.
    let loginPolicies: [ObjectIdentifier]?
    let anchors: KnownAnchors
    let intermediates: [Certificate]
    let findings: Findings

    enum Curve: String, CaseIterable {
        case p256 = "P-256"
        case p384 = "P-384"
        case p521 = "P-521"

        var curve: EllipticCurve {
            switch self {
            case .p256: .p256
            case .p384: .p384
            case .p521: .p521
            }
        }
    }

    enum Digest: String, CaseIterable {
        case sha256 = "SHA-256"
        case sha384 = "SHA-384"
        case sha512 = "SHA-512"

        var algorithm: DigestAlgorithm {
            switch self {
            case .sha256: .sha256
            case .sha384: .sha384
            case .sha512: .sha512
            }
        }
    }

    /// How far an anchor's own certificate binds what is below it.
    enum AnchorRule: String, CaseIterable {
        case validity, constraints
    }

    /// Rules that RFC 5280 §4 makes for issuers, and a judge may pass over.
    enum IssuerRule: String, CaseIterable {
        case authority, criticality, serial, names
        case keyIdentifiers = "key-identifiers"
    }

    func read(_ text: String, file: String, stem: String) -> TrustProfile? {
        guard let section = Section(reading: text, file: file, to: findings) else { return nil }
        let before = findings.problems.count
        let name = section.text("name", limit: 64) ?? stem
        if name != stem {
            section.report(
                "profile.name", at: section.line(of: "name"), "the profile calls itself `\(Explanation.redacted(name))`",
                "let the name be the file's: `\(stem)`")
        }
        let anchors = anchors(section, stem)
        let algorithms = algorithms(section.section("algorithms"), beside: .standard)
        let rules = PathProfile(
            name: stem, policies: policies(section), mappingDepth: mappingDepth(section),
            longestPath: section.integer("longest-path", in: 0...16, default: 8), algorithms: algorithms,
            algorithmsByAuthority: byAuthority(section, algorithms), keyUsage: keyUsage(section), purposes: purposes(section),
            anchors: AnchorRules(section.choices("anchor-rules", AnchorRule.self) ?? Set(AnchorRule.allCases)),
            issuers: IssuerRules(section.choices("issuer-rules", IssuerRule.self) ?? []))
        let status = section.section("status")
        let profile = TrustProfile(
            name: stem, file: file, rules: rules, store: TrustStore(anchors: anchors), intermediates: intermediates,
            demand: status?.choice("demand") ?? .required, order: status?.choice("order") ?? .listFirst,
            maximumAge: status?.duration("maximum-age", in: 60...400 * 86_400))
        status?.finish()
        if stem == Self.login { holdFixed(section, profile) }
        section.finish()
        return findings.problems.count == before ? profile : nil
    }

    /// For a folder from before there were profiles.
    var builtInLogin: TrustProfile {
        TrustProfile(
            name: Self.login, file: "built in", rules: .login(policies: loginPolicies ?? []),
            store: TrustStore(anchors: anchors.all(in: "anchors") ?? []), intermediates: intermediates, demand: .required,
            order: .listFirst, maximumAge: nil)
    }

    private func anchors(_ section: Section, _ stem: String) -> [TrustAnchor] {
        let standard = stem == Self.login ? "anchors" : KnownAnchors.others + "/" + stem
        guard let texts = section.texts("anchors") else { return anchors.all(in: standard) ?? [] }
        var found: [TrustAnchor] = []
        for (text, line) in texts {
            guard let named = anchors.named(text) else {
                section.report(
                    "profile.anchor", at: line, "`\(Explanation.redacted(text))` names no anchor in Keys/anchors or Keys/anchors-of",
                    "write `anchors/FILE.pem`, `anchors-of/\(stem)/FILE.pem`, a whole folder `anchors-of/\(stem)`, or a SHA-256 fingerprint"
                )
                continue
            }
            for anchor in named where !found.contains(anchor) { found.append(anchor) }
        }
        return found
    }

    private func policies(_ section: Section) -> PolicyInputs {
        var acceptable: Set<ObjectIdentifier> = []
        for (text, line) in section.texts("policies", limit: 128) ?? [("any", 0)] {
            if text == "any" {
                acceptable.insert(.anyPolicy)
            } else if text == "card" {
                acceptable.formUnion(loginPolicies ?? [])
            } else if let identifier = ObjectIdentifier(text) {
                acceptable.insert(identifier)
            } else {
                section.report(
                    "profile.policy", at: line, "`\(Explanation.redacted(text))` is no policy",
                    "write object identifiers with dots, `any`, or `card` for card.login-policies")
            }
        }
        if acceptable.contains(.anyPolicy), acceptable.count > 1 {
            section.report(
                "profile.policy", at: section.line(of: "policies"), "`any` beside other policies allows all of them",
                "keep one or the other")
        }
        return PolicyInputs(
            acceptable: acceptable, requireExplicit: section.flag("explicit-policy", default: false),
            inhibitMapping: section.value("mapping-depth").map(Self.isZero) ?? false,
            inhibitAnyPolicy: !section.flag("any-policy", default: true))
    }

    private static func isZero(_ value: YAML) -> Bool {
        guard case .scalar("0", isPlain: true) = value.value else { return false }
        return true
    }

    /// How many certificates of a path may map policies; nil is as many as RFC 5280 lets them.
    private func mappingDepth(_ section: Section) -> Int? {
        if case .scalar("unlimited", _)? = section.value("mapping-depth")?.value { return nil }
        return section.integer("mapping-depth", in: 0...16) ?? 0
    }

    private func algorithms(_ section: Section?, beside standard: AlgorithmRules) -> AlgorithmRules {
        guard let section else { return standard }
        defer { section.finish() }
        let curves = section.choices("curves", Curve.self).map { Set($0.map(\.curve)) }
        let digests = section.choices("digests", Digest.self).map { Set($0.map(\.algorithm)) }
        if section.items("digests")?.isEmpty == true {
            section.report("profile.algorithms", at: section.line(of: "digests"), "without a digest no signature counts", "name one")
        }
        return AlgorithmRules(
            minimumRSABits: section.integer("rsa-bits", in: 2048...8192) ?? standard.minimumRSABits, curves: curves ?? standard.curves,
            digests: digests ?? standard.digests, allowsEd25519: section.flag("ed25519", default: standard.allowsEd25519),
            allowsPSS: section.flag("pss", default: standard.allowsPSS))
    }

    /// A new algorithm comes with a new generation of an authority, and an old one never leaves its own.
    private func byAuthority(_ section: Section, _ standard: AlgorithmRules) -> [String: AlgorithmRules] {
        var found: [String: AlgorithmRules] = [:]
        for item in section.sections("algorithms-by-authority") {
            let text = item.text("authority", required: true, limit: 128)
            let rules = algorithms(item, beside: standard)
            guard let text else { continue }
            guard let fingerprint = KnownAnchors.fingerprint(text) else {
                item.report(
                    "profile.fingerprint", at: item.line(of: "authority"), "this is no SHA-256 fingerprint",
                    "write 64 hexadecimal digits: `openssl x509 -noout -fingerprint -sha256 -in FILE`")
                continue
            }
            guard found.updateValue(rules, forKey: fingerprint) == nil else {
                item.report("profile.fingerprint", at: item.line(of: "authority"), "the authority comes twice", "keep one of them")
                continue
            }
        }
        return found
    }

    private func keyUsage(_ section: Section) -> KeyUsage {
        var usage: KeyUsage = []
        for (text, line) in section.texts("key-usage", limit: 64) ?? [] {
            guard let bit = KeyUsage.named(text) else {
                section.report(
                    "profile.key-usage", at: line, "`\(Explanation.redacted(text))` is no key usage",
                    "choose among " + KeyUsage.words.map(\.word).joined(separator: ", "))
                continue
            }
            usage.formUnion(bit)
        }
        return usage
    }

    private func purposes(_ section: Section) -> [ObjectIdentifier] {
        (section.texts("purposes", limit: 128) ?? []).compactMap { text, line in
            if let identifier = ObjectIdentifier.purposes[text] ?? ObjectIdentifier(text) { return identifier }
            section.report(
                "profile.purpose", at: line, "`\(Explanation.redacted(text))` is no purpose",
                "write an object identifier, or one of " + ObjectIdentifier.purposes.keys.sorted().joined(separator: ", "))
            return nil
        }
    }

    /// The login profile is the platform's own: the policies of the card, asked for explicitly, mapped by nobody, in certificates for
    /// signing challenges. A file that says otherwise would be believed by its reader and by nobody else.
    private func holdFixed(_ section: Section, _ profile: TrustProfile) {
        func hold(_ isKept: Bool, _ key: String, _ due: String) {
            guard !isKept else { return }
            section.report(
                "profile.login.fixed", at: section.line(of: key), "the login profile is fixed, and `\(key)` differs from it",
                "write `\(key): \(due)`")
        }
        let rules = profile.rules
        if let loginPolicies { hold(rules.policies.acceptable == Set(loginPolicies), "policies", "card") }
        hold(rules.policies.requireExplicit, "explicit-policy", "true")
        hold(rules.mappingDepth == 0, "mapping-depth", "0")
        let fixed = PathProfile.login(policies: Array(rules.policies.acceptable))
        hold(rules.anchors == fixed.anchors, "anchor-rules", "[validity, constraints]")
        hold(rules.issuers.isSuperset(of: fixed.issuers), "issuer-rules", "[authority, criticality]")
        hold(rules.keyUsage == [.digitalSignature], "key-usage", "[digitalSignature]")
        hold(profile.demand == .required, "status", "{demand: required, …}")
    }
}

extension AnchorRules {
    fileprivate init(_ words: Set<ProfileFile.AnchorRule>) {
        self = []
        if words.contains(.validity) { insert(.validity) }
        if words.contains(.constraints) { insert(.constraints) }
    }
}

extension IssuerRules {
    fileprivate init(_ words: Set<ProfileFile.IssuerRule>) {
        self = []
        for word in words {
            switch word {
            case .authority: insert(.authority)
            case .criticality: insert(.criticality)
            case .serial: insert(.serial)
            case .names: insert(.names)
            case .keyIdentifiers: insert(.keyIdentifiers)
            }
        }
    }
}

extension KeyUsage {
    /// RFC 5280 §4.2.1.3.
    static let words: [(word: String, usage: KeyUsage)] = [
        ("digitalSignature", .digitalSignature), ("nonRepudiation", .nonRepudiation), ("keyEncipherment", .keyEncipherment),
        ("dataEncipherment", .dataEncipherment), ("keyAgreement", .keyAgreement), ("keyCertSign", .keyCertSign), ("cRLSign", .cRLSign),
        ("encipherOnly", .encipherOnly), ("decipherOnly", .decipherOnly),
    ]

    static func named(_ word: String) -> KeyUsage? { words.first { $0.word == word }?.usage }
}

extension ObjectIdentifier {
    /// RFC 5280 §4.2.1.12, by the words people know them by.
    static let purposes: [String: ObjectIdentifier] = {
        var found: [String: ObjectIdentifier] = [:]
        for (word, last) in [
            ("serverAuth", 1), ("clientAuth", 2), ("codeSigning", 3), ("emailProtection", 4), ("timeStamping", 8), ("ocspSigning", 9),
        ] { found[word] = ObjectIdentifier("1.3.6.1.5.5.7.3.\(last)") }
        found["any"] = ObjectIdentifier("2.5.29.37.0")
        return found
    }()
}
