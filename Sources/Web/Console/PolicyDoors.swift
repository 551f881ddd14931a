import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The policy: what is in force, its tests, what waits beside it, and how another version comes to decide, by two policy officers.
extension Platform {
    /// Two people let a version decide from the console, and more where the deployment demands more.
    static func policyOfficers(_ settings: Configuration) -> Int { max(2, settings.policies.demanded) }

    /// `GET /console/policies`
    func consolePolicies(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.policies.roles) { desk in
            let notice: Words? =
                switch Self.query(request)[Console.done] {
                case "proposed": Words("提案しました。ほかの規則担当の承認を待っています。", "Proposed. Another policy officer has to approve it.")
                case "approved": Words("承認しました。", "Approved.")
                case "decides": Words("必要な承認がそろいました。この版が有効になります。", "Enough officers have approved; this version is now in force.")
                case "rejected": Words("取り下げました。", "Withdrawn.")
                case "gone": Words("この提案は、承認待ちではありません。", "This proposal is no longer waiting.")
                default: nil
                }
            return Answer.page(try await policiesPage(desk, notice: notice, fault: nil))
        }
    }

    /// `GET /console/policies/{version}`: `Policies/`, a version of the archive or one that waits: its texts beside those in force, its tests, what would change.
    func consolePolicyVersion(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.policies.roles) { desk in
            guard let name = context.parameters.get("version"), let bundle = try await shown(name, desk) else {
                return Answer.redirect(desk.settings.baseURL + ConsolePart.policies.path)
            }
            let set = Settings.policySet(bundle)
            let impact = await console.impact(bundle)
            return Answer.page(
                Console.document(
                    title: Words("規則の版 ", "Version ") + bundle.version, desk: desk, in: ConsolePart.policies.path
                ) { page in
                    page.facts([
                        (Words("SHA-256", "SHA-256"), .code(bundle.fingerprint)), (Words("ファイル", "Files"), .number(bundle.files.count)),
                    ])
                    Self.changes(from: desk.settings.policies.bundle, to: bundle, &page)
                    Self.cases(set, &page)
                    page.heading(2, Words("変わる判断", "Decisions that change"))
                    switch impact {
                    case nil:
                        page.note(
                            Words(
                                "すべてを調べられませんでした。sekisho policy impact で確認してください。",
                                "Not everything could be checked; use `sekisho policy impact`."))
                    case let lines? where lines.isEmpty: page.paragraph(Words("変わる判断はありません。", "No decision changes."))
                    case let lines?:
                        // As the command tells it: what belongs together is indented.
                        page.open("pre", [("class", "wide"), ("tabindex", "0"), ("lang", "en")])
                        page.text(lines.prefix(200).joined(separator: "\n"))
                        page.close("pre")
                    }
                })
        }
    }

    /// `POST /console/policies/propose`: a version of the archive, or `Policies/` as it stands; the first officer's signature is under it.
    func consolePolicyPropose(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.policyOfficer]) { desk, form in
            guard let store = console.store else { throw StoreRefusal() }
            func refused(_ words: Words) async throws -> Response {
                Answer.page(try await policiesPage(desk, notice: nil, fault: words, form: form), status: .badRequest)
            }
            guard let act = form["act"].flatMap(PolicyOrder.Act.init) else { return try await refused(Self.nothingChosen) }
            let found: PolicyBundle?
            if form["bundle"] == Self.draftName {
                do { found = try await console.draft() } catch let problems as SettingsProblems {
                    return try await refused(Self.told(problems))
                }
                // Whoever signs has seen what: the folder may have changed since.
                guard found?.fingerprint == form["draft"] else {
                    return try await refused(
                        Words(
                            "Policies フォルダーの内容が、表示した後に変わりました。内容をもう一度確認してください。",
                            "Policies/ has changed since you looked at it. Please look at it again."))
                }
            } else {
                found = form["bundle"].flatMap { bundle($0, desk) }
            }
            guard let bundle = found else { return try await refused(Self.nothingChosen) }
            let activations = try await console.activations()
            if act == .rollback, !activations.contains(where: { $0.digest == bundle.fingerprint }) {
                return try await refused(Words("この版は、ここで使われたことがありません。", "This version was never in force here."))
            }
            var moment: Timestamp?
            if let text = form.text("at") {
                moment = Timestamp(text) ?? Timestamp(text + "T00:00:00+09:00")
                guard act == .activate, let moment, moment > desk.now else {
                    return try await refused(
                        Words("開始日は、明日以降の日付を「2026-12-01」の形式で入力してください。", "Enter a day in the future, such as 2026-12-01."))
                }
            }
            let reason = form.text("reason") ?? ""
            let ask = PolicyAsk(act: act, bundle: bundle, at: moment, reason: reason, by: desk.officer.id)
            let body = ask.json
            guard body.text.utf8.count <= OfficeAsk.largest else {
                return try await refused(
                    Words(
                        "この版は大きすぎるため、ここでは提案できません。sekisho policy sign を使用してください。",
                        "This version is too large to be proposed here. Use `sekisho policy sign`."))
            }
            let waiting = try await store.asks(.policy, at: desk.now)
            // The same from somebody else is an approval of it; from the same officer, a second press.
            if let same = waiting.first(where: { $0.name == ask.name }), let first = PolicyAsk(same.body), first.seal == ask.seal {
                guard same.by != desk.officer.id else {
                    return Answer.redirect(Console.after(ConsolePart.policies.path, done: "proposed", desk.settings))
                }
                return try await approve(same, first, reason: reason, desk, refused)
            }
            guard !waiting.contains(where: { $0.by == desk.officer.id || $0.name == ask.name }) else {
                return try await refused(
                    Words("ご自身の別の提案が承認待ちです。先に取り下げてください。", "Another proposal of yours is waiting. Please withdraw it first."))
            }
            let change: SignedChange
            do { change = try approved(.policy, digest: ask.digest, reason: reason, at: desk) } catch let refusal as OfficerRefusal {
                return try await refused(Self.told(refusal))
            }
            let isKept = try await store.ask(
                OfficeAsk(
                    name: ask.name, kind: .policy, by: desk.officer.id, body: body, signed: [change.text], askedAt: desk.now,
                    expiresAt: desk.now.adding(seconds: OfficerBinding.lifetime)), most: Self.mostAsks,
                recording: Record("console.policy-proposed", at: desk.now, desk.facts + ask.facts), at: desk.now)
            guard isKept else {
                return try await refused(
                    Words("承認待ちが上限に達しています。不要な提案を取り下げてください。", "Too many proposals are waiting. Withdraw those that are not needed."))
            }
            return Answer.redirect(Console.after(ConsolePart.policies.path, done: "proposed", desk.settings))
        }
    }

    /// `POST /console/policies/approve`
    func consolePolicyApprove(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.policyOfficer]) { desk, form in
            func refused(_ words: Words) async throws -> Response {
                Answer.page(try await policiesPage(desk, notice: nil, fault: words, form: form), status: .badRequest)
            }
            // By the whole of what was seen: a number is short enough to make two proposals that share it.
            let waiting = try await console.store?.asks(.policy, at: desk.now).first { $0.name == form["name"] }
            guard let waiting, let ask = PolicyAsk(waiting.body), form["sha256"] == ask.seal else {
                return Answer.redirect(Console.after(ConsolePart.policies.path, done: "gone", desk.settings))
            }
            return try await approve(waiting, ask, reason: form.text("reason") ?? "", desk, refused)
        }
    }

    /// Puts this officer's word under what waits, and carries it out when enough have given theirs. Whoever has given it before has it carried
    /// out once more, where the last step failed.
    private func approve(
        _ waiting: OfficeAsk, _ ask: PolicyAsk, reason: String, _ desk: Desk, _ refused: (Words) async throws -> Response
    ) async throws -> Response {
        guard let store = console.store else { throw StoreRefusal() }
        let given: (changes: [SignedChange], isAgain: Bool)?
        do {
            given = try await countersigned(waiting, as: .policy, digest: ask.digest, reason: reason, at: desk) { change in
                Record("console.policy-approved", at: desk.now, desk.facts + ask.facts + [("approval", .string(change.claimedReason))])
            }
        } catch let refusal as OfficerRefusal { return try await refused(Self.told(refusal)) }
        guard let (changes, isAgain) = given else {
            return Answer.redirect(Console.after(ConsolePart.policies.path, done: "gone", desk.settings))
        }
        let signers: [ApprovedChange]
        do throws(OfficerRefusal) {
            signers = try desk.settings.officers.approved(
                changes, .policy, digest: ask.digest, by: Self.policyOfficers(desk.settings), within: OfficerBinding.lifetime, at: desk.now)
        } catch .tooFew {
            guard isAgain else { return Answer.redirect(Console.after(ConsolePart.policies.path, done: "approved", desk.settings)) }
            return try await refused(
                Words("すでに承認済みです。ほかの規則担当の承認が必要です。", "You have approved this already; another policy officer has to approve it too."))
        } catch { return try await refused(Self.told(error)) }
        let order = PolicyOrder(
            act: ask.act, bundle: ask.act == .shadow ? ask.bundle : changes.reduce(ask.bundle) { $0.adding($1) },
            at: max(ask.at ?? desk.now, desk.now), by: signers.map(\.officer.id).joined(separator: ", "), reason: ask.reason)
        let problems = await console.activate(order)
        guard problems.isEmpty else {
            return try await refused(
                Words("この版は有効にできません：", "This version cannot be put in force: ")
                    + problems.prefix(3).map(\.description).joined(separator: " / "))
        }
        _ = try await store.close(
            waiting.name, .policy, recording: Record("console.policy-carried-out", at: desk.now, desk.facts + ask.facts))
        return Answer.redirect(Console.after(ConsolePart.policies.path, done: "decides", desk.settings))
    }

    /// `POST /console/policies/reject`
    func consolePolicyReject(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.policyOfficer]) { desk, form in
            guard let store = console.store else { throw StoreRefusal() }
            let name = form["name"] ?? ""
            let isClosed = try await store.close(
                name, .policy, recording: Record("console.policy-rejected", at: desk.now, desk.facts + [("ask", .string(name))]))
            return Answer.redirect(Console.after(ConsolePart.policies.path, done: isClosed ? "rejected" : "gone", desk.settings))
        }
    }

    static let draftName = "draft"
    private static let nothingChosen = Words("版と操作を選んでください。", "Choose a version and an action.")

    /// `Policies/`, a version of the archive, or one that waits: nobody signs what cannot be read.
    private func shown(_ name: String, _ desk: Desk) async throws -> PolicyBundle? {
        if name == Self.draftName { return Settings.draft(in: desk.settings.folder) }
        if let bundle = bundle(name, desk) { return bundle }
        return try await console.store?.asks(.policy, at: desk.now).lazy.compactMap { PolicyAsk($0.body)?.bundle }.first {
            $0.fileName == name
        }
    }

    private func bundle(_ name: String, _ desk: Desk) -> PolicyBundle? {
        PolicyArchive.isName(name) ? try? desk.settings.policies.archive.bundle(name) : nil
    }
}

/// A version that is to decide, as it waits for officers.
struct PolicyAsk: Sendable {
    let act: PolicyOrder.Act
    let bundle: PolicyBundle
    /// Nil: at once.
    let at: Timestamp?
    let reason: String
    let by: String

    init(act: PolicyOrder.Act, bundle: PolicyBundle, at: Timestamp?, reason: String, by: String) {
        self.act = act
        self.bundle = bundle
        self.at = at
        self.reason = reason
        self.by = by
    }

    init?(_ json: JSON) {
        guard let act = json["act"]?.string.flatMap({ PolicyOrder.Act(rawValue: $0) }), let text = json["bundle"]?.string,
            let bundle = try? PolicyBundle(reading: Array(text.utf8)), let reason = json["reason"]?.string, let by = json["by"]?.string
        else { return nil }
        self.init(act: act, bundle: bundle, at: json["at"]?.string.flatMap { Timestamp($0) }, reason: reason, by: by)
    }

    var json: JSON {
        .object([
            ("act", .string(act.rawValue)), ("bundle", .string(String(decoding: bundle.bytes, as: UTF8.self))),
            ("at", at.map { .string($0.text) } ?? .null), ("reason", .string(reason)), ("by", .string(by)),
        ])
    }

    /// What officers sign: the version; for a trial something else, since whoever lets a version be tried has not let it decide.
    static func digest(_ act: PolicyOrder.Act, _ bundle: PolicyBundle) -> [UInt8] {
        act == .shadow ? Ticket.digest(of: "sekisho policy trial 1\n" + bundle.fingerprint) : bundle.digest
    }

    var digest: [UInt8] { Self.digest(act, bundle) }

    /// The digest of the act, the version and the moment.
    var seal: String { Hexadecimal.encode(Ticket.digest(of: act.rawValue + " " + bundle.fingerprint + " " + (at?.text ?? "now"))) }

    /// Its beginning: for people.
    var name: String { String(seal.prefix(12)) }

    var facts: [(name: String, value: JSON)] {
        [
            ("ask", .string(name)), ("act", .string(act.rawValue)), ("policy-version", .string(bundle.version)),
            ("sha256", .string(bundle.fingerprint)), ("from", at.map { .string($0.text) } ?? .null), ("reason", .string(reason)),
        ]
    }
}
