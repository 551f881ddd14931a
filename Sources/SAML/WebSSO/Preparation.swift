import Synchronization
import XML

/// What is made for a member when it is first answered, and kept until it is read anew.
final class Preparation: Sendable {
    private struct Kept {
        var encryption: AssertionEncryption?
        var assertions: [AssertionForm: XMLTemplate] = [:]
        var responses: [ResponseForm: XMLTemplate] = [:]
    }

    /// Forms kept of each kind. What policy releases varies with the login, in a handful of ways.
    private static let most = 32

    private let kept = Mutex(Kept())

    func encryption(_ make: () -> AssertionEncryption) -> AssertionEncryption {
        kept.withLock { kept in
            if let encryption = kept.encryption { return encryption }
            let made = make()
            kept.encryption = made
            return made
        }
    }

    func assertion(_ form: AssertionForm, _ make: () -> XMLTemplate) -> XMLTemplate {
        kept.withLock { Self.template(form, in: &$0.assertions, make) }
    }

    func response(_ form: ResponseForm, _ make: () -> XMLTemplate) -> XMLTemplate {
        kept.withLock { Self.template(form, in: &$0.responses, make) }
    }

    private static func template<Form: Hashable>(
        _ form: Form, in kept: inout [Form: XMLTemplate], _ make: () -> XMLTemplate
    ) -> XMLTemplate {
        if let template = kept[form] { return template }
        let made = make()
        if kept.count < most { kept[form] = made }
        return made
    }
}
