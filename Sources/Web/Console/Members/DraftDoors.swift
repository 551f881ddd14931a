import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Registering a member: typed, uploaded, pasted or pointed at; looked through; then proposed.
extension Platform {
    /// Octets of a form with metadata in it.
    static let mostOfDraft = 4_500_000

    /// `GET /console/members/new?protocol=` or `?id=` of one that is there.
    func consoleMemberNew(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: [.registrar]) { desk in
            let query = Self.query(request)
            let today = desk.now.dateInJapan
            let end = desk.now.adding(seconds: 365 * 86_400).dateInJapan
            let existing = query["id"].flatMap { MemberID($0) }.flatMap { desk.settings.federation.anyMember($0) }
            let speech =
                existing.flatMap { desk.settings.federation.speech(of: $0.id) == .openid ? .openid : .saml }
                ?? query["protocol"].flatMap { MemberForm.Speech(rawValue: $0) } ?? .saml
            var form = MemberForm(speech, today: today, nextYear: end)
            if let existing { form.begin(with: existing, desk.settings) }
            return Answer.page(draftPage(form, nil, desk))
        }
    }

    private func draftPage(_ form: MemberForm, _ missing: MemberForm.Missing?, _ desk: Desk, problems: SettingsProblems? = nil) -> Markup {
        Console.document(
            title: Words("参加機関を登録する", "Register a member"), desk: desk, in: Self.membersPath,
            fault: missing?.words ?? (problems == nil ? nil : Words("この内容では登録できません。", "This cannot be registered as it is."))
        ) { page in
            if let problems { MemberViews.problems(problems, desk, &page) }
            Console.form(to: Self.membersPath + "/check", [("protocol", form.speech.rawValue)], desk, &page, upload: true) { page in
                form.show(missing, &page)
                page.submit(Words("内容を検証する（まだ登録されません）", "Check it (nothing is registered yet)"))
            }
        }
    }

    /// `POST /console/members/check`: the report, the difference and the preview; nothing is done.
    func consoleMemberCheck(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.registrar], limit: Self.mostOfDraft) { desk, posted in
            var form = MemberForm(posted)
            if form["metadata"].isEmpty, !form["metadata-url"].isEmpty {
                guard let bytes = await fetchDocument(form["metadata-url"], 4_194_304) else {
                    return Answer.page(
                        draftPage(
                            form,
                            MemberForm.Missing(
                                "metadata-url",
                                Words(
                                    "このURLから取得できませんでした。ファイルを選ぶか、内容を貼り付けてください。",
                                    "Nothing could be fetched from this address. Choose the file, or paste it.")),
                            desk), status: .badRequest)
                }
                form.take(metadata: bytes)
            }
            return try await edit(form, desk) { edit in
                let prospect = await outlook(on: edit, desk)
                return Answer.page(
                    Console.document(title: Words("登録前の確認", "Before it is registered"), desk: desk, in: Self.membersPath) { page in
                        MemberViews.difference(edit, &page)
                        show(prospect, of: edit, desk, testing: form.fields, &page)
                        Console.form(to: Self.membersPath + "/propose", form.fields, desk, &page) { page in
                            Console.reason("propose", &page)
                            page.submit(Words("この内容を提案する", "Propose this"))
                        }
                        page.details(Words("修正する", "Edit")) { page in
                            Console.form(to: Self.membersPath + "/check", [("protocol", form.speech.rawValue)], desk, &page, upload: true) {
                                page in
                                form.show(nil, &page)
                                page.submit(Words("もう一度検証する", "Check it again"), kind: .plain)
                            }
                        }
                    })
            }
        }
    }

    /// `POST /console/members/propose`
    func consoleMemberPropose(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.registrar], limit: Self.mostOfDraft) { desk, posted in
            let form = MemberForm(posted)
            guard let reason = posted.text("reason") else {
                return Answer.page(
                    draftPage(form, MemberForm.Missing("reason", Words("理由を入力してください。", "Please enter a reason.")), desk),
                    status: .badRequest)
            }
            return try await edit(form, desk) { edit in try await sign(edit, reason: reason, held: [], desk) }
        }
    }

    /// What the form comes to, judged with the whole deployment; else the form again, with everything that is wrong.
    private func edit(
        _ form: MemberForm, _ desk: Desk, _ body: (MemberEdit) async throws -> Response
    ) async throws -> Response {
        switch form.draft(isDevelopment: desk.settings.mode == .development) {
        case .failure(let missing): return Answer.page(draftPage(form, missing, desk), status: .badRequest)
        case .success(let draft):
            let edit: MemberEdit
            do throws(SettingsProblems) { edit = try await self.edit(by: draft, desk) } catch {
                return Answer.page(draftPage(form, nil, desk, problems: error), status: .badRequest)
            }
            return try await body(edit)
        }
    }

    /// The change that a filled-in form makes.
    func edit(by draft: MemberDraft, _ desk: Desk) async throws(SettingsProblems) -> MemberEdit {
        try await offPool(standingBack: false) { () throws(SettingsProblems) in
            try Settings.edit(draft, in: desk.settings.folder, environment: console.environment, at: desk.now)
        }
    }
}

extension MemberForm {
    /// What is known of a member that is there.
    mutating func begin(with member: Member, _ settings: Configuration) {
        set("id", member.id.text)
        set("kind", member.kind.rawValue)
        set("name-ja", member.displayName["ja"])
        set("name-en", member.displayName["en"])
        set("purposes", member.accreditation.purposes.map(\.text).sorted().joined(separator: " "))
        guard let client = settings.federation.client(member.id) else { return }
        set("redirect-uris", client.redirectURIs.sorted().joined(separator: "\n"))
        set("authentication", client.authentication.method)
        set("profile", client.profile.rawValue)
        set("id-token-algorithm", client.idTokenAlgorithmName)
        set("post-logout-redirect-uris", client.postLogoutRedirectURIs.sorted().joined(separator: "\n"))
        set("backchannel-logout-uri", client.backchannelLogoutURI)
    }
}
