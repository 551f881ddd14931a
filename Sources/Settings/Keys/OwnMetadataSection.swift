import SAML
import Vocabulary

/// `saml.metadata` and `saml.scopes` of sekisho.yaml: what our own metadata says of us for people and federations, and how long it may be kept.
enum OwnMetadataSection {
    struct Read {
        var details = PublishedDetails()
        var lifetimes = SAMLLifetimes()
    }

    static func read(_ section: Section?, of saml: Section?, base: BaseAddress?) -> Read {
        var read = Read()
        if let host = base?.host, host.utf8.contains(where: { (0x61...0x7a).contains($0) }), host.contains(".") {
            read.details.scopes = [host]
        }
        // Who we are to others, so it stands beside the entityID.
        if let saml, let scopes = saml.texts("scopes", limit: 128) {
            read.details.scopes = scopes.compactMap { scope(saml, $0.text, $0.line) }
        }
        guard let section else { return read }
        defer { section.finish() }
        let isSecure = base?.isSecure ?? true
        read.lifetimes.metadata = section.duration("valid", in: 86_400...90 * 86_400, default: read.lifetimes.metadata)
        read.lifetimes.metadataCache = section.duration("cache", in: 600...7 * 86_400, default: read.lifetimes.metadataCache)
        if read.lifetimes.metadataCache * 2 > read.lifetimes.metadata {
            section.report(
                "saml.metadata.cache", at: section.line(of: "cache"), "readers would be told to keep a document until it is no longer good",
                "make `cache` at most half of `valid`")
        }
        read.details.displayNames = texts(section, "display-names")
        read.details.descriptions = texts(section, "descriptions", limit: 2000)
        read.details.informationURLs = urls(section, "information-urls", isSecure)
        read.details.privacyURLs = urls(section, "privacy-urls", isSecure)
        if let text = section.text("error-url") {
            read.details.errorURL = url(text, section, "error-url", isSecure, section.line(of: "error-url"))
        }
        if let part = section.section("organization") {
            let names = texts(part, "name", required: true)
            let shown = texts(part, "display-name")
            let links = urls(part, "url", isSecure, required: true)
            part.finish()
            read.details.organization = PublishedDetails.Organization(
                names: names, displayNames: shown.isEmpty ? names : shown, urls: links)
        }
        read.details.contacts = section.sections("contacts").compactMap(contact)
        if let part = section.section("entity-attributes") {
            for pair in part.entries() {
                let values = (part.texts(pair.key, limit: 512) ?? []).map(\.text)
                if !values.isEmpty { read.details.entityAttributes[pair.key] = values }
            }
            part.finish()
        }
        read.details.registrationAuthority = section.text("registration-authority", limit: 512)
        return read
    }

    /// A mapping from language to text; a single text is Japanese, which everybody here reads.
    private static func texts(_ section: Section, _ key: String, required: Bool = false, limit: Int = 200) -> [String: String] {
        guard let value = section.value(key, required: required) else { return [:] }
        if case .scalar = value.value { return section.text(key, limit: limit).map { ["ja": $0] } ?? [:] }
        guard let part = section.section(key) else { return [:] }
        var found: [String: String] = [:]
        for pair in part.entries() {
            guard (2...8).contains(pair.key.utf8.count), pair.key.utf8.allSatisfy({ $0.isBase64url }) else {
                part.report(
                    "saml.metadata.language", at: pair.line, "`" + Explanation.redacted(pair.key) + "` is no language", "write ja, en, …")
                continue
            }
            if let text = part.text(pair.key, limit: limit) { found[pair.key] = text }
        }
        part.finish()
        return found
    }

    private static func urls(_ section: Section, _ key: String, _ isSecure: Bool, required: Bool = false) -> [String: String] {
        texts(section, key, required: required, limit: 1024).compactMapValues { url($0, section, key, isSecure, section.line(of: key)) }
    }

    private static func url(_ text: String, _ section: Section, _ key: String, _ isSecure: Bool, _ line: Int) -> String? {
        let isWeb = text.hasPrefix("https://") || (!isSecure && text.hasPrefix("http://"))
        guard isWeb, text.utf8.count <= 1024, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x3c && $0 != 0x3e })
        else {
            section.report(
                "saml.metadata.url", at: line, "`" + section.name(key) + "` is no \(isSecure ? "https " : "")address",
                "write it with https://")
            return nil
        }
        return text
    }

    /// Compared by others without regard to case, so there is one spelling; a regular expression has no way in (M16).
    private static func scope(_ section: Section, _ text: String, _ line: Int) -> String? {
        guard text.utf8.first.map({ $0 != 0x2e && $0 != 0x2d }) == true,
            text.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x2d })
        else {
            section.report(
                "saml.scopes", at: line, "`" + Explanation.redacted(text) + "` is no scope", "write a domain in lower case: example.jp")
            return nil
        }
        return text
    }

    private static func contact(_ section: Section) -> PublishedDetails.Contact? {
        let kind = section.choice("type", PublishedDetails.Contact.Kind.self, required: true)
        let (company, given, surname) = (
            section.text("company", limit: 200), section.text("given-name", limit: 200), section.text("surname", limit: 200)
        )
        let emails = section.texts("email", limit: 254) ?? []
        for (email, line) in emails where email.utf8.count(where: { $0 == 0x40 }) != 1 || email.contains(":") || email.contains(" ") {
            section.report("saml.metadata.email", at: line, "this is no e-mail address", "write it without mailto:")
        }
        let phones = (section.texts("phone", limit: 40) ?? []).map(\.text)
        section.finish()
        guard let kind else { return nil }
        return PublishedDetails.Contact(
            kind: kind, company: company, givenName: given, surname: surname, emails: emails.map(\.text), phones: phones)
    }
}
