import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// A citizen on a page of his own. Everything that is shown or done is of this subject and of no other (checklist H17).
struct CitizenDesk: Sendable {
    let session: Session
    let settings: Configuration
    let now: Timestamp
    /// The form mark: nobody makes it who has not the session's cookie (checklist H3).
    let mark: String
    let query: FormParameters?

    var subject: SubjectID { session.subject }

    func redirect(_ place: CitizenPlace, done: CitizenDone? = nil, _ more: [(String, String)] = []) -> Response {
        let pairs = (done.map { [("done", session.sealed($0))] } ?? []) + more
        return Answer.redirect(
            settings.baseURL + place.rawValue + (pairs.isEmpty ? "" : "?" + pairs.map { $0.0 + "=" + $0.1 }.joined(separator: "&")))
    }

    /// What was done a moment ago, said once at the top. A link from elsewhere cannot make the page say it: somebody who wants a citizen to
    /// believe that a card is stopped would like nothing better.
    var done: CitizenDone? { session.unsealed(query?["done"]) }
}

extension Session {
    /// What was done, as an address has it: for this session alone. A link from elsewhere makes no page say it.
    func sealed(_ done: some RawRepresentable<String>) -> String {
        let words = "done " + done.rawValue + " " + Hexadecimal.encode(indexSeed)
        return done.rawValue + "-" + Hexadecimal.encode(Ticket.digest(of: words).prefix(8))
    }

    /// Nil for what was not sealed for this session.
    func unsealed<Done: RawRepresentable<String>>(_ said: String?) -> Done? {
        guard let said, let done = Done(rawValue: String(said.dropLast(17))), said == sealed(done) else { return nil }
        return done
    }
}

/// What the citizen did, for the page that he is sent to.
enum CitizenDone: String, Sendable, CaseIterable {
    case ended, endedOthers = "ended-others"
    case disavowed
    case stopped, stoppedAll = "stopped-all"
    case lifted
    case accessEnded = "access-ended"

    var words: Words {
        switch self {
        case .ended: Words("選んだログインを終了しました。", "That login has been ended.", easy: "その ログインを 終わりました。")
        case .endedOthers:
            Words("この画面以外のログインを、すべて終了しました。", "Every login except this one has been ended.", easy: "ここの ほかの ログインを ぜんぶ 終わりました。")
        case .disavowed:
            Words(
                "お知らせいただき、ありがとうございます。そのログインによる連携を終了し、監査の担当者に伝えました。",
                "Thank you for telling us. What that login gave access to has been ended, and the auditor has been told.",
                easy: "教えてくれて ありがとうございます。その ログインを 終わりました。調べる 人に 伝えました。")
        case .stopped: Words("同意を取り消しました。", "Your consent has been withdrawn.", easy: "やめました。もう 伝えません。")
        case .stoppedAll: Words("すべての同意を取り消しました。", "All consents have been withdrawn.", easy: "ぜんぶ やめました。もう 伝えません。")
        case .lifted:
            Words(
                "解除しました。そのカードまたはスマートフォンで、再びログインできます。", "The block has been lifted. You can log in with that card or phone again.",
                easy: "また 使えるように しました。その カードか スマートフォンで ログインできます。")
        case .accessEnded:
            Words(
                "そのサービスが、あなたの操作なしに情報を確認することを止めました。", "That service can no longer ask about you while you are away.",
                easy: "その サービスは、もう ひとりで 聞く ことが できません。")
        }
    }
}

extension Platform {
    /// A page of the citizen's own; without a login the page that offers one and comes back here.
    func atOwnPage(
        _ request: Request, _ place: CitizenPlace, _ show: (CitizenDesk) async throws -> Response
    ) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let query = try? FormParameters(Array(request.rawQuery.utf8))
        guard let session = try await ownSession(of: request, at: now) else {
            var aim = query.map { CitizenAim($0) } ?? CitizenAim(place)
            (aim.place, aim.wantsPIN) = (place, false)
            // The undoing of a merge ends the login that it was done from: it is said where the citizen comes out.
            let undone = place == .links && request.cookie(CookieNames(secure: settings.isSecure).undone) != nil
            return Answer.page(CitizenPages.login(aim, settings.care, notice: undone ? LinkDone.undone.words : nil))
        }
        return try await show(
            CitizenDesk(
                session: session, settings: settings, now: now,
                mark: request.formMark("ledger", boundTo: CookieNames(secure: settings.isSecure).session), query: query))
    }

    /// A form of the citizen's own page. A form of another site, of another session or of none does nothing: who has to log in again comes
    /// back to the page with what was chosen (H3, H7). `kept`: what to show instead where something typed is too secret for an address; it is
    /// given the citizen's desk where there is a login, another than that of the form.
    func atOwnPage(
        posting request: Request, _ place: CitizenPlace,
        kept: ((CitizenDesk?, FormParameters) async throws -> Response?)? = nil,
        _ act: (CitizenDesk, FormParameters) async throws -> Response
    ) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard Self.isForm(request), let body = try await request.collected(upTo: 4_096), let form = try? FormParameters(body) else {
            return Answer.redirect(settings.baseURL + place.rawValue)
        }
        let mark = request.formMark("ledger", boundTo: CookieNames(secure: settings.isSecure).session)
        let desk = try await ownSession(of: request, at: now).map {
            CitizenDesk(session: $0, settings: settings, now: now, mark: mark, query: nil)
        }
        guard let desk, let sent = form["form"], Ticket.matches(sent, Ticket.digest(of: mark)) else {
            if let page = try await kept?(desk, form) { return page }
            let chosen = CitizenAim(form)
            return Answer.redirect(settings.baseURL + CitizenAim(place, card: chosen.card, reason: chosen.reason).address)
        }
        return try await act(desk, form)
    }

    /// `POST /me/login`, `POST /ledger/login`
    func citizenLogin(_ request: Request, to standard: CitizenPlace) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard let member = MemberID(settings.baseURL) else { throw StoreRefusal() }
        var aim = CitizenAim(standard)
        if Self.isForm(request), let body = try await request.collected(upTo: 1_024), let form = try? FormParameters(body),
            form["page"] != nil
        {
            aim = CitizenAim(form)
        }
        return try await begun(.ledger, message: aim.message, member: member, settings, at: now)
    }

    /// To the card or phone once more, with its PIN, and back to where the citizen was.
    func provenAgain(_ aim: CitizenAim, _ desk: CitizenDesk) async throws -> Response {
        guard let member = MemberID(desk.settings.baseURL) else { throw StoreRefusal() }
        var aim = aim
        aim.wantsPIN = true
        return try await begun(.ledger, message: aim.message, member: member, desk.settings, at: desk.now)
    }
}
