package import Cryptography
package import Vocabulary

/// How a member wants our messages signed: what its operator set, and what its metadata declares it can verify (IIP-MD10).
package struct SigningWish: Hashable, Sendable {
    /// SHA-256 of one of our certificates, for a member that reads one key and never again.
    package var pin: String?
    /// What the operator chose, whatever is declared.
    package var algorithm: SignatureAlgorithm?
    /// `alg:SigningMethod` of the member; empty when it says nothing.
    package var declared: [String]
    /// `alg:DigestMethod` of the member; empty when it says nothing.
    package var digests: [String]

    package init(pin: String? = nil, algorithm: SignatureAlgorithm? = nil, declared: [String] = [], digests: [String] = []) {
        self.pin = pin
        self.algorithm = algorithm
        self.declared = declared
        self.digests = digests
    }

    package static let none = SigningWish()

    func takes(_ signer: SAMLSigningKey) -> Bool {
        if let algorithm { return signer.algorithm == algorithm }
        return (declared.isEmpty || declared.contains(signer.identifier)) && (digests.isEmpty || digests.contains(signer.digestIdentifier))
    }
}

/// Our keys for messages, all of them with their lives. Which one signs depends on the moment and on who reads.
package struct SigningKeys: Sendable {
    /// In which order the KeyDescriptors of our metadata stand: many service providers read only the first (M3).
    package enum Order: String, Sendable, CaseIterable {
        case currentFirst = "current-first"
        case nextFirst = "next-first"
        case retiringFirst = "retiring-first"

        fileprivate var states: [KeyLife.State] {
            switch self {
            case .currentFirst: [.current, .next, .retiring]
            case .nextFirst: [.next, .current, .retiring]
            case .retiringFirst: [.retiring, .current, .next]
            }
        }
    }

    /// In the order of the folder; of several current ones the first that suits the member signs.
    package let keys: [OwnKey]
    package let order: Order
    private let fallback: SAMLSigningKey

    /// Nil when none of the keys can sign.
    package init?(_ keys: [OwnKey], order: Order = .currentFirst) {
        guard
            let fallback = (keys.first { $0.life.from != nil && !$0.signers.isEmpty } ?? keys.first { !$0.signers.isEmpty })?.signers.first
        else { return nil }
        self.keys = keys
        self.order = order
        self.fallback = fallback
    }

    /// One key that signs, and certificates that are published behind it.
    package init(_ signer: SAMLSigningKey, upcoming: [OwnKey] = []) {
        keys = [OwnKey(name: "signing", signer: signer)] + upcoming
        order = .currentFirst
        fallback = signer
    }

    /// The key for a member with this wish. A pin wins for as long as its key is published. Of the current keys the first signs that suits;
    /// where none suits, the first: a refusal would lock the member out as surely, and say less.
    package func signer(for wish: SigningWish = .none, at now: Timestamp) -> SAMLSigningKey {
        if let pin = wish.pin, let pinned = keys.first(where: { $0.fingerprint == pin }), pinned.life.isPublished(at: now),
            let signer = pinned.signers.first(where: wish.takes) ?? pinned.signers.first
        {
            return signer
        }
        var first: SAMLSigningKey?
        for key in keys where key.life.state(at: now) == .current {
            if let signer = key.signers.first(where: wish.takes) { return signer }
            if first == nil { first = key.signers.first }
        }
        return first ?? fallback
    }

    /// Whether a current key, or the pinned one, signs in a way that the member says it can verify.
    package func suits(_ wish: SigningWish, at now: Timestamp) -> Bool { wish.takes(signer(for: wish, at: now)) }

    package func hasCurrent(at now: Timestamp) -> Bool { keys.contains { !$0.signers.isEmpty && $0.life.state(at: now) == .current } }

    /// What the world may see, in the order it shall see it.
    package func published(at now: Timestamp) -> [OwnKey] {
        order.states.flatMap { state in keys.filter { $0.life.state(at: now) == state } }
    }

    package func key(fingerprint: String) -> OwnKey? { keys.first { $0.fingerprint == fingerprint } }
}
