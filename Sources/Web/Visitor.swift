import HTTPTypes
import Hummingbird
import Settings
import SignOn
import Vocabulary

/// The names of our cookies. Over TLS they carry the `__Host-` prefix, so that no other host and no sub-path can plant one (checklist
/// H13); a plain-http development deployment cannot use it.
struct CookieNames: Sendable {
    let secure: Bool

    var session: String { secure ? "__Host-sekisho" : "sekisho" }

    func transaction(_ id: TransactionID) -> String { (secure ? "__Host-sekisho-" : "sekisho-") + id.text }

    func set(_ name: String, _ value: String, maximumAge: Int64) -> String {
        name + "=" + value + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + String(maximumAge) + (secure ? "; Secure" : "")
    }

    func remove(_ name: String) -> String { set(name, "", maximumAge: 0) }
}

extension Request {
    /// The value of a cookie; nil when it is absent, empty, or there are two of the name (somebody planted one).
    func cookie(_ name: String) -> String? { Self.cookie(name, in: headers) }

    static func cookie(_ name: String, in headers: HTTPFields) -> String? {
        var found: String?
        for header in headers[values: .cookie] {
            for pair in Array(header.utf8).split(separator: UInt8(ascii: ";")) {
                let pair = pair.drop { $0 == UInt8(ascii: " ") }
                guard let separator = pair.firstIndex(of: UInt8(ascii: "=")), pair[..<separator].elementsEqual(name.utf8) else { continue }
                guard found == nil else { return nil }
                found = String(decoding: pair[separator...].dropFirst(), as: UTF8.self)
            }
        }
        return found?.isEmpty == false ? found : nil
    }

    /// A browser says that another site, or a neighbour under our own domain, sent this. `SameSite` cookies stop only the former; browsers
    /// that do not say are left to it (checklist H3, H4).
    var isCrossSite: Bool {
        guard let name = HTTPField.Name("Sec-Fetch-Site"), let site = headers[name] else { return false }
        return site != "same-origin" && site != "none"
    }

    /// The answer becomes a page before the citizen's eyes: not a picture, a frame or what a script fetched (Fetch Metadata
    /// `Sec-Fetch-Dest`; browsers that do not say are believed, checklist H4).
    var isSeen: Bool {
        guard let name = HTTPField.Name("Sec-Fetch-Dest"), let destination = headers[name] else { return true }
        return destination == "document"
    }

    /// What the forms of one use carry back, bound to the cookie of this name: not to be made by anybody who has not the cookie (checklist H3).
    func formMark(_ use: String, boundTo name: String) -> String {
        Base64url.encode(Ticket.digest(of: use + " " + (cookie(name) ?? "")))
    }

    /// The query exactly as it came, without the question mark.
    var rawQuery: String { uri.query ?? "" }
}

extension Platform {
    static let crossSite = Explanation(
        "http.cross-site", "this form was sent from another site", clause: "checklist H3, H4; Fetch Metadata",
        remedy: "use the button on our own page")

    /// The session of this browser, if it is alive; its last use is noted now and then.
    func session(of request: Request, at now: Timestamp) async throws -> Session? {
        let rules = configuration.current.sessions
        guard let session = try await endableSession(of: request, at: now), session.isAlive(at: now, under: rules) else { return nil }
        if now.seconds(since: session.lastSeenAt) >= min(60, rules.idle / 4) { try await stores.touch(session.id, at: now) }
        return session
    }

    /// The session of this browser for whoever ends it, also where nobody has used it for too long: what its members were given lives on
    /// until then.
    func endableSession(of request: Request, at now: Timestamp) async throws -> Session? {
        guard let cookie = request.cookie(CookieNames(secure: configuration.current.isSecure).session), cookie.utf8.count <= 64,
            let id = SessionID(Ticket.digest(of: cookie))
        else { return nil }
        return try await stores.session(id, at: now)
    }

    /// The same for our own pages, which tell a citizen of himself: nil where only the presence of the card was stated.
    func ownSession(of request: Request, at now: Timestamp) async throws -> Session? {
        try await session(of: request, at: now).flatMap { $0.opensOwnPages ? $0 : nil }
    }

    /// The paused request, if this browser is the one that brought it.
    func transaction(_ id: TransactionID, of request: Request, at now: Timestamp) async throws -> Transaction? {
        guard let cookie = request.cookie(CookieNames(secure: configuration.current.isSecure).transaction(id)),
            let transaction = try await stores.transaction(id, at: now), Ticket.matches(cookie, transaction.browser)
        else { return nil }
        return transaction
    }
}
