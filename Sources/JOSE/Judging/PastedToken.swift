package import Vocabulary

/// A token that somebody copied out of a browser, a log or a file, with whatever stood around it. Finding it is lenient, so that a
/// developer is helped; judging is not.
package struct PastedToken: Sendable {
    /// The token as it was sent.
    package let text: String
    package let form: TokenVerdict.Form
    /// What stood before it: `id_token`, `client_assertion`, `Authorization`, when that can be told.
    package let name: String?
    /// Further tokens in the same paste.
    package let others: Int
    /// What was done to get at it.
    package let steps: [String]

    /// Octets of a paste that we look at.
    package static let largest = 1 << 20

    package init(_ pasted: [UInt8]) throws(PastedTokenRefusal) {
        guard pasted.count <= Self.largest else { throw .tooLarge(limit: Self.largest) }
        guard String(validating: pasted, as: UTF8.self) != nil else { throw .notText }
        guard pasted.contains(where: { $0 > 0x20 }) else { throw .empty }
        var steps: [String] = []
        var found = Self.tokens(in: pasted)
        if found.isEmpty {
            // Terminals and mails break lines.
            let joined = pasted.filter { $0 > 0x20 }
            found = Self.tokens(in: joined)
            if !found.isEmpty { steps.append("line breaks and spaces were taken out") }
        }
        guard let first = found.first else { throw Self.looksLikeXML(pasted) ? .xml : .nothing }
        if first.range.count < pasted.filter({ $0 > 0x20 }).count { steps.append("taken out of the text around it") }
        text = first.text
        form = TokenJudge.form(of: first.text)
        name = first.name
        others = found.count - 1
        self.steps = steps
    }

    private struct Found {
        let text: String
        let range: Range<Int>
        let name: String?
    }

    /// Runs of base64url and dots, with two or four of the dots, whose first part is a JSON object. One pass over the text.
    private static func tokens(in bytes: [UInt8]) -> [Found] {
        var found: [Found] = []
        var start: Int?
        var dots = 0
        for index in 0...bytes.count {
            let byte = index < bytes.count ? bytes[index] : 0
            if isPart(byte) || byte == 0x2e {
                if start == nil { (start, dots) = (index, 0) }
                if byte == 0x2e { dots += 1 }
                continue
            }
            if let begin = start, dots == 2 || dots == 4, found.count < 32 {
                let text = String(decoding: bytes[begin..<index], as: UTF8.self)
                if hasHeader(text) { found.append(Found(text: text, range: begin..<index, name: name(in: bytes, before: begin))) }
            }
            start = nil
        }
        return found
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
        default: false
        }
    }

    private static func hasHeader(_ text: String) -> Bool {
        guard let first = text.utf8.split(separator: 0x2e, maxSplits: 1, omittingEmptySubsequences: false).first,
            let bytes = Base64url.decode(String(Substring(first)))
        else { return false }
        return bytes.first == 0x7b
    }

    /// The word before `=`, `:`, `": "` or a blank.
    private static func name(in bytes: [UInt8], before end: Int) -> String? {
        var place = end
        while place > 0, [0x20, 0x22, 0x27, 0x3a, 0x3d].contains(bytes[place - 1]), end - place < 8 { place -= 1 }
        guard place < end else { return nil }
        var begin = place
        while begin > 0, isPart(bytes[begin - 1]), place - begin < 40 { begin -= 1 }
        return begin < place ? String(decoding: bytes[begin..<place], as: UTF8.self) : nil
    }

    private static func looksLikeXML(_ bytes: [UInt8]) -> Bool { bytes.first { $0 > 0x20 } == 0x3c }
}

/// Why no token was found in a paste.
package enum PastedTokenRefusal: Error, Hashable, Sendable {
    case empty
    case tooLarge(limit: Int)
    case notText
    case nothing
    /// XML: SAML's, for `sekisho saml decode`.
    case xml

    package var explanation: Explanation {
        switch self {
        case .empty: explain("empty", "there is nothing to decode", "nothing")
        case .tooLarge(let limit): explain("too-large", "the paste is larger than we take", "limit \(limit)")
        case .notText: explain("not-text", "the paste is no text", "no UTF-8")
        case .nothing: explain("nothing", "there is no token in the paste", "no three or five parts of base64url whose first is a header")
        case .xml: explain("xml", "this is XML, and no JSON Web Token", "XML")
        }
    }

    private func explain(_ code: String, _ summary: String, _ found: String) -> Explanation {
        Explanation(
            "jose.paste." + code, summary, compared: [.init("found", found)], clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy:
                "paste an ID token, a client assertion, a request object, a proof; opaque tokens say nothing, and SAML has `sekisho saml decode`"
        )
    }
}
