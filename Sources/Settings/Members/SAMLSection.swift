import Cryptography
import SAML
import SignOn
import TrustFramework
import Vocabulary
import XMLSecurity

/// The `saml:` part of a member's file beside its metadata, and of the terms of a metadata source: what the operator decided for the member.
enum SAMLSection {
    /// `sign` is the deployment's choice where the section makes none. Reads its own keys only; the caller finishes the section.
    static func read(_ section: Section?, sign: ResponseSigning) -> MemberOptions {
        var options = MemberOptions()
        options.signing = sign
        guard let section else { return options }
        options.signing = section.choice("sign", ResponseSigning.self) ?? sign
        options.encryption = section.choice("encrypt", MemberOptions.Encryption.self) ?? options.encryption
        options.ciphers = section.choice("ciphers", MemberOptions.Ciphers.self) ?? options.ciphers
        options.unsolicited = section.flag("unsolicited", default: false)
        options.responseBinding = section.choice("response-binding", MemberOptions.ResponseBinding.self)
        options.signingKeyPin = pin(section)
        options.algorithm = section.choice("algorithm", Algorithm.self)?.signature
        options.nameID = section.choice("name-id", NameIDKind.self)
        options.relayState = section.integer("relay-state", in: 0...MessageLimits.standard.longestRelayState)
        options.keyInfo = section.choice("key-info", MemberOptions.KeyInfo.self) ?? options.keyInfo
        options.subjectIdentifier = section.choice("subject-identifier", MemberOptions.SubjectIdentifier.self) ?? options.subjectIdentifier
        options.release = section.choice("release", MemberOptions.Release.self) ?? options.release
        options.valueType = section.choice("value-type", MemberOptions.ValueType.self) ?? options.valueType
        options.attributeNames = names(section.section("attributes"))
        options.consent = section.choice("consent", MemberOptions.Consent.self)
        options.sessionExpiry = section.flag("session-expiry", default: true)
        options.attributeQuery = section.flag("attribute-query", default: false)
        options.creation = section.choice("allow-create", MemberOptions.Creation.self) ?? options.creation
        options.logout = section.choice("logout", MemberOptions.LogoutWay.self) ?? options.logout
        return options
    }

    /// By the names that people use; RFC 9231 has a URI for each.
    enum Algorithm: String, CaseIterable {
        case rsaSHA256 = "rsa-sha256"
        case rsaSHA384 = "rsa-sha384"
        case rsaSHA512 = "rsa-sha512"
        case pssSHA256 = "rsa-pss-sha256"
        case pssSHA384 = "rsa-pss-sha384"
        case pssSHA512 = "rsa-pss-sha512"
        case ecdsaSHA256 = "ecdsa-sha256"
        case ecdsaSHA384 = "ecdsa-sha384"
        case ecdsaSHA512 = "ecdsa-sha512"

        var signature: SignatureAlgorithm {
            switch self {
            case .rsaSHA256: .rsaPKCS1(.sha256)
            case .rsaSHA384: .rsaPKCS1(.sha384)
            case .rsaSHA512: .rsaPKCS1(.sha512)
            case .pssSHA256: .rsaPSS(.sha256)
            case .pssSHA384: .rsaPSS(.sha384)
            case .pssSHA512: .rsaPSS(.sha512)
            case .ecdsaSHA256: .ecdsa(.sha256)
            case .ecdsaSHA384: .ecdsa(.sha384)
            case .ecdsaSHA512: .ecdsa(.sha512)
            }
        }
    }

    private static func pin(_ section: Section) -> String? {
        guard let text = section.text("signing-key", limit: 128) else { return nil }
        let digits = text.lowercased().filter { $0 != ":" }
        guard Hexadecimal.decode(digits)?.count == 32 else {
            section.report(
                "member.signing-key", at: section.line(of: "signing-key"), "this is no SHA-256 of a certificate",
                "write the 64 hexadecimal digits that `sekisho keys list` shows")
            return nil
        }
        return digits
    }

    /// `pin-used: urn:oid:…`, or a mapping with `name`, `format` and `friendly-name`.
    private static func names(_ section: Section?) -> [AttributeSource: MemberOptions.AttributeName] {
        guard let section else { return [:] }
        var found: [AttributeSource: MemberOptions.AttributeName] = [:]
        for source in AttributeSource.allCases where section.has(source.rawValue) {
            guard let value = section.value(source.rawValue) else { continue }
            if case .map = value.value {
                guard let inner = section.section(source.rawValue) else { continue }
                let name = inner.text("name", required: true)
                let format = inner.choice("format", MemberOptions.AttributeName.Format.self) ?? .uri
                let friendly = inner.text("friendly-name", limit: 256)
                inner.finish()
                if let name { found[source] = MemberOptions.AttributeName(name: name, format: format, friendlyName: friendly) }
            } else if let name = section.text(source.rawValue) {
                found[source] = MemberOptions.AttributeName(name: name, friendlyName: source.rawValue)
            }
        }
        for source in AttributeSource.allCases where !section.has(source.rawValue) { _ = section.value(source.rawValue) }
        section.finish()
        for (name, sources) in Dictionary(grouping: found, by: { $0.value.name }) where sources.count > 1 {
            let all = sources.map(\.key.rawValue).sorted()
            section.report(
                "member.attributes", at: all.last.map { section.line(of: $0) },
                "two attributes have the name `\(Explanation.redacted(name))`: \(all.joined(separator: ", "))",
                "give each a name of its own")
        }
        return found
    }
}

/// What an operator should know about how a member is answered: told by `sekisho check`.
struct SAMLNotices {
    let provider: ServiceProvider
    let file: String
    let line: Int?
    let findings: Findings
    /// The deployment's scope, if it has one.
    let hasScope: Bool

    /// `isAdding`: a member at the door is refused for what is only noticed of one who is in already.
    func tell(isAdding: Bool) {
        switch AssertionEncryption(for: provider) {
        case .impossible(let gap):
            let problem = Problem(file: file, line: line, gap.explanation)
            if isAdding { findings.report(problem) } else { findings.notice(problem) }
        case .encrypted(_, let content, _) where !content.isAuthenticated:
            notice(
                "member.encryption.cbc",
                "ASSERTIONS FOR THIS MEMBER ARE ENCRYPTED WITH \(content.rawValue), which does not notice changed ciphertexts: whoever can"
                    + " send it messages and watch how it answers can read them",
                "have the member declare and use AES-GCM, then remove `ciphers: allow-cbc`, or write `ciphers: allow-cbc-names` if the"
                    + " names in its messages still come in AES-CBC")
        case .encrypted where provider.options.ciphers == .cbc:
            notice(
                "member.encryption.cbc-needless",
                "assertions need no `ciphers: allow-cbc`, for the member's metadata declares AES-GCM; the line still lets in the names"
                    + " (EncryptedID) that the member encrypts with AES-CBC",
                "write `ciphers: allow-cbc-names` in its place if the member encrypts names with AES-CBC, or else remove the line")
        case .clear where provider.options.encryption == .off && !provider.encryptionKeys.isEmpty:
            notice(
                "member.encryption.off", "assertions travel in clear although the member's metadata has a key for encryption",
                "remove `encrypt: off` when the member can decrypt")
        case .clear, .encrypted: break
        }
        if provider.options.unsolicited {
            notice(
                "member.unsolicited", "the member takes answers that it did not ask for: it cannot tell a stolen one from its own",
                "remove `unsolicited: true` if no portal needs it")
        }
        if provider.options.attributeQuery, provider.signingKeys.isEmpty {
            notice(
                "member.attribute-query.key", "the member may ask for attributes but has no key to sign its questions with",
                "have its metadata publish a key for signing, or remove `attribute-query: true`")
        }
        if provider.options.subjectIdentifier == .general {
            notice(
                "member.subject-id", "the member gets `subject-id`, one identifier for all members that have it: they can compare notes",
                "use `subject-identifier: pairwise-id` unless the law lets them")
        }
        if !hasScope, provider.options.subjectIdentifier == .general || provider.options.subjectIdentifier == .pairwise {
            notice(
                "member.subject-identifier.scope", "the member gets no subject identifier, because this deployment has no scope",
                "set `saml.scopes` in sekisho.yaml")
        }
        tellOfNames()
        tellOfAttributes()
    }

    private func tellOfNames() {
        guard provider.options.nameID == .untold else { return }
        if provider.logoutPlan.channel != .none {
            notice(
                "member.name-id.logout",
                "the member declares addresses for logout, but is told no NameID that a LogoutRequest could repeat: its sessions stay open",
                "use `name-id: transient`, which names nobody beyond the session, if its software can do with it")
        }
        switch provider.options.subjectIdentifier {
        case .none:
            notice(
                "member.name-id.nobody", "the member is told neither a NameID nor a subject identifier: it can recognize nobody",
                "set `subject-identifier: pairwise-id` unless attributes are all that it needs")
        case .asDeclared, .pairwise, .general: break
        }
    }

    private func tellOfAttributes() {
        guard provider.options.release != .permitted, let service = provider.defaultAttributeService, !service.requested.isEmpty else {
            return
        }
        let names = Set(AttributeSource.allCases.map { provider.options.attributeNames[$0]?.name ?? $0.samlName })
        let unknown = service.requested.map(\.name).filter { !names.contains($0) && !$0.hasPrefix("urn:oasis:names:tc:SAML:attribute:") }
        guard !unknown.isEmpty else { return }
        notice(
            "member.attributes.unknown",
            "its metadata asks for \(unknown.count) of \(service.requested.count) attributes that we do not have: "
                + unknown.prefix(3).map { "`" + Explanation.redacted($0) + "`" }.joined(separator: ", "),
            "map ours under `attributes:`, or have the member ask for those in our metadata")
    }

    private func notice(_ code: String, _ message: String, _ remedy: String) {
        findings.notice(Problem(file: file, line: line, code: code, message: message, remedy: remedy))
    }
}
