import Cryptography

/// `pkcs11:` of `Keys/keys.yaml`: what is true of every token key, unless its own URI says otherwise.
package struct TokenPlan: Hashable, Sendable {
    /// The module's file.
    package var module: String?
    package var pin: SecretSource?
    /// Seconds that a signature may take.
    package var patience: Int64 = 2
    /// Calls at the same time.
    package var sessions = 4

    static let standard = TokenPlan()

    static func read(_ section: Section) -> TokenPlan {
        var plan = TokenPlan()
        plan.module = section.text("module", limit: 512)
        if let module = plan.module, !module.hasPrefix("/") {
            section.report("pkcs11.module", at: section.line(of: "module"), "`module` is no absolute path", "write /usr/lib/…/x.so")
        }
        plan.pin = source(section, "pin-source")
        plan.patience = section.duration("patience", in: 1...30, default: plan.patience)
        plan.sessions = section.integer("sessions", in: 1...64, default: plan.sessions)
        section.finish()
        return plan
    }

    static func source(_ section: Section, _ key: String) -> SecretSource? {
        guard let text = section.text(key, limit: 512) else { return nil }
        guard let source = SecretSource(text) else {
            // What stands there may be the secret itself, so it is not repeated.
            section.report(
                "keys.secret-source", at: section.line(of: key), "`\(section.name(key))` names neither a file nor a variable",
                "write file:/run/sekisho/pin or env:SEKISHO_PIN, never the secret itself")
            return nil
        }
        return source
    }

    var text: String? {
        guard self != .standard else { return nil }
        var parts: [String] = []
        if let module { parts.append("module: \"\(module)\"") }
        if let pin { parts.append("pin-source: \"\(pin.text)\"") }
        parts.append("patience: \(patience)s")
        parts.append("sessions: \(sessions)")
        return "pkcs11: {" + parts.joined(separator: ", ") + "}"
    }
}

/// What a reading of the folder asks of tokens.
package enum TokenDemand: Hashable, Sendable {
    /// Every token key that signs or is to sign is tried, and one that is set up wrongly is a problem.
    case all
    /// As above, and what is wrong is only noticed: for commands, which have to be able to replace such a key.
    case lenient
    /// Nothing is asked.
    case none
}

/// Makes keys out of `token:` entries and tries them.
final class TokenKeys {
    /// Milliseconds for a first answer: a module is loaded, a network is reached, a login made.
    private static let patience: Int64 = 10_000

    private let plan: TokenPlan
    private let environment: [String: String]
    /// Tokens that did not answer in this reading: another key of theirs is not waited for once more.
    private var silent: [Token.Place: TokenFault] = [:]

    init(_ plan: TokenPlan, _ environment: [String: String]) {
        self.plan = plan
        self.environment = environment
    }

    /// Nil, with what is wrong, when the entry does not say enough.
    func key(_ uri: TokenURI, for use: KeyUse) -> Result<TokenKey, TokenSetupFault> {
        guard let module = uri.modulePath ?? plan.module else {
            return .failure(
                TokenSetupFault(
                    code: "pkcs11.module", message: "no PKCS#11 module is named",
                    remedy: "write `pkcs11: {module: /usr/lib/…/x.so}` into Keys/keys.yaml, or `?module-path=…` into the URI"))
        }
        guard module.hasPrefix("/") else {
            return .failure(
                TokenSetupFault(code: "pkcs11.module", message: "`module-path` is no absolute path", remedy: "write /usr/lib/…/x.so"))
        }
        let source: SecretSource?
        if let text = uri.pinSource {
            guard let named = SecretSource(text) else {
                return .failure(
                    TokenSetupFault(
                        code: "keys.secret-source", message: "`pin-source` of the URI names neither a file nor a variable",
                        remedy: "write pin-source=file:/run/sekisho/pin or pin-source=env:SEKISHO_PIN"))
            }
            source = named
        } else {
            source = plan.pin
        }
        if let source, let fault = source.fault(environment) {
            return .failure(TokenSetupFault(code: "pkcs11.pin-missing", message: fault.message, remedy: fault.remedy))
        }
        let environment = environment
        let token = Token.at(
            module: module, uri, rules: Token.Rules(patience: plan.patience * 1000, sessions: plan.sessions),
            pin: { source?.secret(environment) })
        return .success(TokenKey(token, uri, for: use.isForDecryption ? .decryption : .signing))
    }

    /// What is wrong with a key of a token, when it is asked for what it is to do.
    func fault(_ key: PrivateKey) -> TokenFault? {
        guard let place = key.token?.token.place else { return nil }
        if let known = silent[place] { return known }
        do throws(KeyError) {
            try key.proveItself(patience: Self.patience)
            return nil
        } catch {
            guard case .token(let fault) = error else { return .mechanism }
            if fault.isPassing || [.pinRefused, .pinLocked, .pinLastTry].contains(fault) { silent[place] = fault }
            return fault
        }
    }
}

/// What an entry or the deployment leaves out.
struct TokenSetupFault: Error {
    let code: String
    let message: String
    let remedy: String
}

extension TokenFault {
    /// For the operator.
    var remedy: String {
        switch self {
        case .module: "check the path of the module, and that the server's user may read it"
        case .absent: "plug it in, or bring its service back; `pkcs11-tool -L` lists what the module sees"
        case .ambiguous: "add `serial=…` to the URI"
        case .pinMissing: "name where the PIN is: `pkcs11: {pin-source: \"file:/run/sekisho/pin\"}`"
        case .pinRefused: "put the right PIN there before the next start: each start tries it once, and tokens lock themselves"
        case .pinLocked: "have the token's officer set a new PIN"
        case .pinLastTry: "log in once by the token's own tool with the right PIN, then start again"
        case .pinPad: "use a token that takes its PIN from us"
        case .objectMissing: "`pkcs11-tool --list-objects --login` shows what is there; name it by `object=` and `id=`"
        case .objectAmbiguous: "add `id=%…` to the URI"
        case .publicMissing: "keep the public key object beside the private one"
        case .permission: "make the key with CKA_SIGN (encryption: CKA_DECRYPT or CKA_DERIVE) and without CKA_ALWAYS_AUTHENTICATE"
        case .mechanism: "use another algorithm, or another token"
        case .mismatch: "put the right certificate or public key here, or name the right object"
        case .silent: "see to the token and its network; the server asks it again by itself"
        case .device: "see the token's own log"
        case .sealed: "use the token's own tools"
        }
    }
}
