import Cryptography
import Foundation
import SimulatedJPKI
import Testing
import Trust
import Upkeep
import Vocabulary

@Suite struct `The book of unknown issuers` {
    private static let start = ListWorld.start

    @Test func `counts by name and key, the most frequent first, and is there after a restart`() async throws {
        let world = ListWorld([], [])
        let watch = world.watch(world.keeper())
        let book = watch.unknownIssuers
        book.record(issuer: "CN=A", key: [1], at: Self.start)
        book.record(issuer: "CN=B", key: nil, at: Self.start)
        book.record(issuer: "CN=B", key: nil, at: Self.start.adding(seconds: 60))
        book.record(issuer: "CN=A", key: [2], at: Self.start)
        #expect(book.rows.map(\.count) == [2, 1, 1])
        #expect(book.rows.first?.issuer == "CN=B" && book.rows.first?.key == nil)
        #expect(book.rows.first?.first == Self.start && book.rows.first?.last == Self.start.adding(seconds: 60))
        await watch.turn()
        let again = world.watch(world.keeper())
        #expect(again.unknownIssuers.rows == book.rows)
        again.unknownIssuers.record(issuer: "CN=B", key: nil, at: Self.start)
        await again.turn()
        #expect(UnknownIssuers.read(world.disk).first?.count == 3)
    }

    @Test func `stays small and keeps what came often, whatever strangers send`() async throws {
        let world = ListWorld([], [])
        let watch = world.watch(world.keeper())
        let book = watch.unknownIssuers
        for _ in 0..<3 { book.record(issuer: "CN=New generation", key: [7], at: Self.start) }
        for number in 0..<2000 {
            book.record(
                issuer: "CN=\(number)" + String(repeating: "x", count: 5000), key: [UInt8](repeating: 1, count: 1000), at: Self.start)
        }
        #expect(book.rows.count == UnknownIssuers.mostRows)
        #expect(book.rows.first?.issuer == "CN=New generation")
        #expect(book.dropped == 2001 - UnknownIssuers.mostRows)
        #expect(book.rows.allSatisfy { $0.issuer.utf8.count < 1000 && ($0.key?.utf8.count ?? 0) <= 64 })
        book.record(issuer: "CN=\u{1b}[2J\n", key: nil, at: Self.start.adding(seconds: 1))
        await watch.turn()
        let text = String(decoding: try #require(try world.disk.read("unknown.jsonl", limit: 1 << 22)), as: UTF8.self)
        #expect(!text.contains("\u{1b}"))
        #expect(text.split(separator: "\n").count == UnknownIssuers.mostRows)
    }

    @Test func `notes whose issuer is no anchor, by name and by key`() async throws {
        let known = try ListAuthority(), next = try ListAuthority(generation: 2), stranger = try ListAuthority("STRANGER")
        let anchors = [TrustAnchor(certificate: known.certificate, isSimulated: true)]
        let book = ListWorld([], []).watchBook.unknownIssuers
        book.note(known.authority.responder.der, unlessOf: anchors, at: Self.start)
        #expect(book.rows.isEmpty, "issued by an anchor")
        book.note([1, 2, 3], unlessOf: anchors, at: Self.start)
        #expect(book.rows.isEmpty, "no certificate")
        book.note(next.authority.responder.der, unlessOf: anchors, at: Self.start)
        book.note(stranger.authority.responder.der, unlessOf: anchors, at: Self.start)
        #expect(Set(book.rows.map(\.issuer)) == [known.certificate.subject.text, stranger.certificate.subject.text])
        #expect(book.rows.allSatisfy { $0.key?.isEmpty == false })
    }
}

@Suite struct `The feed of the trust store` {
    @Test func `tells what came and went, with the reason that was given`() async throws {
        let a = try ListAuthority("A"), b = try ListAuthority("B"), c = try ListAuthority("C")
        let world = ListWorld([], [a, b])
        let watch = world.watch(world.keeper())
        await watch.turn()
        await watch.turn()
        #expect(world.told.map(\.event) == [.anchorAdded, .anchorAdded])
        #expect(world.told.allSatisfy { $0.why == "seen at start" && $0.at == ListWorld.start })
        // A reload, with a reason for one of the two.
        let fingerprint = Hexadecimal.encode(c.certificate.fingerprint)
        try world.disk.append("reasons.jsonl", line: "{\"fingerprint\":\"\(fingerprint)\",\"why\":\"the third generation, notice 12\"}")
        world.pass(seconds: 60)
        world.change { $0.with(anchors: [b.certificate, c.certificate]) }
        await watch.turn()
        let told = world.told.dropFirst(2)
        #expect(told.map(\.event).sorted { $0.rawValue < $1.rawValue } == [.anchorAdded, .anchorRemoved])
        #expect(told.first { $0.event == .anchorAdded }?.why == "the third generation, notice 12")
        #expect(told.first { $0.event == .anchorAdded }?.digest == fingerprint)
        #expect(told.first { $0.event == .anchorRemoved }?.why == "seen at reload")
        #expect(told.first { $0.event == .anchorRemoved }?.subject == a.certificate.subject.text)
        // Changed while nothing ran; and nothing twice.
        world.change { $0.with(anchors: [c.certificate], intermediates: [b.certificate]) }
        let again = world.watch(world.keeper())
        await again.turn()
        await again.turn()
        #expect(world.told.dropFirst(4).map(\.event).sorted { $0.rawValue < $1.rawValue } == [.anchorRemoved, .intermediateAdded])
        #expect(world.told.dropFirst(4).allSatisfy { $0.why == "seen at start" })
    }

    @Test func `is not told twice after it was told by whoever made the change`() async throws {
        let a = try ListAuthority("A"), b = try ListAuthority("B")
        let world = ListWorld([], [a])
        let watch = world.watch(world.keeper())
        await watch.turn()
        let fingerprint = Hexadecimal.encode(b.certificate.fingerprint)
        world.pass(seconds: 10)
        try world.feed.append(
            TrustFeed.Change(
                at: world.now, event: .anchorAdded, subject: b.certificate.subject.text, digest: fingerprint, why: "new partner"))
        world.change { $0.with(anchors: [a.certificate, b.certificate]) }
        world.pass(seconds: 10)
        await watch.turn()
        #expect(world.told.filter { $0.digest == fingerprint }.map(\.why) == ["new partner"])
        // Taken out by hand afterwards: that is told.
        world.change { $0.with(anchors: [a.certificate]) }
        await watch.turn()
        #expect(world.told.filter { $0.digest == fingerprint }.map(\.event) == [.anchorAdded, .anchorRemoved])
    }

    @Test func `skips half a line`() throws {
        let world = ListWorld([], [])
        try world.feed.append(TrustFeed.Change(at: ListWorld.start, event: .listRefused, subject: "x", digest: nil, why: "y"))
        let path = world.folder + "/feed.jsonl"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes.append(Data("{\"at\":\"2026".utf8))
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(world.told.count == 1)
        try world.feed.append(TrustFeed.Change(at: ListWorld.start, event: .listTaken, subject: "x", digest: nil, why: "y"))
        #expect(world.told.map(\.event) == [.listRefused, .listTaken])
    }
}

@Suite struct `The health of the trust store` {
    @Test func `is ok, degraded or stale, and is on the disk`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            server.put("/a.crl", try own.list(1, count: 20))
            let world = ListWorld([.url(base + "/a.crl")], [own])
            let keeper = world.keeper()
            let watch = world.watch(keeper)
            #expect(watch.health().state == .ok, "before its first turn a keeper has no gauge")
            await keeper.open()
            await watch.turn()
            #expect(watch.health().state == .ok)
            let json = try JSON(reading: try #require(try world.disk.read("health.json", limit: 1 << 20)))
            #expect(json["state"]?.string == "ok" && json["at"]?.string == ListWorld.start.text)
            #expect(json["lists"]?.array?.first?["entries"]?.integer == 20)
            #expect(json["lists"]?.array?.first?["state"]?.string == "fresh")
            #expect(json["authorities"]?.array?.first?["state"]?.string == "good")
            server.put("/a.crl", ListServer.Page(status: 500))
            world.pass(seconds: 3600)
            await keeper.turn()
            #expect(watch.health().state == .degraded)
            #expect(watch.health().reasons.map(\.code) == ["fetch.status"])
            world.pass(seconds: 24 * 3600)
            #expect(watch.health().state == .stale)
            #expect(watch.health().reasons.map(\.code) == ["list.stale", "fetch.status"])
            #expect(watch.health().summary["stale"]?.integer == 1)
            #expect(watch.health().summary.text.contains("127.0.0.1") == false, "no names for strangers")
        }
    }

    @Test func `counts a list as stale that is older than the login takes`() async throws {
        let own = try ListAuthority()
        var rules = ListWorld.rules
        rules.maximumAge = 7200
        try await ListServer.serving { [rules] server, base in
            server.put("/a.crl", try own.list(1))
            let world = ListWorld([.url(base + "/a.crl")], [own], rules: rules)
            let keeper = world.keeper()
            await keeper.open()
            world.pass(seconds: 7200)
            #expect(keeper.gauge?.state == .fresh)
            world.pass(seconds: 1)
            #expect(keeper.gauge?.state == .stale)
        }
    }

    @Test(arguments: [(0, "good"), (3480, "ends-soon"), (3660, "ended"), (-10, "early")])
    func `knows authorities that end soon`(days: Int64, state: String) throws {
        let world = ListWorld([], [try ListAuthority()])
        world.pass(seconds: days * 86_400)
        let health = world.watchBook.health()
        #expect(health.authorities.map(\.state.rawValue) == [state])
        #expect(health.state == (state == "good" ? .ok : .degraded))
        #expect(health.reasons.map(\.code) == (state == "good" ? [] : ["authority." + state]))
    }
}

extension ListWorld {
    var watchBook: WatchBook { watch(keeper()) }
}
