import Logging
import Outbound
import SAML
import Settings
import Synchronization
import Testing
import Upkeep
import Vocabulary

@Suite struct `Fetching what an artifact stands for, checklist S4` {
    private static let service = "https://sp.example.jp/artifact"

    private static func question() async throws -> ArtifactQuestion {
        let metadata = """
            <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.jp">
              <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                <md:ArtifactResolutionService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="\(service)"/>
                <md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" \
            Location="https://sp.example.jp/acs"/>
              </md:SPSSODescriptor>
            </md:EntityDescriptor>
            """
        let provider = try #require(ServiceProvider.read(metadata: Array(metadata.utf8), development: false).first)
        let artifact = [0, 4, 0, 0] + Artifact.source(of: provider.entityID) + [UInt8](repeating: 1, count: 20)
        let sent = try ArtifactMessage(reading: Array("SAMLart=\(Base64.encode(artifact).replacing("+", with: "%2B"))".utf8))
        var random = SystemRandomNumberGenerator()
        let identityProvider = try await LogoutWorld.shared().configuration.identityProvider
        return try sent.question(to: provider, at: identityProvider, on: LogoutWorld.now, using: &random)
    }

    private static func fetch(_ ask: @escaping ArtifactFetch.Ask) -> ArtifactFetch {
        ArtifactFetch(logger: Logger(label: "none") { _ in SwiftLogNoOpLogHandler() }, ask: ask)
    }

    private static func answer(_ request: OutboundRequest, _ status: Int, _ type: String) -> OutboundAnswer {
        OutboundAnswer(status: status, headers: [.init("Content-Type", type)], body: [1, 2], address: request.address)
    }

    @Test func `sends SOAP to the declared address, and gives back what came`() async throws {
        let seen = Mutex<[OutboundRequest]>([])
        let fetch = Self.fetch { (request) throws(OutboundRefusal) in
            seen.withLock { $0.append(request) }
            return Self.answer(request, 200, "text/xml; charset=utf-8")
        }
        #expect(try await fetch(Self.question()) == [1, 2])
        let request = try #require(seen.withLock { $0.first })
        #expect(request.address.description == Self.service)
        #expect(request.headers.contains(.init("SOAPAction", "\"http://www.oasis-open.org/committees/security\"")))
        #expect(request.headers.contains(.init("Content-Type", "text/xml; charset=utf-8")))
    }

    @Test(arguments: [(404, "text/xml", "status 404"), (302, "text/xml", "status 302"), (200, "text/html", "no text/xml")])
    func `takes nothing else for an answer`(status: Int, type: String, reason: String) async throws {
        let fetch = Self.fetch { (request) throws(OutboundRefusal) in Self.answer(request, status, type) }
        let question = try await Self.question()
        await #expect(throws: SAMLRefusal.Reason.artifactUnresolved(reason)) { try await fetch(question) }
    }

    @Test(arguments: [
        OutboundRefusal.tooSlow(seconds: 5), .privateAddress, .tooLarge(limit: 1, status: 200), .unknownHost("sp.example.jp"),
    ])
    func `tells a stranger nothing of our network`(refusal: OutboundRefusal) async throws {
        let fetch = Self.fetch { (_) throws(OutboundRefusal) in throw refusal }
        let question = try await Self.question()
        await #expect(throws: SAMLRefusal.Reason.artifactUnresolved("no answer")) { try await fetch(question) }
    }

    @Test func `asks a bounded number at one time, and goes on when they are done`() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let waiting = Mutex(0)
        let fetch = Self.fetch { (request) throws(OutboundRefusal) in
            waiting.withLock { $0 += 1 }
            for await _ in gate {}
            return Self.answer(request, 200, "text/xml")
        }
        let question = try await Self.question()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<ArtifactFetch.most { group.addTask { _ = try await fetch(question) } }
            while waiting.withLock({ $0 }) < ArtifactFetch.most { await Task.yield() }
            await #expect(throws: SAMLRefusal.Reason.artifactUnresolved("too many at one time")) { try await fetch(question) }
            open.finish()
            try await group.waitForAll()
        }
        #expect(try await fetch(question) == [1, 2])
    }

    @Test func `has rules of its own: five seconds, one envelope, no redirect, our own network only where the deployment says so`()
        async throws
    {
        let rules = try await LogoutWorld.shared().configuration.artifactRules
        #expect(rules.seconds == 5)
        #expect(rules.limit == SOAPEnvelope.limit())
        #expect(rules.redirects == 0)
        #expect(rules.hosts == nil)
    }
}
