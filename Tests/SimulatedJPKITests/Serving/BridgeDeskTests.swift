import Cryptography
import SimulatedJPKI
import Testing
import Trust
import Vocabulary

@Suite struct `The bridge, served` {
    private static func desk() throws -> (StatusDesk, BridgeFolder) {
        let folder = BridgeFolder(World.path())
        _ = try folder.make(base: "http://127.0.0.1:8700", seed: "served", at: World.now)
        return (StatusDesk(nil, bridge: folder), folder)
    }

    @Test func `gives out every list and certificate where certificates say they are`() throws {
        let (desk, folder) = try Self.desk()
        let bridge = try folder.read()
        for item in BridgeItem.allCases {
            let certificate = try bridge[item]
            for point in certificate.crlDistributionPoints.flatMap(\.uris) + certificate.caIssuersURIs {
                let answer = desk.answer(.init(path: String(point.dropFirst("http://127.0.0.1:8700".count))), at: World.now)
                #expect(answer.status == 200, "\(point)")
                #expect(answer.type == (point.hasSuffix(".crl") ? "application/pkix-crl" : "application/pkix-cert"))
            }
        }
    }

    @Test func `gives the same bytes until something is revoked or an hour is over`() throws {
        let (desk, folder) = try Self.desk()
        let request = StatusDesk.Request(path: "/bridge/lists/bridge-authorities.crl")
        let first = desk.answer(request, at: World.now)
        #expect(desk.answer(request, at: World.now.adding(seconds: 60)).body == first.body)
        #expect(desk.answer(request, at: World.now.adding(seconds: 3600)).body != first.body)
        try folder.change { try $0.revoke(.bridgeToLocal, .keyCompromise, at: World.now.adding(seconds: 90)) }
        let second = desk.answer(request, at: World.now.adding(seconds: 120))
        #expect(second.body != first.body)
        #expect(try ParsedRevocationList(der: second.body).count == 1)
    }

    @Test(arguments: [
        "/bridge/lists/other.crl", "/bridge/lists/local-users", "/bridge/certificates/other.cer", "/bridge/keys/local.pem", "/bridge/x",
    ])
    func `gives out nothing else`(path: String) throws {
        let (desk, _) = try Self.desk()
        #expect(desk.answer(.init(path: path), at: World.now).status == 404)
        #expect(desk.answer(.init(path: "/crl/user/2/full.crl"), at: World.now).status == 404)
    }

    @Test func `stands beside the cards in one index`() async throws {
        let (_, folder) = try Self.desk()
        let both = StatusDesk(try await World.shared().simulator, bridge: folder)
        let index = String(decoding: both.answer(.init(path: "/"), at: World.now).body, as: UTF8.self)
        #expect(index.contains("/crl/user/2/full.crl") && index.contains("/bridge/lists/local-users.crl"))
    }
}
