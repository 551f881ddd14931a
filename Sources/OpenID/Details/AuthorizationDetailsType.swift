package import Vocabulary

/// One `type` of authorization details (RFC 9396 §2.1) that this deployment knows: what may stand in it, and what a citizen is told.
package struct AuthorizationDetailsType: Sendable {
    package let name: String
    package let title: Wording
    /// Who may ask for it beside being registered for it; nil leaves it to the registrations.
    package let members: Set<MemberID>?
    /// In the order of the page.
    package let fields: [DetailsField]

    package init(name: String, title: Wording, members: Set<MemberID>? = nil, fields: [DetailsField]) {
        self.name = name
        self.title = title
        self.members = members
        self.fields = fields
    }
}

/// The same words in both languages of our pages.
package struct Wording: Hashable, Sendable {
    package let japanese: String
    package let english: String

    package init(japanese: String, english: String) {
        self.japanese = japanese
        self.english = english
    }
}

/// A member of an object of authorization details.
package struct DetailsField: Sendable {
    package indirect enum Kind: Sendable {
        /// 1 to `longest` bytes without control characters; one of `choices` when there are any.
        case text(longest: Int, choices: [Choice])
        /// An absolute https address without fragment, user name and dot segments.
        case address
        case integer(ClosedRange<Int64>)
        case flag
        /// `2026-04-01`: a day of the calendar.
        case day
        /// 1 to `most` different values of a kind; a list of all choices is not the same as no list.
        case list(Kind, most: Int)
        case object([DetailsField])
    }

    package struct Choice: Hashable, Sendable {
        package let value: String
        package let title: Wording

        package init(_ value: String, _ title: Wording) {
            self.value = value
            self.title = title
        }
    }

    /// How a later, narrower request may differ from what was granted.
    package enum Narrowing: String, Sendable, CaseIterable {
        case equal
        /// A number that is not greater.
        case atMost = "at-most"
    }

    package let name: String
    package let title: Wording
    package let kind: Kind
    package let isRequired: Bool
    package let narrowing: Narrowing

    package init(name: String, title: Wording, kind: Kind, isRequired: Bool = false, narrowing: Narrowing = .equal) {
        self.name = name
        self.title = title
        self.kind = kind
        self.isRequired = isRequired
        self.narrowing = narrowing
    }
}

/// All types of the deployment.
package struct AuthorizationDetailsTypes: Sendable {
    private let types: [String: AuthorizationDetailsType]

    /// Of two types with one name the last counts; `sekisho check` refuses such a folder.
    package init(_ types: [AuthorizationDetailsType]) {
        self.types = Dictionary(types.map { ($0.name, $0) }) { $1 }
    }

    /// For `authorization_details_types_supported`.
    package var names: [String] { types.keys.sorted() }

    package subscript(_ name: String) -> AuthorizationDetailsType? { types[name] }
}
