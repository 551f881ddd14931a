import Vocabulary

/// `prompt` (OpenID Connect Core §3.1.2.1).
enum Prompt: String, CaseIterable {
    case none, login
    /// The login page names the service and the use of the card is the citizen's act: a fresh one stands for both.
    case consent
    case selectAccount = "select_account"

    static func read(_ text: String?) throws(AuthorizationFault) -> Set<Prompt> {
        guard let text else { return [] }
        var prompts: Set<Prompt> = []
        for word in text.words {
            guard let prompt = Prompt(rawValue: word) else { throw fault(text) }
            prompts.insert(prompt)
        }
        guard prompts.count == 1 || !prompts.contains(.none) else { throw fault(text) }
        return prompts
    }

    private static func fault(_ text: String) -> AuthorizationFault {
        AuthorizationFault(
            .invalidRequest,
            .value("prompt", text, accepted: "none alone, or any of login, consent, select_account", "OpenID Connect Core §3.1.2.1"))
    }
}

enum MaximumAge {
    /// Whole seconds, at most ten digits.
    static func read(_ text: String?) throws(AuthorizationFault) -> Int64? {
        guard let text else { return nil }
        guard (1...10).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(text) else {
            throw AuthorizationFault(
                .invalidRequest, .value("max_age", text, accepted: "whole seconds", "OpenID Connect Core §3.1.2.1"))
        }
        return seconds
    }
}
