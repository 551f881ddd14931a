import Cryptography
import Testing
import Trust
import Upkeep
import Vocabulary

@Suite(.serialized) struct `Once revoked` {
    static func form(_ lists: RevocationLists, _ memory: VolatileMemory) -> DeskForm {
        var form = DeskForm()
        form.lists = Published(lists)
        form.memory = memory
        form.isOnLine = false
        return form
    }

    @Test(arguments: RevocationReason.allCases.filter(\.isPermanent)) func `stays revoked, whatever a later list says`(
        reason: RevocationReason
    ) async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let memory = VolatileMemory()
        let form = Self.form(try authority.lists([(7, reason)]), memory)
        let verdict = StatusVerdict.revoked(reason, Small.days(-10))
        #expect(await form.desk.status(of: chain, at: Small.now).first?.verdict == verdict)
        // The list is rolled back to one that never heard of it, and the desk is a new one.
        form.lists.replace(try authority.lists(thisUpdate: Small.days(-2)))
        let desk = form.desk
        let again = try #require(await desk.status(of: chain, at: Small.now).first)
        #expect(again.verdict == verdict && again.source == .crl && again.thisUpdate == Small.days(-1))
        #expect(desk.health.counts.remembered == 1 && desk.health.counts.contradicted == 0)
        // A list from after the revocation that does not know it is an alarm, and changes nothing.
        form.lists.replace(try authority.lists(thisUpdate: Small.minutes(-5)))
        #expect(await desk.status(of: chain, at: Small.now).first?.verdict == verdict)
        #expect(desk.health.counts.contradicted == 1)
        // No other certificate is touched by it.
        #expect(await desk.status(of: try authority.chain(8), at: Small.now).first?.verdict == .good)
    }

    @Test func `on-line, it stays revoked by the list and by a restored responder`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let lists = try authority.lists()
        let revoked = StatusVerdict.revoked(.affiliationChanged, Small.days(-3))
        let server = RespondingServer(authority, ["/main": .answers(.init(status: revoked))])
        try await server.serving { base in
            var form = DeskForm()
            form.lists = Published(lists)
            form.main = base + "/main"
            let desk = form.desk
            #expect(await desk.status(of: chain, order: .onlineFirst, at: Small.now).first?.verdict == revoked)
            server.set("/main", .answers(.init(thisUpdate: Small.minutes(-1))))
            let fresh = form.desk
            #expect(await fresh.status(of: chain, order: .onlineFirst, at: Small.now).first?.verdict == revoked)
            #expect(await fresh.status(of: chain, order: .listFirst, at: Small.now).first?.verdict == revoked)
            // Nobody is asked about what is settled.
            #expect(server.count("/main") == 1)
        }
    }

    @Test func `and held, it comes back by newer good word alone`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let memory = VolatileMemory()
        let form = Self.form(try authority.lists([(7, .certificateHold)], thisUpdate: Small.minutes(-60)), memory)
        let held = StatusVerdict.revoked(.certificateHold, Small.days(-10))
        let desk = form.desk
        #expect(await desk.status(of: chain, at: Small.now).first?.verdict == held)
        // Nothing is known any more; an older list is found.
        form.lists.replace(RevocationLists())
        #expect(await desk.status(of: chain, at: Small.now).first?.verdict == held)
        form.lists.replace(try authority.lists(thisUpdate: Small.minutes(-61)))
        #expect(await desk.status(of: chain, at: Small.now).first?.verdict == held)
        #expect(desk.health.counts.remembered == 2 && desk.health.counts.lifted == 0)
        form.lists.replace(try authority.lists(thisUpdate: Small.minutes(-59)))
        #expect(await desk.status(of: chain, at: Small.now).first?.verdict == .good)
        #expect(desk.health.counts.lifted == 1)
        // Held again, then revoked for good: that is final.
        form.lists.replace(try authority.lists([(7, .keyCompromise)], thisUpdate: Small.minutes(-30)))
        let final = StatusVerdict.revoked(.keyCompromise, Small.days(-10))
        #expect(await desk.status(of: chain, at: Small.now).first?.verdict == final)
        form.lists.replace(try authority.lists(thisUpdate: Small.minutes(-1)))
        #expect(await desk.status(of: chain, at: Small.now).first?.verdict == final)
        #expect(memory.count == 1)
    }

    @Test func `a memory that cannot be read makes every status unknown, and one that cannot be written changes no verdict`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let memory = VolatileMemory()
        let desk = Self.form(try authority.lists(), memory).desk
        #expect(await desk.status(of: chain, at: Small.now).first?.verdict == .good)
        memory.fail()
        #expect(await desk.status(of: chain, at: Small.now).first?.verdict == .unknown)
        #expect(desk.health.counts.memoryFailures == 1)
        let readOnly = ForgetfulMemory()
        var form = DeskForm()
        form.isOnLine = false
        form.memory = readOnly
        form.lists = Published(try authority.lists([(7, .keyCompromise)]))
        let other = form.desk
        #expect(await other.status(of: chain, at: Small.now).first?.verdict == .revoked(.keyCompromise, Small.days(-10)))
        #expect(other.health.counts.memoryFailures == 1)
    }

    /// Reads well and cannot write: a full disk.
    private struct ForgetfulMemory: RevocationMemory {
        func remember(_ revocation: RememberedRevocation) async throws -> RememberedRevocation { throw VolatileMemory.Outage() }
        func recall(_ key: RevocationKey) async throws -> RememberedRevocation? { nil }
    }
}
