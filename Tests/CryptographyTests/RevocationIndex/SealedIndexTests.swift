import Cryptography
import Foundation
import Testing
import Vocabulary

@Suite struct `A sealed index` {
    static func list(_ count: Int, isIndirect: Bool = false) throws -> (ParsedRevocationList, [ListMaker.Entry]) {
        var dice = Dice(UInt64(count))
        var entries = `The revocation index`.entries(.anyWidth, count, &dice) + [.init(serial: [0, 0x81], reason: .certificateHold)]
        if isIndirect { entries[entries.count / 2].issuer = DistinguishedName([(.country, "JP"), (.commonName, "Another")]) }
        return (try ParsedRevocationList(der: ListMaker(entries: entries, isIndirect: isIndirect).der()), entries)
    }

    static func file(_ list: ParsedRevocationList) throws -> [UInt8] {
        let sealed = try SealedIndex(list)
        var file: [UInt8] = []
        sealed.write { file += $0 }
        #expect(file.count == sealed.size)
        return file
    }

    static func opened(_ file: [UInt8]) throws(SealRefusal) -> ParsedRevocationList {
        try ParsedRevocationList(sealed: FixedBytes(copying: file))
    }

    @Test(arguments: [1, 5000], [false, true]) func `opens as the list it was made from`(count: Int, isIndirect: Bool) throws {
        let (list, entries) = try Self.list(count, isIndirect: isIndirect)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("sealed-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(Self.file(list)).write(to: path)
        let opened = try ParsedRevocationList(sealed: FixedBytes(mapping: path.path, atMost: 1 << 30))
        #expect(opened.issuer == list.issuer && opened.thisUpdate == list.thisUpdate && opened.nextUpdate == list.nextUpdate)
        #expect(opened.number == list.number && opened.scope == list.scope && opened.count == list.count)
        #expect(opened.isSigned(by: try X509Draft.key.get().publicKey))
        #expect(!opened.isSigned(by: try PrivateKey.generate(.ec(.p256)).publicKey))
        let issuers = [ListMaker.issuer] + entries.compactMap(\.issuer)
        for entry in entries {
            for issuer in issuers {
                #expect(opened.entries.entry(entry.serial, issuer: issuer) == list.entry(entry.serial, issuer: issuer))
            }
        }
        #expect(try Self.file(opened) == Self.file(list), "sealed again it is the same file")
    }

    @Test func `without entries opens too`() throws {
        let opened = try Self.opened(Self.file(ParsedRevocationList(der: ListMaker().der())))
        #expect(opened.count == 0 && opened.entry([1]) == nil)
    }

    @Test func `is refused by name when it is cut`() throws {
        let file = try Self.file(Self.list(20).0)
        for length in 1..<file.count {
            do {
                _ = try Self.opened(Array(file[..<length]))
                Issue.record("half a file was opened: \(length)")
            } catch {
                #expect(error == (length < 56 ? .notSealed : .length(expected: UInt64(file.count), found: length)))
            }
        }
        #expect(throws: SealRefusal.length(expected: UInt64(file.count), found: file.count + 1)) { try Self.opened(file + [0]) }
    }

    @Test func `is refused by name for any flipped bit`() throws {
        let list = try Self.list(60).0
        let file = try Self.file(list)
        let start = file.count - list.entries.size
        for place in file.indices {
            var damaged = file
            damaged[place] ^= 1 << UInt8(place * 5 % 8)
            do {
                _ = try Self.opened(damaged)
                Issue.record("a flipped bit was not seen: \(place)")
            } catch {
                switch place {
                case ..<8: #expect(error == .notSealed)
                case ..<12: if case .version = error {} else { Issue.record("\(error)") }
                case 16..<24: if case .length = error {} else { Issue.record("\(error)") }
                case start...: #expect(error == .chunk(0))
                default: #expect(error == .header)
                }
            }
        }
    }

    @Test func `names the chunk that is damaged`() throws {
        var dice = Dice(9)
        let entries = `The revocation index`.entries(.long, 20_000, &dice)
        let file = try Self.file(ParsedRevocationList(der: ListMaker(entries: entries).der()))
        #expect(file.count > 1 << 20)
        var damaged = file
        damaged[file.count - 1] ^= 0x80
        #expect(throws: SealRefusal.chunk(1)) { try Self.opened(damaged) }
        _ = try Self.opened(file)
    }

    @Test func `of a list that only its own bytes can prove is not made`() throws {
        let key = try PrivateKey.generate(.ed25519)
        let list = try ParsedRevocationList(der: ListMaker(key: .success(key), algorithm: .ed25519).der())
        #expect(throws: SealRefusal.unsealable) { try SealedIndex(list) }
    }

    @Test(arguments: [("/nowhere/at/all", MappingRefusal.unreadable(2)), ("/", .notAFile), ("/dev/null", .notAFile)])
    func `that is no file is not mapped`(path: String, refusal: MappingRefusal) {
        #expect(throws: refusal) { try FixedBytes(mapping: path, atMost: 1 << 20) }
    }
}
