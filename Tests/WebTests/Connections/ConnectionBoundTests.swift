import Logging
import Testing
import Web

/// How many connections a listener takes (docs/protocols/budgets.md).
@Suite struct `The bound on connections` {
    @Test(arguments: [(65_536, 16_320), (20_000, 4_936), (1_024, 192), (320, 16), (256, 16), (0, 16)])
    func `is a quarter of what the process may open, after what files and calls to others need`(descriptors: Int, share: Int) {
        #expect(ConnectionBound.share(of: descriptors) == share)
        #expect(descriptors < 320 || 3 * share + 256 < descriptors)
    }

    @Test func `is reached by connections that stay, and left when one ends`() {
        var bound = ConnectionBound(2, at: "127.0.0.1:8080", logger: Logger(label: "none") { _ in SwiftLogNoOpLogHandler() })
        #expect(bound.isAcceptingNewConnections())
        bound.connectionOpened()
        #expect(bound.isAcceptingNewConnections())
        bound.connectionOpened()
        #expect(!bound.isAcceptingNewConnections())
        bound.connectionClosed()
        #expect(bound.isAcceptingNewConnections())
    }

    @Test func `is told once for each time of need, with the address of the listener`() {
        let logs = LogBook()
        var bound = ConnectionBound(4, at: "127.0.0.1:8080", logger: Logger(label: "web") { _ in logs.handler })
        for _ in 1...4 { bound.connectionOpened() }
        bound.connectionClosed()
        bound.connectionOpened()
        #expect(logs.text.components(splitBy: "127.0.0.1:8080").count == 2)
        for _ in 1...4 { bound.connectionClosed() }
        for _ in 1...3 { bound.connectionOpened() }
        #expect(logs.text.components(splitBy: "127.0.0.1:8080").count == 2)
        bound.connectionOpened()
        #expect(logs.text.components(splitBy: "127.0.0.1:8080").count == 3)
    }
}
