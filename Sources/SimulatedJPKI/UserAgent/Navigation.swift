import Outbound

/// One step of a browser: what is asked, and which page made it ask.
struct Navigation {
    let request: OutboundRequest
    let initiator: WebAddress?

    /// Where an answer sends the browser: 301, 302 and 303 turn a post into a get, 307 and 308 repeat it (Fetch Standard §4.4).
    func redirected(by answer: OutboundAnswer) throws(UserAgentRefusal) -> Navigation? {
        guard [301, 302, 303, 307, 308].contains(answer.status) else { return nil }
        guard let location = answer.header("location"), let target = answer.address.resolving(location) else {
            throw .address(answer.header("location") ?? "redirect without Location")
        }
        let repeats = answer.status >= 307 && request.method == .post
        guard repeats else { return Navigation(request: .get(target), initiator: initiator) }
        return Navigation(request: request.at(target), initiator: initiator)
    }
}

extension OutboundRequest {
    func with(_ headers: [Header]) -> OutboundRequest {
        method == .get
            ? .get(address, headers: headers)
            : .post(address, type: type, body: body, headers: headers.filter { $0.name != "Content-Type" })
    }

    /// The same post to another place. Browsers send `null` for the origin once a post has crossed to another one.
    func at(_ target: WebAddress) -> OutboundRequest {
        let headers = headers.filter { $0.name != "Content-Type" }.map { header in
            header.name == "Origin" && target.origin != address.origin ? Header("Origin", "null") : header
        }
        return .post(target, type: type, body: body, headers: headers)
    }

    var type: String { headers.first { $0.name == "Content-Type" }?.value ?? UserAgent.formType }
}
