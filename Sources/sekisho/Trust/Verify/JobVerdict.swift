import Cryptography
import Trust
import Vocabulary

/// The answer to one job, to be written as one line of JSON.
struct JobVerdict {
    struct Reason {
        /// Stable: `path.expired`, `path.revoked`, `budget.signatures`, `certificate.unreadable`.
        let code: String
        let detail: String
        /// The higher, the nearer the best path was to being right. Comparable within one version only.
        let rank: Int
    }

    private let id: JSON
    private let profile: String
    private let revocation: String
    private let moment: Timestamp
    private let ignored: [String]
    private var reason: Reason?
    private var chain: [Certificate] = []
    private var anchor: Certificate?
    private var policies: [ObjectIdentifier] = []
    var statuses: [(certificate: Certificate, status: CertificateStatus)] = []
    var notes: [String] = []
    /// How long the judgement took.
    var took: Duration = .zero

    init(_ job: VerifyJob, profile: String, at moment: Timestamp) {
        id = job.id
        self.profile = profile
        revocation = job.revocation.rawValue
        self.moment = moment
        ignored = job.ignored
    }

    mutating func accept(_ trusted: TrustedChain) {
        chain = trusted.path
        anchor = trusted.anchor.certificate
        policies = trusted.policies
        statuses = Array(zip(trusted.path, trusted.statuses))
    }

    mutating func refuse(_ reason: Reason, chain: [Certificate]) {
        self.reason = reason
        self.chain = chain
    }

    var isValid: Bool { reason == nil }

    var json: JSON {
        var members: [(String, JSON)] = [("id", id), ("valid", .bool(reason == nil))]
        members.append(("reason", reason.map(\.json) ?? .null))
        members.append(("chain", .array(chain.map(Self.name))))
        if let anchor { members.append(("anchor", .string(Hexadecimal.encode(anchor.fingerprint)))) }
        members.append(("policies", .array(policies.map { .string($0.dotted) })))
        members.append(("statuses", .array(statuses.map { Self.status($0.certificate, $0.status) })))
        members.append(("revocation", .string(revocation)))
        members.append(("profile", .string(profile)))
        members.append(("time", .string(moment.text)))
        members.append(JobDoor.spent(took))
        if !notes.isEmpty { members.append(("notes", .array(notes.map { .string(Explanation.redacted($0)) }))) }
        if !ignored.isEmpty { members.append(("ignored", .array(ignored.map { .string($0) }))) }
        return .object(members)
    }

    private static func name(_ certificate: Certificate) -> JSON {
        .object([
            ("subject", .string(Explanation.redacted(certificate.subject.text))),
            ("sha256", .string(Hexadecimal.encode(certificate.fingerprint))),
        ])
    }

    private static func status(_ certificate: Certificate, _ status: CertificateStatus) -> JSON {
        var members: [(String, JSON)] = [("sha256", .string(Hexadecimal.encode(certificate.fingerprint)))]
        switch status.verdict {
        case .good: members.append(("status", "good"))
        case .unknown: members.append(("status", "unknown"))
        case .revoked(let reason, let moment):
            members += [("status", "revoked"), ("reason", .string("\(reason)")), ("revoked_at", .string(moment.text))]
        }
        members.append(("source", .string(status.source.rawValue)))
        if let moment = status.thisUpdate { members.append(("this_update", .string(moment.text))) }
        if let moment = status.nextUpdate { members.append(("next_update", .string(moment.text))) }
        if !status.remarks.isEmpty { members.append(("remarks", .array(status.remarks.prefix(64).map { .string("\($0)") }))) }
        return .object(members)
    }
}

extension JobVerdict.Reason {
    init(_ refusal: TrustRefusal) {
        let detail = Explanation.redacted(refusal.description)
        switch refusal {
        case .path(let fault): self.init(code: "path." + Self.word(fault.reason), detail: detail, rank: 10 + fault.reason.rawValue)
        case .budget(let kind): self.init(code: "budget." + kind.rawValue, detail: detail, rank: 5)
        case .tooManyCertificates: self.init(code: "input.too-many-certificates", detail: detail, rank: 1)
        case .tooManyAnchors: self.init(code: "input.too-many-anchors", detail: detail, rank: 1)
        case .leafVersion: self.init(code: "certificate.version", detail: detail, rank: 2)
        case .leafIsAnchor: self.init(code: "certificate.is-anchor", detail: detail, rank: 2)
        case .noAnchor: self.init(code: "path.no-anchor", detail: detail, rank: 3)
        }
    }

    /// `nameConstraint` as `name-constraint`.
    private static func word(_ reason: PathFault.Reason) -> String {
        "\(reason)".reduce(into: "") { text, letter in text += letter.isUppercase ? "-" + letter.lowercased() : String(letter) }
    }

    var json: JSON {
        .object([("code", .string(code)), ("detail", .string(detail)), ("rank", .integer(Int64(rank)))])
    }
}
