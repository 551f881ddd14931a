import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Members as registrars see them, and what may be done with one.
extension Platform {
    static let membersPath = ConsolePart.members.path

    /// `GET /console/members`
    func consoleMembers(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.members.roles) { desk in
            let notice: Words? =
                switch Self.query(request)[Console.done] {
                case "proposed": Words("提案しました。ほかの登録担当の承認を待っています。", "Proposed. Another registrar has to approve it.")
                case "taken": Words("変更しました。", "The change has been made.")
                case "rejected": Words("取り下げました。", "Withdrawn.")
                case "gone": Words("この提案は、承認待ちではありません。", "This proposal is no longer waiting.")
                default: nil
                }
            return Answer.page(membersPage(desk, notice: notice))
        }
    }

    private func membersPage(_ desk: Desk, notice: Words?) -> Markup {
        let waiting = MemberProposals.all(in: desk.settings.folder).proposals.filter {
            desk.onlyMember == nil || $0.edit.member == desk.onlyMember
        }
        let members = desk.settings.federation.members.filter { desk.onlyMember == nil || $0.id == desk.onlyMember }
            .sorted { $0.id.text < $1.id.text }
        return Console.document(title: ConsolePart.members.title, desk: desk, in: Self.membersPath, notice: notice) { page in
            page.heading(2, Words("承認待ちの変更", "Changes waiting for approval"), id: "waiting")
            if waiting.isEmpty { page.paragraph(Words("ありません。", "None.")) }
            page.list(waiting) { proposal, page in
                page.link(
                    Self.membersPath + "/proposals/" + proposal.name, MachineWords.act(proposal.edit.act) + " " + proposal.edit.member.text)
                page.text(" ")
                page.value(proposal.signed.map(\.claimedOfficer).joined(separator: ", "))
            }
            if desk.may([.registrar]) {
                page.heading(2, Words("新しく登録する", "Register"), id: "new")
                for speech in MemberForm.Speech.allCases {
                    page.linkLine(Self.membersPath + "/new?protocol=" + speech.rawValue, speech.words)
                }
            }
            page.heading(2, Words("参加機関", "Members"), id: "members")
            page.table(
                caption: Words("参加機関", "Members"),
                head: [
                    Words("名称", "Name"), Words("種類", "Kind"), Words("状態", "Standing"), Words("認定の有効期限", "Accredited until"),
                    Words(verbatim: "id"),
                ],
                rows: members.prefix(1_000).map { member in
                    [
                        .link(Self.membersPath + "/show?id=" + PercentEncoding.encode(member.id.text), member.words),
                        .words(member.kind.words),
                        .words(member.standing(at: desk.now).words), .day(member.accreditation.notAfter), .code(member.id.text),
                    ]
                })
        }
    }

    /// `GET /console/members/show?id=`
    func consoleMember(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.members.roles) { desk in
            guard let member = member(Self.query(request)["id"], desk) else {
                return Answer.redirect(Console.after(Self.membersPath, done: "gone", desk.settings))
            }
            return Answer.page(memberPage(member, desk, fault: nil))
        }
    }

    /// A developer sees its own member and no other (checklist H17).
    func member(_ text: String?, _ desk: Desk) -> Member? {
        guard let id = text.flatMap({ MemberID($0) }), desk.onlyMember == nil || desk.onlyMember == id else { return nil }
        return desk.settings.federation.anyMember(id)
    }

    private func memberPage(_ member: Member, _ desk: Desk, typed: ConsoleForm = .empty, fault: Words?) -> Markup {
        Console.document(title: member.words, desk: desk, in: Self.membersPath, fault: fault) { page in
            page.facts([
                (Words(verbatim: "id"), .code(member.id.text)), (Words("種類", "Kind"), .words(member.kind.words)),
                (Words("状態", "Standing"), .words(member.standing(at: desk.now).words)),
            ])
            if let view = desk.settings.applicantView(of: member.id, at: desk.now) {
                page.heading(2, Words("申請者に表示される内容", "What the applicant sees"), id: "applicant")
                page.paragraph(Words(view.headline.ja, view.headline.en))
                if !view.missing.isEmpty { page.list(view.missing.map { Words("不足：" + $0.words.ja, "missing: " + $0.words.en) }) }
                page.paragraph(Words(view.next.ja, view.next.en))
            }
            if let report = desk.settings.memberReport(of: member.id, at: desk.now) { MemberViews.report(report, &page) }
            MemberViews.preview(
                member, desk.settings.federation.speech(of: member.id), desk.settings.policy, at: desk.now,
                named: desk.settings.words(for:), &page)
            page.heading(2, Words("これまでの経過", "History"), id: "history")
            page.list(member.accreditation.history.reversed()) { event, page in
                page.time(event.at)
                page.text(" ")
                page.words(event.state.words)
                page.text(" ")
                page.value(event.by + ": " + event.reason)
            }
            if desk.settings.federation.isOfFolder(member.id) {
                page.linkLine(
                    Self.membersPath + "/versions?id=" + PercentEncoding.encode(member.id.text),
                    Words("これまでの版を見る・以前の版に戻す", "Earlier versions, and restoring one"))
            }
            if desk.may([.registrar, .developer]) {
                MemberTestPages.form([("id", member.id.text)], for: member, desk.settings, desk, &page)
            }
            guard desk.may([.registrar]), desk.settings.federation.isOfFolder(member.id) else { return }
            acts(member, typed, desk, &page)
        }
    }

    private func acts(_ member: Member, _ typed: ConsoleForm, _ desk: Desk, _ page: inout Markup) {
        page.heading(2, Words("手続き", "Actions"), id: "acts")
        page.linkLine(
            Self.membersPath + "/new?id=" + PercentEncoding.encode(member.id.text), Words("接続の登録内容を変更する", "Change its registration"))
        let steps = MemberAct.Step.allCases.filter { $0.isPossible(from: member.accreditation.state) }
        Console.form(to: Self.membersPath + "/act", [("id", member.id.text)], desk, &page) { page in
            page.field(
                FormField(
                    "step", Words("手続きの種類", "Action"), kind: .choice(steps.map { (value: $0.rawValue, label: $0.words) }, isOpen: true),
                    value: typed["step"] ?? "", isRequired: true))
            page.field(
                FormField(
                    "not-after", Words("認定の有効期限（認定・更新のとき）", "Accredited until (when accrediting or renewing)"), kind: .date,
                    value: typed["not-after"] ?? ""))
            Console.reason("act", typed: typed["reason"] ?? "", &page)
            page.submit(Words("提案する", "Propose"))
        }
    }

    /// `POST /console/members/act`: a step of the life cycle.
    func consoleMemberAct(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.registrar]) { desk, form in
            guard let member = member(form["id"], desk) else {
                return Answer.redirect(Console.after(Self.membersPath, done: "gone", desk.settings))
            }
            guard let step = form["step"].flatMap({ MemberAct.Step(rawValue: $0) }), let reason = form.text("reason") else {
                return Answer.page(
                    memberPage(
                        member, desk, typed: form, fault: Words("手続きの種類を選び、理由を入力してください。", "Choose an action and enter a reason.")),
                    status: .badRequest)
            }
            var scope = MemberScope()
            scope.notAfter = form.text("not-after")
            let act = MemberAct(step, at: desk.now, by: desk.officer.id, reason: reason, scope: scope)
            do {
                let edit = try await offPool(standingBack: false) { () throws(SettingsProblems) in
                    try Settings.edit(
                        act, of: member.id, in: desk.settings.folder, environment: console.environment, at: desk.now)
                }
                return try await sign(edit, reason: reason, held: [], desk)
            } catch let problems as SettingsProblems {
                return Answer.page(memberPage(member, desk, typed: form, fault: Self.told(problems)), status: .badRequest)
            }
        }
    }

}

extension MemberAct.Step {
    var words: Words {
        switch self {
        case .apply: Words("申請を受け付ける", "accept an application")
        case .examine: Words("審査済みにする", "mark as examined")
        case .accredit: Words("認定・更新する", "accredit or renew")
        case .suspend: Words("停止する", "suspend")
        case .reinstate: Words("停止を解除する", "reinstate")
        case .withdraw: Words("認定を取り消す", "withdraw")
        case .sendBack: Words("申請を差し戻す", "send back")
        }
    }
}
