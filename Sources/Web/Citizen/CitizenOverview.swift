import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

extension Platform {
    /// `GET /me`: where things stand, on one screen, with the ways to act.
    func citizenOverview(_ request: Request) async throws -> Response {
        try await atOwnPage(request, .overview) { desk in
            let visits = try await livingVisits(of: desk)
            let cards = try await stores.certificates(of: desk.subject)
            let consents = try await stores.consents(of: desk.subject)
            let sectors = try await stores.sectors(of: desk.subject)
            let last = try await stores.entries(of: desk.subject, after: nil, limit: 1).first
            let waiting = try await stores.countWaiting(for: desk.subject, at: desk.now)
            var links = Markup()
            try await linksPart(of: desk.subject, page: &links)
            return Answer.page(
                CitizenPages.document(.overview, desk) { page in
                    CitizenPages.warnings(of: cards, &page)
                    page.facts([
                        (
                            CitizenPlace.sessions.title,
                            .link(
                                CitizenPlace.sessions.rawValue,
                                Words(String(visits.count) + "台", String(visits.count), easy: String(visits.count)))
                        ),
                        (
                            CitizenPlace.services.title,
                            .link(
                                CitizenPlace.services.rawValue,
                                Words(String(sectors.count) + "件", String(sectors.count), easy: String(sectors.count)))
                        ),
                        (CitizenPlace.told.title, CitizenPages.latest(last, desk.settings)),
                        (
                            CitizenPlace.consents.title,
                            .link(
                                CitizenPlace.consents.rawValue,
                                Words(String(consents.count) + "件", String(consents.count), easy: String(consents.count)))
                        ),
                        (
                            CitizenPlace.cards.title,
                            .link(
                                CitizenPlace.cards.rawValue,
                                Words(String(cards.count) + "件", String(cards.count), easy: String(cards.count)))
                        ),
                        (
                            Words("承認待ちの依頼", "Requests waiting for you", easy: "あなたの 返事を 待っている もの"),
                            .link("/approve", Words(String(waiting) + "件", String(waiting), easy: String(waiting)))
                        ),
                    ])
                    page.append(links)
                    page.linkLine("/identity", Words("提示した署名用電子証明書", "Signature certificates you presented", easy: "見せた 証明書"))
                    CitizenPages.retention(desk.settings, &page)
                    page.heading(2, Words("ログアウト", "Log out", easy: "ログアウト"))
                    page.button(to: "/session/end", Words("ログアウトする", "Log out", easy: "ログアウトします"), kind: .plain)
                })
        }
    }

    /// Sessions that would be let in at this moment. One that belongs to a service alone has no browser that keeps it awake: it lives as
    /// long as the store keeps it.
    func livingVisits(of desk: CitizenDesk) async throws -> [CitizenVisit] {
        try await stores.visits(of: desk.subject, at: desk.now).filter {
            $0.session.device == DeviceWord.service || $0.session.isAlive(at: desk.now, under: desk.settings.sessions)
        }
    }
}

extension CitizenPages {
    /// What the citizen has to know before anything else.
    static func warnings(of cards: [LinkedCertificate], _ page: inout Markup) {
        for card in cards {
            guard let block = card.block else { continue }
            page.note(.plain) { page in
                page.paragraph { page in
                    page.strong(card.name)
                    page.words(
                        Words("は、届出があったため、ここでのログインには使えません。", " was reported and cannot be used to log in here. ", easy: "は、いま ここでは 使えません。"))
                    page.link(CitizenPlace.cards.rawValue, Words("詳しく見る", "Details", easy: "くわしく 見ます"))
                }
                guard block.uses > 0, let last = block.lastUse else { return }
                page.paragraph { page in
                    page.words(
                        Words("届出のあと、", "Since then somebody has tried to use it ", easy: "そのあと、だれかが ")
                            + Words(
                                String(block.uses) + "回、使用が試みられました。最後の日時：", String(block.uses) + " times, last on ",
                                easy: String(block.uses) + "回 使おうと しました。さいごは "))
                    page.time(last)
                }
            }
        }
    }

    fileprivate static func latest(_ entry: LedgerEntry?, _ settings: Configuration) -> Cell {
        guard let entry else { return .link(CitizenPlace.told.rawValue, Words("まだありません", "Nothing yet", easy: "まだ ありません")) }
        var cell = Markup()
        cell.time(entry.at)
        cell.raw(" ")
        cell.words(name(entry.member, settings))
        cell.raw(" ")
        cell.link(CitizenPlace.told.rawValue, Words("すべて見る", "See all", easy: "ぜんぶ 見ます"))
        return .markup(cell)
    }

    /// How long we keep what: said where the citizen is, and true, because the night shift deletes by the same number.
    static func retention(_ settings: Configuration, _ page: inout Markup) {
        page.details(Words("保存する期間", "How long data are kept", easy: "いつまで しまっておくか")) { page in
            let idle = settings.sessions.idle / 60
            let absolute = settings.sessions.absolute / 3600
            page.facts([
                (
                    Words("ログイン", "Logins", easy: "ログイン"),
                    .words(
                        Words(
                            "操作がないときは" + String(idle) + "分、操作を続けていても" + String(absolute) + "時間でログアウトします。",
                            "They end after \(idle) minutes without use, and after \(absolute) hours in any case.",
                            easy: "何も しないと " + String(idle) + "分で 終わります。使っていても " + String(absolute) + "時間で 終わります。"))
                ),
                (
                    Words("伝えた記録", "Record of what was sent", easy: "サービスに 伝えた こと"),
                    .words(
                        settings.care.ledgerDays.map { days in
                            Words(
                                String(days) + "日間保存し、その後、削除します。", "Kept for \(days) days, then deleted.",
                                easy: String(days) + "日間 しまっておきます。そのあと 消します。")
                        }
                            ?? Words(
                                "法令で定められた期間保存し、その後、担当者が削除します。", "Kept for as long as the law requires, then deleted by an officer.",
                                easy: "法律で きまった 間 しまっておきます。そのあと 消します。"))
                ),
                (
                    Words("記録の内容", "Contents", easy: "書いてある こと"),
                    .words(
                        Words(
                            "記録するのは、伝えた項目の名前だけです。氏名や住所などの内容は記録しません。",
                            "Only the names of the items that were sent are recorded, never what they said.",
                            easy: "名前や 住所は ここに 書きません。何を 伝えたかだけ 書きます。"))
                ),
                (
                    Words("ログインした場所", "Where you logged in", easy: "どこで ログインしたか"),
                    .words(
                        Words(
                            "ブラウザと機器のおおまかな種類だけを、ログインしている間だけ記録します。",
                            "Only the rough kind of browser and device is recorded, and only while the login lasts.",
                            easy: "ブラウザと 機械の 種類だけ 書きます。ログアウトすると 消えます。"))
                ),
            ])
        }
    }
}
