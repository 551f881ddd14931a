import Synchronization

/// How many requests are being answered at this moment. The day shift counts; whoever could serve several at once looks.
package final class Attendance: Sendable {
    private let present = Atomic<Int>(0)

    package init() {}

    package var count: Int { present.load(ordering: .relaxed) }

    package func enter() { present.wrappingAdd(1, ordering: .relaxed) }
    package func leave() { present.wrappingSubtract(1, ordering: .relaxed) }
}
