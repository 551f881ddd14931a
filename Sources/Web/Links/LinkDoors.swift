import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import Signals
import TrustFramework
import Vocabulary

/// The citizen's page of links: which services know him by which of their own numbers, which cards and phones are his and why.
extension Platform {
    /// `GET /me/links`
    func linksPage(_ request: Request) async throws -> Response {
        try await atOwnPage(request, .links) { desk in
            let done: LinkDone? = desk.session.unsealed(desk.query?["done"])
            return Answer.page(try await shown(desk, notice: done?.words))
        }
    }

    private func shown(_ desk: CitizenDesk, notice: Words? = nil, fault: Words? = nil, code: String = "") async throws -> Markup {
        let page = LinkPages.Page(
            links: try await stores.customerLinks(of: desk.subject), certificates: try await stores.certificates(of: desk.subject),
            ends: try await stores.certificateLinks(of: desk.subject), evidence: try await stores.evidence(of: desk.subject),
            merges: try await stores.merges(of: desk.subject).filter { $0.into == desk.subject && $0.undoneAt == nil }, mark: desk.mark,
            code: code)
        let settings = desk.settings
        return CitizenPages.document(.links, desk, notice: notice, fault: fault) { LinkPages.show(page, settings, &$0) }
    }

    /// `POST /me/links/confirm`: fields `link`, one for each proposal that is chosen.
    func linksConfirmed(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .links) { desk, form in
            var confirmed = 0
            let chosen = Self.chosen(form)
            for (member, customers) in chosen {
                guard desk.settings.federation.member(member) != nil else { continue }
                confirmed += try await stores.confirm(
                    customers, of: member, by: desk.subject, recording: { Self.record("link.confirmed", $0, at: desk.now) }, at: desk.now
                ).count
            }
            // Confirmed before is as good as now: a second click says the same.
            guard chosen.isEmpty else { return Self.done(confirmed == 1 ? .confirmed : .confirmedSeveral, desk) }
            return Answer.page(
                try await shown(desk, fault: Words("連携する番号を、一つ以上選んでください。", "Please choose at least one number.", easy: "番号を 選んでください。")),
                status: .badRequest)
        }
    }

    /// `POST /me/links/end`: one link or proposal. Twice is as good as once.
    func linkEnded(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .links) { desk, form in
            guard let (member, customer) = form["link"].flatMap(LinkPages.key) else { return Self.done(nil, desk) }
            let record = Record(
                "link.ended", at: desk.now,
                [("subject", .string(desk.subject.text)), ("member", .string(member.text)), ("by", "citizen")])
            _ = try await stores.end(
                customer, of: member, by: desk.subject,
                telling: try await announcements(of: .linkEnded, about: desk.subject, to: member, at: desk.now), recording: record,
                at: desk.now)
            return Self.done(.ended, desk)
        }
    }

    /// `POST /me/links/code`: one code or several, between spaces or on lines of their own.
    func linkCode(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .links, kept: codeKept) { desk, form in
            let typed = form["code"] ?? ""
            let codes = Self.codes(typed)
            guard !codes.isEmpty else {
                return Answer.page(try await shown(desk, fault: LinkPages.noCode, code: typed), status: .badRequest)
            }
            var wrong: [String] = []
            var several = 0
            for text in codes {
                switch self.codes.taken(by: .citizen(desk.subject), at: desk.now) {
                case .go: break
                case .wait, .card:
                    return Answer.page(try await shown(desk, fault: LinkPages.tooOften, code: typed), status: .tooManyRequests)
                }
                guard let code = LinkCode(typed: text) else {
                    wrong.append(text)
                    continue
                }
                switch try await stores.redeem(
                    code.digest, by: desk.subject, recording: { Self.record("link.confirmed", $0, at: desk.now) }, at: desk.now)
                {
                case .confirmed, .again:
                    self.codes.returned(by: .citizen(desk.subject))
                    several += 1
                case .unknown:
                    try await stores.append(Record("link.code-refused", at: desk.now, [("subject", .string(desk.subject.text))]))
                    wrong.append(text)
                }
            }
            guard wrong.isEmpty else {
                return Answer.page(
                    try await shown(desk, fault: LinkPages.wrong(several: several), code: wrong.joined(separator: " ")), status: .badRequest
                )
            }
            return Self.done(several == 1 ? .confirmed : .confirmedSeveral, desk)
        }
    }

    /// A code that was typed when the login ended is on the page that says so, and in no address (H7).
    private func codeKept(_ desk: CitizenDesk?, _ form: FormParameters) async throws -> Response? {
        guard let typed = form["code"], !typed.isEmpty else { return nil }
        guard let desk else { return Answer.page(LinkPages.notSent(code: typed), status: .forbidden) }
        return Answer.page(try await shown(desk, fault: LinkPages.earlierLogin, code: typed), status: .conflict)
    }

    /// `POST /me/links/add`: to the other card or phone. Whoever asks has used his own with its PIN a moment ago.
    func addCertificate(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .links) { desk, _ in
            guard Self.isProven(desk.session, desk.settings, at: desk.now) else { return try await provenAgain(CitizenAim(.links), desk) }
            guard let ourselves = MemberID(desk.settings.baseURL) else { throw StoreRefusal() }
            return try await begun(.linking, message: Meeting.add.message, member: ourselves, desk.settings, at: desk.now)
        }
    }

    /// The card of the session was used with its PIN lately enough.
    static func isProven(_ session: Session, _ settings: Configuration, at now: Timestamp) -> Bool {
        session.authentications.contains { $0.isProof(within: settings.links.proofAge, at: now) }
    }

    // MARK: Shared

    /// Members and customers that a form names; every one is looked for under the citizen's own subject.
    private static func chosen(_ form: FormParameters) -> [(MemberID, [CustomerID])] {
        var chosen: [(MemberID, [CustomerID])] = []
        for text in form.all("link") {
            guard let (member, customer) = LinkPages.key(text) else { continue }
            if let index = chosen.firstIndex(where: { $0.0 == member }) {
                chosen[index].1.append(customer)
            } else {
                chosen.append((member, [customer]))
            }
        }
        return chosen
    }

    /// At most ten: between lines and commas; a code itself may have spaces in it.
    private static func codes(_ typed: String) -> [String] {
        guard typed.utf8.count <= 1_024 else { return [] }
        let lines = typed.split { $0.isNewline || $0 == "," || $0 == ";" || $0 == "、" }.map(String.init)
        let texts = lines.flatMap { line in
            LinkCode(typed: line) == nil ? line.split { $0 == " " || $0 == "\u{3000}" || $0 == "\t" }.map(String.init) : [line]
        }
        return texts.count <= 10 ? texts : []
    }

    static func done(_ done: LinkDone?, _ desk: CitizenDesk) -> Response {
        Answer.redirect(desk.settings.baseURL + CitizenPlace.links.rawValue + (done.map { "?done=" + desk.session.sealed($0) } ?? ""))
    }

    /// A customer's number is the member's own, and not for the trail.
    static func record(_ event: String, _ link: CustomerLink, at now: Timestamp) -> Record {
        Record(
            event, at: now,
            [
                ("subject", link.subject.map { .string($0.text) } ?? .null), ("member", .string(link.member.text)),
                ("by", link.confirmation.map { .string($0.rawValue) } ?? .null), ("proposed-at", .string(link.proposedAt.text)),
            ])
    }
}

extension CookieNames {
    /// Says in this browser that a merge was undone: the session that it was done from is over, and an address anybody can write. It opens
    /// nothing.
    var undone: String { session + "-undone" }
}

extension LinkDone {
    /// Seconds for which the browser says so.
    static let undoneAge: Int64 = 60
}

/// What was done, for the page the citizen is sent to.
enum LinkDone: String, CaseIterable, Sendable {
    case confirmed
    case confirmedSeveral = "confirmed-several"
    case ended, added, already, merged, undone
    case kept = "nothing"

    var words: Words {
        switch self {
        case .confirmed: Words("連携しました。", "The link has been made.", easy: "つなぎました。")
        case .confirmedSeveral: Words("選んだ番号を連携しました。", "The links have been made.", easy: "選んだ 番号を つなぎました。")
        case .ended:
            Words(
                "連携を解除しました。今後、このサービスにその番号を伝えません。", "The link has been ended. That number is no longer sent to the service.",
                easy: "つなぐのを やめました。もう 番号を 伝えません。")
        case .added:
            Words(
                "追加しました。今後は、どちらでも同じ利用者としてログインできます。", "Added. From now on either logs you in as the same user.",
                easy: "たしました。どちらでも ログインできます。")
        case .already:
            Words("すでに登録されているため、変更はありません。", "It is already registered as yours. Nothing has changed.", easy: "もう あります。何も 変わりません。")
        case .merged:
            Words(
                "二つの記録を一つにまとめました。いつでも元に戻せます。", "The two records have been combined. You can undo this at any time.",
                easy: "ひとつに しました。いつでも もとに 戻せます。")
        case .undone:
            Words("元の二つに戻しました。もう一度ログインしてください。", "They are two records again. Please log in again.", easy: "ふたつに 戻しました。もう一回 ログインしてください。")
        case .kept: Words("変更しませんでした。", "Nothing has been changed.", easy: "何も 変えませんでした。")
        }
    }
}
