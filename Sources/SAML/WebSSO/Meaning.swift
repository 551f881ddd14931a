import TrustFramework
import Vocabulary

// What the parts of a request mean to us: used by the rules and by the proof, so that both see the same.

/// The kind of NameID that a member gets.
package enum NameIDKind: String, Sendable, CaseIterable {
    case persistent
    case transient
    /// The persistent identifier under the format that says nothing, for software that knows no other.
    case unspecified
    /// No NameID at all (IIP-IDP11): the member knows the citizen by `pairwise-id` or `subject-id`, or not at all. Only by the operator's
    /// word; a request that asks for a format gets that format.
    case untold = "none"

    /// Nil where there is no NameID to have one.
    package var format: String? {
        switch self {
        case .persistent: NameIDFormat.persistent
        case .transient: NameIDFormat.transient
        case .unspecified: NameIDFormat.unspecified
        case .untold: nil
        }
    }

    private init?(format: String) {
        switch format {
        case NameIDFormat.persistent: self = .persistent
        case NameIDFormat.transient: self = .transient
        default: return nil
        }
    }

    /// Nil when the request asks for a kind we do not have. Without a wish, or with `unspecified` ("your choice"), the operator's choice
    /// for the member decides, else the first format of its metadata that we have, else persistent. A request that names its Subject
    /// gets that persistent identifier.
    init?(for message: AuthnRequestMessage, of provider: ServiceProvider) {
        if let format = message.nameIDPolicy?.format, format != NameIDFormat.unspecified {
            guard let asked = NameIDKind(format: format), asked == .persistent || message.subject == nil else { return nil }
            self = asked
        } else if message.subject != nil {
            self = .persistent
        } else {
            self = NameIDKind(of: provider)
        }
    }

    /// For a member that says nothing in its message.
    init(of provider: ServiceProvider) {
        self = provider.options.nameID ?? provider.nameIDFormats.lazy.compactMap(NameIDKind.init(format:)).first ?? .persistent
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

    /// `AllowCreate="false"` came. It means nothing for a transient identifier, which is made for the session in any case (SAML Core
    /// Errata E14), nothing where no identifier is told, and nothing where the operator says so; absence is read as leave to create, as service
    /// providers mean it.
    var forbidsNewIdentifier: Bool {
        guard message.nameIDPolicy?.allowCreate == false, provider.options.creation == .asked else { return false }
        return switch NameIDKind(for: message, of: provider) {
        case .transient: false
        case .untold: provider.subjectIdentifier != nil
        default: true
        }
    }

    /// The registered address that the answer goes to (SAML Core §3.4.1, S20), compared byte for byte.
    var consumer: Result<AssertionConsumer, SAMLRefusal.Reason> {
        let usable = provider.usableConsumers
        if let index = message.consumerIndex {
            guard message.consumerURL == nil, message.protocolBinding == nil else { return .failure(.consumerAskedTwice) }
            return usable.first { $0.index == index }.map(Result.success) ?? .failure(.consumerIndex(index))
        }
        if let binding = message.protocolBinding, binding != Binding.post, binding != Binding.artifact {
            return .failure(.responseBinding(binding))
        }
        let fitting = usable.filter { consumer in
            message.protocolBinding.map { $0 == consumer.binding } ?? true
                && message.consumerURL.map { $0.hasSameBytes(as: consumer.location) } ?? true
        }
        if let chosen = provider.preferred(among: fitting) { return .success(chosen) }
        if let url = message.consumerURL { return .failure(.consumerURL(url)) }
        return .failure(.responseBinding(message.protocolBinding ?? Binding.post))
    }
}

extension ServiceProvider {
    /// The addresses that we can answer by.
    var usableConsumers: [AssertionConsumer] { consumers.filter { $0.binding == Binding.post || $0.binding == Binding.artifact } }

    /// Of several that fit: the operator's choice of binding goes first, then the metadata's default (SAML Metadata §2.2.3).
    func preferred(among fitting: [AssertionConsumer]) -> AssertionConsumer? {
        let wished = options.responseBinding.map { $0 == .artifact ? Binding.artifact : Binding.post }
        let liked = fitting.filter { wished == nil || $0.binding == wished }
        let choice = liked.isEmpty ? fitting : liked
        return choice.first { $0.isDefault == true } ?? choice.first { $0.isDefault == nil } ?? choice.first
    }
}
