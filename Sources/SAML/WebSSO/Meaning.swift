import TrustFramework
import Vocabulary

// What the parts of a request mean to us: used by the rules and by the proof, so that both see the same.

/// The kind of NameID that the member will get.
package enum NameIDKind: String, Sendable {
    case persistent
    case transient

    package var format: String {
        switch self {
        case .persistent: NameIDFormat.persistent
        case .transient: NameIDFormat.transient
        }
    }

    private init?(format: String) {
        switch format {
        case NameIDFormat.persistent: self = .persistent
        case NameIDFormat.transient: self = .transient
        default: return nil
        }
    }

    /// Nil when the request asks for a kind we do not have. Without a wish, or with `unspecified` ("your choice"), the first format of
    /// the member's metadata that we have decides, else persistent. A request that names its Subject gets that persistent identifier.
    init?(for message: AuthnRequestMessage, of provider: ServiceProvider) {
        if let format = message.nameIDPolicy?.format, format != NameIDFormat.unspecified {
            guard let asked = NameIDKind(format: format), asked == .persistent || message.subject == nil else { return nil }
            self = asked
        } else if message.subject != nil {
            self = .persistent
        } else {
            self = provider.nameIDFormats.lazy.compactMap(NameIDKind.init(format:)).first ?? .persistent
        }
    }
}

extension Examined {
    /// The citizen that the member expects, by the identifier we gave it: nil without Subject, or with one that cannot be ours.
    var expected: PairwiseID? {
        guard case .nameID(let text, let format, let nameQualifier, let spNameQualifier) = message.subject,
            format == NameIDFormat.persistent,
            nameQualifier == nil || nameQualifier == identityProvider.entityID.text,
            spNameQualifier == nil || spNameQualifier == provider.entityID.text
        else { return nil }
        return PairwiseID(text)
    }

    /// Essential: SAML has no voluntary wish. Nil without RequestedAuthnContext, or with a comparison that does not exist.
    var requirement: ContextRequirement? {
        guard let asked = message.requestedContext, let comparison = Comparison(rawValue: asked.comparison) else { return nil }
        return ContextRequirement(values: asked.classes, comparison: comparison, essential: true)
    }

    /// The registered address that the answer goes to (SAML Core §3.4.1, S20): compared byte for byte, HTTP-POST only.
    var consumer: Result<AssertionConsumer, SAMLRefusal.Reason> {
        let usable = provider.consumers.filter { $0.binding == Binding.post }
        if let index = message.consumerIndex {
            guard message.consumerURL == nil, message.protocolBinding == nil else { return .failure(.consumerAskedTwice) }
            return usable.first { $0.index == index }.map(Result.success) ?? .failure(.consumerIndex(index))
        }
        if let binding = message.protocolBinding, binding != Binding.post { return .failure(.responseBinding(binding)) }
        if let url = message.consumerURL {
            return usable.first { $0.location == url }.map(Result.success) ?? .failure(.consumerURL(url))
        }
        let chosen = usable.first { $0.isDefault == true } ?? usable.first { $0.isDefault == nil } ?? usable.first
        return chosen.map(Result.success) ?? .failure(.responseBinding(Binding.post))
    }
}
