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
                "サービスは、あなたを専用の番号で見分けます。番号はサービスのグループごとにちがうので、番号からほかのサービスでのあなたは分かりません。",
                "Each group of services knows you by a number of its own; from it nobody can tell who you are to another.",
                easy: "サービスは あなたを 番号で 知っています。番号は サービスごとに ちがいます。"))
        if sectors.isEmpty { page.paragraph(Words("まだどのサービスも、あなたを知りません。", "No service knows you yet.")) }
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
                    (Words("あなたの番号", "Your number there"), .code(sector.pairwise.text)),
                    (Words("いつから", "Since"), .time(sector.since)),
                ])
                if known.count > 1 {
                    page.paragraph(
                        Words("これらのサービスは、同じ番号であなたを知っています。", "These services know you by the same number."))
                }
            }
        }
    }

    fileprivate static func accesses(_ accesses: [StandingAccess], _ desk: CitizenDesk, _ page: inout Markup) {
        page.heading(
            2, Words("あなたがいなくても確認できるサービス", "Services that may ask without you", easy: "あなたが いなくても 聞くことが できる サービス"))
        guard !accesses.isEmpty else { return page.paragraph(Words("ありません。", "None.")) }
        for access in accesses {
            page.section { page in
                page.raw("<h3>")
                page.strong(name(access.member, desk.settings))
                page.raw("</h3>")
                page.facts([(Words("いつから", "Since"), .time(access.since)), (Words("いつまで", "Until"), .time(access.until))])
                page.button(
                    to: "/me/services/stop", fields: [(mark, desk.mark), (service, access.member.text)],
                    Words("止める", "Stop it"), kind: .danger)
            }
        }
    }
}
