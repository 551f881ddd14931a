import Credentials
import Cryptography
import SQLiteStores
import Settings
import SignOn
import Signals
import SimulatedJPKI
import Testing
import Trust
import TrustFramework
import Upkeep
import Vocabulary

/// R9, R27: what is revoked is compared with what we hold.
@Suite struct `The night watch` {
    private static let bye = "https://insurer.example.jp/bye"

    @Test func `ends the sessions of a revoked card, has its members told in both protocols and tells those who watch`() async throws {
        let scene = try await SignalScene()
        let (insurer, shop) = (try await scene.stream(), try await scene.stream(SignalWorld.shop))
        let session = try await scene.login(at: [SignalWorld.insurer, SignalWorld.clinic, SignalWorld.shop])
        let other = try await scene.login("taro", seed: 2, of: "taro")
        try await scene.agree()
        let watch = try await scene.watch()
        try scene.publish()
        await watch.turn()
        #expect(try await scene.store.session(session.id, at: scene.now) != nil, "a good card's session goes on")
        scene.pass(3_600)
        try scene.simulator.revoke("hanako", .user, reason: "cessationOfOperation", at: scene.now)
        try scene.publish()
        await watch.turn()
        #expect(try await scene.store.session(session.id, at: scene.now) == nil)
        #expect(try await scene.store.session(other.id, at: scene.now) != nil)
        let due = try await scene.store.takeDue(of: nil, lease: scene.now.adding(seconds: 30), limit: 9, at: scene.now)
        #expect(Set(due.map(\.leg.member.text)) == [SignalWorld.insurer, SignalWorld.clinic, SignalWorld.shop])
        #expect(Set(due.map(\.leg.participation.name.tongue)) == [.saml, .openID])
        #expect(try await scene.words(insurer) == ["account-disabled", "credential-change", "session-revoked"])
        #expect(try await scene.words(shop) == ["session-revoked"], "who watches nobody hears of its own session only")
        let change = try #require(try await scene.waiting(insurer).first { $0.type == .credentialChange })
        #expect(change.subject == "hanako-at-insurer-000000000000" && change.session == nil)
        let entries = try await scene.store.entries(of: try scene.subject(), before: scene.now.adding(seconds: 1), limit: 9)
        #expect(entries.allSatisfy { $0.told == ["revocation-time"] && $0.rules == ["change-watch"] && $0.path == .refresh })
        #expect(entries.count == 2, "what the member learns is in the citizen's ledger")
        let record = try #require(try await scene.trail().first { $0.contains("certificate.revoked") })
        #expect(!record.contains(try scene.identity("hanako").serial) && !record.contains("cessation"))
    }

    @Test func `does nothing twice, in this process or after a restart`() async throws {
        let scene = try await SignalScene()
        let stream = try await scene.stream()
        try await scene.login()
        try await scene.agree()
        try scene.simulator.revoke("hanako", .user, reason: "keyCompromise", at: scene.now)
        try scene.publish()
        let watch = try await scene.watch()
        await watch.turn()
        let (first, trail) = (try await scene.waiting(stream), try await scene.trail())
        #expect(first.map(\.type.word).sorted() == ["account-disabled", "credential-change", "credential-compromise", "session-revoked"])
        scene.pass(60)
        await watch.turn()
        try scene.publish()
        await watch.turn()
        let reopened = try SQLiteStore(path: scene.path, durability: .normal)
        await (try await scene.watch(on: reopened)).turn()
        #expect(try await scene.waiting(stream) == first)
        #expect(try await scene.trail() == trail)
    }

    @Test func `finds after a restart what was revoked while nobody watched`() async throws {
        let scene = try await SignalScene()
        let session = try await scene.login()
        try scene.simulator.revoke("hanako", .user, reason: "unspecified", at: scene.now)
        try scene.publish()
        let reopened = try SQLiteStore(path: scene.path, durability: .normal)
        await (try await scene.watch(on: reopened)).turn()
        #expect(try await reopened.session(session.id, at: scene.now) == nil)
    }

    @Test func `ends a session that a login behind the walk opened by the word of before`() async throws {
        let scene = try await SignalScene()
        try await scene.login()
        try scene.simulator.revoke("hanako", .user, reason: "unspecified", at: scene.now)
        try scene.publish()
        let watch = try await scene.watch()
        await watch.turn()
        let late = try await scene.login(seed: 9)
        await watch.turn()
        #expect(try await scene.store.session(late.id, at: scene.now) != nil, "no list was published since")
        scene.pass(15)
        await watch.turn()
        #expect(try await scene.store.session(late.id, at: scene.now) == nil)
    }

    @Test func `a hold ends sessions and closes the account, a release opens it again`() async throws {
        let scene = try await SignalScene()
        let stream = try await scene.stream()
        let session = try await scene.login()
        try await scene.agree()
        try scene.simulator.revoke("hanako", .user, reason: "certificateHold", at: scene.now)
        try scene.publish()
        let watch = try await scene.watch()
        await watch.turn()
        #expect(try await scene.store.session(session.id, at: scene.now) == nil)
        #expect(try await scene.words(stream) == ["account-disabled", "session-revoked"])
        await watch.turn()
        scene.pass(3_600)
        try scene.simulator.release("hanako", .user)
        try scene.publish()
        let again = try await scene.login(seed: 2)
        await watch.turn()
        #expect(try await scene.words(stream) == ["account-disabled", "account-enabled", "session-revoked"])
        #expect(try await scene.store.session(again.id, at: scene.now) != nil, "a release ends nothing")
        #expect(try await scene.store.held(limit: 9).isEmpty)
    }

    @Test func `a citizen who has another certificate has another way in, and no account is closed`() async throws {
        let scene = try await SignalScene()
        let stream = try await scene.stream()
        try await scene.login("hanako")
        let phone = try await scene.login("hanako-phone", at: [], seed: 2)
        try await scene.agree()
        try scene.simulator.revoke("hanako", .user, reason: "certificateHold", at: scene.now)
        try scene.publish()
        await (try await scene.watch()).turn()
        #expect(try await scene.words(stream) == ["session-revoked"])
        #expect(try await scene.store.session(phone.id, at: scene.now) != nil, "opened with the other certificate")
    }

    @Test func `hears at once what a responder said at a door, and reads no list for it`() async throws {
        let scene = try await SignalScene()
        let session = try await scene.login()
        let watch = try await scene.watch()
        await watch.turn()
        let desk = try await ResponderWord.of(scene)
        watch.saw(try scene.identity("taro"), desk)
        await watch.turn()
        #expect(try await scene.store.session(session.id, at: scene.now) != nil, "another's card")
        watch.saw(try scene.identity("hanako"), desk)
        await watch.turn()
        #expect(try await scene.store.session(session.id, at: scene.now) == nil)
        #expect(try await scene.store.linked(try scene.identity("hanako"), at: scene.now)?.state?.kind == .revoked)
    }

    @Test func `finds in its memory what a responder said before a crash`() async throws {
        let scene = try await SignalScene()
        let session = try await scene.login()
        let authority = try #require(
            scene.simulator.authorities.first {
                try scene.simulator.identity("hanako", .user).certificate.isSigned(by: $0.certificate.publicKey)
            })
        let key = RevocationKey(of: try scene.simulator.identity("hanako", .user).certificate, issuer: authority.certificate)
        try await SQLiteRevocationMemory(scene.store).remember(
            RememberedRevocation(
                key: key, reason: .keyCompromise, revokedAt: scene.now, source: .ocsp, thisUpdate: scene.now,
                expiresAt: scene.now.adding(seconds: 1_000_000)))
        await (try await scene.watch()).turn()
        #expect(try await scene.store.session(session.id, at: scene.now) == nil)
    }

    @Test func `a phone that ended with its card is found by the walk, where the word of it was lost`() async throws {
        let scene = try await SignalScene()
        let (card, phone) = (try scene.identity("hanako"), try scene.identity("hanako-phone"))
        let own = try await scene.login("hanako", at: [], seed: 2)
        _ = try await scene.store.link(
            phone, by: LinkEvidence(.first, of: try scene.subject(), certificate: phone, at: scene.now), card: card,
            recording: Record("link.certificate", at: scene.now))
        let session = try await scene.login("hanako-phone", at: [])
        await (try await scene.watch()).turn()
        #expect(try await scene.store.session(session.id, at: scene.now) != nil, "it has not ended")
        let now = scene.now
        let ended = try await scene.store.endPhones(of: card, recording: { _ in Record("link.phone-ended", at: now) }, at: now)
        #expect(ended.map(\.certificate) == [phone])
        // `kill -9` here, before whoever ended it told the watch.
        let reopened = try SQLiteStore(path: scene.path, durability: .normal)
        await (try await scene.watch(on: reopened)).turn()
        #expect(try await reopened.session(session.id, at: now) == nil)
        #expect(try await reopened.linked(phone, at: now)?.state?.kind == .revoked)
        #expect(try await reopened.session(own.id, at: now) != nil, "opened with the card")
    }

    @Test func `a word from a door that could not be judged is judged at the next turn`() async throws {
        let scene = try await SignalScene()
        let session = try await scene.login()
        try await scene.login("hanako-phone", at: [], seed: 2)
        let memory = MoodyMemory()
        let watch = NightWatch(
            store: scene.store, lists: scene.lists, memory: memory, configuration: { scene.configuration.current }, clock: { scene.now },
            logger: SignalScene.silent)
        watch.saw(try scene.identity("hanako"), try await ResponderWord.of(scene))
        await watch.turn()
        #expect(try await scene.store.session(session.id, at: scene.now) != nil, "whether there is another certificate, nobody could say")
        memory.isWell.replace(true)
        await watch.turn()
        #expect(try await scene.store.session(session.id, at: scene.now) == nil)
    }

    /// Remembers nothing, and at first cannot be asked.
    private struct MoodyMemory: RevocationMemory {
        struct Trouble: Error {}
        let isWell = Published(false)

        func remember(_ revocation: RememberedRevocation) async throws -> RememberedRevocation { revocation }
        func recall(_ key: RevocationKey) async throws -> RememberedRevocation? {
            guard isWell.current else { throw Trouble() }
            return nil
        }
    }

    // MARK: Who is told

    @Test(arguments: ["no consent", "consent taken back", "another wording", "suspended"])
    func `tells nobody of a citizen who may not hear of him`(why: String) async throws {
        let scene = try await SignalScene()
        let stream = try await scene.stream()
        try await scene.login(at: [])
        _ = try await scene.store.pairwise(
            try scene.subject(), sector: try #require(scene.configuration.current.federation.member(try scene.member("insurer"))).sector,
            orElse: try #require(PairwiseID("hanako-at-insurer-000000000000")), at: scene.now)
        switch why {
        case "no consent": break
        case "consent taken back":
            try await scene.agree()
            let purpose = try #require(WatchPurpose("change-watch"))
            _ = try await scene.store.withdraw(
                of: try scene.subject(), member: try scene.member("insurer"), purpose: purpose,
                recording: Record("consent.withdrawn", at: scene.now))
        case "another wording": try await scene.agree(rules: [])
        default:
            try await scene.agree()
            // What is queued is not sent either: `The signal courier`.
            scene.configuration.replace(
                scene.configuration.current.answering(
                    scene.configuration.current.federation.removing(try scene.member("insurer"))))
        }
        try scene.simulator.revoke("hanako", .user, reason: "unspecified", at: scene.now)
        try scene.publish()
        await (try await scene.watch()).turn()
        #expect(try await scene.waiting(stream).isEmpty)
        #expect(try await scene.store.linked(try scene.identity("hanako"), at: scene.now)?.state?.kind == .revoked)
    }

    @Test func `tells with consent and without a session`() async throws {
        let scene = try await SignalScene()
        let stream = try await scene.stream()
        let session = try await scene.login()
        try await scene.store.end(session.id)
        try await scene.agree()
        try scene.simulator.revoke("hanako", .user, reason: "unspecified", at: scene.now)
        try scene.publish()
        await (try await scene.watch()).turn()
        #expect(try await scene.words(stream) == ["account-disabled", "credential-change"])
    }

    /// R9: something changed; what, nobody learns.
    @Test func `a signature certificate that ends says that something changed, to the member it was shown to`() async throws {
        let scene = try await SignalScene()
        let stream = try await scene.stream()
        try await scene.login()
        try await scene.agree()
        try await scene.showSignature(of: "hanako", to: SignalWorld.insurer)
        let watch = try await scene.watch()
        try scene.publish()
        await watch.turn()
        #expect(try await scene.waiting(stream).isEmpty)
        scene.pass(3_600)
        try scene.simulator.revoke("hanako", .sign, reason: "affiliationChanged", at: scene.now)
        try scene.publish()
        await watch.turn()
        await watch.turn()
        let told = try await scene.waiting(stream)
        #expect(told.map(\.type) == [.customerChanged])
        #expect(Set(told.first?.body.members?.map(\.0) ?? []) == ["event_timestamp"])
        #expect(try await scene.store.entries(of: try scene.subject(), before: scene.now.adding(seconds: 1), limit: 9).count == 1)
        #expect(try await !scene.store.threads(of: try scene.subject(), at: scene.now).isEmpty, "nobody is logged out by it")
    }

    @Test func `and to nobody when it was shown to another, or the watch was not agreed to`() async throws {
        for (member, agrees) in [(SignalWorld.shop, true), (SignalWorld.insurer, false)] {
            let scene = try await SignalScene()
            let stream = try await scene.stream()
            try await scene.login()
            if agrees { try await scene.agree() }
            try await scene.showSignature(of: "hanako", to: member)
            try scene.simulator.revoke("hanako", .sign, reason: "affiliationChanged", at: scene.now)
            try scene.publish()
            await (try await scene.watch()).turn()
            #expect(try await scene.waiting(stream).isEmpty)
        }
    }

    @Test func `walks many links page by page`() async throws {
        let scene = try await SignalScene()
        let issuer = try scene.identity("hanako").issuer
        for number in 0..<2_500 {
            _ = try await scene.store.link(
                CertificateIdentity(issuer: issuer, serial: "7f" + Hexadecimal.encode([UInt8(number >> 8), UInt8(number & 255)])),
                to: try #require(SubjectID("subject-number-\(number)-0000")), at: scene.now)
        }
        let session = try await scene.login()
        try scene.simulator.revoke("hanako", .user, reason: "unspecified", at: scene.now)
        try scene.publish()
        await (try await scene.watch()).turn()
        #expect(try await scene.store.session(session.id, at: scene.now) == nil)
    }
}

extension SignalScene {
    /// What the door keeps when a citizen shows a signature certificate.
    func showSignature(of handle: String, to member: String) async throws {
        let purpose = try #require(WatchPurpose("account-opening"))
        let until = now.adding(seconds: 10_000_000)
        try await store.watch(
            try identity(handle, .sign), of: try subject(), shownTo: try self.member(member), for: purpose.text, until: until)
        let birth = try #require(BirthDate(year: 1980, month: 4, day: 1))
        let attributes = try #require(
            BasicAttributes(
                name: "見本花子", nameSubstitutes: [false, false, false, false], birth: birth, sex: .notStated, address: "見本市",
                addressSubstitutes: [false, false, false]))
        try await store.keep(
            IdentityRecord(
                restored: attributes, certificate: Digest.sha256([1]), carrier: .card, tie: .keys, presentedFor: purpose,
                member: try self.member(member), at: now, statusAt: now, expiresAt: until), of: try subject(), relinkTie: .card,
            recording: Record("identity.presented", at: now))
    }
}

/// A revocation as a responder would say it, by way of the memory, which is the one place that makes such a word without a list.
enum ResponderWord {
    static func of(_ scene: SignalScene) async throws -> CertificateStatus {
        RememberedRevocation(
            key: try #require(RevocationKey(digest: Digest.sha256([1]))), reason: .keyCompromise, revokedAt: scene.now, source: .ocsp,
            thisUpdate: scene.now, expiresAt: scene.now.adding(seconds: 1_000)
        ).status(at: scene.now)
    }
}
