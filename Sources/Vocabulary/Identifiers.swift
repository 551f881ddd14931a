/// A text that passed its type's gate. What was stored is one string and passes the gate again when it is read.
///
/// INVARIANT: compared byte for byte. Swift compares strings by canonical equivalence, under which KELVIN SIGN is `K` and GREEK QUESTION
/// MARK is `;`, and a peer that compares bytes would see two names where we saw one (checklist E1).
package protocol Identifier: Hashable, Sendable, Codable {
    var text: String { get }
    init?(_ text: String)
}

extension Identifier {
    package static func == (left: Self, right: Self) -> Bool { left.text.hasSameBytes(as: right.text) }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let identifier = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a \(Self.self)")
        }
        self = identifier
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension String {
    /// Equality as protocols mean it: the same bytes, no normalization (checklist E1, SAML Core §8.3, RFC 3986 §6.2.1).
    package func hasSameBytes(as other: String) -> Bool {
        // Canonical equality is the cheap way to say no; equal ASCII texts are settled by the second pass.
        self == other && utf8.elementsEqual(other.utf8)
    }
}

/// Who asks: the identifier a member is registered under, a SAML entityID or an OpenID client_id, compared byte for byte.
package struct MemberID: Identifier, CustomStringConvertible {
    package let text: String

    /// 1 to 1024 UTF-8 bytes (SAML Core §8.3.6), no control characters.
    package init?(_ text: String) {
        guard (1...1024).contains(text.utf8.count), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { return nil }
        self.text = text
    }

    package var description: String { text }
}

/// A citizen, to us only: opaque, random, never told to a member.
package struct SubjectID: Identifier {
    package let text: String

    package init?(_ text: String) {
        guard (16...64).contains(text.utf8.count) else { return nil }
        self.text = text
    }
}

/// A citizen, to one sector of members only. Opaque, at most 256 characters, never differs from another only by case.
package struct PairwiseID: Identifier {
    package let text: String

    package init?(_ text: String) {
        guard (16...256).contains(text.utf8.count) else { return nil }
        self.text = text
    }
}

/// One visit to the login page: in the URL, so that several tabs work; a cookie binds it to the browser.
package struct TransactionID: Identifier {
    package let text: String

    package init?(_ text: String) {
        guard (16...64).contains(text.utf8.count), text.utf8.allSatisfy(\.isBase64url) else { return nil }
        self.text = text
    }
}

/// A terminal or client whose key the platform knows and whose statements about the card's use it believes.
package struct TerminalID: Identifier {
    package let text: String

    package init?(_ text: String) {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(\.isBase64url) else { return nil }
        self.text = text
    }
}

extension UInt8 {
    /// A letter, a digit, `-` or `_`: safe in a URL path, a file name and a log line.
    package var isBase64url: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
        default: false
        }
    }
}
