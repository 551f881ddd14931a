import Cryptography
import SAML
import Vocabulary

/// `Keys/keys.yaml`: our keys with their dates. Written by `sekisho keys`; people may edit it too, comments are not kept.
enum KeyPlanFile {
    static let name = "Keys/keys.yaml"
    static let shortName = "keys.yaml"
    private static let mostKeys = 64

    /// Nil when the file is not there; reports what is wrong in it.
    static func read(_ folder: Folder) -> KeyPlan? {
        guard case .file = folder.kind(of: name), let text = folder.text(name, limit: Folder.yaml, required: false) else { return nil }
        var plan = KeyPlan()
        plan.isWritten = true
        guard let whole = Section(reading: text, file: name, to: folder.findings) else { return plan }
        plan.order = whole.choice("order", SigningKeys.Order.self) ?? .currentFirst
        if let retiring = whole.section("retiring") {
            plan.samlRetiring = retiring.duration("saml", in: 3600...400 * 86_400, default: plan.samlRetiring)
            plan.openIDRetiring = retiring.duration("openid", in: 3600...400 * 86_400, default: plan.openIDRetiring)
            retiring.finish()
        }
        if let tokens = whole.section("pkcs11") { plan.tokens = TokenPlan.read(tokens) }
        plan.passphrase = TokenPlan.source(whole, "passphrase-source")
        let sections = whole.sections("keys", required: true)
        if sections.count > mostKeys {
            whole.report(
                "keys.number", at: whole.line(of: "keys"), "there are more than \(mostKeys) keys", "`sekisho keys remove` old ones")
        }
        for section in sections.prefix(mostKeys) {
            guard let entry = entry(section) else { continue }
            if plan.entries.contains(where: { $0.name == entry.name }) {
                section.report("keys.name", at: entry.line, "two keys are called `\(entry.name)`", "give each a name of its own")
                continue
            }
            plan.entries.append(entry)
        }
        whole.finish()
        return plan
    }

    private static func entry(_ section: Section) -> KeyEntry? {
        let name = section.text("name", required: true, limit: 64)
        let use = section.choice("use", KeyUse.self, required: true)
        let algorithm = section.text("algorithm", limit: 32)
        let key = file(section, "key")
        let token = token(section)
        let passphrase = TokenPlan.source(section, "passphrase-source")
        let certificate = file(section, "certificate")
        let publicKey = file(section, "public")
        var moments: [String: Timestamp] = [:]
        for key in ["from", "retired", "until", "revoked"] { moments[key] = section.moment(key, endOfDay: false) }
        let reason = section.text("reason", limit: 200)
        let early = section.text("early", limit: 200)
        section.finish()
        guard let name, let use else { return nil }
        guard name.utf8.allSatisfy({ $0.isBase64url || $0 == 0x2e }) else {
            section.report("keys.name", at: section.line(of: "name"), "a key's name is letters, digits, hyphens and dots", "rename it")
            return nil
        }
        var entry = KeyEntry(name: name, use: use, algorithm: algorithm, keyFile: key, publicFile: certificate ?? publicKey)
        entry.line = section.line
        (entry.from, entry.retired, entry.until) = (moments["from"], moments["retired"], moments["until"])
        (entry.revoked, entry.reason, entry.early) = (moments["revoked"], reason, early)
        (entry.token, entry.passphrase) = (token, passphrase)
        // A bad URI was told already.
        if section.has("token"), token == nil { return nil }
        if use.hasCertificate ? certificate == nil || publicKey != nil : certificate != nil || (key == nil && publicKey == nil) {
            section.report(
                "keys.files", at: section.line, "`\(name)` lacks its files, or has others than its use wants",
                use.hasCertificate
                    ? "a SAML key has `certificate`, and `key` or `token`"
                    : "an OpenID key has `key`; when that is gone, `public`; in a PKCS#11 token, `token` and `public`")
            return nil
        }
        if token != nil, key != nil || passphrase != nil || (!use.hasCertificate && publicKey == nil) {
            section.report(
                "keys.files", at: section.line, "`\(name)` is in a token, so its private half is in no file, and its public half in one",
                use.hasCertificate ? "write `token` and `certificate`" : "write `token` and `public`")
            return nil
        }
        return entry
    }

    private static func token(_ section: Section) -> TokenURI? {
        guard let text = section.text("token", limit: 1024) else { return nil }
        func refuse(_ message: String, _ remedy: String) -> TokenURI? {
            section.report("keys.token", at: section.line(of: "token"), message, remedy)
            return nil
        }
        let example = "write pkcs11:token=NAME;object=NAME;id=%01 (RFC 7512)"
        do throws(TokenURI.Refusal) {
            let uri = try TokenURI(text)
            guard uri.namesObject else { return refuse("the URI names a token and no key in it", example) }
            return uri
        } catch {
            switch error {
            // It is not repeated.
            case .pinInside: return refuse("the URI holds a PIN", "take it out and change it; write pin-source=file:/run/sekisho/pin")
            case .malformed: return refuse("this is no pkcs11: URI", example)
            case .anyToken: return refuse("the URI does not say which token", example)
            case .attribute(let name):
                return refuse("`\(Explanation.redacted(name))` of the URI is unknown, twice or without a sensible value", example)
            }
        }
    }

    private static func file(_ section: Section, _ key: String) -> String? {
        guard let text = section.text(key, limit: 128) else { return nil }
        guard text.hasSuffix(".pem"), !text.hasPrefix("."), text.utf8.allSatisfy({ $0.isBase64url || $0 == 0x2e }) else {
            section.report(
                "keys.file", at: section.line(of: key), "`" + section.name(key) + "` is no plain name of a .pem file beside keys.yaml",
                "write the name alone")
            return nil
        }
        return text
    }

    static func text(of plan: KeyPlan) -> String {
        var text = """
            # Our keys and their dates: `sekisho keys list` shows what follows from them, `sekisho keys promote` and its like change them.
            # Every change by the command writes this file anew, so comments of your own are lost. Keys/README.md explains each line.
            order: \(plan.order.rawValue)
            retiring: {saml: \(plan.samlRetiring)s, openid: \(plan.openIDRetiring)s}

            """
        if let tokens = plan.tokens.text { text += tokens + "\n" }
        if let passphrase = plan.passphrase { text += "passphrase-source: \(quoted(passphrase.text))\n" }
        text += "keys:\n"
        for entry in plan.entries {
            text += "  - name: \(quoted(entry.name))\n    use: \(entry.use.rawValue)\n"
            func add(_ key: String, _ value: String?) { if let value { text += "    \(key): \(quoted(value))\n" } }
            add("algorithm", entry.algorithm)
            add("key", entry.keyFile)
            add("passphrase-source", entry.passphrase?.text)
            add("token", entry.token?.text)
            add(entry.use.hasCertificate ? "certificate" : "public", entry.publicFile)
            add("from", entry.from?.text)
            add("retired", entry.retired?.text)
            add("until", entry.until?.text)
            add("revoked", entry.revoked?.text)
            add("reason", entry.reason)
            add("early", entry.early)
        }
        return text
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline } + "\""
    }
}
