import Cryptography
import Hummingbird
import Logging
import Outbound
import SimulatedJPKI
import Testing
import Trust
import Vocabulary

/// Over real HTTP, asked with the house's own `Outbound`.
@Suite struct `The status service` {
    static func serving<Value: Sendable>(_ world: World, _ body: @escaping @Sendable (String, Outbound) async throws -> Value) async throws
        -> Value
    {
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let application = StatusService.application(
            StatusDesk(world.simulator), port: 0, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            clock: { World.now }
        ) { port in continuation.yield(port) }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                // The other tests take the processor: what is asked here is the answer, not its time.
                let outbound = Outbound(
                    rules: OutboundRules(hosts: ["127.0.0.1"], allowsPrivateAddresses: true, allowsPlainHTTP: true, seconds: 300))
                return try await body("http://127.0.0.1:\(port)", outbound)
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() { if let finished { return finished } }
            throw CancellationError()
        }
    }

    @Test(arguments: [false, true]) func `answers OCSP by POST and by GET`(byGet: Bool) async throws {
        let world = try await World.shared()
        let issuer = try world.issuer("jiro")
        let request = OCSPRequest(certificate: try world.user("jiro"), issuer: issuer, nonce: [UInt8](1...16))
        let answer = try await Self.serving(world) { base, outbound in
            guard byGet else { return try await outbound.post(base + "/ocsp/user", type: "application/ocsp-request", body: request.der) }
            let encoded = Base64.encode(request.der).flatMap { $0 == "/" ? "%2F" : $0 == "+" ? "%2B" : $0 == "=" ? "%3D" : String($0) }
            return try await outbound.get(base + "/ocsp/user/" + String(encoded))
        }
        #expect(answer.status == 200)
        #expect(answer.type == "application/ocsp-response")
        let status = try UnverifiedOCSPResponse(der: answer.body).verified(
            for: request, issuer: issuer, at: World.now, maximumAge: 60, skew: 5, needsNonce: true)
        guard case .revoked(.keyCompromise, _) = status.verdict else {
            Issue.record("\(status.verdict)")
            return
        }
    }

    @Test func `gives out lists, and nothing it does not have`() async throws {
        let world = try await World.shared()
        let issuer = try world.issuer("hanako")
        let (list, missing, large) = try await Self.serving(world) { base, outbound in
            (
                try await outbound.get(base + "/crl/user/2/full.crl"), try await outbound.get(base + "/crl/user/2/00000.crl"),
                try await outbound.post(
                    base + "/ocsp/user", type: "application/ocsp-request", body: [UInt8](repeating: 0x30, count: 20_000))
            )
        }
        #expect(list.type == "application/pkix-crl")
        #expect(try UnverifiedRevocationList(der: list.body).verified(issuer: issuer, at: World.now).count == 4)
        #expect(missing.status == 404)
        #expect(large.status == 413)
    }
}
