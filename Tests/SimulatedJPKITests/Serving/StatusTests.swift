import Cryptography
import SimulatedJPKI
import Testing
import Trust
import Vocabulary

/// What the desk gives out, as the house's own `Trust` reads it.
struct Verdicts {
    let world: World
    let desk: StatusDesk

    init(_ world: World) {
        self.world = world
        desk = StatusDesk(world.simulator)
    }

    func list(_ path: String, at now: Timestamp = World.now) throws -> [UInt8] {
        let answer = desk.answer(StatusDesk.Request(path: path), at: now)
        try #require(answer.status == 200)
        #expect(answer.type == "application/pkix-crl")
        return answer.body
    }

    func verified(_ path: String, issuer: Certificate, at now: Timestamp = World.now) throws -> VerifiedRevocationList {
        try UnverifiedRevocationList(der: list(path, at: now)).verified(issuer: issuer, at: now)
    }

    func byList(_ handle: String, _ purpose: Purpose, named name: String, at now: Timestamp = World.now) throws -> StatusVerdict {
        let issued = try #require(try world.simulator.record(handle).issued(purpose))
        let issuer = try world.simulator.authority(issued.authority).certificate
        let generation = issued.authority.split(separator: "-").last.map(String.init) ?? ""
        let list = try verified("/crl/\(purpose.rawValue)/\(generation)/\(name).crl", issuer: issuer, at: now)
        return RevocationLists([list]).status(
            of: try world.simulator.identity(handle, purpose).certificate, issuedBy: issuer, at: now
        ).verdict
    }

    func byOCSP(
        _ handle: String, _ purpose: Purpose, digest: DigestAlgorithm = .sha1, byGet: Bool = false, nonce: [UInt8] = [UInt8](1...16),
        at now: Timestamp = World.now
    ) throws -> StatusVerdict {
        let issuer = try world.issuer(handle, purpose)
        let request = OCSPRequest(
            certificate: try world.simulator.identity(handle, purpose).certificate, issuer: issuer, nonce: nonce, digest: digest)
        let path = "/ocsp/" + purpose.rawValue
        let encoded = Base64.encode(request.der).flatMap { $0 == "+" ? "%2B" : $0 == "=" ? "%3d" : String($0) }
        let asked =
            byGet ? StatusDesk.Request(path: path + "/" + String(encoded)) : StatusDesk.Request(isPost: true, path: path, body: request.der)
        let answer = desk.answer(asked, at: now)
        #expect(answer.type == "application/ocsp-response")
        return try UnverifiedOCSPResponse(der: answer.body).verified(
            for: request, issuer: issuer, at: now, maximumAge: 60, skew: 5, needsNonce: true
        ).verdict
    }
}

@Suite struct `Status of certificates, jpki.md §1.4 and §4.3` {
    static let cases: [(handle: String, purpose: Purpose, reason: RevocationReason?)] = [
        ("hanako", .user, nil), ("hanako", .sign, nil), ("taro", .user, nil), ("misaki", .user, nil), ("hanako-phone", .user, nil),
        ("jiro", .user, .keyCompromise), ("jiro", .sign, .keyCompromise), ("rin", .user, .certificateHold),
        ("rin", .sign, .certificateHold),
        ("fumiko", .user, .cessationOfOperation), ("minoru", .user, nil), ("minoru", .sign, .affiliationChanged), ("yuki", .user, nil),
    ]

    static func expect(_ verdict: StatusVerdict, _ reason: RevocationReason?) {
        switch (verdict, reason) {
        case (.good, nil): break
        case (.revoked(let found, _), let expected?): #expect(found == expected)
        default: Issue.record("\(verdict) where \(String(describing: reason)) was due")
        }
    }

    @Test(arguments: cases) func `is the same in the municipality's list, in the full one and by OCSP`(
        handle: String, purpose: Purpose, reason: RevocationReason?
    ) async throws {
        let verdicts = Verdicts(try await World.shared())
        let partition = try verdicts.world.simulator.record(handle).citizen.municipality.code
        Self.expect(try verdicts.byList(handle, purpose, named: partition), reason)
        Self.expect(try verdicts.byList(handle, purpose, named: "full"), reason)
        Self.expect(try verdicts.byOCSP(handle, purpose), reason)
        Self.expect(try verdicts.byOCSP(handle, purpose, digest: .sha256), reason)
        Self.expect(try verdicts.byOCSP(handle, purpose, byGet: true), reason)
    }

    @Test func `by GET is answered where digits are slashes, one after the other and at the end`() async throws {
        let verdicts = Verdicts(try await World.shared())
        for length in 14...18 {
            Self.expect(try verdicts.byOCSP("hanako", .user, byGet: true, nonce: [UInt8](repeating: 0xff, count: length)), nil)
        }
    }

    @Test func `another municipality's list says nothing`() async throws {
        let verdicts = Verdicts(try await World.shared())
        #expect(try verdicts.byList("jiro", .user, named: "99101") == .unknown)
        #expect(try verdicts.byList("hanako", .user, named: "99301") == .unknown)
    }

    @Test func `superseded certificates are revoked by their old serials`() async throws {
        let world = try await World.shared()
        let verdicts = Verdicts(world)
        for issued in try world.simulator.record("yuki").earlier {
            let authority = try world.simulator.authority(issued.authority)
            let certificate = try world.simulator.identity(issued, on: "yuki").certificate
            let list = try verdicts.verified("/crl/\(authority.purpose.rawValue)/2/full.crl", issuer: authority.certificate)
            #expect(list.entry(certificate.serial)?.reason == .superseded)
        }
    }

    @Test(arguments: RevocationReason.usedByJPKI) func `shows a new revocation at once, for each reason`(reason: RevocationReason)
        async throws
    {
        let world = try await World.copy()
        let verdicts = Verdicts(world)
        Self.expect(try verdicts.byList("emi", .sign, named: "full"), nil)
        Self.expect(try verdicts.byOCSP("emi", .sign), nil)
        try world.simulator.revoke("emi", .sign, reason: reason.name, at: World.now)
        let later = World.now.adding(seconds: 2)
        Self.expect(try verdicts.byList("emi", .sign, named: "99101", at: later), reason)
        Self.expect(try verdicts.byList("emi", .sign, named: "full", at: later), reason)
        Self.expect(try verdicts.byOCSP("emi", .sign, at: later), reason)
        Self.expect(try verdicts.byOCSP("emi", .user, at: later), nil)
    }

    @Test func `a hold can become final or be released, a final revocation cannot`() async throws {
        let world = try await World.copy()
        let verdicts = Verdicts(world)
        try world.simulator.revoke("emi", .both, reason: "certificateHold", at: World.now)
        #expect(throws: SimulatorRefusal.alreadyRevoked) {
            try world.simulator.revoke("emi", .user, reason: "certificateHold", at: World.now)
        }
        try world.simulator.release("emi", .sign)
        try world.simulator.revoke("emi", .user, reason: "keyCompromise", at: World.now)
        #expect(throws: SimulatorRefusal.notHeld) { try world.simulator.release("emi", .user) }
        #expect(throws: SimulatorRefusal.alreadyRevoked) { try world.simulator.revoke("emi", .user, reason: "superseded", at: World.now) }
        let later = World.now.adding(seconds: 2)
        Self.expect(try verdicts.byOCSP("emi", .user, at: later), .keyCompromise)
        Self.expect(try verdicts.byOCSP("emi", .sign, at: later), nil)
    }

    @Test func `the login certificate is not revoked for a changed attribute`() async throws {
        let world = try await World.copy()
        for selection in [RevocationSelection.user, .both] {
            #expect(throws: SimulatorRefusal.userCertificateKeepsAttributes) {
                try world.simulator.revoke("emi", selection, reason: "affiliationChanged", at: World.now)
            }
        }
        #expect(throws: SimulatorRefusal.unknownReason("bored")) {
            try world.simulator.revoke("emi", .user, reason: "bored", at: World.now)
        }
        #expect(throws: SimulatorRefusal.unknownCard("nobody")) {
            try world.simulator.revoke("nobody", .user, reason: "superseded", at: World.now)
        }
    }

    @Test func `renewal gives new keys and serials and supersedes the old`() async throws {
        let world = try await World.copy()
        let before = try world.user("taro")
        var random = SystemRandom()
        try world.simulator.renew("taro", at: World.now, using: &random)
        let after = try world.user("taro")
        #expect(after.serial != before.serial)
        #expect(after.publicKey != before.publicKey)
        #expect(try world.simulator.record("taro").earlier.map(\.authority) == ["user-1", "sign-1"])
        #expect(try world.simulator.record("taro").user.authority == "user-2")
        let later = World.now.adding(seconds: 2)
        Self.expect(try Verdicts(world).byOCSP("taro", .user, at: later), nil)
        let old = try world.simulator.authority("user-1")
        let list = try Verdicts(world).verified("/crl/user/1/full.crl", issuer: old.certificate, at: later)
        #expect(list.entry(before.serial)?.reason == .superseded)
    }
}

@Suite struct `Lists of revocations` {
    @Test func `say what they cover, critically, or cover all`() async throws {
        let world = try await World.shared()
        let verdicts = Verdicts(world)
        let issuer = try world.simulator.authority("user-2").certificate
        let partition = try verdicts.verified("/crl/user/2/99301.crl", issuer: issuer)
        #expect(partition.scope?.point?.directoryNames == (try world.user("jiro")).crlDistributionPoints.first?.directoryNames)
        #expect(try verdicts.verified("/crl/user/2/full.crl", issuer: issuer).scope == nil)
        #expect(partition.nextUpdate == World.now.adding(seconds: 24 * 3600))
        let der = try verdicts.list("/crl/user/2/99301.crl")
        // OID of issuingDistributionPoint, then TRUE.
        #expect(der.indices.contains { der[$0...].starts(with: [0x06, 0x03, 0x55, 0x1d, 0x1c, 0x01, 0x01, 0xff]) })
    }

    @Test func `of the municipalities are the parts of the full one`() async throws {
        let world = try await World.shared()
        let verdicts = Verdicts(world)
        let issuer = try world.simulator.authority("user-2").certificate
        let revoked = try world.simulator.register(of: "user-2").entries.filter { $0.revocation != nil }
        for code in ["99101", "99102", "99301"] {
            let list = try verdicts.verified("/crl/user/2/\(code).crl", issuer: issuer)
            #expect(list.count == revoked.count { $0.partition == code })
            #expect(list.count > 0, "each has something to say")
        }
        #expect(try verdicts.verified("/crl/user/2/full.crl", issuer: issuer).count == revoked.count)
    }

    @Test func `are signed by their own generation only`() async throws {
        let verdicts = Verdicts(try await World.shared())
        let own = try verdicts.world.simulator.authority("user-1").certificate
        let other = try verdicts.world.simulator.authority("user-2").certificate
        _ = try verdicts.verified("/crl/user/1/full.crl", issuer: own)
        #expect(throws: RevocationRefusal.self) { try verdicts.verified("/crl/user/1/full.crl", issuer: other) }
    }

    @Test func `have numbers that grow, and are kept for an hour`() async throws {
        let verdicts = Verdicts(try await World.shared())
        let issuer = try verdicts.world.simulator.authority("sign-3").certificate
        let first = try verdicts.list("/crl/sign/3/full.crl")
        #expect(try verdicts.list("/crl/sign/3/full.crl", at: World.now.adding(seconds: 3599)) == first)
        let later = World.now.adding(seconds: 3600)
        let number = try #require(try verdicts.verified("/crl/sign/3/full.crl", issuer: issuer).number)
        let next = try #require(try verdicts.verified("/crl/sign/3/full.crl", issuer: issuer, at: later).number)
        #expect(number.count == next.count && number.lexicographicallyPrecedes(next))
    }

    @Test(arguments: [
        "/crl/user/9/full.crl", "/crl/other/1/full.crl", "/crl/user/1/12345.crl", "/crl/user/1/full", "/crl/user/1/../2/full.crl", "/crl",
        "/nothing", "/ocsp", "/ocsp/other", "/ocsp/user",
    ])
    func `are not invented`(path: String) async throws {
        let desk = StatusDesk(try await World.shared().simulator)
        #expect(desk.answer(StatusDesk.Request(path: path), at: World.now).status == 404)
    }
}

@Suite struct `The OCSP responder` {
    @Test func `signs as a delegate of the generation that is asked about`() async throws {
        let world = try await World.shared()
        for handle in ["taro", "hanako", "misaki"] {
            _ = try Verdicts(world).byOCSP(handle, .user)
            let authority = try world.simulator.authority(try world.simulator.record(handle).user.authority)
            #expect(authority.responder.isSigned(by: authority.certificate.publicKey))
            #expect(authority.responder.publicKey != authority.certificate.publicKey)
            #expect(authority.responder.extendedKeyUsage?.map(\.dotted) == ["1.3.6.1.5.5.7.3.9"])
            #expect(authority.responder.hasNoRevocationCheck)
            #expect(!authority.responder.isAuthority)
        }
    }

    @Test func `does not know what was never issued`() async throws {
        let verdicts = Verdicts(try await World.shared())
        let issuer = try verdicts.world.simulator.authority("user-2")
        // A responder's certificate stands in no register.
        let request = OCSPRequest(certificate: issuer.responder, issuer: issuer.certificate)
        let answer = verdicts.desk.answer(StatusDesk.Request(isPost: true, path: "/ocsp/user", body: request.der), at: World.now)
        let verdict = try UnverifiedOCSPResponse(der: answer.body).verified(
            for: request, issuer: issuer.certificate, at: World.now, maximumAge: 60, skew: 5)
        #expect(verdict.verdict == .unknown)
    }

    @Test func `answers of several certificates for its own generation only`() async throws {
        let verdicts = Verdicts(try await World.shared())
        let own = try verdicts.world.simulator.authority("user-2").certificate
        let older = try verdicts.world.simulator.authority("user-1").certificate
        let serial = try verdicts.world.user("jiro").serial
        let query = OCSPQuery(
            questions: [
                OCSPCertificateID(serial: serial, issuer: own, digest: .sha256),
                OCSPCertificateID(serial: serial, issuer: older, digest: .sha256),
            ], nonce: nil)
        let answer = verdicts.desk.answer(
            StatusDesk.Request(isPost: true, path: "/ocsp/user", body: query.der), at: World.now)
        let statuses = try ParsedOCSPResponse(der: answer.body).answers.map(\.status)
        #expect(statuses.count == 2)
        #expect(statuses.first != .good && statuses.first != .unknown)
        #expect(statuses.last == .unknown)
    }

    @Test func `does not answer for another authority`() async throws {
        let verdicts = Verdicts(try await World.shared())
        let request = OCSPRequest(certificate: try verdicts.world.user("hanako"), issuer: try verdicts.world.issuer("hanako"))
        let answer = verdicts.desk.answer(StatusDesk.Request(isPost: true, path: "/ocsp/sign", body: request.der), at: World.now)
        #expect(answer.body == [0x30, 0x03, 0x0a, 0x01, 0x06])
    }

    @Test(
        arguments: [
            [], [0x30], [0x30, 0x00], [0x30, 0x80, 0x00, 0x00], [0x30, 0x02, 0x30, 0x00], [0x30, 0x04, 0x30, 0x02, 0x30, 0x00],
            [UInt8](repeating: 0x30, count: 4000), [UInt8](repeating: 0, count: 16_385),
        ] as [[UInt8]])
    func `calls what it cannot read malformed`(body: [UInt8]) async throws {
        let desk = StatusDesk(try await World.shared().simulator)
        let answer = desk.answer(StatusDesk.Request(isPost: true, path: "/ocsp/user", body: body), at: World.now)
        #expect(answer.status == 200)
        #expect(answer.body == [0x30, 0x03, 0x0a, 0x01, 0x01])
    }

    @Test func `reads every shortened or changed request without harm`() async throws {
        let verdicts = Verdicts(try await World.shared())
        let request = OCSPRequest(
            certificate: try verdicts.world.user("hanako"), issuer: try verdicts.world.issuer("hanako"), nonce: [1, 2, 3]
        ).der
        for length in request.indices {
            let answer = verdicts.desk.answer(
                StatusDesk.Request(isPost: true, path: "/ocsp/user", body: Array(request[..<length])), at: World.now)
            #expect(answer.body == [0x30, 0x03, 0x0a, 0x01, 0x01])
        }
        for index in request.indices {
            var changed = request
            changed[index] ^= 0x41
            #expect(verdicts.desk.answer(StatusDesk.Request(isPost: true, path: "/ocsp/user", body: changed), at: World.now).status == 200)
        }
    }

    @Test(arguments: ["/ocsp/user/!!!!", "/ocsp/user/MA", "/ocsp/user/%zz", "/ocsp/user/" + String(repeating: "A", count: 70_000)])
    func `calls a GET that is no Base64 malformed`(path: String) async throws {
        let desk = StatusDesk(try await World.shared().simulator)
        #expect(desk.answer(StatusDesk.Request(path: path), at: World.now).body == [0x30, 0x03, 0x0a, 0x01, 0x01])
    }
}
