package import Outbound
package import Vocabulary

/// What a browser did, for whoever watches.
package enum TraceEvent: Sendable {
    case hop(Hop)
    /// What the person, the card and the terminal did; no PIN in it.
    case note(String)
}

/// One request and its answer.
package struct Hop: Sendable {
    package let number: Int
    package let method: String
    package let address: WebAddress
    /// Names only: a cookie's value is a key to a session.
    package let cookiesSent: [String]
    package let cookiesSet: [String]
    /// Parameters of the query and of a posted form, decoded.
    package let parameters: [(name: String, value: String)]
    package let requestJSON: JSON?
    package let status: Int
    package let location: String?
    package let type: String?
    package let title: String?
    package let responseJSON: JSON?
    /// What a self-submitting form of the page will post.
    package let formAction: String?

    init(number: Int, _ request: OutboundRequest, _ answer: OutboundAnswer, sent: [String], set: [String]) {
        self.number = number
        method = request.method.rawValue
        address = request.address
        cookiesSent = sent
        cookiesSet = set
        var parameters = WebAddress.parameters(request.address.query ?? "")
        if request.method == .post, request.type.hasPrefix(UserAgent.formType) {
            parameters += WebAddress.parameters(String(decoding: request.body, as: UTF8.self))
        }
        self.parameters = parameters
        requestJSON = request.type.hasPrefix("application/json") ? try? JSON(reading: request.body) : nil
        status = answer.status
        location = answer.header("location")
        type = answer.type
        responseJSON = answer.type == "application/json" ? try? JSON(reading: answer.body) : nil
        let page = answer.type == "text/html" ? WebPage(answer.body) : nil
        title = page?.title
        formAction = page?.automaticForm?.action
    }
}

/// Writes events as text. Parameters that carry messages are shown decoded as well.
package struct TraceWriter: Sendable {
    /// Gives the readable form of a parameter, or nil when it is no message.
    package typealias Decoding = @Sendable (_ name: String, _ value: String) -> String?

    private let decode: Decoding

    package init(decoding: @escaping Decoding = MessageDecoding.standard) { decode = decoding }

    package func text(_ event: TraceEvent) -> String {
        switch event {
        case .note(let text): return "   · " + text
        case .hop(let hop): return text(hop)
        }
    }

    private func text(_ hop: Hop) -> String {
        var lines = ["\(hop.number). \(hop.method) \(hop.address.origin)\(hop.address.path)\(hop.address.query == nil ? "" : "?…")"]
        if !hop.cookiesSent.isEmpty { lines.append("   cookies: " + hop.cookiesSent.joined(separator: ", ")) }
        for (name, value) in hop.parameters {
            guard let decoded = decode(name, value) else {
                lines.append("   \(name) = \(Self.short(value))")
                continue
            }
            lines.append("   \(name) (\(value.utf8.count) bytes) decodes to")
            lines += Self.indented(decoded)
        }
        if let json = hop.requestJSON { lines += Self.members(of: json, decode) }
        lines.append("   → \(hop.status) \(hop.type ?? "")" + (hop.title.map { " “\($0)”" } ?? ""))
        if let location = hop.location { lines.append("   location: " + Self.short(location)) }
        if !hop.cookiesSet.isEmpty { lines.append("   sets cookies: " + hop.cookiesSet.joined(separator: ", ")) }
        if let action = hop.formAction { lines.append("   the page posts a form to " + action) }
        if let json = hop.responseJSON { lines += Self.members(of: json, decode) }
        return lines.joined(separator: "\n")
    }

    private static func members(of json: JSON, _ decode: Decoding) -> [String] {
        (json.members ?? []).flatMap { name, value -> [String] in
            guard let text = value.string else { return ["   \(name): \(short(value.text))"] }
            if let decoded = decode(name, text) { return ["   \(name) decodes to"] + indented(decoded) }
            return text.contains("\n") ? ["   \(name):"] + indented(text) : ["   \(name): \(short(text))"]
        }
    }

    private static func indented(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: true).map { "       " + $0 }
    }

    private static func short(_ text: String) -> String {
        let shown = Explanation.redacted(text)
        return shown.count > 120 ? shown.prefix(100) + "… (\(text.utf8.count) bytes)" : shown
    }
}
