import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What the citizen agreed to, and the buttons that take it back: with it ends what rests on it, refresh tokens too.
extension Platform {
    /// `GET /me/consents`
    func citizenConsents(_ request: Request) async throws -> Response {
        try await atOwnPage(request, .consents) { desk in
            let consents = try await stores.consents(of: desk.subject)
            return Answer.page(
                CitizenPages.document(.consents, desk) { page in
                    CitizenPages.consents(consents, desk, &page)
                    guard consents.count > 1 else { return }
                    page.heading(2, Words("まとめて取り消す", "Withdraw all consents", easy: "ぜんぶ やめる とき"))
                    page.button(
                        to: "/me/consents/stop", fields: [(CitizenPages.mark, desk.mark), ("all", "yes")],
                        Words("すべての同意を取り消す", "Withdraw every consent", easy: "ぜんぶ やめます"), kind: .danger)
                })
        }
    }

    /// `POST /me/consents/stop`, `POST /ledger/withdraw`: one, by `service` and `for`, or `all`. Twice is as good as once.
    func consentsStopped(_ request: Request, _ place: CitizenPlace) async throws -> Response {
        try await atOwnPage(posting: request, place) { desk, form in
            var which: (member: MemberID, purpose: Purpose)?
            if form["all"] != "yes" {
                guard let member = form[CitizenPages.service].flatMap({ MemberID($0) }),
                    let purpose = form[CitizenPages.purpose].flatMap({ Purpose($0) })
                else { return desk.redirect(place) }
                which = (member, purpose)
            }
            let stopped = try await stores.stop(which, of: desk.subject) { consent in
                Self.record("consent.withdrawn", consent, at: desk.now)
            }
            guard !stopped.consents.isEmpty else { return desk.redirect(place) }
            return desk.redirect(place, done: which == nil ? .stoppedAll : .stopped)
        }
    }
}

extension CitizenPages {
    static func consents(
        _ consents: [Consent], _ desk: CitizenDesk, door: String = "/me/consents/stop", _ page: inout Markup
    ) {
        page.heading(2, Words("同意している内容", "What you have consented to", easy: "「いいです」と 言った こと"))
        page.paragraph(
            Words(
                "取り消すと、同意に基づいてサービスに続けて伝えていた情報の提供も終わります。すでに伝えた情報は、サービスに残ります。",
                "If you withdraw a consent, anything the service kept receiving under it ends too. What the service has already been told stays with the service.",
                easy: "やめると、もう 伝えません。前に 伝えた ことは、サービスに 残ります。"))
        if consents.isEmpty { page.paragraph(Words("現在、同意している内容はありません。", "There is none at present.", easy: "いまは 何も ありません。")) }
        for consent in consents {
            page.section { page in
                page.raw("<h3>")
                page.strong(name(consent.member, desk.settings))
                page.raw("</h3>")
                var facts: [(Words, Cell)] = [
                    (Words("利用目的", "Purpose", easy: "何の ため"), .words(desk.settings.words(for: consent.purpose))),
                    (Words("伝えてよい内容", "May be sent", easy: "伝えても いい こと"), sources(consent.given)),
                ]
                if !consent.declined.isEmpty {
                    facts.append((Words("伝えない内容", "Left out by you", easy: "伝えない こと"), sources(consent.declined)))
                }
                facts.append((Words("同意した日時", "Consented at", easy: "「いいです」と 言った 時間"), .time(consent.at)))
                page.facts(facts)
                page.button(
                    to: door,
                    fields: [(mark, desk.mark), (service, consent.member.text), (purpose, consent.purpose.text)],
                    Words("同意を取り消す", "Withdraw consent", easy: "やめます"), kind: .danger)
            }
        }
    }

    private static func sources(_ sources: Set<AttributeSource>) -> Cell {
        .list(AttributeSource.allCases.filter(sources.contains).map(\.phrase))
    }
}
