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
                            .link(CitizenPlace.sessions.rawValue, Words(String(visits.count) + "か所", String(visits.count)))
                        ),
                        (
                            CitizenPlace.services.title,
                            .link(CitizenPlace.services.rawValue, Words(String(sectors.count) + "件", String(sectors.count)))
                        ),
                        (CitizenPlace.told.title, CitizenPages.latest(last, desk.settings)),
                        (
                            CitizenPlace.consents.title,
                            .link(CitizenPlace.consents.rawValue, Words(String(consents.count) + "件", String(consents.count)))
                        ),
                        (
                            CitizenPlace.cards.title,
                            .link(CitizenPlace.cards.rawValue, Words(String(cards.count) + "件", String(cards.count)))
                        ),
                        (
                            Words("承認を待っているもの", "Requests that wait for you", easy: "あなたの 返事を 待っているもの"),
                            .link("/approve", Words(String(waiting) + "件", String(waiting)))
                        ),
                    ])
                    page.append(links)
                    page.linkLine("/identity", Words("提示した署名用電子証明書", "Signature certificates you showed"))
                    CitizenPages.retention(desk.settings, &page)
                    page.heading(2, Words("ログアウト", "Log out"))
                    page.button(to: "/session/end", Words("ログアウトする", "Log out"), kind: .plain)
                })
        }
    }

    /// Sessions that would be let in at this moment.
    func livingVisits(of desk: CitizenDesk) async throws -> [CitizenVisit] {
        try await stores.visits(of: desk.subject, at: desk.now).filter { $0.session.isAlive(at: desk.now, under: desk.settings.sessions) }
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
                        Words("は、届け出により、ここではログインに使えません。", " logs nobody in here: it was reported.", easy: "は いま ここでは 使えません。"))
                    page.link(CitizenPlace.cards.rawValue, Words("くわしく見る", "More about it"))
                }
                guard block.uses > 0, let last = block.lastUse else { return }
                page.paragraph { page in
                    page.words(
                        Words("届け出のあと、", "Since then somebody tried to use it ")
                            + Words(String(block.uses) + "回、だれかが使おうとしました。最後は ", String(block.uses) + " times, last on "))
                    page.time(last)
                }
            }
        }
    }

    fileprivate static func latest(_ entry: LedgerEntry?, _ settings: Configuration) -> Cell {
        guard let entry else { return .link(CitizenPlace.told.rawValue, Words("まだありません", "Nothing yet")) }
        var cell = Markup()
        cell.time(entry.at)
        cell.raw(" ")
        cell.words(name(entry.member, settings))
        cell.raw(" ")
        cell.link(CitizenPlace.told.rawValue, Words("すべて見る", "See all"))
        return .markup(cell)
    }

    /// How long we keep what: said where the citizen is, and true, because the night shift deletes by the same number.
    static func retention(_ settings: Configuration, _ page: inout Markup) {
        page.details(Words("どのくらい保存されるか", "How long things are kept", easy: "いつまで とっておきますか")) { page in
            let idle = settings.sessions.idle / 60
            let absolute = settings.sessions.absolute / 3600
            page.facts([
                (
                    Words("ログイン", "Logins"),
                    .words(
                        Words(
                            "使わなければ" + String(idle) + "分、使っていても" + String(absolute) + "時間で終わります。",
                            "They end after \(idle) minutes without use, and after \(absolute) hours in any case."))
                ),
                (
                    Words("伝えた記録", "What was told of you"),
                    .words(
                        settings.care.ledgerDays.map { days in
                            Words(String(days) + "日のあいだ保存し、そのあと消します。", "Kept for \(days) days, then deleted.")
                        }
                            ?? Words(
                                "法令が求めるあいだ保存し、そのあと担当者が消します。", "Kept as long as the law asks for, then deleted by an officer."))
                ),
                (
                    Words("値", "Values"),
                    .words(
                        Words(
                            "記録にあるのは、何を伝えたかという項目の名前だけです。名前や住所などの中身は残しません。",
                            "The record has the names of what was told, never what it said.", easy: "名前や 住所は ここに 書きません。"))
                ),
                (
                    Words("場所", "Places"),
                    .words(
                        Words(
                            "ログインした場所は、ブラウザと機械のおおまかな種類だけを、ログインのあいだ覚えています。",
                            "Of where you log in we keep the rough kind of browser and machine, as long as the login lasts."))
                ),
            ])
        }
    }
}
