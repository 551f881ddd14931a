import Cryptography
import Testing
import Vocabulary

@Suite struct `An indirect list, RFC 5280 §5.3.3` {
    static func authority(_ number: Int) -> DistinguishedName {
        DistinguishedName([(.country, "JP"), (.commonName, "Authority \(number)")])
    }

    @Test(arguments: [3, 5000]) func `gives each authority the entries behind its name`(count: Int) throws {
        var dice = Dice(UInt64(count))
        var known: [DistinguishedName: [[UInt8]: RevocationReason]] = [:]
        var entries: [ListMaker.Entry] = []
        // The list's own authority until a name stands in an entry; then that one, until another does.
        var current = ListMaker.issuer
        for _ in 0..<count {
            let serial = dice.serial([1, 2, 3, 20].randomElement(using: &dice) ?? 1)
            let wanted = Int.random(in: 0..<4, using: &dice) > 0 ? current : Self.authority(Int.random(in: 0..<6, using: &dice))
            let owner = Int.random(in: 0..<20, using: &dice) == 0 ? ListMaker.issuer : wanted
            guard known[owner]?[serial] == nil else { continue }
            let reason = RevocationReason.allCases.randomElement(using: &dice) ?? .unspecified
            known[owner, default: [:]][serial] = reason
            entries.append(.init(serial: serial, reason: reason, issuer: owner == current ? nil : owner))
            current = owner
        }
        let list = try ParsedRevocationList(der: ListMaker(entries: entries, isIndirect: true).der())
        #expect(list.count == entries.count)
        var wrong = 0
        for serial in Set(entries.map(\.serial)) {
            for (issuer, serials) in known where list.entry(serial, issuer: issuer)?.reason != serials[serial] { wrong += 1 }
        }
        #expect(wrong == 0)
        #expect(list.entry([1], issuer: Self.authority(99)) == nil)
    }

    @Test func `finds names that are spelt otherwise`() throws {
        let spelt = DistinguishedName([(.country, "JP"), (.commonName, "AUTHORITY  1")])
        let entries = [ListMaker.Entry(serial: [1], issuer: Self.authority(1)), .init(serial: [2], issuer: spelt), .init(serial: [3])]
        let list = try ParsedRevocationList(der: ListMaker(entries: entries, isIndirect: true).der())
        for serial: UInt8 in 1...3 { #expect(list.entry([serial], issuer: Self.authority(1)) != nil) }
        #expect(list.entry([1]) == nil, "an entry of another authority is none of the list's own")
        #expect(list.entry([4], issuer: Self.authority(1)) == nil)
    }

    @Test func `is refused when it does not say that it is one`() throws {
        let entries = [ListMaker.Entry(serial: [1], issuer: Self.authority(1))]
        #expect(throws: RevocationListRefusal.indirect) { try ParsedRevocationList(der: ListMaker(entries: entries).der()) }
    }

    @Test(arguments: [[], [authority(1), authority(2)]]) func `is refused when an entry names nobody or two`(names: [DistinguishedName])
        throws
    {
        let other = DERWriter.build { writer in writer.sequence { $0.context(6, content: Array("http://ca.example/".utf8)) } }
        let value = names.isEmpty ? other : ListMaker.names(names)
        let entry = ListMaker.Entry(serial: [1], extensions: [X509Draft.extension(.certificateIssuer, critical: true, value)])
        #expect(throws: RevocationListRefusal.extension(.certificateIssuer, .value)) {
            try ParsedRevocationList(der: ListMaker(entries: [entry], isIndirect: true).der())
        }
    }
}
