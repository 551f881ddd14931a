import Credentials
import Hummingbird
import Settings
import SignOn
import Signals
import TrustFramework
import Vocabulary

/// Two certificates in one journey of ours, and what for.
enum Meeting: Sendable, Hashable {
    /// The other card or phone of the citizen who is here: it is added, or the two records are put together.
    case add
    /// The old one of the newcomer who waits in that journey.
    case old(TransactionID)

    init?(message: [UInt8]) {
        let text = String(decoding: message, as: UTF8.self)
        if text == "add" {
            self = .add
        } else if text.hasPrefix("old "), let first = TransactionID(String(text.dropFirst(4))) {
            self = .old(first)
        } else {
            return nil
        }
    }

    var message: [UInt8] {
        switch self {
        case .add: Array("add".utf8)
        case .old(let first): Array(("old " + first.text).utf8)
        }
    }

    /// What the login page says, by language tag.
    var words: [String: String] {
        switch self {
        case .add:
            [
                "ja": "追加するカードまたはスマートフォンを使い、その暗証番号を入力してください。",
                "en": "Now use the other card or phone, the one to be added, and enter its PIN.",
                "ja-easy": "つぎに、ほかの カードか スマートフォンを 使ってください。暗証番号を 入れてください。",
            ]
        case .old:
            [
                "ja": "これまで使っていたカードまたはスマートフォンを使い、その暗証番号を入力してください。",
                "en": "Now use the card or phone you used here before, and enter its PIN.",
                "ja-easy": "つぎに、前の カードか スマートフォンを 使ってください。暗証番号を 入れてください。",
            ]
        }
    }
}

extension OwnLogin {
    /// A journey in which a second certificate is shown.
    init(linking transaction: Transaction) {
        let meeting = Meeting(message: transaction.message)
        let page =
            switch meeting {
            case .old(let first): "/journey/" + first.text + "/continue"
            case .add, nil: CitizenPlace.links.rawValue
            }
        self.init(ask: Ask(member: transaction.member, askedAt: transaction.receivedAt), about: nil, page: page)
        self.meeting = meeting
    }
}

extension CookieNames {
    /// Says that a certificate waits in this journey for its citizen's answer; it opens nothing, and only saves a look where none waits.
    func newcomer(_ id: TransactionID) -> String { transaction(id) + "-new" }
}

/// What becomes of a certificate that nobody is known by.
enum Arrival: Sendable {
    case citizen(SubjectID)
    case admission(Admission)
}

extension Platform {
    /// A certificate that nobody is known by has been proven (decision 0056). J-LIS is asked once which one came before it; where that names
    /// nobody, and the deployment asks, the citizen does. No fresh subject is made before.
    func arrival(
        of authentication: SessionAuthentication, showing certificate: [UInt8], _ visit: Visit
    ) async throws -> Arrival {
        guard authentication.facts.mode != .presence else { return .admission(.refused(.presenceNeverLinks)) }
        if let link = try await stores.certificateLink(authentication.certificate), link.endedAt != nil {
            return .admission(.refused(.link(.ended)))
        }
        let word = await correspond(authentication.certificate, visit.now)
        // Whoever has a card that was reported lost, and its PINs, can have a phone made of it.
        if let card = word.card, try await stores.block(of: card) != nil {
            return .admission(.refused(try await hindrance(authentication, of: card, visit)))
        }
        if case .known(let found) = word, let subject = try await taken(over: authentication, found, visit) { return .citizen(subject) }
        // A card that nobody knows is not this session's citizen: nothing is linked by a step-up that is refused.
        guard visit.session == nil else { return .admission(.refused(.otherCitizenAtStepUp)) }
        switch word {
        case .known(let found):
            return .citizen(try await fresh(authentication, said: "correspondence-names-nobody", card: found.card, visit))
        case .unknown, .silent:
            if visit.settings.links.unknown == .make { return .citizen(try await fresh(authentication, said: "nobody-asked", visit)) }
        }
        return .admission(try await asked(authentication, certificate, visit))
    }

    /// By J-LIS's word: the certificates it names are looked for here, the latest first, a phone's card before all.
    private func taken(over authentication: SessionAuthentication, _ found: Correspondence, _ visit: Visit) async throws -> SubjectID? {
        var known: (subject: SubjectID, certificate: CertificateIdentity)?
        var others = 0
        for certificate in [found.card].compactMap(\.self) + found.earlier.prefix(Correspondence.most)
            + found.phones.prefix(Correspondence.most)
        {
            guard let link = try await stores.certificateLink(certificate) else { continue }
            if known == nil { known = (link.subject, certificate) }
            if let known, link.subject != known.subject { others += 1 }
        }
        guard let known else { return nil }
        let evidence = LinkEvidence(
            known.certificate == found.card ? .phone : .correspondence, of: known.subject, certificate: authentication.certificate,
            earlier: known.certificate, at: visit.now,
            basis: [
                "answered-at": .string(found.at.text),
                "answer": .string(Hexadecimal.encode(Ticket.digest(of: String(decoding: found.source, as: UTF8.self)))),
                "mode": .string(authentication.facts.mode.rawValue), "other-citizens": .integer(Int64(others)),
            ], source: found.source)
        return try await stores.link(
            authentication.certificate, by: evidence, card: found.card,
            telling: try await announcements(
                of: .credentialChange(evidence.kind == .phone ? .create : .update), about: known.subject, at: visit.now),
            recording: Self.record(evidence, visit.now))
    }

    private func fresh(
        _ authentication: SessionAuthentication, said: String, card: CertificateIdentity? = nil, _ visit: Visit
    ) async throws -> SubjectID {
        var random = SystemRandomNumberGenerator()
        guard let fresh = SubjectID.fresh(using: &random) else { throw StoreRefusal() }
        let evidence = LinkEvidence(
            .first, of: fresh, certificate: authentication.certificate, at: visit.now,
            basis: ["said": .string(said), "mode": .string(authentication.facts.mode.rawValue)])
        let subject = try await stores.link(
            authentication.certificate, by: evidence, card: card, recording: Self.record(evidence, visit.now))
        guard let subject else { throw StoreRefusal() }
        return subject
    }

    /// The certificate waits, and the browser is sent to the question: the doors of the card all lead to `/continue`, which sees the cookie.
    private func asked(_ proven: SessionAuthentication, _ certificate: [UInt8], _ visit: Visit) async throws -> Admission {
        try await stores.keep(
            Newcomer(
                transaction: visit.transaction.id, authentication: placed(proven, certificate, nobodyKnown: visit),
                expiresAt: visit.transaction.expiresAt))
        try await stores.append(
            Record(
                "link.asked", at: visit.now,
                [("member", .string(visit.member.id.text)), ("mode", .string(proven.facts.mode.rawValue))]))
        return .admitted(cookie: hint(visit))
    }

    private func hint(_ visit: Visit) -> String {
        CookieNames(secure: visit.settings.isSecure).set(
            CookieNames(secure: visit.settings.isSecure).newcomer(visit.transaction.id), "1", maximumAge: visit.settings.transactionLifetime
        )
    }

    /// On its island; there is no record of somebody whom nobody knows.
    private func placed(_ proven: SessionAuthentication, _ certificate: [UInt8], nobodyKnown visit: Visit) -> SessionAuthentication {
        let policy = visit.settings.policy
        let der = policy.rules.contains { $0.obligations.refreshStatus != nil } ? certificate : nil
        if case .own(let login) = visit.tongue, !login.isUnderPolicy { return proven.on(nil, keeping: der) }
        let island = SignOn.island(
            of: proven, for: visit.tongue.ask.during(visit.transaction.id), by: visit.member, under: policy, at: visit.now)
        return proven.on(island, keeping: der)
    }

    // MARK: The second certificate

    /// In a journey of ours that is about two certificates. `known`: whose the second one is.
    func meeting(
        _ meeting: Meeting, _ authentication: SessionAuthentication, showing certificate: [UInt8], of known: SubjectID?, _ visit: Visit
    ) async throws -> Arrival {
        guard authentication.facts.mode == .pin else { return .admission(.refused(.link(.needsPIN))) }
        // Two certificates become one citizen's at one device, or somebody who relays a code ties his own card to another's record.
        guard authentication.facts.isAtOwnDevice else { return .admission(.refused(.link(.stale))) }
        // A card that was reported lost proves nothing about who holds it: it ties no other card to its citizen, and moves no record.
        guard try await stores.block(of: authentication.certificate) == nil else {
            return .admission(.refused(try await hindrance(authentication, visit)))
        }
        switch meeting {
        case .add:
            guard visit.session != nil else { return .admission(.refused(.sessionEnded)) }
            if let link = try await stores.certificateLink(authentication.certificate), link.endedAt != nil {
                return .admission(.refused(.link(.ended)))
            }
            try await stores.keep(
                Newcomer(
                    transaction: visit.transaction.id, authentication: placed(authentication, certificate, nobodyKnown: visit),
                    expiresAt: visit.transaction.expiresAt))
            return .admission(.admitted(cookie: hint(visit)))
        case .old(let first):
            guard let known else { return .admission(.refused(.link(.neverSeen))) }
            guard let waiting = try await stores.newcomer(first, at: visit.now) else { return .admission(.refused(.link(.stale))) }
            guard waiting.authentication.facts.mode == .pin else { return .admission(.refused(.link(.needsPIN))) }
            // Nor may the one that waits be somebody's who was shown a relayed code.
            guard waiting.authentication.isProof(within: visit.settings.links.proofAge, at: visit.now),
                let newcomer = try await stores.consume(newcomer: first, at: visit.now)
            else { return .admission(.refused(.link(.stale))) }
            let evidence = LinkEvidence(
                .bothSeen, of: known, certificate: newcomer.certificate, earlier: authentication.certificate, at: visit.now,
                basis: Self.basis(newcomer.authentication, authentication))
            let word = await correspond(newcomer.certificate, visit.now)
            let owner = try await stores.link(
                newcomer.certificate, by: evidence, card: word.card,
                telling: try await announcements(of: .credentialChange(.update), about: known, at: visit.now),
                recording: Self.record(evidence, visit.now))
            guard owner == known else { return .admission(.refused(.link(.stale))) }
            return .citizen(known)
        }
    }

    static func basis(_ one: SessionAuthentication, _ other: SessionAuthentication) -> JSON {
        [
            "new-mode": .string(one.facts.mode.rawValue), "new-at": .string(one.facts.authenticatedAt.text),
            "new-carrier": .string(one.facts.carrier.rawValue), "old-mode": .string(other.facts.mode.rawValue),
            "old-at": .string(other.facts.authenticatedAt.text), "old-carrier": .string(other.facts.carrier.rawValue),
        ]
    }

    /// For the trail: what kind of evidence, and nothing that names a certificate.
    static func record(_ evidence: LinkEvidence, _ now: Timestamp) -> Record {
        Record(
            "link.certificate", at: now,
            [("subject", .string(evidence.subject.text)), ("evidence", .string(evidence.kind.rawValue)), ("basis", evidence.basis)])
    }
}

extension CorrespondenceWord {
    /// The card that a phone belongs to, where J-LIS says so.
    var card: CertificateIdentity? { if case .known(let found) = self { found.card } else { nil } }
}

extension Need {
    /// With what the page has to say when a second certificate is asked for.
    func about(_ meeting: Meeting?) -> Need {
        guard let meeting else { return self }
        var need = self
        need.says = [meeting.words]
        return need
    }
}
