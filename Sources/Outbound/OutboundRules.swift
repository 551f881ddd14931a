/// What a deployment allows its own machines to ask of others.
package struct OutboundRules: Hashable, Sendable {
    /// The hosts that may be asked, lower case, each either `host` (any port) or `host:port`; nil allows every host.
    package let hosts: Set<String>?
    /// Loopback, private and link-local addresses may be asked: a closed network, or development.
    package let allowsPrivateAddresses: Bool
    /// Those of them that may be asked all the same, one by one: the government's own network, and nothing else of ours.
    package let privateRanges: [NetworkRange]
    package let allowsPlainHTTP: Bool
    /// The most bytes of an answer's body.
    package let limit: Int
    /// The most seconds a whole exchange may take, redirects included.
    package let seconds: Int64
    /// The most redirects followed, each judged by these rules again.
    package let redirects: Int
    /// The most bytes per second that a download writes to the disk, so that commits beside it need not wait; nil: as they come.
    package let pace: Int?

    /// One MiB and ten seconds suffice for an OCSP answer, a key set or a member's metadata; a list of revocations or a federation's
    /// aggregate needs an explicit limit.
    package init(
        hosts: Set<String>? = nil, allowsPrivateAddresses: Bool = false, privateRanges: [NetworkRange] = [], allowsPlainHTTP: Bool = false,
        limit: Int = 1_048_576, seconds: Int64 = 10, redirects: Int = 0, pace: Int? = nil
    ) {
        self.hosts = hosts
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.privateRanges = privateRanges
        self.allowsPlainHTTP = allowsPlainHTTP
        self.limit = limit
        self.seconds = seconds
        self.redirects = redirects
        self.pace = pace
    }

    /// The rules that need no name service.
    package func admit(_ address: WebAddress) throws(OutboundRefusal) {
        guard address.scheme == .https || allowsPlainHTTP else { throw .plainHTTP }
        if let hosts, !hosts.contains(address.host), !hosts.contains(address.host + ":" + String(address.port)) {
            throw .hostNotAllowed(address.host)
        }
        guard let number = NetworkAddress(address.host) else { return }
        try admit(number)
    }

    func admit(_ number: NetworkAddress) throws(OutboundRefusal) {
        guard allowsPrivateAddresses || number.isPublic || privateRanges.contains(where: { $0.contains(number) }) else {
            throw .privateAddress
        }
    }

    /// Where a redirect may lead; nil when the answer is no redirect or none is followed.
    func next(after answer: some OutboundHead, to request: OutboundRequest, hop: Int) throws(OutboundRefusal) -> WebAddress? {
        guard redirects > 0, [301, 302, 303, 307, 308].contains(answer.status), request.method == .get else { return nil }
        guard hop < redirects else { throw .tooManyRedirects(limit: redirects) }
        guard let location = answer.first("location"), let address = Self.target(location, from: answer.address) else {
            throw .redirectMalformed
        }
        guard address.scheme == .https || request.address.scheme == .http else { throw .redirectDowngrade }
        return address
    }

    /// A whole address, or a path on the same server; nobody serves metadata behind stranger references.
    private static func target(_ location: String, from page: WebAddress) -> WebAddress? {
        let isPath = location.hasPrefix("/") && !location.hasPrefix("//")
        return WebAddress(isPath ? page.origin + location : location)
    }
}
