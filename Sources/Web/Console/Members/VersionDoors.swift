import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The versions of a member's file, and the way back to one of them: a proposal like any other.
extension Platform {
    /// `GET /console/members/versions?id=&version=`
    func consoleMemberVersions(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.members.roles) { desk in
            let query = Self.query(request)
            guard let member = member(query["id"], desk) else {
                return Answer.redirect(Console.after(Self.membersPath, done: "gone", desk.settings))
            }
            return Answer.page(versionsPage(member, desk, shown: query["version"]))
        }
    }

    private func versionsPage(
        _ member: Member, _ desk: Desk, shown: String? = nil, reason: String = "", problems: SettingsProblems? = nil, fault: Words? = nil
    ) -> Markup {
        let entries = desk.settings.memberVersions(of: member.id, at: desk.now)
        return Console.document(
            title: Words("登録内容の版", "Versions of the registration") + Words(verbatim: ": ") + member.words, desk: desk, in: Self.membersPath,
            fault: fault
                ?? (problems == nil ? nil : Words("この版には戻せません。ほかの版を選んでください。", "This version cannot be restored. Choose another one."))
        ) { page in
            if let problems { MemberViews.problems(problems, desk, &page) }
            VersionViews.table(entries, member, &page)
            if let shown { VersionViews.difference(shown, entries, &page) }
            guard desk.may([.registrar]), desk.settings.federation.isOfFolder(member.id) else { return }
            VersionViews.form(entries, member, chosen: shown, reason: reason, desk, &page)
        }
    }

    /// `POST /console/members/rollback`: `id`, `version`, `reason`.
    func consoleMemberRollback(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.registrar]) { desk, form in
            guard let member = member(form["id"], desk) else {
                return Answer.redirect(Console.after(Self.membersPath, done: "gone", desk.settings))
            }
            guard let version = form.text("version"), let reason = form.text("reason") else {
                return Answer.page(
                    versionsPage(
                        member, desk, shown: form.text("version"), reason: form.text("reason") ?? "",
                        fault: Words("版を選び、理由を入力してください。", "Choose a version and enter a reason.")), status: .badRequest)
            }
            let edit: MemberEdit
            do throws(SettingsProblems) {
                edit = try await offPool(standingBack: false) { () throws(SettingsProblems) in
                    try Settings.edit(
                        rollingBack: member.id, to: version, in: desk.settings.folder, environment: console.environment, at: desk.now)
                }
            } catch {
                return Answer.page(
                    versionsPage(member, desk, shown: version, reason: reason, problems: error), status: .badRequest)
            }
            return try await sign(edit, reason: reason, held: [], desk)
        }
    }
}

enum VersionViews {
    static func table(_ entries: [MemberVersionEntry], _ member: Member, _ page: inout Markup) {
        page.heading(2, Words("これまでの版", "Earlier versions"), id: "versions")
        guard !entries.isEmpty else {
            page.paragraph(Words("この機関は、フォルダーで登録された機関ではないため、版はありません。", "This member has no file of its own, so there are no versions."))
            return
        }
        page.table(
            caption: Words("これまでの版", "Earlier versions"),
            head: [
                Words("版", "Version"), Words("有効になった日時", "In force since"), Words("提案した担当者", "Proposed by"),
                Words("承認した担当者", "Approved by"),
                Words("現在との差異", "Difference from the current version"),
            ],
            rows: entries.map { entry in
                [
                    .words(name(entry)), .time(entry.at), .text(entry.signatures.first?.officer ?? "-"),
                    .list(entry.signatures.dropFirst().map { Words(verbatim: $0.officer) }),
                    entry.isPresent
                        ? .words(Words("現在の版", "current"))
                        : entry.file == nil
                            ? .words(Words("内容は保存されていません", "its text is no longer kept"))
                            : .link(path(member, entry.name), Words("差異を見る", "View")),
                ]
            })
    }

    static func name(_ entry: MemberVersionEntry) -> Words {
        let number = entry.number == 0 ? Words("番号なし", "no number") : Words(verbatim: String(entry.number))
        let back = entry.restores.map { Words("（第\($0)版に戻したもの）", " (puts back version \($0))") } ?? Words(verbatim: "")
        return number + Words(verbatim: " " + entry.name) + back
    }

    private static func path(_ member: Member, _ version: String) -> String {
        Platform.membersPath + "/versions?id=" + PercentEncoding.encode(member.id.text) + "&version=" + PercentEncoding.encode(version)
    }

    /// From the old version to what counts now.
    static func difference(_ name: String, _ entries: [MemberVersionEntry], _ page: inout Markup) {
        guard let old = entries.first(where: { $0.name == name }), let before = old.file,
            let after = entries.first(where: \.isPresent)?.file
        else { return }
        page.heading(2, Words("この版から現在の版までの差異", "From this version to the current one"), id: "difference")
        page.facts(
            old.signatures.map { one in
                (
                    Words("署名", "Signed") + Words(verbatim: " "),
                    .text(one.officer + ", " + one.at.text + ": " + one.reason)
                )
            })
        page.open("pre", [("class", "wide"), ("tabindex", "0")])
        page.text(MemberEdit.difference(from: before, to: after).joined(separator: "\n"))
        page.close("pre")
    }

    static func form(
        _ entries: [MemberVersionEntry], _ member: Member, chosen: String?, reason: String, _ desk: Desk, _ page: inout Markup
    ) {
        let others = entries.filter { !$0.isPresent && $0.file != nil }
        guard !others.isEmpty else { return }
        page.heading(2, Words("以前の版に戻す", "Restore an earlier version"), id: "rollback")
        page.paragraph(
            Words(
                "名称、連絡先、URL、鍵を、選んだ版の内容に戻します。認定の状態、期間、利用目的、履歴は変わりません。ほかの変更と同様に、ほかの登録担当の承認が必要です。",
                "Names, contacts, addresses and keys are restored to that version. State, dates, purposes and history of the accreditation stay as they are. Other registrars have to approve it, as with any change."
            ))
        Console.form(to: Platform.membersPath + "/rollback", [("id", member.id.text)], desk, &page) { page in
            page.field(
                FormField(
                    "version", Words("戻す版", "Version"), kind: .choice(others.map { (value: $0.name, label: name($0)) }, isOpen: false),
                    value: others.first { $0.name == chosen }?.name ?? others.first?.name ?? ""))
            page.field(
                FormField(
                    "reason", Words("理由（監査記録に残ります）", "Reason (kept in the audit trail)"), value: reason, isRequired: true, maximum: 300))
            page.submit(Words("この版に戻すことを提案する", "Propose to restore it"))
        }
    }
}
