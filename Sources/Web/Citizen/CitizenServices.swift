import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Which services know the citizen, by which number, and what they may go on asking.
extension Platform {
    /// `GET /me/services`
    func citizenServices(_ request: Request) async throws -> Response {
        try await atOwnPage(request, .services) { desk in
            let sectors = try await stores.sectors(of: desk.subject)
            let accesses = try await stores.accesses(of: desk.subject, at: desk.now)
            return Answer.page(
                CitizenPages.document(.services, desk) { page in
                    CitizenPages.sectors(sectors, desk, &page)
                    CitizenPages.accesses(accesses, desk, &page)
                })
        }
    }

    /// `POST /me/services/stop`: what one service, by `service`, may go on asking.
    func accessStopped(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .services) { desk, form in
            guard let member = form[CitizenPages.service].flatMap({ MemberID($0) }) else { return desk.redirect(.services) }
            let families = try await stores.endAccess(of: member, to: desk.subject) { families in
                Record(
                    "care.access-ended", at: desk.now,
                    [
                        ("subject", .string(desk.subject.text)), ("member", .string(member.text)),
                        ("refresh-families", .integer(Int64(families))),
                    ])
            }
            return desk.redirect(.services, done: families > 0 ? .accessEnded : nil)
        }
    }
}

extension CitizenPages {
    fileprivate static func sectors(_ sectors: [KnownSector], _ desk: CitizenDesk, _ page: inout Markup) {
        page.paragraph(
            Words(
                "サービスは、あなたを専用の番号で見分けます。番号はサービスのグループごとに異なるため、番号からほかのサービスでの利用は分かりません。",
                "Services know you by an identifier. Each group of services has its own, so that nobody can tell from it which other services you use.",
                easy: "サービスは、あなたを 番号で 見分けます。番号は サービスごとに ちがいます。"))
        if sectors.isEmpty { page.paragraph(Words("連携しているサービスは、まだありません。", "No service is connected yet.", easy: "まだ ありません。")) }
        let members = Dictionary(grouping: desk.settings.federation.members, by: \.sector)
        for sector in sectors {
            page.section { page in
                let own = MemberID(sector.sector)
                let known = members[sector.sector] ?? own.flatMap { desk.settings.federation.member($0) }.map { [$0] } ?? []
                page.raw("<h2>")
                if known.isEmpty { page.value(sector.sector) }
                for (place, member) in known.enumerated() {
                    if place > 0 { page.words(Words("、", ", ")) }
                    page.strong(member.words)
                }
                page.raw("</h2>")
                page.facts([
                    (Words("あなたの番号", "Your identifier there", easy: "あなたの 番号"), .code(sector.pairwise.text)),
                    (Words("いつから", "Since", easy: "いつから"), .time(sector.since)),
                ])
                if known.count > 1 {
                    page.paragraph(
                        Words(
                            "これらのサービスには、同じ番号が伝わっています。", "These services are given the same identifier.", easy: "これらの サービスは、同じ 番号を 使っています。"))
                }
            }
        }
    }

    fileprivate static func accesses(_ accesses: [StandingAccess], _ desk: CitizenDesk, _ page: inout Markup) {
        page.heading(
            2, Words("あなたの操作なしに情報を確認できるサービス", "Services that may ask about you while you are away", easy: "あなたが いない ときも 聞く ことが できる サービス"))
        guard !accesses.isEmpty else { return page.paragraph(Words("ありません。", "None.", easy: "ありません。")) }
        for access in accesses {
            page.section { page in
                page.raw("<h3>")
                page.strong(name(access.member, desk.settings))
                page.raw("</h3>")
                page.facts([
                    (Words("いつから", "Since", easy: "いつから"), .time(access.since)),
                    (Words("いつまで", "Until", easy: "いつまで"), .time(access.until)),
                ])
                page.button(
                    to: "/me/services/stop", fields: [(mark, desk.mark), (service, access.member.text)],
                    Words("止める", "Stop", easy: "止めます"), kind: .danger)
            }
        }
    }
}
