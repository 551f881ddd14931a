package import Outbound
package import Vocabulary
package import XMLSecurity

/// Why a source gave nothing that we publish. What was in use before stays, until its own validUntil.
package enum SourceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case fetch(OutboundRefusal)
    case status(Int)
    /// A file that cannot be read.
    case file(String)
    case tooLarge(Int)
    /// Not metadata, or not signed by whom the settings name.
    case aggregate(AggregateRefusal)
    case validUntilMissing
    case expired(Timestamp)
    /// `validUntil` lies further ahead than the settings allow.
    case tooFar(Timestamp, longest: Int64)
    /// Published before the document in use: somebody shows an old one again.
    case older(Timestamp, than: Timestamp)
    /// A query was answered with another entity, or with no service provider.
    case otherEntity(String)
    case entity(String)
    /// No space, no permission, half a file.
    case disk(String)
    /// The operator asked for something that is not there.
    case order(String)

    /// Stable and dotted.
    package var code: String {
        switch self {
        case .fetch(let refusal): "metadata.fetch." + refusal.code
        case .status: "metadata.fetch.status"
        case .file: "metadata.file"
        case .tooLarge: "metadata.too-large"
        case .aggregate(.signature(let refusal)): refusal.explanation.code
        case .aggregate(let refusal): refusal.explanation.code
        case .validUntilMissing: "metadata.valid-until.missing"
        case .expired: "metadata.valid-until.past"
        case .tooFar: "metadata.valid-until.far"
        case .older: "metadata.older"
        case .otherEntity: "metadata.query.other-entity"
        case .entity: "metadata.query.entity"
        case .disk: "metadata.disk"
        case .order: "metadata.order"
        }
    }

    /// Somebody has to look: a network that fails heals by itself, a signature that is wrong does not.
    package var isAlarm: Bool {
        switch self {
        case .fetch, .status, .file, .order: false
        default: true
        }
    }

    package var description: String {
        switch self {
        case .fetch(let refusal): "\(refusal)"
        case .status(let status): "the server answered \(status)"
        case .file(let what): what
        case .tooLarge(let bytes): "the document has \(bytes) bytes, more than `largest` allows"
        case .aggregate(let refusal): refusal.explanation.summary + Self.compared(refusal.explanation)
        case .validUntilMissing: "the document does not say until when it is valid"
        case .expired(let moment): "the document was valid until \(moment.text)"
        case .tooFar(let moment, let longest): "the document is valid until \(moment.text), more than \(longest) s ahead"
        case .older(let published, let than): "the document was published \(published.text), before the one in use (\(than.text))"
        case .otherEntity(let id): "the answer is about `\(Explanation.redacted(id))`"
        case .entity(let what): what
        case .disk(let what): what
        case .order(let what): what
        }
    }

    private static func compared(_ explanation: Explanation) -> String {
        explanation.compared.isEmpty ? "" : " (" + explanation.compared.map { "\($0.name) `\($0.value)`" }.joined(separator: ", ") + ")"
    }
}

extension SourceRefusal {
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
