import JOSE
import OpenID
import TrustFramework
import Vocabulary

/// The `registration:` part of `openid:` in sekisho.yaml: clients that register themselves. Left out, nobody does.
struct RegistrationPart {
    let ways: Set<RegistrationRules.Way>
    /// Of software statements: who signs them, and the file of its keys in `Keys/`.
    let issuer: String?
    let keysFile: String?
    let open: RegistrationTerms?
    let bounds: RegistrationBounds
    let secretLifetime: Int64
    let unusedLifetime: Int64
    let keysLifetime: Int64
    /// Documents of clients may be fetched from every public host, not only from those under `outbound.hosts`.
    let fetchesFromAnyHost: Bool
    let line: Int
    let openLine: Int

    /// What it reads in `Keys/`.
    var files: Set<String> { Set([keysFile].compactMap(\.self)) }

    static func read(_ section: Section) -> RegistrationPart {
        let ways = section.choices("by", RegistrationRules.Way.self) ?? [.token]
        let statement = section.section("statement", required: ways.contains(.statement))
        let issuer = statement?.text("issuer", required: true, limit: 1024)
        let file = statement?.text("keys", limit: 255) ?? (statement == nil ? nil : "registrar.jwks.json")
        let keysFile = statement.flatMap { statement in file.flatMap { companionName($0, "keys", statement) } }
        statement?.finish()
        let open = section.section("anybody", required: ways.contains(.anybody)).flatMap(terms)
        let bounds = RegistrationBounds(
            most: section.integer("most", in: 1...100_000, default: 1_000),
            mostOfSponsor: section.integer("most-of-sponsor", in: 1...100_000, default: 100),
            perHour: section.integer("per-hour", in: 1...10_000, default: 60))
        let part = RegistrationPart(
            ways: ways, issuer: issuer, keysFile: keysFile, open: open, bounds: bounds,
            secretLifetime: section.duration("secret-lifetime", in: 3_600...730 * 86_400, default: 180 * 86_400),
            unusedLifetime: section.duration("unused", in: 86_400...730 * 86_400, default: 90 * 86_400),
            keysLifetime: section.duration("keys-lifetime", in: 300...7 * 86_400, default: 86_400),
            fetchesFromAnyHost: section.flag("fetch-from-any-host", default: false), line: section.line,
            openLine: section.line(of: "anybody"))
        section.finish()
        return part
    }

    /// The terms of clients that nobody vouched for.
    private static func terms(_ section: Section) -> RegistrationTerms? {
        defer { section.finish() }
        let sponsor = section.text("sponsor", required: true).flatMap { MemberID($0) }
        let kind = section.choice("kind", MemberKind.self, required: true)
        let purposes = (section.texts("purposes", required: true) ?? []).compactMap { text, line in
            Purpose(text) ?? PurposeWord.refuse(text, line, section)
        }
        let standard = section.text("default-purpose", limit: 64).flatMap { Purpose($0) } ?? purposes.first
        let pkce = section.choice("pkce", PKCE.self)
        guard let sponsor, let kind, let standard else { return nil }
        guard purposes.contains(standard) else {
            section.report(
                "openid.registration.purpose", at: section.line(of: "default-purpose"), "`\(standard.text)` is not among the purposes",
                "add it there, or choose another")
            return nil
        }
        var terms = RegistrationTerms(sponsor: sponsor, kind: kind, purposes: Set(purposes), defaultPurpose: standard)
        if let pkce { terms.pkce = pkce }
        return terms
    }
}

/// What the deployment's other files have to say to it.
struct RegistrationReader {
    let folder: Folder
    let file: DeploymentFile
    let registrations: [Registration]
    let now: Timestamp

    /// Nil when nobody registers here, or when something is wrong, which is reported.
    func rules() -> RegistrationRules? {
        guard let part = file.openID.registration else { return nil }
        if file.mode == .production, part.ways.contains(.anybody) {
            report(
                "production.registration", part.openLine, "whoever asks would become a client",
                "let the registrar hand out initial access tokens (`sekisho client token`), or sign software statements")
        }
        if part.ways.contains(.anybody), let open = part.open {
            let sponsor = registrations.first { $0.member.id == open.sponsor }?.member
            if let fault = open.fault(under: sponsor, at: now) {
                report("openid.registration.sponsor", part.openLine, fault.summary, "name a member of Metadata/members that is in force")
            }
        }
        let registrar = part.issuer.flatMap { issuer in part.keysFile.flatMap { self.registrar(issuer, $0) } }
        return RegistrationRules(
            ways: part.ways, registrar: registrar, open: part.open, bounds: part.bounds, secretLifetime: part.secretLifetime,
            unusedLifetime: part.unusedLifetime, keysLifetime: part.keysLifetime, certificateProfile: file.openID.mutualTLS?.profile,
            isDevelopment: file.mode == .development, fetchesFromAnyHost: part.fetchesFromAnyHost)
    }

    private func registrar(_ issuer: String, _ name: String) -> RegistrationRules.Registrar? {
        let path = "Keys/" + name
        guard let bytes = folder.bytes(path, limit: Folder.key, required: true) else { return nil }
        switch RegistrationDocuments.keys(in: bytes) {
        case .success(let set): return RegistrationRules.Registrar(issuer: issuer, keys: set)
        case .failure(let fault):
            folder.report(
                path, "openid.registration.keys", "the registrar's keys cannot be used: " + fault.words,
                "ask the registrar for its public key set")
            return nil
        }
    }

    private func report(_ code: String, _ line: Int, _ message: String, _ remedy: String) {
        folder.findings.report(Problem(file: DeploymentFile.name, line: line, code: code, message: message, remedy: remedy))
    }
}
