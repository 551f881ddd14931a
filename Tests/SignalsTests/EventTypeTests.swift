import Signals
import Testing

@Suite struct `Event types of the Shared Signals Framework, CAEP, RISC and our own` {
    @Test(arguments: EventType.onRequest) func `are found by their word and by their address`(type: EventType) {
        #expect(EventType.named(type.word) == type)
        #expect(EventType.named(type.rawValue) == type)
    }

    @Test(arguments: ["verification", "stream-updated", "sessions-revoked", "", "Session-Revoked"])
    func `are not found by another word, nor those of the stream itself`(word: String) {
        #expect(EventType.named(word) == nil)
    }

    @Test func `have a word each`() {
        #expect(Set(EventType.allCases.map(\.word)).count == EventType.allCases.count)
        #expect(EventType.sessionRevoked.word == "session-revoked")
        #expect(EventType.customerChanged.word == "customer-changed")
    }
}
