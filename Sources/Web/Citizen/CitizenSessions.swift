import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Where the citizen is logged in, and how to end it from here.
extension Platform {
    /// `GET /me/sessions`; `logout` names one that was ended a moment ago, whose results are shown to its citizen.
    func citizenSessions(_ request: Request) async throws -> Response {
        try await atOwnPage(request, .sessions) { desk in
            let visits = try await livingVisits(of: desk)
            var results: LogoutProgress?
            if let id = desk.query?["logout"].flatMap({ LogoutID($0) }),
                let progress = try await stores.progress(of: id, at: desk.now), !progress.legs.isEmpty,
                progress.legs.allSatisfy({ $0.participation.subject == desk.subject })
            {
                results = progress
            }
            let card = desk.query?["card"].flatMap { CertificateHandle($0) }
            return Answer.page(
                CitizenPages.document(.sessions, desk) { page in
                    if desk.done == .disavowed { CitizenPages.afterDisavowal(card, &page) }
                    if let results { CitizenPages.results(results, desk, &page) }
                    CitizenPages.sessions(visits, desk, &page)
                })
        }
    }

    /// `POST /me/sessions/end`: one session by `thread`, or with `all` every other one, or every one.
    func citizenSessionsEnded(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .sessions) { desk, form in
            let own = desk.session.thread
            let threads = try await stores.threads(of: desk.subject, at: desk.now)
            let others = threads.filter { $0 != own }
            switch form["all"] {
            case "others":
                guard !others.isEmpty else { return desk.redirect(.sessions) }
                return try await endedFromAfar(others, as: .endedOthers, desk)
            case "every":
                // The members of the other browsers first, without a browser; then this one's, which this browser can visit.
                if !others.isEmpty { _ = try await begin(fromAfar: others, desk) }
                let (progress, ticket) = try await begin(
                    Ending(threads: [own], subject: desk.subject, origin: .ownPage), desk.settings, at: desk.now)
                let names = CookieNames(secure: desk.settings.isSecure)
                guard !progress.legs.isEmpty else {
                    return Answer.redirect(desk.settings.baseURL + "/").setting(names.remove(names.session))
                }
                return try await proceed(progress, ticket: ticket, desk.settings, at: desk.now).setting(names.remove(names.session))
            default:
                guard let thread = form["thread"].flatMap(Hexadecimal.decode).flatMap({ SessionThread($0) }), others.contains(thread)
                else { return desk.redirect(.sessions) }
                return try await endedFromAfar([thread], as: .ended, desk)
            }
        }
    }

    private func endedFromAfar(_ threads: [SessionThread], as done: CitizenDone, _ desk: CitizenDesk) async throws -> Response {
        let progress = try await begin(fromAfar: threads, desk)
        return desk.redirect(.sessions, done: done, [("logout", progress.logout.id.text)])
    }

    /// Their browsers are elsewhere: members that only a browser reaches stay open, and the page says so.
    func begin(fromAfar threads: [SessionThread], _ desk: CitizenDesk, order: LogoutID? = nil) async throws -> LogoutProgress {
        try await begin(
            Ending(threads: threads, subject: desk.subject, origin: .ownPage, hasBrowser: false, order: order), desk.settings, at: desk.now
        ).0
    }
}

extension CitizenPages {
    static func sessions(_ visits: [CitizenVisit], _ desk: CitizenDesk, _ page: inout Markup) {
        page.paragraph(
            Words(
                "心当たりのないものがあれば、「これは私ではありません」を押してください。ブラウザの種類は、そのブラウザ自身が名乗ったものです。",
                "If you do not recognise one, press “This was not me”. The kind of browser is what the browser itself said.",
                easy: "知らない ものが あったら「これは 私ではありません」を おしてください。"))
        let own = desk.session.thread
        for visit in visits.sorted(by: { $0.session.thread == own && $1.session.thread != own }) {
            page.section { page in session(visit, isHere: visit.session.thread == own, desk, &page) }
        }
        page.heading(2, Words("まとめて終える", "End several at once"))
        if visits.count > 1 {
            page.button(
                to: "/me/sessions/end", fields: [(mark, desk.mark), ("all", "others")],
                Words("ここ以外をすべて終える", "End all but this one", easy: "ここ ほかを ぜんぶ 終わる"), kind: .plain)
        }
        page.button(
            to: "/me/sessions/end", fields: [(mark, desk.mark), ("all", "every")],
            Words("ここも含めてすべて終える", "End every one, this one too", easy: "ここも ぜんぶ 終わる"), kind: .danger)
    }

    private static func session(_ visit: CitizenVisit, isHere: Bool, _ desk: CitizenDesk, _ page: inout Markup) {
        let session = visit.session
        let terminal = session.authentications.last?.terminal
        page.raw("<h2>")
        page.words(session.device?.words ?? Words("場所は分かりません", "It is not known where"))
        if isHere { page.words(Words("（この機器）", " (this device)", easy: "（いま 使っている もの）")) }
        page.raw("</h2>")
        var facts: [(Words, Cell)] = [
            (Words("いつから", "Since"), .time(session.createdAt)),
            (Words("最後に使った時刻", "Last used"), .time(session.lastSeenAt)),
        ]
        if let login = session.authentications.last {
            facts.append(
                (
                    Words("ログインの方法", "How you logged in"),
                    .words(login.facts.carrier.words + Words("、", ", ") + login.facts.mode.words)
                ))
        }
        if let terminal { facts.append((Words("端末", "Terminal"), .text(terminal.text))) }
        if !visit.participations.isEmpty {
            let members = visit.participations.map(\.member).reduce(into: [MemberID]()) { if !$0.contains($1) { $0.append($1) } }
            facts.append((Words("使っているサービス", "Services that use it"), .list(members.map { name($0, desk.settings) })))
        }
        page.facts(facts)
        guard !isHere else {
            page.button(to: "/session/end", Words("ここからログアウトする", "Log out here"), kind: .plain)
            return
        }
        let fields = [(mark, desk.mark), ("thread", session.thread.text)]
        page.button(to: "/me/sessions/end", fields: fields, Words("このログインを終える", "End this login"), kind: .plain)
        page.button(
            to: "/me/sessions/not-me", fields: fields, Words("これは私ではありません", "This was not me", easy: "これは 私では ありません"), kind: .danger)
    }

    static func results(_ progress: LogoutProgress, _ desk: CitizenDesk, _ page: inout Markup) {
        page.heading(2, Words("サービスごとの結果", "What became of each service"))
        page.facts(
            progress.legs.map { leg in
                let words: Words =
                    switch progress.result(of: leg, at: desk.now) {
                    case .ended: Words("終わりました", "Ended")
                    case .failed: Words("終えられませんでした。そのサービスの画面でログアウトしてください。", "Failed: log out at that service.")
                    case .open where leg.reason == .browserOnly || leg.reason == .noService:
                        Words(
                            "このサービスには知らせる方法がありません。時間がたつと終わります。", "There is no way to tell it; it ends when its time is over.")
                    case .open: Words("知らせています。まだ返事がありません。", "It is being told and has not answered yet.")
                    }
                return (name(leg.member, desk.settings), .words(words))
            })
    }
}
