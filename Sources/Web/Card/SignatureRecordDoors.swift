import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What is kept of signature certificates, before its citizen: a list without what they say, and a button that deletes.
extension Platform {
    /// `GET /identity`
    func keptIdentities(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard let session = try await ownSession(of: request, at: now) else {
            return Answer.page(SignatureRecordPages.login(), status: .ok)
        }
        let kept = try await stores.kept(of: session.subject, at: now)
        return Answer.page(
            SignatureRecordPages.list(
                kept.map { ($0, settings.federation.member($0.member), settings.words(for: $0.purpose)) },
                mark: request.formMark("identity", boundTo: CookieNames(secure: settings.isSecure).session),
                ends: ends(session, at: now), at: now))
    }

    /// `POST /identity/forget`: `service` and `for`, or neither for everything.
    func forgetIdentity(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard Self.isForm(request), let body = try await request.collected(upTo: 4_096), let form = try? FormParameters(body),
            let session = try await ownSession(of: request, at: now), let sent = form[SignatureRecordPages.mark],
            Ticket.matches(sent, Ticket.digest(of: request.formMark("identity", boundTo: CookieNames(secure: settings.isSecure).session)))
        else { return Answer.redirect(settings.baseURL + "/identity") }
        let member = form["service"].flatMap { MemberID($0) }
        let purpose = form["for"].flatMap { Purpose($0) }
        // A half of a name deletes nothing: neither everything nor a guess.
        guard (member == nil) == (form["service"] == nil), (purpose == nil) == (form["for"] == nil), (member == nil) == (purpose == nil)
        else { return Answer.redirect(settings.baseURL + "/identity") }
        let trace = Record(
            "identity.forgotten", at: now,
            [
                ("subject", .string(session.subject.text)), ("member", member.map { .string($0.text) } ?? .null),
                ("purpose", purpose.map { .string($0.text) } ?? .null),
            ])
        _ = try await stores.forget(of: session.subject, for: purpose, member: member, recording: trace)
        return Answer.redirect(settings.baseURL + "/identity")
    }
}

enum SignatureRecordPages {
    /// The name of the field that says whose form it is.
    static let mark = "form"
    private static let title = CitizenPlace.identity.title

    static func login() -> Markup {
        Pages.document(title) { page in
            page.paragraph(Words("ログインすると確認できます。", "Log in to see them.", easy: "ログインすると 見る ことが できます。"))
            page.button(to: "/me/login", fields: CitizenAim(.identity).fields, Words("ログインする", "Log in", easy: "ログインします"))
        }
    }

    static func list(_ kept: [(record: KeptIdentity, member: Member?, purpose: Words)], mark: String, ends: Timestamp, at now: Timestamp)
        -> Markup
    {
        Pages.document(title) { page in
            if kept.isEmpty {
                page.paragraph(Words("保存されているものはありません。", "Nothing is stored.", easy: "何も ありません。"))
            } else {
                page.paragraph(
                    Words(
                        "署名用電子証明書の内容を、次のサービスのために暗号化して保存しています。",
                        "The contents of your signature certificate are stored, encrypted, for these services.",
                        easy: "「署名用」の 証明書に 書いてある ことを しまってあります。この サービスの ためです。"))
                for one in kept { record(one.record, one.member, one.purpose, mark, &page) }
                page.button(
                    to: "/identity/forget", fields: [(self.mark, mark)], Words("すべて削除する", "Delete all", easy: "ぜんぶ 消します"),
                    kind: .danger)
                page.paragraph(
                    Words(
                        "サービスにすでに伝わった内容は、取り消せません。", "What a service has already been told cannot be taken back.", easy: "もう 伝えた ことは 消せません。")
                )
            }
            page.sessionEnds(ends, at: now)
        }
    }

    private static func record(_ record: KeptIdentity, _ member: Member?, _ purpose: Words, _ mark: String, _ page: inout Markup) {
        page.section { page in
            page.heading(2, member?.words ?? Words(verbatim: record.member.text))
            page.facts([
                (Words("利用目的", "Purpose", easy: "何の ため"), .words(purpose)),
                (Words("提示した日時", "Presented at", easy: "見せた 時間"), .time(record.at)),
                (Words("削除予定の日時", "Deleted by", easy: "消える 時間"), .time(record.expiresAt)),
            ])
            page.button(
                to: "/identity/forget", fields: [(self.mark, mark), ("service", record.member.text), ("for", record.purpose.text)],
                Words("いま削除する", "Delete now", easy: "いま 消します"), kind: .plain)
        }
    }
}
