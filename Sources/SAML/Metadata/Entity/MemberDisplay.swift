import Vocabulary

/// How a member wishes to be shown (SAML V2.0 Metadata Extensions for Login and Discovery User Interface). Its own words: data to show, never
/// markup, never an address to fetch from a citizen's browser.
package struct MemberDisplay: Hashable, Sendable {
    /// By language tag, at most 200 characters each, without control and direction characters.
    package var names: [String: String] = [:]
    package var descriptions: [String: String] = [:]
    /// https addresses, for a link that a citizen may follow.
    package var privacyStatements: [String: String] = [:]
    package var informationPages: [String: String] = [:]
    package var logos: [MemberLogo] = []

    package init() {}
}

/// A member's picture. `data:` gives the picture itself, vetted; an https address is only told to the operator: a page that loaded it would
/// tell the member who is about to log in.
package struct MemberLogo: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// A raster picture whose first bytes are what its type says; never SVG, which is script.
        case picture(type: String, bytes: [UInt8])
        case address(String)
    }

    package let source: Source
    package let width: Int
    package let height: Int
    package let language: String?

    /// Bytes of one picture that a page carries.
    package static let largest = 65_536

    /// Nil for what may not be shown: another scheme, another type, a picture that is too large or something else than it says.
    init?(_ text: String, width: Int, height: Int, language: String?) {
        guard (1...4096).contains(width), (1...4096).contains(height) else { return nil }
        self.width = width
        self.height = height
        self.language = language
        if text.hasPrefix("data:") {
            guard let source = Self.picture(text) else { return nil }
            self.source = source
        } else {
            guard WebAddress.isAllowed(text, development: false) else { return nil }
            source = .address(text)
        }
    }

    private static let types: [(name: String, magic: [[UInt8]])] = [
        ("image/png", [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]]), ("image/jpeg", [[0xff, 0xd8, 0xff]]),
        ("image/gif", [Array("GIF87a".utf8), Array("GIF89a".utf8)]), ("image/webp", [Array("RIFF".utf8)]),
    ]

    private static func picture(_ text: String) -> Source? {
        guard text.utf8.count <= largest * 3 / 2, let comma = text.firstIndex(of: ",") else { return nil }
        let head = text[text.index(text.startIndex, offsetBy: 5)..<comma].lowercased()
        guard let type = types.first(where: { head == $0.name + ";base64" }) else { return nil }
        guard let bytes = Base64.decodeLenient(String(text[text.index(after: comma)...])), bytes.count <= largest,
            type.magic.contains(where: { bytes.starts(with: $0) })
        else { return nil }
        return .picture(type: type.name, bytes: bytes)
    }
}

/// A member's words, made fit to be shown.
enum Shown {
    /// White space collapsed; nil when nothing visible is left or it is longer than 200 characters.
    static func text(_ raw: String, most: Int = 200) -> String? {
        var text = ""
        var gap = false
        var count = 0
        for scalar in raw.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: gap = !text.isEmpty
            case .format, .surrogate, .privateUse, .unassigned: continue
            default:
                if gap { text.unicodeScalars.append(" ") }
                gap = false
                text.unicodeScalars.append(scalar)
                count += 1
                guard count <= most else { return nil }
            }
        }
        return text.isEmpty ? nil : text
    }
}
