package import Vocabulary

/// One attribute as policy released it to one member.
///
/// INVARIANT: what is personal in it goes into the answer and nowhere else; printing one shows its source only.
package struct ReleasedAttribute: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    package let source: AttributeSource
    package let value: JSON

    package init(source: AttributeSource, value: JSON) {
        self.source = source
        self.value = value
    }

    /// The value as the text of a SAML `AttributeValue`.
    package var text: String { value.string ?? value.text }

    /// The texts of the SAML `AttributeValue`s: one, but for what there may be several of.
    package var texts: [String] { value.array?.compactMap(\.string) ?? [text] }

    /// The value of the claim in ID token and userinfo: an address is an object there (OpenID Connect Core §5.1.1).
    package var claimValue: JSON { source == .address ? ["formatted": value] : value }

    package var description: String { source.isPersonal ? source.rawValue : source.rawValue + "=" + text }
    package var customMirror: Mirror { Mirror(self, children: ["source": source]) }
}

extension ReleasedAttribute {
    /// What can be told of `release` at this moment, in the order of `AttributeSource.allCases`. A name or an address never goes without its
    /// marks of substituted characters. What the record does not say for certain is left out.
    package static func told(
        _ release: Set<AttributeSource>, from facts: AssuranceFacts, in context: AssuranceContext, record: IdentityRecord?,
        customers: [String] = [], at now: Timestamp
    ) -> [ReleasedAttribute] {
        let whole = release.union(release.compactMap(\.companion))
        return AttributeSource.allCases.compactMap { source in
            guard whole.contains(source),
                let value = source.value(from: facts, in: context, record: record, customers: customers, at: now)
            else { return nil }
            return ReleasedAttribute(source: source, value: value)
        }
    }
}
