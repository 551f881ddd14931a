import Cryptography
import Testing
import Vocabulary

@Suite struct `A list read as a stream` {
    /// What the general reader makes of entries: the second opinion on the quick path.
    static func slow(_ revoked: [UInt8]) throws -> [[UInt8]: RevocationEntry]? {
        var reader = DERReader(revoked)
        var entries: [[UInt8]: RevocationEntry] = [:]
        guard !reader.isAtEnd else { return nil }
        do {
            while !reader.isAtEnd {
                var fields = try reader.expect(DERTag.sequence).reader
                let serial = try fields.expect(DERTag.integer).integer()
                let date = try fields.next().time()
                var reason = RevocationReason.unspecified
                if let list = try fields.take(DERTag.sequence) {
                    var extensions = list.reader
                    repeat {
                        var parts = try extensions.expect(DERTag.sequence).reader
                        let identifier = try parts.expect(DERTag.objectIdentifier).objectIdentifier()
                        let critical = try parts.take(DERTag.boolean)?.boolean()
                        let value = try parts.expect(DERTag.octetString)
                        try parts.finish()
                        guard critical != false, identifier == .reasonCode || critical == nil else { return nil }
                        if identifier == .reasonCode {
                            var inner = value.reader
                            let code = try inner.expect(DERTag.enumerated).smallInteger()
                            try inner.finish()
                            guard let known = RevocationReason(rawValue: code) else { return nil }
                            reason = known
                        }
                        // Read by the list's reader, not by this one.
                        if identifier == .invalidityDate || identifier == .certificateIssuer { return nil }
                    } while !extensions.isAtEnd
                }
                try fields.finish()
                let entry = RevocationEntry(serial: serial, reason: reason, at: date)
                guard serial.count <= 64, entries.updateValue(entry, forKey: serial).map({ $0 == entry }) ?? true else { return nil }
            }
        } catch { return nil }
        return entries
    }

    @Test(arguments: 0..<8) func `agrees with the general reader on damaged entries`(seed: Int) throws {
        var dice = Dice(UInt64(seed))
        let shape = `The revocation index`.Shape.anyWidth
        let entries =
            `The revocation index`.entries(shape, 6, &dice) + [.init(serial: [1]), .init(serial: [2, 3], reason: .keyCompromise)]
        let sound = entries.flatMap(\.der)
        var refused = 0
        for _ in 0..<400 {
            var bytes = sound
            for _ in 0..<Int.random(in: 0...2, using: &dice) {
                bytes[Int.random(in: 0..<bytes.count, using: &dice)] ^= 1 << UInt8.random(in: 0...7, using: &dice)
            }
            let expected = try Self.slow(bytes)
            let list = try? ParsedRevocationList(der: ListMaker(rawEntries: bytes).der())
            #expect((list == nil) == (expected == nil), "\(bytes)")
            guard let list, let expected else {
                refused += 1
                continue
            }
            #expect(list.count == expected.count)
            for (serial, entry) in expected { #expect(list.entry(serial) == entry) }
        }
        #expect((1..<400).contains(refused), "both answers were seen")
    }

    @Test func `takes entries the quick path does not know`() throws {
        let late = X509Draft.extension(.invalidityDate, DERWriter.build { $0.generalizedTime(Timestamp(seconds: 1_700_000_000)) })
        let unknown = X509Draft.extension(ObjectIdentifier("1.2.3.4") ?? .anyPolicy, [5, 0])
        let long = ListMaker.Entry(
            serial: [9], extensions: [X509Draft.extension(ObjectIdentifier("1.2.3") ?? .anyPolicy, [UInt8](repeating: 4, count: 300))])
        let entries: [ListMaker.Entry] = [
            .init(serial: [7], reason: .certificateHold, extensions: [late]),
            .init(serial: [UInt8](repeating: 8, count: 20), extensions: [unknown]),
            .init(serial: [6], date: Timestamp(seconds: 2_600_000_000), reason: .superseded), long,
        ]
        let list = try ParsedRevocationList(der: ListMaker(entries: entries).der())
        for entry in entries {
            #expect(list.entry(entry.serial) == RevocationEntry(serial: entry.serial, reason: entry.reason ?? .unspecified, at: entry.date))
        }
    }

    @Test(arguments: [
        ("no entry", [0x30, 0x00], RevocationListRefusal.malformed(.truncated)),
        ("empty serial", [0x30, 0x11, 0x02, 0x00] + time, .malformed(.value)),
        ("long form of a short serial", [0x30, 0x13, 0x02, 0x02, 0x00, 0x01] + time, .malformed(.value)),
        ("long form of a short length", [0x30, 0x81, 0x12, 0x02, 0x01, 0x01] + time, .malformed(.length)),
        ("negative spelt long", [0x30, 0x13, 0x02, 0x02, 0xff, 0x80] + time, .malformed(.value)),
        ("no time", [0x30, 0x03, 0x02, 0x01, 0x01], .malformed(.truncated)),
        ("something behind", [0x30, 0x14, 0x02, 0x01, 0x01] + time + [0x05, 0x00], .malformed(.trailing)),
        ("reason 7", [0x30, 0x20, 0x02, 0x01, 0x01] + time + reason(7), .extension(.reasonCode, .value)),
        ("reason 11", [0x30, 0x20, 0x02, 0x01, 0x01] + time + reason(11), .extension(.reasonCode, .value)),
        ("31 November", [0x30, 0x12, 0x02, 0x01, 0x01, 0x17, 0x0d] + Array("261131000000Z".utf8), .malformed(.value)),
        ("29 February 2025", [0x30, 0x12, 0x02, 0x01, 0x01, 0x17, 0x0d] + Array("250229000000Z".utf8), .malformed(.value)),
        ("a colon for a digit", [0x30, 0x12, 0x02, 0x01, 0x01, 0x17, 0x0d] + Array("2611210000:0Z".utf8), .malformed(.value)),
        ("no Z", [0x30, 0x12, 0x02, 0x01, 0x01, 0x17, 0x0d] + Array("2611210000000".utf8), .malformed(.value)),
        ("cut off", [0x30, 0x20, 0x02, 0x01, 0x01] + time, .malformed(.truncated)),
    ]) func `is refused for`(what: String, entry: [UInt8], refusal: RevocationListRefusal) throws {
        // In front of other entries, where the quick path is, and as the last.
        let others = ListMaker.Entry(serial: [3], reason: .superseded).der
        let isWhole = what != "cut off"
        for raw in isWhole ? [entry, others + entry, entry + others] : [entry, others + entry] {
            #expect(throws: refusal, "\(what)") { try ParsedRevocationList(der: ListMaker(rawEntries: raw).der()) }
        }
        #expect(try ParsedRevocationList(der: ListMaker(rawEntries: others).der()).count == 1)
    }

    static let time: [UInt8] = [0x17, 0x0d] + Array("261121000000Z".utf8)
    static func reason(_ code: UInt8) -> [UInt8] { [0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01, code] }

    @Test func `is refused when a reason stands in a list of version 1`() throws {
        #expect(throws: RevocationListRefusal.version) {
            try ParsedRevocationList(der: ListMaker(version: [], entries: [.init(serial: [1], reason: .superseded)]).der())
        }
        #expect(try ParsedRevocationList(der: ListMaker(version: [], entries: [.init(serial: [1])]).der()).count == 1)
    }

    /// Cut out, the entries leave the fields around them side by side: a time behind them must not become the nextUpdate.
    @Test func `is refused when a time stands behind the entries`() throws {
        #expect(throws: RevocationListRefusal.malformed(.tag(0x17))) {
            try ParsedRevocationList(der: ListMaker(entries: [.init(serial: [1])], behindEntries: Self.time).der())
        }
    }

    @Test(arguments: [
        SignatureAlgorithm.ecdsa(.sha256), .ecdsa(.sha384), .ed25519, .rsaPKCS1(.sha256), .rsaPKCS1(.sha512), .rsaPSS(.sha256),
    ])
    func `verifies over the very bytes`(algorithm: SignatureAlgorithm) throws {
        let kind: KeyKind =
            switch algorithm {
            case .ed25519: .ed25519
            case .ecdsa: .ec(.p256)
            case .rsaPKCS1, .rsaPSS: .rsa(bits: 2048)
            }
        let key = try PrivateKey.generate(kind)
        var dice = Dice(1)
        // More than one window of the reader.
        let entries = `The revocation index`.entries(.random160, 9000, &dice)
        let der = try ListMaker(entries: entries, key: .success(key), algorithm: algorithm).der()
        let list = try ParsedRevocationList(mapped: FixedBytes(copying: der))
        #expect(list.isSigned(by: key.publicKey))
        #expect(!list.isSigned(by: try X509Draft.key.get().publicKey))
        for place in [der.count / 3, der.count - 20] {
            var damaged = der
            damaged[place] ^= 1
            let other = try? ParsedRevocationList(der: damaged)
            #expect(other?.isSigned(by: key.publicKey) != true)
        }
    }

    @Test func `of which any bit is flipped is never both read and believed`() throws {
        let der = try ListMaker(entries: [.init(serial: [1], reason: .superseded), .init(serial: [UInt8](repeating: 3, count: 20))]).der()
        let key = try X509Draft.key.get().publicKey
        #expect(try ParsedRevocationList(der: der).isSigned(by: key))
        for place in der.indices {
            var damaged = der
            damaged[place] ^= 1 << UInt8(place % 8)
            #expect((try? ParsedRevocationList(der: damaged))?.isSigned(by: key) != true)
            #expect(throws: RevocationListRefusal.self) { try ParsedRevocationList(der: Array(der[..<place])) }
        }
        #expect(throws: RevocationListRefusal.malformed(.trailing)) { try ParsedRevocationList(der: der + [0]) }
    }

    @Test func `is refused above the caller's limit`() throws {
        let der = try ListMaker(entries: [.init(serial: [1])]).der()
        #expect(throws: RevocationListRefusal.tooLarge(der.count)) {
            try ParsedRevocationList(mapped: FixedBytes(copying: der), atMost: der.count - 1)
        }
        #expect(try ParsedRevocationList(mapped: FixedBytes(copying: der), atMost: der.count).count == 1)
    }
}
