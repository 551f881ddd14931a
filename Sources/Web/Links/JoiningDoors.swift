import Credentials
import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import Signals
import TrustFramework
import Vocabulary

/// What the second certificate turned out to be.
enum SecondCard: Sendable {
    case already
    case add
    /// Known under another record; the sectors in which services know both.
    case merge(SubjectID, shared: [String])
}

/// The second card or phone was shown beside that of the session: it is added, or, where it is known as another's, the two records are put
/// together. Nothing happens before the citizen has said so on a page that says what will.
extension Platform {
    /// `GET /journey/{transaction}/joining`
    func joining(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await atJoining(request, context) { visit, session, newcomer in
            let joining = try await found(newcomer, beside: session)
            if case .already = joining { return try await finished(.already, newcomer, visit) }
            return Answer.page(JoiningPages.ask(joining, newcomer, visit, mark: mark(of: joining, request, visit)))
        }
    }

    /// `POST /journey/{transaction}/joining`: `answer` is `yes` or `no`; `keep-N` is `other` where the other record's identifier goes on.
    func joined(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        return try await atJoining(request, context) { visit, session, newcomer in
            let joining = try await found(newcomer, beside: session)
            guard Self.isForm(request), let body = try await request.collected(upTo: 8_192), let form = try? FormParameters(body),
                let sent = form["form"], Ticket.matches(sent, Ticket.digest(of: mark(of: joining, request, visit)))
            else { return Self.redirect(visit, "/joining") }
            guard form["answer"] == "yes" else { return try await finished(.kept, newcomer, visit) }
            guard let own = proof(of: session, beside: newcomer, visit),
                try await stores.block(of: newcomer.certificate) == nil, try await stores.block(of: own.certificate) == nil
            else { return try await refused(.stale, visit) }
            guard try await !areTwo(newcomer, own, session, visit) else { return try await refused(.otherPerson, visit) }
            switch joining {
            case .already: return try await finished(.already, newcomer, visit)
            case .add: return try await added(newcomer, beside: own, session, visit)
            case .merge(let other, let shared):
                let kept = shared.enumerated().filter { form["keep-" + String($0.offset)] == "other" }.map(\.element)
                return try await merged(other, keeping: Set(kept), newcomer, beside: own, session, visit)
            }
        }
    }

    /// A yes counts for what the page said, and for the services in its order: what has become another since is asked about anew.
    private func mark(of joining: SecondCard, _ request: Request, _ visit: Visit) -> String {
        let said =
            switch joining {
            case .already: "already"
            case .add: "add"
            case .merge(let other, let shared): "merge " + ([other.text] + shared).joined(separator: "\n")
            }
        return Base64url.encode(Ticket.digest(of: newcomerMark(request, visit) + " joining " + said))
    }

    private func found(_ newcomer: Newcomer, beside session: Session) async throws -> SecondCard {
        guard let known = try await stores.subject(linkedTo: newcomer.certificate) else { return .add }
        guard known != session.subject else { return .already }
        return .merge(known, shared: try await stores.sharedSectors(session.subject, known))
    }

    /// J-LIS knows both, and names nothing of the one beside the other: two people, one of whom has the other's card and PIN. Where it is
    /// silent, or does not know one of them, the two PINs are believed.
    private func areTwo(_ newcomer: Newcomer, _ own: SessionAuthentication, _ session: Session, _ visit: Visit) async throws -> Bool {
        guard case .known(let one) = await correspond(newcomer.certificate, visit.now),
            case .known(let other) = await correspond(own.certificate, visit.now)
        else { return false }
        var theirs: Set = [newcomer.certificate]
        if let known = try await stores.subject(linkedTo: newcomer.certificate) {
            theirs.formUnion(try await stores.certificateLinks(of: known).map(\.certificate))
        }
        let mine = Set(try await stores.certificateLinks(of: session.subject).map(\.certificate)).union([own.certificate])
        return one.named.union(theirs).isDisjoint(with: other.named.union(mine))
    }

    /// The session's own card, used with its PIN, near enough to the second.
    private func proof(of session: Session, beside newcomer: Newcomer, _ visit: Visit) -> SessionAuthentication? {
        let other = newcomer.authentication
        guard other.isProof(within: visit.settings.links.proofAge, at: visit.now) else { return nil }
        return session.authentications.last { own in
            own.certificate != other.certificate && own.isProof(within: visit.settings.links.proofAge, at: other.facts.authenticatedAt)
        }
    }

    private func added(
        _ newcomer: Newcomer, beside own: SessionAuthentication, _ session: Session, _ visit: Visit
    ) async throws -> Response {
        let word = await correspond(newcomer.certificate, visit.now)
        let evidence = LinkEvidence(
            .bothSeen, of: session.subject, certificate: newcomer.certificate, earlier: own.certificate, at: visit.now,
            basis: Self.basis(newcomer.authentication, own))
        let owner = try await stores.link(
            newcomer.certificate, by: evidence, card: word.card,
            telling: try await announcements(of: .credentialChange(.create), about: session.subject, at: visit.now),
            recording: Self.record(evidence, visit.now))
        guard owner == session.subject else { return try await refused(.stale, visit) }
        return try await finished(.added, newcomer, visit)
    }

    private func merged(
        _ other: SubjectID, keeping sectors: Set<String>, _ newcomer: Newcomer, beside own: SessionAuthentication, _ session: Session,
        _ visit: Visit
    ) async throws -> Response {
        // A person has one date of birth: what is kept of both, and differs, is of two people.
        let births = try await stores.births(of: session.subject, at: visit.now) + stores.births(of: other, at: visit.now)
        guard Set(births).count <= 1 else { return try await refused(.otherPerson, visit) }
        var random = SystemRandomNumberGenerator()
        guard let id = MergeID.fresh(using: &random) else { throw StoreRefusal() }
        var basis = Self.basis(newcomer.authentication, own)
        basis = basis.adding("merge", .string(id.text)).adding("identifiers-kept-from-other", .integer(Int64(sectors.count)))
        let evidence = LinkEvidence(
            .merged, of: session.subject, certificate: newcomer.certificate, earlier: own.certificate, at: visit.now, basis: basis)
        let record = Record(
            "link.merged", at: visit.now,
            [
                ("merge", .string(id.text)), ("subject", .string(session.subject.text)), ("from", .string(other.text)),
                ("by", "citizen"), ("identifiers-kept-from-other", .integer(Int64(sectors.count))),
            ])
        // While the other name is still somebody's: services that know both hear which of them goes.
        let shared = try await stores.sharedSectors(session.subject, other)
        var announced: [Announcement] = []
        for member in visit.settings.federation.members where shared.contains(member.sector) {
            announced += try await announcements(
                of: .identifierChanged, about: sectors.contains(member.sector) ? session.subject : other, to: member.id, at: visit.now)
        }
        switch try await stores.merge(
            id, other, into: session.subject, keeping: sectors, evidence: evidence, telling: announced, recording: record, at: visit.now)
        {
        case .merged: codes.carry(between: session.subject, other)
        case .same: return try await finished(.already, newcomer, visit)
        case .changed: return try await refused(.stale, visit)
        }
        // Sessions of the record that was given up speak of nobody any more. Looked for behind the commit: none starts from there on.
        let threads = try await stores.threads(of: other, at: visit.now)
        try await end(threads, of: other, by: id.ending, visit.settings, at: visit.now)
        return try await finished(.merged, newcomer, visit)
    }

    /// `POST /me/links/undo`
    func mergeUndone(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .links) { desk, form in
            guard let id = form["merge"].flatMap({ MergeID($0) }),
                try await stores.merges(of: desk.subject).contains(where: { $0.id == id && $0.into == desk.subject })
            else { return Self.done(nil, desk) }
            let outcome = try await stores.undo(id, recording: { $0.undone(by: "citizen", at: desk.now) }, at: desk.now)
            guard case .undone(let merge) = outcome else { return Self.done(.kept, desk) }
            codes.carry(between: merge.into, merge.from)
            // Whose card the session was opened with is not the same question any more: everybody logs in again.
            try await end(
                try await stores.threads(of: desk.subject, at: desk.now), of: desk.subject, by: id.undoing, desk.settings, at: desk.now)
            let names = CookieNames(secure: desk.settings.isSecure)
            return Self.done(nil, desk).setting(
                names.remove(names.session), names.set(names.undone, "1", maximumAge: LinkDone.undoneAge))
        }
    }

    /// `order` was left by the commit before; whoever does not come to it leaves it to the courier.
    private func end(
        _ threads: [SessionThread], of subject: SubjectID, by order: LogoutID?, _ settings: Configuration, at now: Timestamp
    ) async throws {
        guard !threads.isEmpty else { return }
        _ = try await begin(
            Ending(threads: threads, subject: subject, origin: .administrator, hasBrowser: false, order: order), settings, at: now)
    }

    /// The journey is over; whoever comes second finds it so.
    private func finished(_ done: LinkDone, _ newcomer: Newcomer, _ visit: Visit) async throws -> Response {
        _ = try await stores.consume(newcomer: visit.transaction.id, at: visit.now)
        let names = CookieNames(secure: visit.settings.isSecure)
        let said = visit.session.map { "?done=" + $0.sealed(done) } ?? ""
        let page = visit.settings.baseURL + CitizenPlace.links.rawValue + said
        guard try await stores.consume(visit.transaction.id, at: visit.now) != nil else { return Answer.redirect(page) }
        return Answer.redirect(page).setting(
            names.remove(names.transaction(visit.transaction.id)), names.remove(names.newcomer(visit.transaction.id)))
    }

    private func atJoining(
        _ request: Request, _ context: DoorContext, _ act: (Visit, Session, Newcomer) async throws -> Response
    ) async throws -> Response {
        switch try await visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let visit):
            guard case .own(let login) = visit.tongue, login.meeting == .add, let session = visit.session,
                let newcomer = try await stores.newcomer(visit.transaction.id, at: visit.now)
            else { return Answer.redirect(visit.settings.baseURL + CitizenPlace.links.rawValue) }
            return try await act(visit, session, newcomer)
        }
    }
}

extension Correspondence {
    /// Every other certificate of the same person that it speaks of.
    fileprivate var named: Set<CertificateIdentity> { Set(earlier + phones + [card].compactMap(\.self)) }
}

extension JSON {
    /// An object with one more member.
    func adding(_ name: String, _ value: JSON) -> JSON { .object((members ?? []) + [(name, value)]) }
}

/// What will happen, before it does.
enum JoiningPages {
    static func ask(_ joining: SecondCard, _ newcomer: Newcomer, _ visit: Visit, mark: String) -> Markup {
        let door = visit.path + "/joining"
        guard case .merge(_, let shared) = joining else { return add(newcomer, door, mark) }
        return Pages.document(Words("二つの記録を一つにまとめますか", "Combine the two records?", easy: "ふたつの 記録を ひとつに しますか")) { page in
            page.paragraph(
                Words(
                    "今回使ったカード（スマートフォン）は、別の記録として登録されています。両方ともご自身のものであれば、一つにまとめられます。",
                    "The card or phone you just used is registered under another record. If both are yours, you can combine them.",
                    easy: "いま 使った カードは、べつの 記録に あります。どちらも あなたの ものなら、ひとつに できます。")
            )
            page.list([
                Words("どちらのカードでも、同じ利用者としてログインできるようになります。", "Either card will log you in as the same user.", easy: "どちらの カードでも ログインできます。"),
                Words(
                    "サービスとの連携、同意、伝えた記録を、まとめて確認できるようになります。",
                    "Connected services, consents and the record of what was sent are shown together.",
                    easy: "サービスの ことや 記録を いっしょに 見る ことが できます。"),
                Words("いつでも元に戻せます。", "You can undo it at any time.", easy: "いつでも もとに 戻せます。"),
            ])
            page.form(to: door, fields: [("form", mark)]) { page in
                for (index, sector) in shared.enumerated().prefix(40) {
                    page.field(
                        FormField(
                            "keep-" + String(index),
                            Words(
                                "次のサービスには、二つの利用者として登録されています。どちらで続けますか：", "This service knows you as two users. Which one should continue? ",
                                easy: "この サービスには ふたつ あります。どちらを 使いますか：") + names(of: sector, visit.settings),
                            kind: .choice(
                                [
                                    ("own", Words("先にログインしていた方", "The one I was logged in as", easy: "先に ログインしていた ほう")),
                                    ("other", Words("今回使ったカードの方", "The one of the card I just used", easy: "いま 使った カードの ほう")),
                                ], isOpen: true), value: "own"))
                }
                page.submit(Words("一つにまとめる", "Combine them", easy: "ひとつに します"), name: "answer", value: "yes")
                page.submit(Words("やめる", "Cancel", easy: "やめます"), kind: .plain, name: "answer", value: "no")
            }
        }
    }

    private static func add(_ newcomer: Newcomer, _ door: String, _ mark: String) -> Markup {
        let isPhone = newcomer.authentication.facts.carrier == .phone
        return Pages.document(
            isPhone
                ? Words("このスマートフォンを追加しますか", "Add this phone?", easy: "この スマートフォンを たしますか")
                : Words("このカードを追加しますか", "Add this card?", easy: "この カードを たしますか")
        ) { page in
            page.paragraph(
                Words(
                    "今回使ったものは、まだ登録されていません。追加すると、これまでのカードと同じ利用者としてログインできます。サービスの利用には影響しません。",
                    "What you just used is not registered here yet. Once added, it logs you in as the same user. Nothing changes for services.",
                    easy: "いま 使った ものは、はじめてです。たすと、いままでの カードと 同じように ログインできます。"))
            page.form(to: door, fields: [("form", mark)]) { page in
                page.submit(Words("追加する", "Add it", easy: "たします"), name: "answer", value: "yes")
                page.submit(Words("やめる", "Cancel", easy: "やめます"), kind: .plain, name: "answer", value: "no")
            }
        }
    }

    /// The members of a sector, by the names a citizen knows them by.
    private static func names(of sector: String, _ settings: Configuration) -> Words {
        if let member = MemberID(sector).flatMap({ settings.federation.member($0) }) { return member.words }
        return Words(verbatim: sector)
    }
}
