import Cryptography
import Foundation
import SimulatedJPKI
import Testing
import Vocabulary

@Suite struct `A bridge in a folder` {
    private static func folder<Value>(_ body: (String) throws -> Value) throws -> Value {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("bridge-" + UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    @Test func `is read as it was written, with what became of it`() throws {
        try Self.folder { path in
            let folder = BridgeFolder(path)
            let made = try folder.make(base: BridgeWorld.base, seed: "folder", at: BridgeWorld.now)
            let later = BridgeWorld.now.adding(seconds: 60)
            try folder.change { bridge in
                try bridge.revoke(.member, .keyCompromise, at: later)
                try bridge.revoke(.privateMember, .certificateHold, at: later)
                try bridge.release(.privateMember, at: later.adding(seconds: 60))
                try bridge.inhibitMapping(of: .ministry, at: later)
                try bridge.exclude(.dns("sekimachi.lg.sekisho.example"), of: .local, at: later)
                try bridge.exclude(.directory(BridgeAuthority.accredited.subtree), of: .accredited, at: later)
            }
            let read = try BridgeFolder(path).read()
            #expect(try read[.member] == made[.member])
            #expect(try read[.ministryToBridge] != made[.ministryToBridge])
            #expect(read.former == [try made[.ministryToBridge], try made[.bridgeToLocal], try made[.bridgeToAccredited]])
            #expect(read.plan.inhibited == [.ministry])
            #expect(read.plan.excluded.count == 2)
            #expect(read.revocations.map(\.item) == [.member, .privateMember, .ministryToBridge, .bridgeToLocal, .bridgeToAccredited])
            #expect(read.revocations[1].releasedAt == later.adding(seconds: 60))
            #expect(try read[.bridgeToLocal].nameConstraints?.excluded.isEmpty == false)
            // Serials go on where they were.
            #expect(try Set(BridgeItem.allCases.map { try read[$0].serial }).count == BridgeItem.allCases.count)
        }
    }

    @Test func `is not made where something is, and not read where nothing is`() throws {
        try Self.folder { path in
            #expect(throws: SimulatorRefusal.self) { try BridgeFolder(path).read() }
            _ = try BridgeFolder(path).make(base: BridgeWorld.base, seed: "folder", at: BridgeWorld.now)
            #expect(throws: SimulatorRefusal.self) { try BridgeFolder(path).make(base: BridgeWorld.base, seed: nil, at: BridgeWorld.now) }
        }
    }

    @Test func `refuses to revoke twice, to release what is not held, and to revoke an anchor`() throws {
        var bridge = try BridgeWorld.bridge()
        #expect(throws: SimulatorRefusal.notHeld) { try bridge.release(.member, at: BridgeWorld.now) }
        try bridge.revoke(.member, .certificateHold, at: BridgeWorld.now)
        try bridge.revoke(.member, .keyCompromise, at: BridgeWorld.now)
        #expect(throws: SimulatorRefusal.alreadyRevoked) { try bridge.revoke(.member, .superseded, at: BridgeWorld.now) }
        #expect(throws: SimulatorRefusal.self) { try bridge.revoke(.ministry2, .keyCompromise, at: BridgeWorld.now) }
        #expect(throws: SimulatorRefusal.self) { try bridge.inhibitMapping(of: .bridge, at: BridgeWorld.now) }
    }

    @Test(arguments: [BridgeItem.ministry1, .ministry2, .local, .accredited])
    func `is put into a deployment: one anchor, what crosses, a profile`(anchor: BridgeItem) throws {
        let bridge = try BridgeWorld.bridge()
        let files = try bridge.deployment(anchor: anchor)
        #expect(files.filter { $0.name.hasPrefix("anchors-of/government-bridge/") }.count == 1)
        #expect(files.filter { $0.name.hasPrefix("intermediates/") }.count == 8)
        let profile = try #require(files.first { $0.name == "profiles/government-bridge.yaml" })
        let authority = try #require(anchor.subject.authority)
        #expect(String(decoding: profile.bytes, as: UTF8.self).contains(authority.policy(.signature).dotted))
        #expect(throws: SimulatorRefusal.self) { try bridge.deployment(anchor: .bridge) }
        #expect(throws: SimulatorRefusal.self) { try bridge.deployment(anchor: .member) }
    }
}
