import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Whose card is which officer's: the first by a one-time code, every later one by officers who approve it.
extension Platform {
    /// Cards that may wait at once; more is somebody playing, and the oldest that no officer signed gives way.
    static let mostAsks = 50
    /// Asks of one citizen in a day of Japan.
    static let mostAsksOfCitizen = 5

    /// `POST /console/bootstrap`: the one-time code of `sekisho admin bootstrap`.
    func consoleBootstrap(_ request: Request) async throws -> Response {
        try await asCaller(request) { caller, form in
            guard let store = console.store else { throw StoreRefusal() }
            let typed = OfficerBinding.code(form[ConsolePages.code] ?? "")
            let subject = caller.session.subject
            let redeemed = try await store.redeem(
                Ticket.digest(of: typed),
                recording: { code in
                    Record(
                        "console.bootstrapped", at: caller.now,
                        [("officer", .string(code.officer)), ("login", .string(caller.login)), ("subject", .string(subject.text))])
                }, at: caller.now)
            guard let redeemed else {
                return stranger(
                    caller,
                    fault: Words(
                        "このコードは使えません。有効期限が切れたか、使用済みです。もう一度 sekisho admin bootstrap を実行してください。",
                        "This code cannot be used: it has expired or was used already. Run `sekisho admin bootstrap` again."))
            }
            guard let binding = Settings.binding(of: redeemed.officer, to: subject, in: caller.settings) else {
                return stranger(caller, fault: Self.noSuchOfficer)
            }
            do throws(SettingsProblems) {
                try await offPool(standingBack: false) { () throws(SettingsProblems) in
                    try Settings.takeFirst(binding, in: caller.settings.folder, environment: console.environment, at: caller.now)
                }
            } catch { return stranger(caller, fault: Self.told(error)) }
            _ = await console.reload()
            return Answer.redirect(caller.settings.baseURL + ConsolePart.home)
        }
    }

    /// `POST /console/ask`: the card of whoever is here, for an officer who has none. Any citizen can come here, and learns nothing of who the
    /// officers are: an ask for nobody is answered as one for somebody is, and leaves a record and nothing that waits.
    func consoleAsk(_ request: Request) async throws -> Response {
        try await asCaller(request) { caller, form in
            guard let store = console.store else { throw StoreRefusal() }
            let subject = caller.session.subject
            guard let officer = form.text(ConsolePages.officer), OfficerName.isName(officer) else {
                return stranger(caller, fault: Self.noOfficerName)
            }
            guard try await mayAsk(subject, at: caller.now) else { return stranger(caller, fault: Self.askedTooOften) }
            guard let binding = Settings.binding(of: officer, to: subject, in: caller.settings) else {
                let decoy = OfficerBinding(officer: officer, subject: subject, before: Ticket.digest(of: caller.settings.folder))
                try await stores.append(
                    Record(
                        "console.card-asked", at: caller.now,
                        [
                            ("officer", .string(officer)), ("for", "nobody"), ("subject", .string(subject.text)),
                            ("login", .string(caller.login)),
                        ]))
                return waits(decoy.name, caller)
            }
            let ask = OfficeAsk(
                name: binding.name, kind: .officer, by: subject.text, body: binding.json, askedAt: caller.now,
                expiresAt: caller.now.adding(seconds: OfficerBinding.lifetime))
            _ = try await store.ask(
                ask, most: Self.mostAsks, displacing: true,
                recording: Record(
                    "console.card-asked", at: caller.now,
                    [
                        ("officer", .string(binding.officer)), ("ask", .string(ask.name)), ("subject", .string(subject.text)),
                        ("login", .string(caller.login)),
                    ]), at: caller.now)
            return waits(ask.name, caller)
        }
    }

    private func waits(_ number: String, _ caller: ConsoleCaller) -> Response {
        stranger(
            caller,
            notice: Words(
                "申請を受け付けました。担当者IDが正しければ、承認を待っている状態です。ほかの担当者に、次の番号を伝えてください：",
                "Your request has been received. If the officer's ID is right, it waits for approval. Tell another officer this number: ")
                + number)
    }

    /// Whoever asks again and again would fill the trail; in the queue one citizen has one ask at the most.
    private func mayAsk(_ subject: SubjectID, at now: Timestamp) async throws -> Bool {
        let today = subject.text + "\n" + String(now.dayInJapan)
        return try await isFree([today], of: Self.mostAsksOfCitizen, in: "console-ask", until: now.adding(seconds: 86_400), at: now)
    }

    /// `GET /console/officers`
    func consoleOfficers(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.officers.roles) { desk in
            let asks = try await console.store?.asks(.officer, at: desk.now) ?? []
            let notice: Words? =
                switch Self.query(request)[Console.done] {
                case "approved": Words("承認しました。", "Approved.")
                case "bound": Words("必要な承認がそろったため、カードを登録しました。", "Enough officers have approved; the card is registered.")
                case "rejected": Words("申請を取り下げました。", "Withdrawn.")
                case "gone": Words("この申請は、承認待ちではありません。", "This request is no longer waiting.")
                default: nil
                }
            return Answer.page(officersPage(desk, asks, notice: notice, fault: nil))
        }
    }

    /// `POST /console/officers/approve`
    func consoleOfficerApprove(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.trustOfficer]) { desk, form in
            guard let store = console.store else { throw StoreRefusal() }
            let asks = try await store.asks(.officer, at: desk.now)
            guard let ask = asks.first(where: { $0.name == form["name"] }), let binding = OfficerBinding(ask.body) else {
                return Answer.redirect(Console.after(ConsolePart.officers.path, done: "gone", desk.settings))
            }
            func refused(_ words: Words) -> Response {
                Answer.page(officersPage(desk, asks, typed: form, notice: nil, fault: words), status: .badRequest)
            }
            guard binding.subject != desk.session.subject else { return refused(Self.ownAsk) }
            let given: (changes: [SignedChange], isAgain: Bool)?
            do {
                given = try await countersigned(
                    ask, as: .officer, digest: binding.digest, reason: form.text("reason") ?? "", at: desk
                ) { change in
                    Record(
                        "console.card-approved", at: desk.now,
                        desk.facts + [
                            ("ask", .string(ask.name)), ("for", .string(binding.officer)), ("reason", .string(change.claimedReason)),
                        ])
                }
            } catch let refusal as OfficerRefusal { return refused(Self.told(refusal)) }
            guard let (changes, isAgain) = given else {
                return Answer.redirect(Console.after(ConsolePart.officers.path, done: "gone", desk.settings))
            }
            do throws(SettingsProblems) {
                _ = try await offPool(standingBack: false) { () throws(SettingsProblems) in
                    try Settings.take(binding, signed: changes, in: desk.settings.folder, environment: console.environment, at: desk.now)
                }
            } catch {
                // Others have still to approve: that is no fault.
                guard !error.problems.contains(where: { $0.code == "officer.too-few" }) else {
                    guard !isAgain else {
                        return refused(
                            Words("すでに承認済みです。ほかの担当者の承認が必要です。", "You have approved this already; another officer has to approve it too."))
                    }
                    return Answer.redirect(Console.after(ConsolePart.officers.path, done: "approved", desk.settings))
                }
                return refused(Self.told(error))
            }
            _ = try await store.close(
                ask.name, .officer,
                recording: Record(
                    "console.card-bound", at: desk.now,
                    [
                        ("officer", .string(binding.officer)), ("ask", .string(ask.name)),
                        ("officers", .array(changes.map { .string($0.claimedOfficer) })),
                    ]))
            _ = await console.reload()
            return Answer.redirect(Console.after(ConsolePart.officers.path, done: "bound", desk.settings))
        }
    }

    /// `POST /console/officers/reject`
    func consoleOfficerReject(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.trustOfficer]) { desk, form in
            guard let store = console.store else { throw StoreRefusal() }
            let name = form["name"] ?? ""
            let isClosed = try await store.close(
                name, .officer, recording: Record("console.card-rejected", at: desk.now, desk.facts + [("ask", .string(name))]))
            return Answer.redirect(Console.after(ConsolePart.officers.path, done: isClosed ? "rejected" : "gone", desk.settings))
        }
    }

    // MARK: Pages

    private func officersPage(_ desk: Desk, _ asks: [OfficeAsk], typed: ConsoleForm = .empty, notice: Words?, fault: Words?) -> Markup {
        Console.document(
            title: ConsolePart.officers.title, desk: desk, in: ConsolePart.officers.path, notice: notice, fault: fault
        ) { page in
            page.heading(2, Words("登録待ちのカード", "Cards waiting to be registered"))
            if asks.isEmpty { page.paragraph(Words("ありません。", "None.")) }
            for ask in asks { self.ask(ask, typed, desk, &page) }
            page.heading(2, Words("担当者", "Officers"))
            page.table(
                caption: Words("担当者", "Officers"),
                head: [
                    Words("名前", "Name"), Words("担当者ID", "ID"), Words("役割", "Roles"), Words("任期", "Term"), Words("カード", "Card"),
                    Words("鍵", "Key"),
                ],
                rows: desk.settings.officers.all.map { officer in
                    [
                        .text(officer.name), .code(officer.id),
                        .list(OfficerRole.allCases.filter(officer.roles.contains).map(\.words)),
                        .words(
                            officer.isRevoked
                                ? Words("取消し", "revoked")
                                : officer.isInOffice(at: desk.now)
                                    ? Words(
                                        officer.notAfter.dayShown(in: .japanese) + "まで", "until " + officer.notAfter.dayShown(in: .english))
                                    : Words("任期外", "out of term")),
                        .words(officer.card == nil ? Words("なし", "none") : Words("登録済み", "registered")),
                        .words(officer.key == nil ? Words("なし", "none") : Words("あり", "yes")),
                    ]
                })
            page.paragraph(
                Words(
                    "担当者を追加するには、運用担当者が sekisho admin add でファイルを作成し、本人がログインして申請します。",
                    "To add an officer, an operator creates the file with `sekisho admin add`; then the person logs in and asks for approval."
                ))
        }
    }

    private func ask(_ ask: OfficeAsk, _ typed: ConsoleForm, _ desk: Desk, _ page: inout Markup) {
        guard let binding = OfficerBinding(ask.body) else { return }
        let names = ask.changes.map(\.claimedOfficer)
        page.section { page in
            page.heading(3, Words(verbatim: binding.officer))
            page.facts([
                (Words("番号", "Number"), .code(ask.name)), (Words("申請日時", "Requested"), .time(ask.askedAt)),
                (Words("期限", "Expires"), .time(ask.expiresAt)),
                (Words("承認した担当者", "Approved by"), .text(names.isEmpty ? "-" : names.joined(separator: ", "))),
                (
                    Words("必要な承認の数", "Approvals needed"),
                    .number(desk.settings.officers.needed(for: binding.officer, at: desk.now))
                ),
            ])
            guard desk.may([.trustOfficer]), binding.subject != desk.session.subject else { return }
            page.paragraph(
                Words("承認する前に、本人に番号を確認してください。", "Before you approve, confirm the number with the person."))
            Console.form(to: "/console/officers/approve", [("name", ask.name)], desk, &page) { page in
                Console.reason(ask.name, typed: typed["name"] == ask.name ? typed["reason"] ?? "" : "", &page)
                page.submit(Words("承認する", "Approve"))
            }
            Console.form(to: "/console/officers/reject", [("name", ask.name)], desk, &page) { page in
                page.submit(Words("取り下げる", "Withdraw"), kind: .danger)
            }
        }
    }

    private func stranger(_ caller: ConsoleCaller, notice: Words? = nil, fault: Words? = nil) -> Response {
        Answer.page(
            ConsolePages.stranger(mark: caller.mark, notice: notice, fault: fault), status: fault == nil ? .ok : .badRequest)
    }

    private static let noOfficerName = Words(
        "担当者IDは、英小文字・数字・ハイフンで入力してください。", "Write the officer's ID in small letters, digits and hyphens.")
    private static let askedTooOften = Words(
        "本日申請できる回数の上限に達しました。明日もう一度お試しください。", "You have asked as often as is possible in one day. Please try again tomorrow.")
    private static let noSuchOfficer = Words("この担当者IDはないか、すでにカードが登録されています。", "There is no such officer, or a card is registered already.")
    private static let ownAsk = Words("ご自身の申請は承認できません。ほかの担当者に依頼してください。", "You cannot approve your own request. Please ask another officer.")

    static func told(_ refusal: OfficerRefusal) -> Words {
        switch refusal {
        case .reason: Words("理由を入力してください（300文字まで）。", "Please enter a reason (300 characters at most).")
        default: Words("承認できませんでした：", "Could not be approved: ") + "\(refusal) [\(refusal.code)]"
        }
    }

    static func told(_ problems: SettingsProblems) -> Words {
        Words("保存できませんでした：", "Could not be saved: ") + problems.problems.prefix(3).map(\.description).joined(separator: " / ")
    }

    /// A form of somebody who is logged in and no officer yet.
    private func asCaller(
        _ request: Request, _ body: (ConsoleCaller, ConsoleForm) async throws -> Response
    ) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        guard let bytes = try await request.collected(upTo: 4_096),
            let form = ConsoleForm(bytes, type: request.headers[.contentType] ?? "")
        else { return try await refuse(Self.consoleForm, at: clock()) }
        switch try await caller(request) {
        case .failure(let refusal): return refusal.response
        case .success(let caller):
            guard let sent = form[Desk.markField], Ticket.matches(sent, Ticket.digest(of: caller.mark)),
                caller.settings.officers.holder(of: caller.session.subject) == nil
            else { return Answer.redirect(caller.settings.baseURL + ConsolePart.home) }
            return try await body(caller, form)
        }
    }

    /// What stands behind the question mark, read as a form.
    static func query(_ request: Request) -> ConsoleForm {
        ConsoleForm(Array(request.rawQuery.prefix(2_048).utf8), type: "application/x-www-form-urlencoded") ?? .empty
    }
}
