import Hummingbird
import Settings
import SignOn
import Vocabulary

/// Who is logged in, as far as an operator may know: opaque references, times and services; no name, no number, no certificate.
extension Platform {
    static let sessionsShown = 100

    /// `GET /console/sessions`: the youngest; `?ended=ID` follows an order.
    func consoleSessions(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.sessions.roles) { desk in
            let live = try await stores.liveSessions(limit: Self.sessionsShown, at: desk.now)
            let progress: LogoutProgress? =
                if let id = Self.query(request)["ended"].flatMap({ LogoutID($0) }) {
                    try await stores.progress(of: id, at: desk.now)
                } else { nil }
            let isOrdered = Self.query(request)["ended"] != nil
            return Answer.page(
                sessionsPage(
                    desk, live, progress,
                    notice: isOrdered && progress == nil
                        ? Words("終了を指示しました。画面を再読み込みすると、結果を確認できます。", "The order was given. Reload this page to see the result.") : nil,
                    fault: nil))
        }
    }

    /// `POST /console/sessions/find`: by a session's or a citizen's reference, or by what a member calls the citizen.
    func consoleSessionsFind(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: ConsolePart.sessions.roles, limit: 8_192) { desk, form in
            guard let text = form.text("what") else { return Answer.redirect(desk.settings.baseURL + ConsolePart.sessions.path) }
            let member = form.text("member")
            let found = try await Self.found(
                text, member: member.flatMap { MemberID($0) }, in: stores, limit: Self.sessionsShown, at: desk.now)
            try await stores.append(
                Record(
                    "console.sessions-searched", at: desk.now,
                    desk.facts + [
                        ("member", form.text("member").map { .string($0) } ?? .null), ("found", .integer(Int64(found.count))),
                    ]))
            return Answer.page(
                sessionsPage(
                    desk, found, nil, notice: found.isEmpty ? nil : Words("見つかりました：", "Found: ") + String(found.count),
                    fault: found.isEmpty
                        ? Words(
                            "見つかりませんでした。参照番号、またはサービスでの識別子を確認してください。",
                            "Nothing was found. Please check the reference, or the identifier at the service.")
                        : nil, form: form))
        }
    }

    /// `POST /console/sessions/end`: one session, or every session of its citizen. A double click orders the same end twice, which is one.
    func consoleSessionEnd(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: ConsolePart.sessions.roles, limit: 8_192) { desk, form in
            let thread = form["session"].flatMap(Hexadecimal.decode).flatMap { SessionThread($0) }
            let subject = form["subject"].flatMap { SubjectID($0) }
            let target: LogoutOrder.Target? = thread.map { .thread($0) } ?? subject.map { .subject($0) }
            var random = SystemRandomNumberGenerator()
            guard let target, let id = LogoutID.fresh(using: &random) else {
                return Answer.redirect(desk.settings.baseURL + ConsolePart.sessions.path)
            }
            // First who did it: what is not recorded is not done.
            try await stores.append(
                Record(
                    "console.session-ended", at: desk.now,
                    desk.facts + [
                        ("order", .string(id.text)), ("scope", .string(thread == nil ? "citizen" : "session")),
                        ("reason", .string(form.text("reason") ?? "-")),
                    ]))
            try await stores.order(LogoutOrder(id: id, target: target, at: desk.now), until: desk.now.adding(seconds: 300))
            return Answer.redirect(desk.settings.baseURL + ConsolePart.sessions.path + "?ended=" + id.text)
        }
    }

    private static func found(
        _ text: String, member: MemberID?, in stores: some Stores, limit: Int, at now: Timestamp
    ) async throws -> [LiveSession] {
        try await SessionSearch.found(text, member: member, in: stores, limit: limit, at: now)
    }

    private func sessionsPage(
        _ desk: Desk, _ sessions: [LiveSession], _ progress: LogoutProgress?, notice: Words?, fault: Words?, form: ConsoleForm = .empty
    ) -> Markup {
        Console.document(
            title: ConsolePart.sessions.title, desk: desk, in: ConsolePart.sessions.path, notice: notice, fault: fault
        ) { page in
            if let progress { Self.ended(progress, at: desk.now, &page) }
            page.heading(2, Words("検索", "Search"))
            Console.form(to: "/console/sessions/find", [], desk, &page) { page in
                page.field(
                    FormField(
                        "what", Words("参照番号、またはサービスでの識別子", "A reference, or the identifier at a service"),
                        value: form["what"] ?? "",
                        hint: Words("セッションの参照番号は、先頭の8文字以上で検索できます。", "The first eight characters of a session's reference are enough."),
                        isRequired: true, maximum: 256))
                page.field(
                    FormField(
                        "member", Words("サービス（識別子で検索するとき）", "Service (when searching by its identifier)"), value: form["member"] ?? "",
                        maximum: 1_024))
                page.submit(Words("検索", "Search"))
            }
            page.heading(2, Words("セッション", "Sessions"))
            if sessions.isEmpty { page.paragraph(Words("ありません。", "None.")) }
            for session in sessions { Self.session(session, desk, &page) }
        }
    }

    private static func session(_ session: LiveSession, _ desk: Desk, _ page: inout Markup) {
        page.section { page in
            page.facts([
                (Words("セッション", "Session"), .code(session.thread.text)), (Words("利用者", "Citizen"), .code(session.subject.text)),
                (Words("開始日時", "Since"), .time(session.createdAt)), (Words("最終利用日時", "Last seen"), .time(session.lastSeenAt)),
                (
                    Words("サービス", "Services"),
                    .list(session.members.map { desk.settings.federation.member($0)?.words ?? Words(verbatim: $0.text) })
                ),
            ])
            Console.form(to: "/console/sessions/end", [], desk, &page) { page in
                Console.reason(String(session.thread.text.prefix(12)), &page)
                page.submit(Words("このセッションを終了する", "End this session"), kind: .danger, name: "session", value: session.thread.text)
                page.submit(
                    Words("この利用者のすべてのセッションを終了する", "End all sessions of this citizen"), kind: .danger, name: "subject",
                    value: session.subject.text)
            }
        }
    }

    private static func ended(_ progress: LogoutProgress, at now: Timestamp, _ page: inout Markup) {
        page.heading(2, Words("終了の結果", "Result"))
        page.note(Words("セッションを終了しました。", "The sessions have been ended."), kind: .done)
        guard !progress.legs.isEmpty else { return }
        page.table(
            caption: Words("サービスごとの結果", "By service"), head: [Words("サービス", "Service"), Words("結果", "Result")],
            rows: progress.legs.map { [.text($0.member.text), .words(Pages.words(progress.result(of: $0, at: now)))] })
    }
}
