import Credentials
import Cryptography
import HTTPTypes
import Hummingbird
import NIOCore
import NIOEmbedded
import Settings
import SignOn
import SimulatedJPKI
import Testing
import Vocabulary
import Web

/// A browser of the tests: keeps cookies, follows nothing by itself.
final class Browser {
    let house: House
    private(set) var cookies: [String: String] = [:]

    init(_ house: House) { self.house = house }

    /// Another browser that was given all of this one's cookies.
    func copy() -> Browser {
        let other = Browser(house)
        other.cookies = cookies
        return other
    }

    func forget(_ name: String) { cookies[name] = nil }
    func plant(_ name: String, _ value: String) { cookies[name] = value }

    var sessionCookie: String? { cookies[house.sessionCookieName] }

    func get(_ address: String, _ headers: HTTPFields = [:]) async throws -> Answer { try await send(.get, address, headers, nil) }

    func post(
        _ address: String, _ form: [(String, String)] = [], _ headers: HTTPFields = [:], crossSite: Bool = false
    ) async throws -> Answer {
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        return try await send(.post, address, headers, Array(Form.text(form).utf8), withCookies: !crossSite)
    }

    func post(_ address: String, json: JSON, type: String = "application/json", _ headers: HTTPFields = [:]) async throws -> Answer {
        var headers = headers
        headers[.contentType] = type
        return try await send(.post, address, headers, json.bytes)
    }

    func send(
        _ method: HTTPRequest.Method, _ address: String, _ headers: HTTPFields = [:], _ body: [UInt8]?, withCookies: Bool = true
    ) async throws -> Answer {
        let base = house.world.configuration.baseURL
        let path = address.hasPrefix(base) ? String(address.dropFirst(base.count)) : address
        var headers = headers
        if withCookies, !cookies.isEmpty, headers[.cookie] == nil {
            headers[.cookie] = cookies.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value }.joined(separator: "; ")
        }
        let answer = try await house.send(method, path.isEmpty ? "/" : path, headers, body)
        for cookie in answer.cookies {
            if cookie.isRemoval { cookies[cookie.name] = nil } else { cookies[cookie.name] = cookie.value }
        }
        return answer
    }

    /// Uses a card for the journey at this address, as the app does: asks for a challenge, answers it.
    func use(
        _ handle: String, at journey: String, _ mode: CardMode = .pin, terminal: String? = "sekisho-app"
    ) async throws -> Answer {
        let asked = try await post(journey + "/challenge", json: [:])
        guard asked.status == 200 else { return asked }
        return try await post(journey + "/answer", json: try house.answer(to: try asked.json, handle, journey, mode, terminal))
    }

    /// From a paused request to what comes after the login.
    func login(_ handle: String, at journey: String, _ mode: CardMode = .pin, terminal: String? = "sekisho-app") async throws -> Answer {
        let answer = try await use(handle, at: journey, mode, terminal: terminal)
        try #require(answer.status == 200, "\(answer.text)")
        return try await get(try #require(try answer.json["continue"]?.string))
    }

    /// Opens the login page of a request; the address of the journey.
    func begin(_ path: String) async throws -> String {
        let answer = try await get(path)
        try #require(answer.status == 303, "\(answer.text)")
        return try #require(answer.location)
    }
}

struct Answer {
    struct Cookie {
        let name: String
        let value: String
        let attributes: [String]
        var isRemoval: Bool { attributes.contains("Max-Age=0") }
    }

    let status: Int
    let headers: HTTPFields
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var location: String? { headers[.location] }
    var json: JSON { get throws { try JSON(reading: body) } }
    /// The stable code on a page or in a JSON answer.
    var code: String? {
        if let code = (try? json)?["explanation"]?["code"]?.string { return code }
        return between("<dt>code</dt><dd><code>", "</code>")
    }

    var cookies: [Cookie] {
        headers[values: .setCookie].compactMap { line in
            let parts = line.split(separator: ";").map { $0.drop { $0 == " " } }
            guard let pair = parts.first, let equals = pair.firstIndex(of: "=") else { return nil }
            return Cookie(
                name: String(pair[..<equals]), value: String(pair[pair.index(after: equals)...]),
                attributes: parts.dropFirst().map(String.init))
        }
    }

    /// The hidden form that carries a SAML message.
    var form: (action: String, fields: [(String, String)])? {
        guard let action = between("<form method=\"post\" action=\"", "\"") else { return nil }
        let fields = text.components(between: "<input type=\"hidden\" name=\"", and: ">").compactMap { input -> (String, String)? in
            guard let name = input.components(between: "", and: "\"").first,
                let value = input.components(between: "value=\"", and: "\"").first
            else { return nil }
            return (Form.unescaped(name), Form.unescaped(value))
        }
        return fields.isEmpty ? nil : (Form.unescaped(action), fields)
    }

    /// A parameter of the redirect's address.
    func parameter(_ name: String) -> String? {
        guard let query = location?.split(separator: "?", maxSplits: 1).dropFirst().first else { return nil }
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.first == name { return Form.decoded(parts.count > 1 ? parts[1] : "") }
        }
        return nil
    }

    /// Scripts that stand in the page, and are those that its policy names by their digests.
    var hasOnlyOwnScripts: Bool {
        let scripts = text.components(between: "<script>", and: "</script>")
        let allowed = headers[.contentSecurityPolicy] ?? ""
        return text.lowercased().components(splitBy: "<script").count == scripts.count + 1
            && scripts.allSatisfy { allowed.has("'sha256-" + Base64.encode(Digest.sha256(Array($0.utf8))) + "'") }
    }

    func between(_ start: String, _ end: String) -> String? { text.components(between: start, and: end).first }
}

enum Form {
    static func text(_ form: [(String, String)]) -> String { form.map { encoded($0.0) + "=" + encoded($0.1) }.joined(separator: "&") }

    static func encoded(_ text: String) -> String {
        var safe: [UInt8] = []
        for byte in text.utf8 {
            if byte.isBase64url || byte == 0x2e || byte == 0x7e {
                safe.append(byte)
            } else {
                safe += "%".utf8
                safe += Hexadecimal.encode([byte]).uppercased().utf8
            }
        }
        return String(decoding: safe, as: UTF8.self)
    }

    static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, let value = Hexadecimal.decode(String(decoding: rest.prefix(2), as: UTF8.self))?.first {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == 0x2b ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func unescaped(_ text: String) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(text) { text, pair in
            text.components(splitBy: pair.0).joined(separator: pair.1)
        }
    }
}

extension String {
    func components(splitBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }

    func components(between start: String, and end: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while true {
            if !start.isEmpty {
                guard let open = rest.firstRange(of: start) else { return found }
                rest = rest[open.upperBound...]
            }
            guard let close = rest.firstRange(of: end) else { return found }
            found.append(String(rest[..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
    }

    func has(_ part: String) -> Bool { firstRange(of: part) != nil }
}
