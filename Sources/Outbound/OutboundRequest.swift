package struct OutboundRequest: Hashable, Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST" }

    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let method: Method
    package let address: WebAddress
    package let headers: [Header]
    package let body: [UInt8]

    package static func get(_ address: WebAddress, headers: [Header] = []) -> OutboundRequest {
        OutboundRequest(method: .get, address: address, headers: headers, body: [])
    }

    package static func post(_ address: WebAddress, type: String, body: [UInt8], headers: [Header] = []) -> OutboundRequest {
        OutboundRequest(method: .post, address: address, headers: headers + [Header("Content-Type", type)], body: body)
    }
}

/// What came back, of any status.
package struct OutboundAnswer: Hashable, Sendable {
    package let status: Int
    /// In the order they came.
    package let headers: [OutboundRequest.Header]
    package let body: [UInt8]
    /// Where the answer came from, after redirects.
    package let address: WebAddress

    package init(status: Int, headers: [OutboundRequest.Header], body: [UInt8], address: WebAddress) {
        self.status = status
        self.headers = headers
        self.body = body
        self.address = address
    }

    /// The first header of the name, whatever its case.
    package func header(_ name: String) -> String? { first(name) }

    /// The media type without its parameters, lower case.
    package var type: String? {
        header("content-type")?.split(separator: ";").first.map { $0.trimmed.lowercased() }
    }
}

/// Why there is no answer. Names at most a host, never a path, a query or bytes of the answer.
package enum OutboundRefusal: Error, Hashable, Sendable {
    case malformedAddress
    case plainHTTP
    case hostNotAllowed(String)
    case privateAddress
    case unknownHost(String)
    /// More bytes than the rules allow; the status says what the other side made of the request all the same.
    case tooLarge(limit: Int, status: Int)
    case tooSlow(seconds: Int64)
    case tooManyRedirects(limit: Int)
    case redirectMalformed
    case redirectDowngrade
    /// Connection, handshake or protocol failed; `what` is the library's short name for it.
    case failed(what: String)
}

extension OutboundRefusal {
    /// Too long an answer is an answer: nobody reads it, but its status says what the other side made of the request.
    package var status: Int? {
        guard case .tooLarge(_, let status) = self else { return nil }
        return status
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
