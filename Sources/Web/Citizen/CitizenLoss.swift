import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The loss report (R27): at once, with what the citizen has in hand, and without a question that could wait.
extension Platform {
    /// `GET /me/lost`
    func citizenLost(_ request: Request) async throws -> Response {
        try await atOwnPage(request, .lost) { desk in
            let cards = try await stores.certificates(of: desk.subject)
            let aim = desk.query.map { CitizenAim($0) } ?? CitizenAim(.lost)
            return Answer.page(CitizenPages.lost(cards, aim, desk))
        }
    }

    /// `POST /me/lost`: `card` is a card or phone, or `all`; `reason` why. One commit stops everything; then the sessions are ended and the
    /// services told.
    func lossReported(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .lost) { desk, form in
            let cards = try await stores.certificates(of: desk.subject)
            let aim = CitizenAim(form)
            let chosen = form["card"] == "all" ? cards : cards.filter { $0.handle == aim.card }
            guard !chosen.isEmpty, let reason = aim.reason else {
                return Answer.page(
                    CitizenPages.lost(cards, aim, desk, isAll: form["card"] == "all", missing: (chosen.isEmpty, aim.reason == nil)),
                    status: .unprocessableContent)
            }
            let id = try await report(chosen, of: cards, reason, by: "citizen", desk.subject, at: desk.now)
            let names = CookieNames(secure: desk.settings.isSecure)
            let (progress, ticket) = try await begin(
                Ending(
                    threads: try await stores.threads(of: desk.subject, at: desk.now), subject: desk.subject, origin: .ownPage, order: id),
                desk.settings, at: desk.now)
            let page = desk.settings.baseURL + "/me/lost/done?logout=" + progress.logout.id.text
            let done = Answer.redirect(page).setting(names.remove(names.session))
            // Where the courier was faster, the page of results is nobody's.
            guard progress.logout.browser == ticket.digest else { return done }
            return done.setting(names.set(names.logout(progress.logout.id), ticket.text, maximumAge: Logout.lifetime))
        }
    }

    /// Blocks, ends refresh tokens and what waits, and leaves the order to end every session under the id that comes back: whoever calls
    /// carries it out, and if nobody does, the courier does.
    func report(
        _ cards: [LinkedCertificate], of all: [LinkedCertificate], _ reason: CertificateBlock.Reason, by author: String,
        _ subject: SubjectID, at now: Timestamp
    ) async throws -> LogoutID {
        var random = SystemRandomNumberGenerator()
        guard let id = LogoutID.fresh(using: &random),
            let report = LossReport(of: subject, cards.map(\.identity), reason, by: author, logout: id, at: now)
        else { throw StoreRefusal() }
        let announced = try await announcements(of: LossSignals.after(reason, blocking: cards, of: all), about: subject, at: now)
        let outcome = try await stores.report(report, telling: announced) { $0.record(of: report) }
        if outcome.requests > 0 { notify() }
        return id
    }

    /// `GET /me/lost/done`: nobody is logged in any more, and the page says nothing of anybody. It says that a report was taken to the browser
    /// that made one, and to no other: a link must not lull somebody whose card is gone.
    func lossDone(_ request: Request) async throws -> Response {
        let settings = configuration.current
        let query = request.rawQuery
        guard query.hasPrefix("logout="), query.utf8.count <= 80, let id = LogoutID(String(query.dropFirst(7))),
            let logout = try await stores.progress(of: id, at: clock())?.logout, isReporter(request, of: logout, settings)
        else { return Answer.redirect(settings.baseURL + CitizenPlace.lost.rawValue) }
        return Answer.page(CitizenPages.lossDone(logout.browser == nil ? nil : id, settings.care))
    }

    /// Carried out by the courier it has no browser's ticket; its name, which nobody guesses, has to do then.
    private func isReporter(_ request: Request, of logout: Logout, _ settings: Configuration) -> Bool {
        guard let browser = logout.browser else { return logout.origin == .administrator }
        let cookie = request.cookie(CookieNames(secure: settings.isSecure).logout(logout.id))
        return cookie.map { Ticket.matches($0, browser) } ?? false
    }
}

extension CitizenPages {
    fileprivate static func lost(
        _ cards: [LinkedCertificate], _ aim: CitizenAim, _ desk: CitizenDesk, isAll: Bool = false,
        missing: (card: Bool, reason: Bool) = (false, false)
    ) -> Markup {
        let open = cards.filter { $0.block == nil && $0.endedAt == nil }
        let fault: Words? =
            missing.card || missing.reason
            ? Words("止めるものと、その理由を選んでください。", "Choose what to stop, and why.", easy: "どれを 止めますか。どうしてですか。選んでください。") : nil
        return document(.lost, desk, fault: fault) { page in
            page.paragraph(
                Words(
                    "届出をすると、すぐに次のようになります。元に戻すには、別のカードかスマートフォン、または窓口での本人確認が必要です。",
                    "As soon as you report it, the following happens. To undo it, you need another card or phone, or have to be identified at the counter.",
                    easy: "ボタンを 押すと、すぐに こうなります。"))
            page.list([
                Words(
                    "選んだカード・スマートフォンでは、だれもここにログインできなくなります。", "Nobody can log in here with the card or phone you chose.",
                    easy: "その カードや スマートフォンでは、だれも ログインできません。"),
                Words(
                    "この画面も含めて、あなたのログインをすべて終了し、利用中のサービスに知らせます。",
                    "All your logins end, including this one, and the services you were using are told.",
                    easy: "あなたの ログインが ぜんぶ 終わります。使っていた サービスにも 知らせます。"),
                Words(
                    "サービスがあなたの操作なしに行う確認と、承認待ちの依頼も終了します。",
                    "Services can no longer ask about you while you are away, and requests waiting for you are closed.",
                    easy: "サービスが あなたの ことを 聞く ことも 終わります。"),
            ])
            if open.isEmpty {
                page.note(
                    Words(
                        "登録されているカードとスマートフォンは、すべて止まっています。", "All your cards and phones have been stopped.",
                        easy: "カードも スマートフォンも、ぜんぶ 止まっています。"))
            } else {
                form(open, aim, desk, isAll: isAll, missing: missing, &page)
            }
            hotline(desk.settings.care, &page)
        }
    }

    private static func form(
        _ cards: [LinkedCertificate], _ aim: CitizenAim, _ desk: CitizenDesk, isAll: Bool, missing: (card: Bool, reason: Bool),
        _ page: inout Markup
    ) {
        let here = desk.session.authentications.last?.certificate
        var choices = cards.map { card -> (value: String, label: Words) in
            var label = card.name
            if let last = card.lastUsed {
                label =
                    label
                    + Words(
                        "（最後に使った日：" + last.dayShown(in: .japanese) + "）", " (last used on " + last.dayShown(in: .english) + ")",
                        easy: "（さいごに 使った 日：" + last.dayShown(in: .easy) + "）")
            }
            if card.identity == here { label = label + Words("（現在使用中）", " (in use now)", easy: "（いま 使っています）") }
            return (card.handle.text, label)
        }
        if cards.count > 1 { choices.append(("all", Words("すべて", "All of them", easy: "ぜんぶ"))) }
        let only = cards.count == 1 ? cards.first?.handle.text : nil
        page.form(to: "/me/lost", fields: [(mark, desk.mark)]) { page in
            page.field(
                FormField(
                    "card", Words("止めるもの", "Which one?", easy: "どれですか"), kind: .choice(choices, isOpen: true),
                    value: isAll ? "all" : aim.card?.text ?? only ?? "",
                    error: missing.card ? Words("止めるものを選んでください。", "Choose what to stop.", easy: "どれを 止めるか、選んでください。") : nil, isRequired: true
                ))
            page.field(
                FormField(
                    "reason", Words("理由", "What happened?", easy: "どう しましたか"),
                    kind: .choice(CertificateBlock.Reason.allCases.map { ($0.rawValue, $0.words) }, isOpen: true),
                    value: aim.reason?.rawValue ?? "",
                    error: missing.reason ? Words("理由を選んでください。", "Choose a reason.", easy: "どうしてか、選んでください。") : nil, isRequired: true))
            page.submit(Words("すぐに止める", "Stop it now", easy: "すぐに 止めます"), kind: .danger)
        }
    }

    fileprivate static func lossDone(_ logout: LogoutID?, _ care: CarePart) -> Markup {
        Pages.document(
            Words("届出を受け付けました", "Your report has been received", easy: "わかりました。止めました"),
            notice: Words(
                "そのカード・スマートフォンでは、ここにログインできなくなりました。あなたのログインはすべて終了しました。",
                "That card or phone can no longer be used to log in here. All your logins have been ended.",
                easy: "その カードや スマートフォンは、ここでは 使えません。ログインは ぜんぶ 終わりました。")
        ) { page in
            if let logout {
                page.linkLine("/logout/" + logout.text, Words("サービスごとの結果を見る", "See the result for each service", easy: "サービスが どう なったか 見ます"))
            }
            page.paragraph(
                Words(
                    "共用の機器をお使いのときは、このブラウザを閉じてください。", "If you share this device with others, please close this browser.",
                    easy: "ほかの 人も 使う パソコンの ときは、この 画面を 閉じてください。"))
            hotline(care, &page)
        }
    }
}
