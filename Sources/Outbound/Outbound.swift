import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Asks one thing of the outside world, within the deployment's rules.
package struct Outbound: Sendable {
    package let rules: OutboundRules

    package init(rules: OutboundRules) { self.rules = rules }

    /// Fetches one address. The whole exchange ends within `rules.seconds` and holds at most `rules.limit` bytes of a body; an answer
    /// of any status is an answer. Throws what the rules refuse and what the network did.
    package func fetch(_ request: OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer {
        try await inTime {
            try await follow(request) { response, address in
                let body = try await collected(response)
                return OutboundAnswer(
                    status: Int(response.status.code), headers: Self.headers(response), body: body, address: address)
            }
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

    /// Fetches one address into a new file, piece by piece, so that memory holds none of it. Nothing may stand at `path` before. The file
    /// is whole and on the disk when this returns with a status of 200; with any other status, and when it throws, there is none.
    ///
    /// `held` is what the caller has already: the answer may then be 304 without a body.
    package func download(
        _ url: String, to path: String, unless held: OutboundValidators = .none
    ) async throws(DownloadRefusal) -> OutboundDownload {
        guard let address = WebAddress(url) else { throw .fetch(.malformedAddress) }
        let file = IncomingFile(path)
        let outcome: Result<OutboundDownload, DiskRefusal>
        do throws(OutboundRefusal) {
            outcome = try await inTime {
                do {
                    let answer = try await follow(.get(address, headers: held.headers)) { response, address in
                        let status = Int(response.status.code)
                        let bytes = status == 200 ? try await write(response, to: file) : 0
                        return OutboundDownload(status: status, headers: Self.headers(response), bytes: bytes, address: address)
                    }
                    return .success(answer)
                } catch let refusal as DiskRefusal { return .failure(refusal) }
            }
        } catch {
            await file.discard()
            throw .fetch(error)
        }
        switch outcome {
        case .success(let answer):
            if answer.status != 200 { await file.discard() }
            return answer
        case .failure(let refusal):
            await file.discard()
            throw .disk(refusal.what)
        }
    }

    private func collected(_ response: HTTPClientResponse) async throws -> [UInt8] {
        do {
            return Array(try await response.body.collect(upTo: rules.limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw tooLarge(response)
        }
    }

    private func write(_ response: HTTPClientResponse, to file: IncomingFile) async throws -> Int {
        if let promised = response.headers.first(name: "content-length").flatMap({ Int($0) }), promised > rules.limit {
            throw tooLarge(response)
        }
        try await file.open()
        var count = 0
        let begun = ContinuousClock.now
        for try await piece in response.body {
            count += piece.readableBytes
            guard count <= rules.limit else { throw tooLarge(response) }
            try await file.append(piece.readableBytesView)
            if let pace = rules.pace {
                // What is ahead of its time waits, and the sender with it.
                let ahead = begun + .seconds(Double(count) / Double(max(pace, 1))) - ContinuousClock.now
                if ahead > .milliseconds(20) { try await Task.sleep(for: ahead) }
            }
        }
        try await file.close()
        return count
    }

    private func tooLarge(_ response: HTTPClientResponse) -> OutboundRefusal {
        .tooLarge(limit: rules.limit, status: Int(response.status.code))
    }

    private static func headers(_ response: HTTPClientResponse) -> [OutboundRequest.Header] {
        response.headers.map { OutboundRequest.Header($0.name, $0.value) }
    }

    /// Ends `work` at the rules' time and gives every failure its name.
    private func inTime<Answer: Sendable>(
        _ work: @escaping @Sendable () async throws -> Answer
    ) async throws(OutboundRefusal) -> Answer {
        do {
            return try await withThrowingTaskGroup(of: Answer.self) { group in
                group.addTask { try await work() }
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
        } catch {
            throw .failed(what: "\(type(of: error))")
        }
    }

    private func follow<Answer: OutboundHead>(
        _ request: OutboundRequest, _ read: @Sendable (HTTPClientResponse, WebAddress) async throws -> Answer
    ) async throws -> Answer {
        var request = request
        var hop = 0
        while true {
            let answer = try await exchange(request, read)
            guard let next = try rules.next(after: answer, to: request, hop: hop) else { return answer }
            request = .get(next, headers: next.origin == request.address.origin ? request.headers : [])
            hop += 1
        }
    }

    private func exchange<Answer: Sendable>(
        _ request: OutboundRequest, _ read: @Sendable (HTTPClientResponse, WebAddress) async throws -> Answer
    ) async throws -> Answer {
        try rules.admit(request.address)
        guard !rules.allowsPrivateAddresses, NetworkAddress(request.address.host) == nil else {
            return try await send(request, by: Self.shared, read)
        }
        // The name is asked once and the connection goes to the number that was looked at (DNS rebinding). The client lives for this
        // exchange only: its table of names is part of its configuration.
        let number = try await resolve(request.address)
        var configuration = Self.configuration
        configuration.dnsOverride = [request.address.host: number]
        let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        do {
            let answer = try await send(request, by: client, read)
            try? await client.shutdown()
            return answer
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func send<Answer: Sendable>(
        _ request: OutboundRequest, by client: HTTPClient, _ read: @Sendable (HTTPClientResponse, WebAddress) async throws -> Answer
    ) async throws -> Answer {
        var outgoing = HTTPClientRequest(url: request.address.description)
        outgoing.method = request.method == .get ? .GET : .POST
        for header in request.headers { outgoing.headers.add(name: header.name, value: header.value) }
        if request.method == .post { outgoing.body = .bytes(request.body) }
        let response = try await client.execute(outgoing, timeout: .seconds(rules.seconds))
        return try await read(response, request.address)
    }

    /// The numeric address to connect to, judged.
    private func resolve(_ address: WebAddress) async throws -> String {
        guard let text = await NameService.address(of: address), let number = NetworkAddress(text) else {
            throw OutboundRefusal.unknownHost(address.host)
        }
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
