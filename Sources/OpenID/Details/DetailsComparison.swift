package import Vocabulary

/// The rule for asking again with less: at a refresh, in a token exchange (RFC 9396 §6.1).
extension AuthorizationDetailsTypes {
    /// Whether everything in `asked` was granted. Each object needs one granted object of its type that holds it: every member equal, but
    /// for lists, of which a part will do, and numbers that the type lets sink. A member that is left out where it was granted would be
    /// more, not less.
    package func isSubset(_ asked: JSON, of granted: JSON) -> Bool {
        guard let items = asked.array, let grants = granted.array, !items.isEmpty else { return false }
        return items.allSatisfy { item in
            guard let type = item["type"]?.string.flatMap({ self[$0] }) else { return false }
            return grants.contains { grant in
                grant["type"]?.string?.hasSameBytes(as: type.name) == true && type.fields.holds(item, within: grant)
            }
        }
    }

    /// What a request for less gets: all that was granted when it names nothing, else what it names, validated as at the authorization
    /// endpoint. Throws when it names more, or names something where nothing was granted.
    package func narrowed(_ asked: String?, within granted: JSON?, for client: Client) throws(AuthorizationDetailsFault) -> JSON? {
        guard let asked else { return granted }
        let details = try validated(asked, for: client)
        guard let granted, isSubset(details, of: granted) else { throw .broader }
        return details
    }
}

extension [DetailsField] {
    fileprivate func holds(_ asked: JSON, within granted: JSON) -> Bool {
        allSatisfy { field in
            switch (asked[field.name], granted[field.name]) {
            case (nil, nil): true
            case (let asked?, let granted?): field.holds(asked, within: granted)
            default: false
            }
        }
    }
}

extension DetailsField {
    fileprivate func holds(_ asked: JSON, within granted: JSON) -> Bool {
        switch kind {
        case .list:
            guard let asked = asked.array, let granted = granted.array, !asked.isEmpty else { return false }
            return asked.allSatisfy(granted.contains)
        case .object(let fields): return fields.holds(asked, within: granted)
        case .integer where narrowing == .atMost:
            guard case .integer(let asked) = asked, case .integer(let granted) = granted else { return false }
            return asked <= granted
        case .text, .address, .integer, .flag, .day: return asked == granted
        }
    }
}
