import Credentials
import Cryptography
import JOSE
import OpenID
import SAML
import SignOn
import Trust
import TrustFramework
package import Vocabulary

/// Reads a deployment folder: either everything in it is right, or everything that is wrong in it is told.
package enum Settings {
    /// Reads the whole folder. `environment` may say where it runs (`SEKISHO_BASE_URL`, `SEKISHO_LISTEN_HOST`, `SEKISHO_LISTEN_PORT`,
    /// `SEKISHO_CARD_LISTEN_PORT`, `SEKISHO_MUTUAL_TLS_LISTEN_PORT`, `SEKISHO_STORE_PATH`), and hold a PIN or passphrase under a name that `Keys/keys.yaml` gives; other variables are not looked at. `now`
    /// judges dates; nothing here reads a clock.
    ///
    /// Work and memory are bounded by the limits in `Folder`. Called again while serving, it gives the folder as it is by then: publish
    /// what it returns, keep the old when it throws. `changes`: files to be read so instead, by their names in the folder; nil is absent.
    package static func load(
        _ folder: String, environment: [String: String] = [:], tokens: TokenDemand = .all, policies: PolicyDemand = .inForce,
        signatures: SignatureDemand = .now, with changes: [String: [UInt8]?] = [:], at now: Timestamp
    ) throws(SettingsProblems) -> Configuration {
        let findings = Findings()
        let folder = Folder(trimmed(folder), findings: findings, overlay: changes)
        guard case .folder = folder.kind(of: ".") else {
            throw SettingsProblems(problems: [
                Problem(
                    file: folder.path, code: "folder.missing", message: "there is no such folder", remedy: "make one with `sekisho init`")
            ])
        }
        let text = folder.text(DeploymentFile.name, limit: Folder.yaml, required: true)
        let file = text.flatMap { DeploymentFile.read($0, environment: environment, to: findings) }
        let reader = Reader(
            folder: folder, findings: findings, file: file, environment: environment, tokens: tokens, policies: policies,
            signatures: signatures, now: now)
        return try reader.configuration()
    }

    static func trimmed(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }
}

extension Settings {
    /// The officers of a deployment, less whom its folder has taken out of office since: a stolen card ends at once, whatever else in the
    /// folder keeps it from being taken over. Nothing is given by it.
    package static func officers(_ held: Configuration) -> Officers {
        let findings = Findings()
        return OfficerFolder(
            folder: Folder(held.folder, findings: findings), guardian: KeyGuard(mode: held.mode, findings: findings)
        ).narrowing(held.officers)
    }
}

/// One reading of one folder: every part is read even when an earlier one failed, so that all problems come at once.
private struct Reader {
    let folder: Folder
    let findings: Findings
    let file: DeploymentFile?
    let environment: [String: String]
    let tokens: TokenDemand
    let policies: PolicyDemand
    let signatures: SignatureDemand
    let now: Timestamp

    func configuration() throws(SettingsProblems) -> Configuration {
        let guardian = KeyGuard(mode: file?.mode ?? .development, findings: findings)
        let officers = OfficerFolder(folder: folder, guardian: guardian).read()
        let policy = PolicyChoice(
            folder: folder, archive: PolicyArchive(beside: file.map { absolute($0.store.path) } ?? folder.path(of: "State/store")),
            officers: officers, demanded: file?.policySignatures ?? 0, demand: policies, now: now
        ).read()
        let keys = KeyFiles(folder: folder, guardian: guardian, environment: environment)
        let plan = KeyPlanFile.read(folder) ?? KeyLayout.plan(folder)
        keys.refuseStrangers(besides: plan, and: (file?.openID.files ?? []).union(file?.links.files ?? []))
        let own = KeyBook(
            folder: folder, files: keys, plan: plan, tokens: TokenKeys(plan.tokens, environment), demand: tokens,
            ledger: file.map { KeyLedger(at: absolute(KeyLedger.path(beside: $0.store.path))) } ?? KeyLedger(), ages: ages, now: now
        ).read()
        let anchors = file.map { AnchorFiles(folder: folder, card: $0.card, mode: $0.mode, now: now, keys: keys).read() }
        let profiles = ProfileFolder(
            folder: folder, loginPolicies: file.map { $0.card.loginPolicies.values.flatMap(\.self) }
        ).read(anchors?.known ?? KnownAnchors(), intermediates: AnchorFiles.intermediates(folder, keys))
        let evidence = KeptTrust(path: file.map { absolute(KeptTrust.folder(beside: $0.store.path)) })
        let terms = file?.terms(profiles: profiles, evidence: evidence, at: now) ?? .unknown(at: now)
        let found = MemberFolder(folder: folder, terms: terms).read()
        let registrations = found.registrations
        let sources = SourceFolder(
            folder: folder,
            terms: SourceFile.Terms(isDevelopment: terms.isDevelopment, sign: terms.sign, base: folder.path)
        ).read()
        // Who comes from a source is not known here; a rule may name such a member.
        if let policy, sources.isEmpty { PolicyFolder.refuseUnknownMembers(policy.placed, Set(registrations.map(\.member.id)), findings) }
        if let policy, sources.isEmpty {
            LadderFile.refuseUnknownUpstreams(policy.policy.ladder, in: policy.folder, members: registrations.map(\.member))
        }
        if let policy, let file { StatusAgeChecks(placed: policy.placed, ages: file.card.revocation.ages, findings: findings).run() }
        if let file, signatures == .now {
            ApprovalChecks(folder: folder, part: file.members, officers: officers, now: now).run(found)
            VersionChecks(folder: folder, part: file.members, archive: MemberArchive(beside: absolute(file.store.path))).run(found)
        }
        OperatorChecks(found: found, hasSources: !sources.isEmpty, findings: findings).run()
        ClientChecks(registrations: registrations, findings: findings).run()
        let details = DetailsTypeFolder(folder: folder, registrations: registrations, isWhole: sources.isEmpty).read()
        if let keys = own.signing { MemberKeyChecks.run(registrations, keys, own.openID, at: now, findings) }
        let terminals = TerminalFiles(folder: folder, guardian: guardian, ladder: policy?.policy.ladder).read()
        let cards = file.flatMap { file in anchors.map { believed(file, $0, terminals) } }
        let tlsDoor = file.flatMap { door($0, keys) }
        let mutualTLS = file.flatMap { MutualTLSFiles(folder: folder, keys: keys, profiles: profiles, now: now).door($0.openID.mutualTLS) }
        if let file { ProductionChecks(file: file, findings: findings).run() }
        let registration = file.flatMap { RegistrationReader(folder: folder, file: $0, registrations: registrations, now: now).rules() }
        let links = file?.links.part(keys) ?? LinksPart()
        try findings.throwIfAny()
        guard let file, let policy, let signingKeys = own.signing, let cards else { throw incomplete() }
        return Configuration(
            folder: folder.path, mode: file.mode, baseURL: file.base.text, isSecure: file.base.isSecure, listen: file.listen,
            tlsDoor: tlsDoor,
            store: Configuration.Store(
                path: absolute(file.store.path), synchronous: file.store.synchronous, isShared: file.store.isShared),
            hasSecret: DeploymentSecret.isThere(beside: absolute(file.store.path)),
            sessions: SessionRules(idle: file.sessionIdle, absolute: file.sessionAbsolute), transactionLifetime: file.transactionLifetime,
            challengeLifetime: file.challengeLifetime,
            identityProvider: IdentityProvider(
                entityID: file.saml.entityID, endpoints: Endpoints(base: file.base.text), signingKeys: signingKeys,
                metadataKeys: own.metadata, encryption: own.encryption, details: file.saml.details,
                wantAuthnRequestsSigned: file.saml.requireSignedRequests, skew: file.saml.skew, lifetimes: file.saml.lifetimes),
            openIDProvider: OpenIDProvider(
                file: file, keys: own.openID, registrations: registrations, details: details, registration: registration
            ).provider(
                secret: DeploymentSecret.read(beside: absolute(file.store.path))
            ).with(
                decryptionKeys: own.openIDEncryption.map(\.key),
                decryptionLives: Dictionary(own.openIDEncryption.map { ($0.key.keyID ?? "", $0.life) }) { one, _ in one }),
            mutualTLS: mutualTLS,
            policy: policy.policy.under(file.circumstances),
            federation: Federation(registrations, sources: sources, applicants: found.applicants), cards: cards, profiles: profiles,
            outbound: file.outbound, hasSandbox: file.sandbox, members: file.members, purposes: file.purposes,
            care: file.care, metering: file.metering, links: links,
            signals: file.signals, keyPlan: plan, keys: own.held, policies: policy.state,
            notices: Findings.sorted(findings.notices))
    }

    private var ages: KeyBook.Ages {
        let lifetimes = file?.saml.lifetimes ?? SAMLLifetimes()
        let tokens = file.map { max($0.openID.idToken, $0.openID.accessToken) + $0.openID.skew } ?? 3600
        return KeyBook.Ages(
            saml: lifetimes.metadataCache, openID: Provider.keySetAge, samlFloor: lifetimes.assertion + (file?.saml.skew ?? 180),
            openIDFloor: tokens)
    }

    /// Reached only if a part was missing without a word about why, which would be a fault of this room.
    private func incomplete() -> SettingsProblems {
        SettingsProblems(problems: [
            Problem(file: folder.path, code: "folder.incomplete", message: "a part of the folder could not be read", remedy: "report this")
        ])
    }

    private func believed(
        _ file: DeploymentFile, _ found: AnchorFiles.Found, _ terminals: TerminalRegistry
    ) -> Configuration.Cards {
        let card = file.card
        let ages = card.revocation.ages
        return Configuration.Cards(
            profile: CardProfile(
                loginPolicies: card.loginPolicies, signaturePolicies: card.signaturePolicies, loginAuthorities: found.loginAuthorities,
                simulatedAuthorities: found.simulatedAuthorities, allowedAlgorithms: card.algorithms),
            anchors: TrustStore(anchors: found.anchors), anchorList: found.anchors, allowSimulated: card.allowSimulated,
            tlsRules: DoorRules(weakestMode: card.tlsWeakest, ages: ages),
            challengeRules: DoorRules(weakestMode: card.challengeWeakest, ages: ages), pairsDevices: card.pairsDevices,
            pairing: PairingSeal(key: DeploymentSecret.key(for: "sekisho app pairing", beside: absolute(file.store.path))),
            terminals: terminals,
            revocation: revocation(card.revocation), identity: identity(card, found))
    }

    private func identity(_ card: CardPart, _ found: AnchorFiles.Found) -> Configuration.Identity {
        let part = card.identity
        let names = found.anchors.map { ($0.certificate.subject, $0.isSimulated) }
        return Configuration.Identity(
            profile: SignatureProfile(
                policies: part.policies, authorities: names.filter { !$1 && part.authorities.contains($0.text) }.map(\.0),
                simulatedAuthorities: names.filter { $1 && $0.text.contains("OU=" + CardProfile.signatureUnit) }.map(\.0),
                algorithms: part.algorithms ?? card.algorithms, values: part.values, sexes: part.sexes, eras: part.eras,
                gazetteer: PlacesFile.gazetteer(part.places, in: folder, allowSimulated: card.allowSimulated)),
            rules: IdentityRules(ages: card.revocation.ages, loginAge: part.rules.loginAge, tie: part.rules.tie),
            lifetime: part.lifetime)
    }

    private func revocation(_ written: Configuration.Revocation) -> Configuration.Revocation {
        let lists = written.lists.map { list -> Configuration.Revocation.List in
            guard case .file(let path) = list else { return list }
            return .file(absolute(path))
        }
        return Configuration.Revocation(
            lists: lists, refresh: written.refresh, ages: written.ages, onLine: written.onLine, order: written.order, hosts: written.hosts,
            skew: written.skew, listRules: written.listRules)
    }

    private func door(_ file: DeploymentFile, _ keys: KeyFiles) -> Configuration.TLSDoor? {
        guard let door = file.card.tls else { return nil }
        if let leaf = keys.tlsDoor()?.first, leaf.notAfter < now {
            findings.notice(
                Problem(
                    file: KeyFiles.tlsCertificate, code: "certificate.expired", message: "the certificate ended \(leaf.notAfter.text)",
                    remedy: "replace it; browsers refuse the card listener"))
        }
        return Configuration.TLSDoor(
            origin: door.origin.text, listen: door.listen, certificateFile: folder.path(of: KeyFiles.tlsCertificate),
            keyFile: folder.path(of: KeyFiles.tlsKey))
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : folder.path(of: path) }
}

extension DeploymentFile {
    /// `isAdding`: a member at the door, of whom everything is refused that would be left out of account in one who is in already.
    func terms(
        profiles: TrustProfiles, evidence: KeptTrust, isAdding: Bool = false, at now: Timestamp
    ) -> MemberFile.Terms {
        MemberFile.Terms(
            isDevelopment: mode == .development, sign: saml.sign, clients: ClientTerms(openID), profiles: profiles,
            evidence: evidence, isAdding: isAdding, now: now,
            hasScope: !saml.details.scopes.isEmpty)
    }
}
