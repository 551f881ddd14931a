package import OpenID
package import SAML
import Synchronization
import Vocabulary

/// An identity provider for developers, beside the platform and with a name and keys of its own: it asks for no card, speaks of invented
/// people, and answers wrongly when it is told to, so that a service can prove that it looks. Nobody who trusts the platform believes it.
package struct Sandbox: Sendable {
    package let identityProvider: IdentityProvider
    package let provider: Provider
    /// Keys that no metadata and no key set has.
    package let samlStranger: SAMLSigningKey
    package let strangers: Provider
    let memory = SandboxMemory()

    package init(identityProvider: IdentityProvider, provider: Provider, samlStranger: SAMLSigningKey, strangers: Provider) {
        self.identityProvider = identityProvider
        self.provider = provider
        self.samlStranger = samlStranger
        self.strangers = strangers
    }
}

/// Codes and tokens of the sandbox, in memory: they last for minutes and open nothing.
final class SandboxMemory: Sendable {
    private struct Kept {
        var codes: [[UInt8]: SandboxCode] = [:]
        var tokens: [[UInt8]: SandboxAccess] = [:]
    }

    /// Of each kind. When so many wait, what has run out goes; when none has, nothing more is taken.
    private static let most = 1_000

    private let kept = Mutex(Kept())

    /// False when there is no room.
    func keep(_ code: SandboxCode, at now: Timestamp) -> Bool {
        kept.withLock { kept in
            if kept.codes.count >= Self.most { kept.codes = kept.codes.filter { now < $0.value.expiresAt } }
            guard kept.codes.count < Self.most else { return false }
            kept.codes[code.digest] = code
            return true
        }
    }

    /// Takes it out; of two callers one gets it.
    func consume(_ digest: [UInt8], at now: Timestamp) -> SandboxCode? {
        kept.withLock { $0.codes.removeValue(forKey: digest) }.flatMap { now < $0.expiresAt ? $0 : nil }
    }

    func keep(_ access: SandboxAccess, at now: Timestamp) -> Bool {
        kept.withLock { kept in
            if kept.tokens.count >= Self.most { kept.tokens = kept.tokens.filter { now < $0.value.expiresAt } }
            guard kept.tokens.count < Self.most else { return false }
            kept.tokens[access.digest] = access
            return true
        }
    }

    func access(_ digest: [UInt8], at now: Timestamp) -> SandboxAccess? {
        kept.withLock { $0.tokens[digest] }.flatMap { now < $0.expiresAt ? $0 : nil }
    }
}
