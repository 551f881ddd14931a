import Cryptography
import Testing
import Trust
import Upkeep
import Vocabulary

@Suite(.serialized) struct `A question on-line` {
    struct Sent: Equatable {
        let isSHA1: Bool
        let hasNonce: Bool
        var isGet = false
    }

    /// Two certificates asked one after the other; what was sent.
    static func sent(
        _ behaviour: RespondingServer.Behaviour, digest: DigestAlgorithm = .sha256, nonce: StatusRules.NonceUse = .sent,
        method: StatusRules.Method = .post
    ) async throws -> (sent: [Sent], verdicts: [StatusVerdict?]) {
        let authority = try Small.shared.get()
        let chains = [try authority.chain(7), try authority.chain(8)]
        let server = RespondingServer(authority, ["/main": behaviour])
        return try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            form.digest = digest
            form.nonce = nonce
            form.method = method
            let desk = form.desk
            var verdicts: [StatusVerdict?] = []
            for chain in chains { verdicts.append(await desk.status(of: chain, at: Small.now).first?.verdict) }
            let sent = server.asked.map { Sent($0) }
            return (sent, verdicts)
        }
    }

    @Test(arguments: [DigestAlgorithm.sha1, .sha256]) func `is one request by the configured digest`(digest: DigestAlgorithm) async throws {
        let once = Sent(isSHA1: digest == .sha1, hasNonce: true)
        let (sent, verdicts) = try await Self.sent(.answers(.init()), digest: digest)
        #expect(sent == [once, once] && verdicts == [.good, .good])
    }

    @Test(arguments: [DigestAlgorithm.sha1, .sha256]) func `is put by the other digest once, and from then on first`(
        known: DigestAlgorithm
    ) async throws {
        let own = Sent(isSHA1: known == .sha1, hasNonce: true)
        let other = Sent(isSHA1: known != .sha1, hasNonce: true)
        let (sent, verdicts) = try await Self.sent(.knowsOnly(known), digest: known == .sha1 ? .sha256 : .sha1)
        #expect(sent == [other, own, own] && verdicts == [.good, .good])
    }

    @Test func `goes without a nonce to a responder that cannot read one`() async throws {
        let (sent, verdicts) = try await Self.sent(.cannotReadNonces)
        #expect(
            sent == [
                Sent(isSHA1: false, hasNonce: true), Sent(isSHA1: true, hasNonce: true), Sent(isSHA1: false, hasNonce: false),
                Sent(isSHA1: false, hasNonce: false),
            ])
        #expect(verdicts == [.good, .good])
    }

    @Test func `never goes without a nonce that is required`() async throws {
        let (sent, verdicts) = try await Self.sent(.cannotReadNonces, nonce: .required)
        #expect(sent.allSatisfy(\.hasNonce) && verdicts == [.unknown, .unknown])
    }

    @Test(arguments: [
        (StatusRules.NonceUse.off, false, StatusVerdict.good), (.sent, true, .good), (.required, true, .unknown),
    ]) func `may be answered from stock unless a nonce is required`(nonce: StatusRules.NonceUse, isSent: Bool, verdict: StatusVerdict)
        async throws
    {
        let (sent, verdicts) = try await Self.sent(.answers(.init(givesNonce: false)), nonce: nonce)
        #expect(sent.allSatisfy { $0.hasNonce == isSent } && verdicts == [verdict, verdict])
    }

    private static let get = Sent(isSHA1: false, hasNonce: false, isGet: true)
    private static let post = Sent(isSHA1: false, hasNonce: false)

    @Test(arguments: [StatusRules.NonceUse.off, .sent]) func `by GET goes without a nonce, so that a cache may answer (RFC 5019 §5)`(
        nonce: StatusRules.NonceUse
    ) async throws {
        let (sent, verdicts) = try await Self.sent(.answers(.init()), nonce: nonce, method: .get)
        #expect(sent == [Self.get, Self.get] && verdicts == [.good, .good])
    }

    @Test func `that has to have a nonce never goes by GET`() async throws {
        let (sent, verdicts) = try await Self.sent(.answers(.init()), nonce: .required, method: .get)
        let once = Sent(isSHA1: false, hasNonce: true)
        #expect(sent == [once, once] && verdicts == [.good, .good])
    }

    @Test func `goes by POST where what a cache has is too old, and to a responder that knows no GET`() async throws {
        let old = SmallAuthority.Answer(thisUpdate: SmallAuthority.minutes(-300), nextUpdate: SmallAuthority.minutes(-200))
        for behaviour in [RespondingServer.Behaviour.cached(old), .knowsNoGet] {
            let (sent, verdicts) = try await Self.sent(behaviour, method: .get)
            #expect(sent == [Self.get, Self.post, Self.post] && verdicts == [.good, .good])
        }
    }

    @Test func `goes by POST for whoever names an age: a cache on the way would have the same again`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let old = SmallAuthority.Answer(thisUpdate: Small.minutes(-16), nextUpdate: Small.days(1))
        let server = RespondingServer(authority, ["/main": .cached(old)])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            form.method = .get
            let desk = form.desk
            #expect(await desk.status(of: chain, at: Small.now).first?.age == 960)
            #expect(await desk.status(of: chain, notOlderThan: 900, at: Small.now).first?.age == 600)
            #expect(server.asked.map { Sent($0) } == [Self.get, Sent(isSHA1: false, hasNonce: true)])
        }
    }

    /// What is sent where the first question meets `first`, from then on a responder that understands everything; each question is about
    /// another certificate, so many seconds later.
    private static func sent(
        _ first: RespondingServer.Behaviour, then seconds: [Int64], digest: DigestAlgorithm = .sha256, method: StatusRules.Method = .post
    ) async throws -> [Sent] {
        let authority = try Small.shared.get()
        let server = RespondingServer(authority, ["/main": first])
        return try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            form.digest = digest
            form.method = method
            let desk = form.desk
            var serial: UInt8 = 7
            for moment in [0] + seconds {
                let status = await desk.status(of: try authority.chain(serial), at: Small.now.adding(seconds: moment)).first
                #expect(status?.verdict == .good, "after \(moment) s")
                server.set("/main", .answers(.init(nextUpdate: Small.days(1))))
                serial += 1
            }
            return server.asked.map { Sent($0) }
        }
    }

    @Test func `goes by GET again five minutes after a cache failed, however many were put meanwhile`() async throws {
        let old = SmallAuthority.Answer(thisUpdate: SmallAuthority.minutes(-300), nextUpdate: SmallAuthority.minutes(-200))
        for behaviour in [RespondingServer.Behaviour.cached(old), .knowsNoGet] {
            let sent = try await Self.sent(behaviour, then: [100, 299, 300, 301], method: .get)
            #expect(sent == [Self.get, Self.post, Self.post, Self.post, Self.get, Self.get])
        }
    }

    @Test func `goes by GET again, too, by a clock that was set back`() async throws {
        let sent = try await Self.sent(.knowsNoGet, then: [-301], method: .get)
        #expect(sent == [Self.get, Self.post, Self.get])
    }

    @Test func `goes by POST again where a responder still knows no GET`() async throws {
        let authority = try Small.shared.get()
        let server = RespondingServer(authority, ["/main": .knowsNoGet])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            form.method = .get
            let desk = form.desk
            for (serial, seconds) in [(UInt8(7), Int64(0)), (8, 310), (9, 320)] {
                _ = await desk.status(of: try authority.chain(serial), at: Small.now.adding(seconds: seconds))
            }
            #expect(server.asked.map(\.isGet) == [true, false, true, false, false])
        }
    }

    @Test func `has a nonce again five minutes after a malformedRequest, which nobody signs`() async throws {
        let (with, without) = (Sent(isSHA1: false, hasNonce: true), Sent(isSHA1: false, hasNonce: false))
        let sent = try await Self.sent(.cannotReadNonces, then: [299, 300, 301])
        #expect(sent == [with, Sent(isSHA1: true, hasNonce: true), without, without, with, with])
    }

    @Test func `keeps to the digest that was understood`() async throws {
        let (other, own) = (Sent(isSHA1: false, hasNonce: true), Sent(isSHA1: true, hasNonce: true))
        let sent = try await Self.sent(.knowsOnly(.sha1), then: [299, 300, 2400])
        #expect(sent == [other, own, own, own, own])
    }

    @Test func `is believed by GET as little as by POST: what another signed, or what is about another, is no answer`() async throws {
        for wrong in [SmallAuthority.Answer(hasRightSignature: false), SmallAuthority.Answer(serial: 9)] {
            let (sent, verdicts) = try await Self.sent(.answers(wrong), method: .get)
            #expect(verdicts == [.unknown, .unknown] && sent.first == Self.get)
        }
    }

    @Test func `is revoked by GET too`() async throws {
        let (_, verdicts) = try await Self.sent(.answers(.init(status: .revoked(.keyCompromise, Small.days(-3)))), method: .get)
        #expect(verdicts == [.revoked(.keyCompromise, Small.days(-3)), .revoked(.keyCompromise, Small.days(-3))])
    }

    @Test func `is put at most three times`() async throws {
        let (sent, verdicts) = try await Self.sent(.declines(.malformedRequest))
        #expect(sent.count == 6 && verdicts == [.unknown, .unknown])
    }
}

extension `A question on-line`.Sent {
    init(_ asked: RespondingServer.Asked) {
        self.init(isSHA1: asked.digest == DigestAlgorithm.sha1.objectIdentifier, hasNonce: asked.hasNonce, isGet: asked.isGet)
    }
}
