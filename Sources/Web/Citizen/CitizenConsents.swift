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
                    page.heading(2, Words("まとめて取り消す", "Take all of them back"))
                    page.button(
                        to: "/me/consents/stop", fields: [(CitizenPages.mark, desk.mark), ("all", "yes")],
                        Words("すべての同意を取り消す", "Take every consent back", easy: "ぜんぶ やめる"), kind: .danger)
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
        page.heading(2, Words("同意していること", "What you agreed to", easy: "「いいです」と 言ったこと"))
        page.paragraph(
            Words(
                "取り消すと、このサービスが同意にもとづいて続けて受け取っていたものも終わります。すでに伝えたことは、サービスに残っています。",
                "Taking one back also ends what the service went on receiving under it. What it was told before stays with it.",
                easy: "やめると、もう 伝えません。前に 伝えたことは サービスに のこります。"))
        if consents.isEmpty { page.paragraph(Words("いまは何もありません。", "Nothing at present.")) }
        for consent in consents {
            page.section { page in
                page.raw("<h3>")
                page.strong(name(consent.member, desk.settings))
                page.raw("</h3>")
                var facts: [(Words, Cell)] = [
                    (Words("目的", "Purpose"), .code(consent.purpose.text)),
                    (Words("伝えてよいこと", "May be told", easy: "伝えても いいこと"), sources(consent.given)),
                ]
                if !consent.declined.isEmpty {
                    facts.append((Words("伝えないこと", "Left out by you", easy: "伝えないこと"), sources(consent.declined)))
                }
                facts.append((Words("同意した時刻", "Agreed at"), .time(consent.at)))
                page.facts(facts)
                page.button(
                    to: door,
                    fields: [(mark, desk.mark), (service, consent.member.text), (purpose, consent.purpose.text)],
                    Words("同意を取り消す", "Take it back", easy: "同意を やめる"), kind: .danger)
            }
        }
    }

    private static func sources(_ sources: Set<AttributeSource>) -> Cell {
        .list(AttributeSource.allCases.filter(sources.contains).map(\.phrase))
    }
}
