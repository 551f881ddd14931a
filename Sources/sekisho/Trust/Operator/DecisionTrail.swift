import Credentials
import Cryptography
import Settings
import Trust
import Upkeep
import Vocabulary

/// Follows one decision and writes down every step: what was believed at that moment, which issuers could be meant, what each certificate of
/// the chain says and how it was held against the rules, what the lists say, and the verdict.
struct DecisionTrail {
    let configuration: Configuration
    let profile: TrustProfile
    let moment: Timestamp
    private let isPast: Bool
    private var lines: [String] = []

    init(configuration: Configuration, profile: TrustProfile, at moment: Timestamp, present: Timestamp) {
        self.configuration = configuration
        self.profile = profile
        self.moment = moment
        isPast = moment < present
    }

    var text: String { lines.joined(separator: "\n") }

    private mutating func say(_ text: String, _ depth: Int = 0) {
        lines.append(String(repeating: "  ", count: depth) + text)
    }

    private static func shown(_ text: String) -> String { "`" + Explanation.redacted(text) + "`" }

    /// Whether the certificate is believed.
    mutating func follow(
        _ der: [UInt8], with others: [[UInt8]], lists: [[UInt8]], answers: [[UInt8]]
    ) -> Bool {
        say("decision as of \(moment.text), under the profile \(profile.name) (\(profile.file))")
        let leaf: Certificate
        do { leaf = try Certificate(der: der) } catch {
            say("refused: the certificate cannot be read: \(error)")
            return false
        }
        let disk = TrustDisk(configuration)
        let (anchors, notes) = disk.anchors(of: profile, at: moment)
        tellRules()
        say("anchors: \(anchors.count)" + (isPast ? ", as the feed of changes has them" : ""))
        for anchor in anchors { say(Self.shown(anchor.certificate.subject.text) + " SHA-256 " + Self.print(anchor.certificate), 1) }
        for note in notes { say("note: " + note, 1) }
        let candidates = others.compactMap { try? Certificate(der: $0) } + profile.intermediates
        tellSearch(leaf, candidates, anchors)
        let store = TrustStore(anchors: anchors)
        let evidence = evidence(disk, leaf, candidates, store, lists, answers)
        let verdict = PathSearch(store: store, profile: profile.rules).verdict(
            on: leaf, with: candidates, at: moment, status: profile.status(evidence))
        let chain: [Certificate]
        var statuses: [CertificateStatus] = []
        switch verdict {
        case .trusted(let trusted):
            chain = trusted.path
            statuses = trusted.statuses
        case .refused(_, let failed):
            chain = failed
            if profile.demand != .none {
                statuses = zip(chain, chain.dropFirst()).map { certificate, issuer in
                    evidence.status(of: certificate, issuer: issuer, path: chain, at: moment)
                }
            }
        }
        tell(chain, statuses)
        return conclude(verdict, leaf)
    }

    private mutating func tellRules() {
        let rules = profile.rules
        let policies = rules.policies.acceptable.contains(.anyPolicy) ? ["any"] : rules.policies.acceptable.map(\.dotted).sorted()
        say("rules")
        say(
            "policies: \(policies.joined(separator: ", ")), \(rules.policies.requireExplicit ? "one of them required" : "none required")", 1
        )
        let depth = rules.mappingDepth.map { $0 == 0 ? "none may map policies" : "at most \($0) may map policies" } ?? "mapping as RFC 5280"
        say(
            "certificates between leaf and anchor: at most \(rules.longestPath); \(rules.policies.inhibitMapping ? "none may map policies" : depth)",
            1)
        say(
            "keys and signatures: RSA of \(rules.algorithms.minimumRSABits) bits or more, digests \(rules.algorithms.digests.map(\.rawValue).sorted().joined(separator: ", "))",
            1)
        for (authority, own) in rules.algorithmsByAuthority.sorted(by: { $0.key < $1.key }) {
            say("issued by \(authority): RSA of \(own.minimumRSABits) bits or more", 2)
        }
        if !rules.keyUsage.isEmpty { say("key usage: \(Usages.names(rules.keyUsage).joined(separator: ", "))", 1) }
        if !rules.purposes.isEmpty { say("purposes: one of \(rules.purposes.map(\.dotted).joined(separator: ", "))", 1) }
        say("revocation: \(profile.demand.rawValue)", 1)
    }

    /// Who could have issued each certificate at hand, by name, and what the signature says of each.
    private mutating func tellSearch(_ leaf: Certificate, _ candidates: [Certificate], _ anchors: [TrustAnchor]) {
        say("search")
        var seen: Set<Certificate> = []
        var queue = [leaf]
        while let certificate = queue.first, seen.count < 32 {
            queue.removeFirst()
            guard seen.insert(certificate).inserted else { continue }
            say("who issued \(Self.shown(certificate.subject.text))? It names \(Self.shown(certificate.issuer.text))", 1)
            let possible = anchors.map { ($0.certificate, true) } + candidates.map { ($0, false) }
            let named = possible.filter { $0.0.subject == certificate.issuer && $0.0 != certificate }
            for (issuer, isAnchor) in named.prefix(16) {
                let key: String
                switch (certificate.authorityKeyIdentifier, issuer.subjectKeyIdentifier) {
                case (let wanted?, let own?): key = wanted == own ? "its key identifier fits" : "its key identifier is another"
                default: key = "no key identifier to compare"
                }
                let isSigned = certificate.isSigned(by: issuer.publicKey)
                let word = isAnchor ? "anchor" : "came along"
                say("\(word) \(Self.print(issuer)): \(key); the signature \(isSigned ? "is its own" : "is not its own")", 2)
                if isSigned, !isAnchor { queue.append(issuer) }
            }
            if named.isEmpty { say("nobody at hand has that name", 2) }
        }
    }

    private mutating func evidence(
        _ disk: TrustDisk, _ leaf: Certificate, _ candidates: [Certificate], _ store: TrustStore, _ lists: [[UInt8]], _ answers: [[UInt8]]
    ) -> RevocationEvidence {
        say("evidence about revocation")
        var found: [UnverifiedRevocationList] = []
        // Lists of authorities that have nothing to do with this certificate are not read: one may be a nation's.
        let issuers = Set(([leaf] + candidates).map { $0.issuer.text })
        for (interval, file) in disk.lists(at: moment) where issuers.contains(interval.facts.issuer) {
            let name = "list from \(interval.source), in use since \(interval.from.text)"
            do {
                // Mapped and read as a stream: it may be a nation's.
                let parsed = try ParsedRevocationList(mapped: FixedBytes(mapping: file, atMost: ParsedRevocationList.largestMapped))
                found.append(UnverifiedRevocationList(parsed))
                say(name + ": number \(interval.facts.number ?? "-"), made \(interval.facts.thisUpdate.text)", 1)
            } catch { say(name + ": not at hand any more (\(error))", 1) }
        }
        for der in lists {
            do { found.append(try UnverifiedRevocationList(der: der, atMost: der.count)) } catch {
                say("the list given cannot be read: \(error)", 1)
            }
        }
        var given: [UnverifiedOCSPResponse] = []
        for der in answers {
            do { given.append(try UnverifiedOCSPResponse(der: der)) } catch { say("the answer given cannot be read: \(error)", 1) }
        }
        if found.isEmpty, given.isEmpty { say("none is kept or given", 1) }
        return RevocationEvidence(lists: found, answers: given, certificates: candidates, store: store, rules: profile.evidenceRules)
    }

    private mutating func tell(_ chain: [Certificate], _ statuses: [CertificateStatus]) {
        say("chain, from the certificate upwards")
        for (depth, certificate) in chain.enumerated() {
            say("\(depth): \(Self.shown(certificate.subject.text)) SHA-256 \(Self.print(certificate))", 1)
            let isValid = certificate.notBefore <= moment && moment < certificate.notAfter.adding(seconds: 1)
            say("valid \(certificate.notBefore.text) to \(certificate.notAfter.text): \(isValid ? "yes" : "NO")", 2)
            say("key: \(Self.words(certificate.publicKey.kind))", 2)
            if let usage = certificate.keyUsage { say("key usage: \(Usages.names(usage).joined(separator: ", "))", 2) }
            if let purposes = certificate.extendedKeyUsage { say("purposes: \(purposes.map(\.dotted).joined(separator: ", "))", 2) }
            if certificate.isAuthority {
                say("authority" + (certificate.pathLength.map { ", at most \($0) authorities below it" } ?? ""), 2)
            }
            tellConstraints(of: certificate)
            if !certificate.unknownCriticalExtensions.isEmpty {
                say("critical extensions nobody reads: \(certificate.unknownCriticalExtensions.map(\.dotted).joined(separator: ", "))", 2)
            }
            if depth + 1 < chain.count {
                say("signed by the next one: \(certificate.isSigned(by: chain[depth + 1].publicKey) ? "yes" : "NO")", 2)
            }
            guard depth < statuses.count else { continue }
            let status = statuses[depth]
            switch status.verdict {
            case .good: say("status: good, by \(status.source.rawValue)" + (status.thisUpdate.map { " of \($0.text)" } ?? ""), 2)
            case .unknown: say("status: UNKNOWN", 2)
            case .revoked(let reason, let when): say("status: REVOKED \(when.text), \(reason), by \(status.source.rawValue)", 2)
            }
            for remark in status.remarks.prefix(64) { say("\(remark)", 3) }
        }
    }

    private mutating func tellConstraints(of certificate: Certificate) {
        if !certificate.policies.isEmpty { say("policies: \(certificate.policies.map(\.dotted).joined(separator: ", "))", 2) }
        for mapping in certificate.policyMappings.prefix(16) {
            say("maps policy \(mapping.issuer.dotted) to \(mapping.subject.dotted)", 2)
        }
        if let skip = certificate.requireExplicitPolicy { say("asks for an explicit policy after \(skip) more certificates", 2) }
        if let skip = certificate.inhibitPolicyMapping { say("forbids mapping after \(skip) more certificates", 2) }
        if let skip = certificate.inhibitAnyPolicy { say("forbids anyPolicy after \(skip) more certificates", 2) }
        guard let names = certificate.nameConstraints else { return }
        for (word, trees) in [("permits", names.permitted), ("excludes", names.excluded)] where !trees.isEmpty {
            let shown = trees.prefix(8).map(Self.words).joined(separator: ", ")
            say("\(word) names below it: \(shown)\(trees.count > 8 ? " and \(trees.count - 8) more" : "")", 2)
        }
    }

    private static func words(_ kind: KeyKind) -> String {
        switch kind {
        case .rsa(let bits): "RSA, \(bits) bits"
        case .ec(let curve): "elliptic curve \(curve.rawValue)"
        case .ed25519: "Ed25519"
        case .x25519: "X25519"
        }
    }

    private static func words(_ name: GeneralName) -> String {
        switch name {
        case .dns(let text): "host " + shown(text)
        case .email(let text): "mail " + shown(text)
        case .uri(let text): "address " + shown(text)
        case .directory(let name): "name " + shown(name.text)
        case .address(let bytes): "IP " + Hexadecimal.encode(bytes)
        case .otherName(let kind, _): "other name " + kind.dotted
        case .registered(let identifier): "registered " + identifier.dotted
        case .other: "a form nobody reads"
        }
    }

    private mutating func conclude(_ verdict: TrustVerdict, _ leaf: Certificate) -> Bool {
        switch verdict {
        case .refused(let refusal, _):
            say("REFUSED: \(Explanation.redacted(refusal.description)) [\(JobVerdict.Reason(refusal).code)]")
            return false
        case .trusted(let chain):
            let policies = chain.policies.map(\.dotted).joined(separator: ", ")
            say("TRUSTED by \(Self.shown(chain.anchor.certificate.subject.text)), policies: \(policies.isEmpty ? "none" : policies)")
            guard profile.name == "login" else { return true }
            return concludeLogin(leaf, chain)
        }
    }

    /// The card's own rules come on top of the path: one carrier, one use, a login authority.
    private mutating func concludeLogin(_ leaf: Certificate, _ chain: TrustedChain) -> Bool {
        let cards = configuration.cards
        do throws(CredentialRefusal) {
            let login = try cards.profile.recognise(
                certificate: leaf.der, anchors: TrustStore(anchors: [chain.anchor]), allowSimulated: cards.allowSimulated, at: moment)
            say("LOGS IN: a certificate of the \(login.carrier.rawValue), \(login.algorithm.rawValue)")
            return true
        } catch {
            say("DOES NOT LOG IN: \(Explanation.redacted("\(error)"))")
            return false
        }
    }

    private static func print(_ certificate: Certificate) -> String { Hexadecimal.encode(certificate.fingerprint) }
}
