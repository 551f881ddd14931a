import Foundation
import Settings
import Testing

@Suite struct `Work off the pool` {
    private struct Refusal: Error, Equatable {
        let code: Int
    }

    private static func even(_ number: Int) throws(Refusal) -> Int {
        guard number.isMultiple(of: 2) else { throw Refusal(code: number) }
        return number
    }

    private static var thread: String? { Thread.current.name }

    @Test func `runs on a thread of its own and hands back what it made`() async throws {
        let thread = await offPool { Self.thread }
        #expect(thread == "off-pool")
        let number = try await offPool { () throws(Refusal) in try Self.even(4) }
        #expect(number == 4)
    }

    @Test func `refuses with the words of the work itself`() async {
        var refused: Refusal?
        do throws(Refusal) {
            _ = try await offPool { () throws(Refusal) in try Self.even(7) }
        } catch { refused = error }
        #expect(refused == Refusal(code: 7))
    }
}
