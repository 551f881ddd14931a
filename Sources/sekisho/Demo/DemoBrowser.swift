import Outbound
import SimulatedJPKI
import Synchronization
import Vocabulary

/// A citizen's browser in which buttons are pressed. The simulator's browser goes where it is told and carries the messages of services; what a
/// person decides on a page of the platform is put into its next request here.
struct DemoBrowser {
    private var agent: UserAgent
    private let pressed = Pressed()
    private let tell: @Sendable (String) -> Void
    /// Some card was used in this browser before.
    var hasUsedCard = false

    /// The body of a form that the next request to an address carries.
    private final class Pressed: Sendable {
        private let waiting = Mutex<(address: String, body: [UInt8])?>(nil)

        func wait(at address: String, with body: [UInt8]) { waiting.withLock { $0 = (address, body) } }

        func take(for address: WebAddress) -> [UInt8]? {
            waiting.withLock { waiting in
                guard let form = waiting, form.address == "\(address)" else { return nil }
                waiting = nil
                return form.body
            }
        }
    }

    init(tell: @escaping @Sendable (String) -> Void, trace: @escaping @Sendable (TraceEvent) -> Void) {
        self.tell = tell
        let pressed = pressed
        let outbound = Outbound(rules: OutboundRules(allowsPrivateAddresses: true, allowsPlainHTTP: true, seconds: 30))
        agent = UserAgent(clock: SystemClock.now, trace: trace) { (request) throws(OutboundRefusal) in
            guard let body = pressed.take(for: request.address) else { return try await outbound.fetch(request) }
            return try await outbound.fetch(
                .post(
                    request.address, type: "application/x-www-form-urlencoded", body: body,
                    headers: request.headers + [.init("Origin", request.address.origin)]))
        }
    }

    mutating func open(_ url: String, holding holder: CardHolder? = nil) async throws -> Arrival {
        try await agent.open(url, holding: holder)
    }

    /// Uses the card on a page that asks for it.
    mutating func use(_ holder: CardHolder, at page: Arrival) async throws(UserAgentRefusal) -> Arrival {
        try await agent.open("\(page.address)", holding: holder)
    }

    /// Presses a button of a page that was arrived at: the one with this value, or the only one of the form that goes to `action`. `having`: a
    /// value that one of the form's fields has, where several go there.
    mutating func press(
        _ value: String? = nil, to action: String, having field: String? = nil, on page: Arrival
    ) async throws -> Arrival {
        let forms = PageForm.all(in: String(decoding: page.body, as: UTF8.self)).filter { form in
            form.isPost && form.action.hasSuffix(action) && (field == nil || form.fields.contains { $0.value == field })
        }
        guard let form = forms.first, let target = page.address.resolving(form.action) else {
            throw DemoRefusal(what: "the page at \(page.address.path) has no form that goes to \(action)")
        }
        var fields = form.fields
        if let value {
            guard let button = form.buttons.first(where: { $0.value == value }) else {
                throw DemoRefusal(what: "the form that goes to \(action) has no button `\(value)`")
            }
            fields.append(button)
        }
        tell("presses " + (value.map { "`\($0)` " } ?? "") + "on the page \(page.address.path)")
        pressed.wait(at: "\(target)", with: Array(Self.encoded(fields).utf8))
        return try await agent.open("\(target)")
    }

    private static func encoded(_ fields: [(name: String, value: String)]) -> String {
        fields.map { escaped($0.name) + "=" + escaped($0.value) }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            byte.isBase64url || byte == 0x2e ? String(UnicodeScalar(byte)) : "%" + Hexadecimal.encode([byte]).uppercased()
        }.joined()
    }
}
