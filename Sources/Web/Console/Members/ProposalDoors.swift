import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Changes of members between the first officer's signature and the last: the same files as `sekisho member proposals`.
extension Platform {
    /// Puts this officer's word under a change; makes it when enough have signed, else keeps it for the next one. Everything is recorded.
    func sign(_ edit: MemberEdit, reason: String, held: [SignedChange], _ desk: Desk) async throws -> Response {
        let change: SignedChange
        do { change = try approved(.member, digest: edit.digest, reason: reason, at: desk) } catch let refusal as OfficerRefusal {
            return Answer.page(await proposalPage(edit, held, desk, typed: reason, fault: Self.told(refusal)), status: .forbidden)
        }
        let signed = held + [change]
        let counting = MemberApprovals(signed).counting(
            edit.digest, by: desk.settings.officers, within: MemberProposals.lifetime, at: desk.now)
        let needed = max(1, edit.signatures(under: desk.settings.members))
        let name = MemberProposals.name(of: edit)
        let facts: [(name: String, value: JSON)] =
            desk.facts + [("member", .string(edit.member.text)), ("act", .string(edit.act)), ("proposal", .string(name))]
        do {
            guard counting.approved.count >= needed else {
                try await stores.append(Record("console.member-proposed", at: desk.now, facts))
                _ = try MemberProposals.put(edit, signed: signed, in: desk.settings.folder)
                return Answer.redirect(Console.after(Self.membersPath, done: "proposed", desk.settings))
            }
            // Said before it is done: what cannot be recorded is not done.
            try await stores.append(
                Record(
                    "console.member-approved", at: desk.now,
                    facts + [("officers", .array(counting.approved.map { .string($0.officer.id) }))]))
            _ = try await offPool(standingBack: false) { () throws(SettingsProblems) in
                try Settings.take(edit, signed: signed, in: desk.settings.folder, environment: console.environment, at: desk.now)
            }
        } catch let problems as SettingsProblems {
            return Answer.page(await proposalPage(edit, held, desk, typed: reason, fault: Self.told(problems)), status: .conflict)
        }
        MemberProposals.remove(name, from: desk.settings.folder)
        _ = await console.reload()
        return Answer.redirect(Console.after(Self.membersPath, done: "taken", desk.settings))
    }

    /// `GET /console/members/proposals/{name}`
    func consoleProposal(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.members.roles) { desk in
            guard let proposal = proposal(context.parameters.get("name"), desk) else {
                return Answer.redirect(Console.after(Self.membersPath, done: "gone", desk.settings))
            }
            return Answer.page(await proposalPage(proposal.edit, proposal.signed, desk, fault: nil))
        }
    }

    func proposal(_ name: String?, _ desk: Desk) -> MemberProposal? {
        MemberProposals.all(in: desk.settings.folder).proposals.first {
            $0.name == name && (desk.onlyMember == nil || $0.edit.member == desk.onlyMember)
        }
    }

    /// What is signed, byte by byte, and what it comes to.
    func proposalPage(
        _ edit: MemberEdit, _ signed: [SignedChange], _ desk: Desk, typed: String = "", fault: Words?
    ) async -> Markup {
        let prospect = await outlook(on: edit, desk)
        let counting = MemberApprovals(signed).counting(
            edit.digest, by: desk.settings.officers, within: MemberProposals.lifetime, at: desk.now)
        return Console.document(
            title: Words("変更の提案", "Proposed change"), desk: desk, in: Self.membersPath, fault: fault
        ) { page in
            page.facts([
                (Words("参加機関", "Member"), .code(edit.member.text)), (Words("手続き", "Action"), .words(MachineWords.act(edit.act))),
                (Words("ファイル", "File"), .code(edit.file)),
                (Words("必要な承認の数", "Approvals needed"), .number(max(1, edit.signatures(under: desk.settings.members)))),
                (
                    Words("承認した担当者", "Approved by"),
                    .list(counting.approved.map { Words(verbatim: $0.officer.name) })
                ), (Words(verbatim: "SHA-256"), .code(edit.seal)),
            ])
            MemberViews.difference(edit, &page)
            let name = MemberProposals.name(of: edit)
            // Before the first signature there is no proposal to come back to.
            show(prospect, of: edit, desk, testing: signed.isEmpty ? nil : [("proposal", name)], &page)
            guard desk.may([.registrar]) else { return }
            Console.form(to: Self.membersPath + "/approve", [("name", name), ("sha256", edit.seal)], desk, &page) { page in
                Console.reason("approve", typed: typed, &page)
                page.submit(Words("承認する", "Approve"))
            }
            Console.form(to: Self.membersPath + "/reject", [("name", name)], desk, &page) { page in
                page.submit(Words("取り下げる", "Withdraw"), kind: .plain)
            }
        }
    }

    /// The deployment as it would be with the change, or what is wrong with it then.
    func outlook(on edit: MemberEdit, _ desk: Desk) async -> Result<Configuration, SettingsProblems> {
        await offPool(standingBack: false) {
            Result { () throws(SettingsProblems) in
                try Settings.outlook(on: edit, in: desk.settings.folder, environment: console.environment, at: desk.now)
            }
        }
    }

    /// The member as it would be: its report, what it would receive, and, with the `fields` that name it, the form for a test login.
    func show(
        _ prospect: Result<Configuration, SettingsProblems>, of edit: MemberEdit, _ desk: Desk, testing fields: [(String, String)]? = nil,
        _ page: inout Markup
    ) {
        switch prospect {
        case .failure(let problems): MemberViews.problems(problems, of: edit, desk, &page)
        case .success(let settings):
            if let report = settings.memberReport(of: edit.member, at: desk.now) { MemberViews.report(report, &page) }
            if let member = settings.federation.anyMember(edit.member) {
                MemberViews.preview(
                    member, settings.federation.speech(of: edit.member), desk.settings.policy, at: desk.now,
                    named: desk.settings.words(for:), &page)
                if let fields, desk.may([.registrar, .developer]) { MemberTestPages.form(fields, for: member, settings, desk, &page) }
            }
        }
    }

    /// `POST /console/members/approve`
    func consoleProposalApprove(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.registrar]) { desk, form in
            // By the whole of what was seen: another change may wait under the same name by now.
            guard let proposal = proposal(form["name"], desk), form["sha256"] == proposal.edit.seal else {
                return Answer.redirect(Console.after(Self.membersPath, done: "gone", desk.settings))
            }
            let counting = MemberApprovals(proposal.signed).counting(
                proposal.edit.digest, by: desk.settings.officers, within: MemberProposals.lifetime, at: desk.now)
            guard !counting.approved.contains(where: { $0.officer.id == desk.officer.id }) else {
                return Answer.page(
                    await proposalPage(
                        proposal.edit, proposal.signed, desk,
                        fault: Words(
                            "すでに承認済みです。ほかの登録担当の承認が必要です。", "You have approved this already; another registrar has to approve it too.")),
                    status: .conflict)
            }
            guard let reason = form.text("reason") else {
                return Answer.page(
                    await proposalPage(proposal.edit, proposal.signed, desk, fault: Words("理由を入力してください。", "Please enter a reason.")),
                    status: .badRequest)
            }
            let held = proposal.signed.filter { change in counting.approved.contains { $0.officer.id == change.claimedOfficer } }
            return try await sign(proposal.edit, reason: reason, held: held, desk)
        }
    }

    /// `POST /console/members/reject`
    func consoleProposalReject(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.registrar]) { desk, form in
            guard let proposal = proposal(form["name"], desk) else {
                return Answer.redirect(Console.after(Self.membersPath, done: "gone", desk.settings))
            }
            try await stores.append(
                Record(
                    "console.member-rejected", at: desk.now,
                    desk.facts + [("member", .string(proposal.edit.member.text)), ("proposal", .string(proposal.name))]))
            MemberProposals.remove(proposal.name, from: desk.settings.folder)
            return Answer.redirect(Console.after(Self.membersPath, done: "rejected", desk.settings))
        }
    }
}
