package import OpenID
package import TrustFramework
package import Vocabulary

/// A member as an officer fills in a form: what becomes its file, and the file beside it. Of a member that is there already the
/// accreditation stays as it is, and only names, contacts and the protocol's part are written anew.
package struct MemberDraft: Sendable {
    package enum Speech: Sendable {
        /// Octets of the metadata document.
        case saml([UInt8])
        case openID(OpenIDDraft)
    }

    package let id: MemberID
    package let kind: MemberKind
    package let names: [String: String]
    package let contacts: [MemberContact]
    package let purposes: [String]
    /// Dates as they are written: a day in Japan, or a moment.
    package let notBefore: String
    package let notAfter: String
    /// Nil: whatever the rules release.
    package let attributes: [String]?
    package let speech: Speech

    package init(
        id: MemberID, kind: MemberKind, names: [String: String], contacts: [MemberContact], purposes: [String], notBefore: String,
        notAfter: String, attributes: [String]?, speech: Speech
    ) {
        self.id = id
        self.kind = kind
        self.names = names
        self.contacts = contacts
        self.purposes = purposes
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.attributes = attributes
        self.speech = speech
    }
}

/// The registration of a relying party, in the words of Metadata/README.md.
package struct OpenIDDraft: Sendable {
    package let redirectURIs: [String]
    package let authentication: ClientAuthentication.Method
    /// A key set (RFC 7517 §5) as JSON; empty: none.
    package let keys: [UInt8]
    /// SHA-256 of the secret, hexadecimal, for the methods that have one.
    package let secretDigest: String?
    package let profile: ClientProfile
    package let idTokenAlgorithm: String
    package let postLogoutRedirectURIs: [String]
    package let backchannelLogoutURI: String?

    package init(
        redirectURIs: [String], authentication: ClientAuthentication.Method, keys: [UInt8], secretDigest: String?, profile: ClientProfile,
        idTokenAlgorithm: String, postLogoutRedirectURIs: [String], backchannelLogoutURI: String?
    ) {
        self.redirectURIs = redirectURIs
        self.authentication = authentication
        self.keys = keys
        self.secretDigest = secretDigest
        self.profile = profile
        self.idTokenAlgorithm = idTokenAlgorithm
        self.postLogoutRedirectURIs = postLogoutRedirectURIs
        self.backchannelLogoutURI = backchannelLogoutURI
    }
}

extension Settings {
    /// The change that a filled-in form makes, judged with the whole deployment. Everything wrong comes at once, with the file's own words.
    package static func edit(
        _ draft: MemberDraft, in folder: String, environment: [String: String] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> MemberEdit {
        let configuration = try load(folder, environment: environment, tokens: .none, at: now)
        let place = configuration.federation.place(of: draft.id)
        let findings = Findings()
        var old: (tree: YAML, text: String)?
        if let place {
            let files = Folder(configuration.folder, findings: findings)
            guard let bytes = files.bytes(place.file, limit: Folder.yaml, required: true),
                let text = String(validating: bytes, as: UTF8.self),
                let tree = YAML(reading: text, file: place.file, to: findings)
            else { throw SettingsProblems(problems: findings.problems) }
            old = (tree, text)
        }
        let name = place.map { String($0.file.dropFirst(MemberFile.folder.utf8.count + 1)) } ?? draft.fileName
        let beside = draft.companion(of: name)
        guard let written = YAMLWriter.text(of: draft.tree(beside: beside?.name, changing: old?.tree), source: old?.text ?? "") else {
            throw .one(name, "member.act.file", "the file cannot be written", "leave out what is unusual in names")
        }
        let candidate = try MemberCandidate(name, Array(written.utf8), for: configuration, environment: environment, at: now) {
            asked, limit in
            beside.flatMap { $0.name == asked && $0.bytes.count <= limit ? $0.bytes : nil }
        }
        return try edit(
            adding: candidate, named: name, in: configuration, replacing: place != nil, environment: environment, at: now)
    }
}

extension MemberDraft {
    fileprivate var fileName: String {
        MemberApplication(
            id: id, kind: kind, names: names, contacts: [], scope: MemberScope(), applicantDigest: [], file: nil
        ).fileName
    }

    fileprivate func companion(of file: String) -> (name: String, bytes: [UInt8])? {
        let stem = String(file.dropLast(5))
        return switch speech {
        case .saml(let bytes): (stem + ".xml", bytes)
        case .openID(let draft): draft.keys.isEmpty ? nil : (stem + ".jwks.json", draft.keys)
        }
    }

    fileprivate func tree(beside file: String?, changing old: YAML?) -> YAML {
        var tree: YAML =
            old
            ?? .map([
                ("id", .text(id.text)), ("kind", .text(kind.rawValue)),
                (
                    "accreditation",
                    .map([
                        ("state", .text(Accreditation.State.accredited.rawValue)), ("not-before", .text(notBefore)),
                        ("not-after", .text(notAfter)), ("purposes", .words(purposes)), ("attributes", attributes.map { .words($0) }),
                    ])
                ), ("default-purpose", purposes.count > 1 ? purposes.first.map(YAML.text) : nil),
            ])
        tree = tree.setting("names", to: .map(names.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }))
        if !contacts.isEmpty {
            tree = tree.setting(
                "contacts",
                to: .list(
                    contacts.map {
                        .map([
                            ("role", .text($0.role.rawValue)), ("name", .text($0.name)), ("mail", $0.mail.map(YAML.text)),
                            ("telephone", $0.telephone.map(YAML.text)),
                        ])
                    }))
        }
        switch speech {
        case .saml:
            let part: YAML = tree["saml"] ?? .map([])
            return tree.setting("saml", to: part.setting("metadata", to: file.map(YAML.text)))
        case .openID(let draft): return tree.setting("openid", to: draft.part(beside: file, changing: tree["openid"] ?? .map([])))
        }
    }
}

extension OpenIDDraft {
    fileprivate func part(beside file: String?, changing old: YAML) -> YAML {
        var part = old.setting("redirect-uris", to: redirectURIs.isEmpty ? nil : .list(redirectURIs.map(YAML.text)))
            .setting("authentication", to: .text(authentication.rawValue)).setting("jwks-file", to: file.map(YAML.text))
            .setting("secret-sha256", to: secretDigest.map(YAML.text)).setting("id-token-algorithm", to: .text(idTokenAlgorithm))
            .setting(
                "post-logout-redirect-uris", to: postLogoutRedirectURIs.isEmpty ? nil : .list(postLogoutRedirectURIs.map(YAML.text))
            ).setting("backchannel-logout-uri", to: backchannelLogoutURI.map(YAML.text))
        if profile != .core || part["profile"] != nil { part = part.setting("profile", to: .text(profile.rawValue)) }
        return part
    }
}
