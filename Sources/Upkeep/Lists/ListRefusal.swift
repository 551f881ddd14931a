package import Outbound
package import Trust
package import Vocabulary

/// Why a source gave no list that we publish. The list before stays.
package enum ListRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case fetch(OutboundRefusal)
    case status(Int)
    /// A file that cannot be read.
    case file(String)
    case tooLarge(Int)
    /// Malformed, not yet or no longer valid, or wrongly signed by the authority it names.
    case list(RevocationRefusal)
    /// None of our authorities has its name (RFC 4514).
    case noAuthority(String)
    /// One of our authorities made it, and not the one whose lists come from this source.
    case otherAuthority(was: String, is: String)
    /// cRLNumber, in hexadecimal.
    case numberWentBack(from: String, to: String)
    case timeWentBack(from: Timestamp, to: Timestamp)
    /// Another list under the number and the moment of the one we hold.
    case twin(number: String)
    case shrunk(from: Int, to: Int)
    case otherScope(was: String, is: String)
    /// No space, no permission, half a file.
    case disk(String)

    /// Stable and dotted, for gauges and the feed.
    package var code: String {
        switch self {
        case .fetch(let refusal): "fetch." + refusal.code
        case .status: "fetch.status"
        case .file: "file"
        case .tooLarge: "list.too-large"
        case .list(let refusal): "list." + Self.code(of: refusal)
        case .noAuthority: "list.no-authority"
        case .otherAuthority: "list.other-authority"
        case .numberWentBack: "list.number-back"
        case .timeWentBack: "list.time-back"
        case .twin: "list.twin"
        case .shrunk: "list.shrunk"
        case .otherScope: "list.other-scope"
        case .disk: "disk"
        }
    }

    /// Somebody has to look: a network that fails heals by itself, a list that lies or a disk that is full does not.
    package var isAlarm: Bool {
        switch self {
        case .fetch, .status, .file: false
        default: true
        }
    }

    /// Whether the operator may take the list all the same, by its digest: it is truly signed, and only unlike the one before.
    package var isAcceptable: Bool {
        switch self {
        case .numberWentBack, .timeWentBack, .twin, .shrunk, .otherScope, .otherAuthority: true
        default: false
        }
    }

    package var description: String {
        switch self {
        case .fetch(let refusal): "not fetched: \(refusal)"
        case .status(let status): "the server answered \(status)"
        case .file(let what): "the file cannot be taken: \(what)"
        case .tooLarge(let bytes): "\(bytes) bytes are too many"
        case .list(let refusal): "not believed: \(refusal)"
        case .noAuthority(let name): "made by `\(Explanation.redacted(name))`, which is none of our authorities"
        case .otherAuthority(let old, let new): "made by `\(Explanation.redacted(new))`, where `\(Explanation.redacted(old))` did before"
        case .numberWentBack(let old, let new): "number \(new) after \(old)"
        case .timeWentBack(let old, let new): "made \(new.text), after one made \(old.text)"
        case .twin(let number): "another list under number \(number)"
        case .shrunk(let old, let new): "\(new) entries after \(old)"
        case .otherScope(let old, let new): "covers `\(Explanation.redacted(new))`, where `\(Explanation.redacted(old))` was covered before"
        case .disk(let what): what
        }
    }

    private static func code(of refusal: RevocationRefusal) -> String {
        switch refusal {
        case .list: "malformed"
        case .issuer: "issuer"
        case .issuerUsage: "issuer-usage"
        case .signature: "signature"
        case .future: "future"
        case .stale: "stale"
        case .signerPath: "signer-path"
        default: "refused"
        }
    }
}

extension ListRefusal {
    init(_ trouble: DeliveryTrouble) {
        switch trouble {
        case .fetch(let refusal): self = .fetch(refusal)
        case .status(let status): self = .status(status)
        case .file(let what): self = .file(what)
        case .tooLarge(let bytes): self = .tooLarge(bytes)
        case .disk(let what): self = .disk(what)
        }
    }
}
