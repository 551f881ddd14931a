import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

extension Platform {
    /// `GET /console`: health and alarms for officers; for a developer the one member's state.
    func consoleOverview(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.overview.roles) { desk in
            guard desk.onlyMember == nil else { return Answer.page(try await memberOverview(desk)) }
            return Answer.page(try await overview(desk))
        }
    }

    private func overview(_ desk: Desk) async throws -> Markup {
        let alarms = alarms(desk)
        let waiting = try await waiting(desk)
        return Console.document(title: ConsolePart.overview.title, desk: desk, in: ConsolePart.home) { page in
            page.heading(2, Words("警報", "Alarms"))
            if alarms.isEmpty {
                page.note(Words("現在、警報はありません。", "There are no alarms."), kind: .done)
            } else {
                page.table(
                    caption: Words("対応が必要な事項", "Needs attention"),
                    head: [Words("コード", "Code"), Words("内容", "Details")],
                    rows: alarms.map { [.code($0.code), .text($0.text)] })
            }
            page.heading(2, Words("承認待ち", "Waiting for approval"))
            func count(_ number: Int, _ part: ConsolePart) -> Cell {
                desk.may(part.roles) ? .link(part.path, Words(verbatim: String(number))) : .number(number)
            }
            page.facts([
                (Words("担当者のカード", "Officers' cards"), count(waiting.officers, .officers)),
                (Words("規則の版", "Policy version"), count(waiting.policies, .policies)),
            ])
            page.heading(2, Words("状態", "State"))
            page.facts(self.states(desk))
        }
    }

    private func states(_ desk: Desk) -> [(Words, Cell)] {
        let settings = desk.settings
        func word(_ json: JSON?) -> Cell { json.map { MachineWords.trust($0["state"]?.string ?? $0.text) } ?? .words(Words("なし", "none")) }
        return [
            (Words("規則の版", "Policy version"), .code(settings.policy.version)),
            (Words("設定フォルダー", "Deployment folder"), word(settingsHealth())),
            (Words("信頼ストア", "Trust store"), word(trust())),
            (Words("参加機関", "Members"), .number(settings.federation.members.count)),
            (Words("申請中の機関", "Applicants"), .number(settings.federation.applicants.count)),
            (Words("担当者", "Officers in office"), .number(settings.officers.all.count { !$0.isRevoked && $0.isInOffice(at: desk.now) })),
            (Words("運用モード", "Mode"), .words(settings.mode.words)),
        ]
    }

    private func waiting(_ desk: Desk) async throws -> (officers: Int, policies: Int) {
        guard let store = console.store else { return (0, 0) }
        return (
            try await store.asks(.officer, at: desk.now).count, try await store.asks(.policy, at: desk.now).count
        )
    }

    /// What somebody has to look at, worst first.
    func alarms(_ desk: Desk) -> [(code: String, text: String)] {
        var found: [(code: String, text: String)] = console.problems().prefix(50).map { ($0.code, $0.description) }
        for reason in console.trust()?["server"]?["reasons"]?.array?.prefix(50) ?? [] {
            found.append((reason["code"]?.string ?? "trust", reason["subject"]?.string ?? ""))
        }
        for deadline in console.deadlines() {
            guard let reminder = deadline.reminder(at: desk.now) else { continue }
            found.append(
                (
                    deadline.kind.rawValue + (reminder == 0 ? ".over" : ".within-\(reminder)d"),
                    deadline.name + ", " + deadline.at.dayShown(in: .current)
                ))
            if found.count >= 200 { break }
        }
        return found
    }

    /// A developer sees the own member, whatever the address says (checklist H17).
    private func memberOverview(_ desk: Desk) async throws -> Markup {
        let member = desk.onlyMember.flatMap { desk.settings.federation.anyMember($0) }
        let ends = console.deadlines().filter { $0.member != nil && $0.member == desk.onlyMember }
        return Console.document(title: ConsolePart.overview.title, desk: desk, in: ConsolePart.home) { page in
            guard let member else {
                page.note(Words("この参加機関は、現在登録されていません。", "This member is not registered at present."))
                return
            }
            let standing = member.accreditation
            page.facts([
                (Words("参加機関", "Member"), .words(member.words)), (Words("識別子", "ID"), .code(member.id.text)),
                (Words("認定の状態", "Accreditation"), .words(standing.state.words)),
                (Words("認定の有効期限", "Accredited until"), .day(standing.notAfter)),
                (
                    Words("認定された利用目的", "Accredited purposes"),
                    .named(standing.purposes.sorted { $0.text < $1.text }.map { (desk.settings.words(for: $0), $0.text) })
                ),
            ])
            Self.deadlineTable(ends, at: desk.now, &page)
            page.linkLine(ConsolePart.metering.path, Words("利用量を確認する", "See usage"))
        }
    }
}
