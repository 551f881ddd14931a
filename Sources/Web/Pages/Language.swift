import HTTPTypes
import Hummingbird
import Synchronization

/// The language of a page. One page has one language (decision 0058).
enum Language: String, CaseIterable, Sendable {
    case japanese = "ja"
    case english = "en"
    /// やさしい日本語: short sentences, easy words, for those who are learning Japanese and for children.
    case easy = "ja-easy"

    /// The value of `lang` in HTML (BCP 47): easy Japanese is Japanese, and is read aloud as such.
    var tag: String { self == .english ? "en" : "ja" }

    /// What the language calls itself.
    var ownName: String {
        switch self {
        case .japanese: "日本語"
        case .english: "English"
        case .easy: "やさしい日本語"
        }
    }

    /// The choice that belongs to the request being answered, set by `Threshold`.
    @TaskLocal static var choice: LanguageChoice?

    /// The language of the page that is being built; Japanese where no request is answered.
    static var current: Language { choice?.language ?? .japanese }

    /// The citizen's choice is kept in it.
    static let cookie = "lang"
}

/// Who chose the language of this request: the citizen (cookie), else the service (`ui_locales`, OpenID Connect Core §3.1.2.1), else the
/// browser (Accept-Language), else nobody: Japanese. Looked at when the first word is said: answers without a page pay nothing.
final class LanguageChoice: Sendable {
    /// Where the page being built can be had again in another language; nil where it answers a form or a message.
    let here: String?
    /// The origin of the main listener, for links from a page on another one.
    let base: String
    /// A television asks, or somebody who wants to see pages as on one.
    var isTelevision: Bool {
        switch Request.cookie(Self.screen, in: headers) {
        case Self.television: true
        case Self.plain: false
        default: headers[.userAgent].map(Self.isTelevision) ?? false
        }
    }

    private let headers: HTTPFields
    private let state: Mutex<State>

    private struct State {
        var chosen: Language?
        var asked: Language?
    }

    init(_ request: Request, base: String) {
        here = Self.place(of: request)
        self.base = base
        headers = request.headers
        state = Mutex(State())
    }

    var language: Language {
        state.withLock { state in
            if let chosen = state.chosen { return chosen }
            let found =
                Request.cookie(Language.cookie, in: headers).flatMap { Language(rawValue: $0) } ?? state.asked
                ?? headers[.acceptLanguage].flatMap(Self.accepted) ?? .japanese
            state.chosen = found
            return found
        }
    }

    /// The service asked for a language; the citizen's own choice stands before it.
    func ask(_ locales: String) {
        guard let language = Self.first(locales.split(separator: " ").map { $0[...] }) else { return }
        state.withLock { state in
            state.asked = language
            state.chosen = nil
        }
    }

    /// The first that we speak, of language tags in the order of liking (at most 16 are looked at).
    private static func first(_ tags: [Substring]) -> Language? {
        for tag in tags.prefix(16) {
            let text = tag.lowercased()
            if text == "ja-easy" || text == "ja-x-easy" || text == "ja-simple" { return .easy }
            if text == "ja" || text.hasPrefix("ja-") { return .japanese }
            if text == "en" || text.hasPrefix("en-") { return .english }
        }
        return nil
    }

    /// RFC 9110 §12.5.4. A browser that likes French best and takes English gets English; one that takes neither gets what everybody gets.
    static func accepted(_ header: String) -> Language? {
        guard header.utf8.count <= 512 else { return nil }
        let ranked = header.split(separator: ",").prefix(16).enumerated().compactMap { place, item -> (Substring, Int, Int)? in
            let parts = item.split(separator: ";").map { $0.trimming(" \t") }
            guard let tag = parts.first, !tag.isEmpty else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Self.thousandths($0.dropFirst(2)) } ?? 1000
            return weight > 0 ? (tag, weight, place) : nil
        }
        return first(ranked.sorted { $0.1 == $1.1 ? $0.2 < $1.2 : $0.1 > $1.1 }.map(\.0))
    }

    private static func thousandths(_ weight: Substring) -> Int {
        let digits = weight.utf8.filter { (0x30...0x39).contains($0) }.prefix(4)
        guard digits.count == weight.utf8.count - (weight.utf8.contains(0x2e) ? 1 : 0),
            let number = Int(String(decoding: digits, as: UTF8.self))
        else { return 0 }
        return [1000, 100, 10, 1][max(0, min(3, digits.count - 1))] * number
    }

    // MARK: The same page in another language

    /// Addresses whose query is a message or good for one use, not a place.
    private static let messages = ["/openid/", "/saml/", "/federation/", "/card/", "/signals/", "/.well-known/"]

    private static func isMessage(_ path: String) -> Bool {
        messages.contains(where: path.hasPrefix) || path.hasSuffix("/handover")
    }

    private static func place(of request: Request) -> String? {
        let path = request.uri.path
        guard request.method == .get || request.method == .head, path.utf8.count <= 512, path.hasPrefix("/"), !path.hasPrefix("//"),
            !isMessage(path)
        else { return nil }
        let query = withoutChoice(request.rawQuery)
        return query.isEmpty ? path + "?" : query.utf8.count <= 512 ? path + "?" + query + "&" : nil
    }

    private static func withoutChoice(_ query: String) -> String {
        query.split(separator: "&").filter { !$0.hasPrefix("lang=") && !$0.hasPrefix("screen=") }.joined(separator: "&")
    }

    /// What `screen` in a query, and the cookie of the name, may say.
    static let screen = "screen"
    static let television = "tv"
    static let plain = "plain"

    /// How browsers of televisions and set-top boxes name themselves; whoever is taken for one by mistake has a link back.
    private static let televisions = [
        "hbbtv/", "hybridcast/", "smart-tv", "smarttv", "googletv", "android tv", "bravia", "viera", "netcast", "web0s", "netrange",
    ]

    private static func isTelevision(_ agent: String) -> Bool {
        guard agent.utf8.count <= 512 else { return false }
        let agent = agent.lowercased()
        return televisions.contains(where: agent.contains)
    }

    /// `?lang=en`, `?screen=tv` on a page of ours: the choice goes to its cookie and out of the address, so that no door has to know it.
    static func chosen(by request: Request) -> (cookies: [(name: String, value: String)], location: String)? {
        guard request.method == .get, let query = request.uri.query, query.utf8.count <= 1_024 else { return nil }
        let path = request.uri.path
        guard !isMessage(path), query.contains("lang=") || query.contains("screen="), path.hasPrefix("/"), !path.hasPrefix("//"),
            path.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x5c }), query.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { return nil }
        let cookies = query.split(separator: "&").compactMap { part -> (String, String)? in
            if part.hasPrefix("lang=") { return Language(rawValue: String(part.dropFirst(5))).map { (Language.cookie, $0.rawValue) } }
            return part == "screen=tv" ? (screen, television) : part == "screen=plain" ? (screen, plain) : nil
        }
        guard !cookies.isEmpty else { return nil }
        let rest = withoutChoice(query)
        return (cookies, rest.isEmpty ? path : path + "?" + rest)
    }
}

extension Substring {
    func trimming(_ characters: String) -> Substring {
        var part = drop { characters.contains($0) }
        while let last = part.last, characters.contains(last) { part.removeLast() }
        return part
    }
}
