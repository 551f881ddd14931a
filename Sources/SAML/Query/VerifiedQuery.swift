package import SignOn
import TrustFramework
package import Vocabulary
import XML

/// What the door of attribute queries is called, and what it demands.
package enum AttributeQuery {
    package static let name = "AttributeQuery"
    package static let signature = SignatureRule.always("SAML Profiles §6.4.1; eGov 2.0 §2.5.2")
}

/// Proof that a member that may ask for attributes asks for those of one citizen, by a name that we gave it. Never stored.
///
/// What it is told is never more than a sign-on would tell it at this moment, and only while the citizen is logged in: with a session that
/// lives, in which this member was told of the citizen by this name. A member to whom nobody logged in cannot ask about anybody.
package struct VerifiedAttributeQuery: Sendable {
    package let sender: ServiceProvider
    package let id: String
    /// Nil when it names nobody we could know.
    package let name: MemberName?
    package let replayKey: ReplayKey
    let wishes: [AttributeWish]
    let encryption: AssertionEncryption
    private let identityProviderID: MemberID

    /// Refuses what follows no schema, a member that may not ask, and one that cannot be answered as its operator demands.
    package init(
        reading message: ProvenMessage, at identityProvider: IdentityProvider, at now: Timestamp
    ) throws(SAMLRefusal.Reason) {
        guard message.sender.options.attributeQuery else { throw .queryOff }
        // INVARIANT: a proof is made from a proven message only, and of this kind.
        guard message.element.isNamed(.protocol(AttributeQuery.name)) else {
            throw .wrongKind(message.element.name.local, expected: AttributeQuery.name)
        }
        let query = try AttributeQueryMessage(
            reading: message.element, at: identityProvider, at: now, ciphers: message.sender.options.ciphers.ofNames)
        let encryption = AssertionEncryption(for: message.sender)
        if case .impossible(let gap) = encryption { throw .encryption(gap) }
        sender = message.sender
        id = message.header.id
        name = query.name
        wishes = query.wishes
        replayKey = ReplayKey(message.replayKey)
        self.encryption = encryption
        identityProviderID = identityProvider.entityID
    }

    /// Whether it means this participation of its sender: the identifier that we gave, with what it repeats of format and qualifiers.
    package func names(_ participation: Participation) -> Bool {
        guard let name, participation.member == sender.entityID, participation.name.tongue == .saml,
            participation.name.text.hasSameBytes(as: name.text)
        else { return false }
        return name.means(participation.name, of: sender.entityID, from: identityProviderID)
    }

    /// The question that a sign-on would put to policy, on which no page may be shown.
    package func ask(at now: Timestamp) -> Ask {
        Ask(member: sender.entityID, passive: true, askedAt: now, wish: wish, by: .saml, path: .attributeQuery)
    }

    /// What the query names, of what the member's metadata asks for; all of that where it names nothing.
    private var wish: ReleaseWish {
        let registered = sender.wish(by: sender.attributeService(nil))
        guard !wishes.isEmpty else { return registered }
        let named = AttributeSource.allCases.filter { source in
            let mapped = sender.options.attributeNames[source]
            let (name, format) = (mapped?.name ?? source.samlName, mapped?.format.uri ?? AttributeNameFormat.uri)
            return wishes.contains { $0.name.hasSameBytes(as: name) && ($0.format.map { $0.hasSameBytes(as: format) } ?? true) }
        }
        switch registered {
        case .all, .facts: return .only(Set(named))
        case .only(let registered): return .only(registered.intersection(named))
        }
    }
}
