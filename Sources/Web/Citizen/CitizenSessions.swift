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
                "心当たりのないものがあるときは、「これは私ではありません」を押してください。ブラウザの種類は、ブラウザから送られた情報に基づいています。",
                "If you do not recognise one of these, press “This was not me”. The kind of browser is what the browser itself reported.",
                easy: "知らない ものが あるときは、「これは 私では ありません」を 押してください。"))
        let own = desk.session.thread
        for visit in visits.sorted(by: { $0.session.thread == own && $1.session.thread != own }) {
            page.section { page in session(visit, isHere: visit.session.thread == own, desk, &page) }
        }
        page.heading(2, Words("まとめて終了する", "End several at once", easy: "ぜんぶ 終わる とき"))
        if visits.count > 1 {
            page.button(
                to: "/me/sessions/end", fields: [(mark, desk.mark), ("all", "others")],
                Words("この画面以外をすべて終了する", "End all except this one", easy: "ここの ほかを ぜんぶ 終わります"), kind: .plain)
        }
        page.button(
            to: "/me/sessions/end", fields: [(mark, desk.mark), ("all", "every")],
            Words("この画面も含めてすべて終了する", "End all, including this one", easy: "ここも ぜんぶ 終わります"), kind: .danger)
    }

    private static func session(_ visit: CitizenVisit, isHere: Bool, _ desk: CitizenDesk, _ page: inout Markup) {
        let session = visit.session
        let terminal = session.authentications.last?.terminal
        page.raw("<h2>")
        page.words(session.device?.words ?? Words("機器は分かりません", "Device not known", easy: "どこか わかりません"))
        if isHere { page.words(Words("（この機器）", " (this device)", easy: "（いま 使っている もの）")) }
        page.raw("</h2>")
        var facts: [(Words, Cell)] = [
            (Words("ログインした日時", "Logged in at", easy: "ログインした 時間"), .time(session.createdAt)),
            (Words("最後に使った日時", "Last used", easy: "さいごに 使った 時間"), .time(session.lastSeenAt)),
        ]
        if let login = session.authentications.last {
            facts.append(
                (
                    Words("ログインの方法", "How you logged in", easy: "ログインの しかた"),
                    .words(login.facts.carrier.words + Words("、", ", ") + login.facts.mode.words)
                ))
        }
        if let terminal { facts.append((Words("端末", "Terminal", easy: "機械"), .text(terminal.text))) }
        if !visit.participations.isEmpty {
            let members = visit.participations.map(\.member).reduce(into: [MemberID]()) { if !$0.contains($1) { $0.append($1) } }
            facts.append((Words("利用中のサービス", "Services in use", easy: "使っている サービス"), .list(members.map { name($0, desk.settings) })))
        }
        page.facts(facts)
        guard !isHere else {
            page.button(to: "/session/end", Words("この画面からログアウトする", "Log out here", easy: "ここから ログアウトします"), kind: .plain)
            return
        }
        let fields = [(mark, desk.mark), ("thread", session.thread.text)]
        page.button(to: "/me/sessions/end", fields: fields, Words("このログインを終了する", "End this login", easy: "この ログインを 終わります"), kind: .plain)
        page.button(
            to: "/me/sessions/not-me", fields: fields, Words("これは私ではありません", "This was not me", easy: "これは 私では ありません"), kind: .danger)
    }

    static func results(_ progress: LogoutProgress, _ desk: CitizenDesk, _ page: inout Markup) {
        page.heading(2, Words("サービスごとの結果", "Result for each service", easy: "サービスが どう なったか"))
        page.facts(
            progress.legs.map { leg in
                let words: Words =
                    switch progress.result(of: leg, at: desk.now) {
                    case .ended: Words("ログアウトしました", "Logged out", easy: "終わりました")
                    case .failed:
                        Words(
                            "ログアウトできませんでした。そのサービスの画面でログアウトしてください。", "Could not be logged out. Please log out at that service.",
                            easy: "終わりませんでした。その サービスの 画面で ログアウトしてください。")
                    case .open where leg.reason == .browserOnly || leg.reason == .noService || leg.reason == .unnamed:
                        Words(
                            "このサービスには知らせる方法がありません。サービスの有効時間が過ぎると終了します。",
                            "This service cannot be told. Its session ends when its time is over.",
                            easy: "この サービスには 知らせる ことが できません。時間が すぎると 終わります。")
                    case .open:
                        Words(
                            "サービスに知らせています。まだ応答がありません。", "The service is being told and has not answered yet.",
                            easy: "サービスに 知らせています。まだ 返事が ありません。")
                    }
                return (name(leg.member, desk.settings), .words(words))
            })
    }
}
