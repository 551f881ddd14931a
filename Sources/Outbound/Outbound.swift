import AsyncHTTPClient
import Dispatch
import NIOCore
import NIOHTTP1

/// Asks one thing of the outside world, within the deployment's rules.
package struct Outbound: Sendable {
    package let rules: OutboundRules

    package init(rules: OutboundRules) { self.rules = rules }

    /// Fetches one address. The whole exchange ends within `rules.seconds` and holds at most `rules.limit` bytes of a body; an answer
    /// of any status is an answer. Throws what the rules refuse and what the network did.
    package func fetch(_ request: OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer {
        do {
            return try await withThrowingTaskGroup(of: OutboundAnswer.self) { group in
                group.addTask { try await follow(request) }
                group.addTask {
                    try await Task.sleep(for: .seconds(rules.seconds))
                    throw OutboundRefusal.tooSlow(seconds: rules.seconds)
                }
                defer { group.cancelAll() }
                guard let answer = try await group.next() else { throw OutboundRefusal.failed(what: "cancelled") }
                return answer
            }
        } catch let refusal as OutboundRefusal {
            throw refusal
        } catch let error as HTTPClientError {
            throw error == .deadlineExceeded ? .tooSlow(seconds: rules.seconds) : .failed(what: error.shortDescription)
        } catch is NIOTooManyBytesError {
            throw .tooLarge(limit: rules.limit)
        } catch {
            throw .failed(what: "\(type(of: error))")
        }
    }

    package func get(_ url: String, headers: [OutboundRequest.Header] = []) async throws(OutboundRefusal) -> OutboundAnswer {
        guard let address = WebAddress(url) else { throw .malformedAddress }
        return try await fetch(.get(address, headers: headers))
    }

    package func post(_ url: String, type: String, body: [UInt8]) async throws(OutboundRefusal) -> OutboundAnswer {
        guard let address = WebAddress(url) else { throw .malformedAddress }
        return try await fetch(.post(address, type: type, body: body))
    }

    private func follow(_ request: OutboundRequest) async throws -> OutboundAnswer {
        var request = request
        var hop = 0
        while true {
            let answer = try await exchange(request)
            guard let next = try rules.next(after: answer, to: request, hop: hop) else { return answer }
            request = .get(next, headers: next.origin == request.address.origin ? request.headers : [])
            hop += 1
        }
    }

    private func exchange(_ request: OutboundRequest) async throws -> OutboundAnswer {
        try rules.admit(request.address)
        guard !rules.allowsPrivateAddresses, NetworkAddress(request.address.host) == nil else {
            return try await send(request, by: Self.shared)
        }
        // The name is asked once and the connection goes to the number that was looked at (DNS rebinding). The client lives for this
        // exchange only: its table of names is part of its configuration.
        let number = try await resolve(request.address)
        var configuration = Self.configuration
        configuration.dnsOverride = [request.address.host: number]
        let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        do {
            let answer = try await send(request, by: client)
            try? await client.shutdown()
            return answer
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func send(_ request: OutboundRequest, by client: HTTPClient) async throws -> OutboundAnswer {
        var outgoing = HTTPClientRequest(url: request.address.description)
        outgoing.method = request.method == .get ? .GET : .POST
        for header in request.headers { outgoing.headers.add(name: header.name, value: header.value) }
        if request.method == .post { outgoing.body = .bytes(request.body) }
        let response = try await client.execute(outgoing, timeout: .seconds(rules.seconds))
        let body = try await response.body.collect(upTo: rules.limit)
        return OutboundAnswer(
            status: Int(response.status.code), headers: response.headers.map { OutboundRequest.Header($0.name, $0.value) },
            body: Array(body.readableBytesView), address: request.address)
    }

    /// The numeric address to connect to, judged. The name service blocks, so it is asked on a thread that may wait.
    private func resolve(_ address: WebAddress) async throws -> String {
        let found = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: try? SocketAddress.makeAddressResolvingHost(address.host, port: address.port))
            }
        }
        guard let text = found?.ipAddress, let number = NetworkAddress(text) else { throw OutboundRefusal.unknownHost(address.host) }
        try rules.admit(number)
        return text
    }

    /// One client for the process, so that connections are used again; it lives as long as the process does.
    private static let shared = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)

    private static let configuration: HTTPClient.Configuration = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(5)
        // Compressed answers are not asked for: a small body that swells is the cheapest way round a limit.
        configuration.decompression = .disabled
        return configuration
    }()
}
