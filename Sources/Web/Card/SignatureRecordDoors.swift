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
                kept.map { ($0, settings.federation.member($0.member)) },
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
    private static let title = Words("提示した証明書", "Certificates you showed", easy: "見せた 証明書")

    static func login() -> Markup {
        Pages.document(title) { page in
            page.paragraph(Words("ログインすると見られます。", "Log in to see them.", easy: "ログインすると 見られます。"))
            page.button(to: "/approve/login", Words("ログイン", "Log in"))
        }
    }

    static func list(_ kept: [(record: KeptIdentity, member: Member?)], mark: String, ends: Timestamp, at now: Timestamp) -> Markup {
        Pages.document(title) { page in
            if kept.isEmpty {
                page.paragraph(Words("保存されているものはありません。", "Nothing is kept.", easy: "なにも ありません。"))
            } else {
                page.paragraph(
                    Words(
                        "署名用電子証明書の内容を、次のサービスのために暗号化して保存しています。",
                        "What your signature certificate says is kept, encrypted, for these services.", easy: "この サービスの ために しまってあります。"))
                for (record, member) in kept { self.record(record, member, mark, &page) }
                page.button(
                    to: "/identity/forget", fields: [(self.mark, mark)], Words("すべて削除する", "Delete all of them", easy: "ぜんぶ 消す"),
                    kind: .danger)
                page.paragraph(
                    Words("サービスに伝わったことは取り消せません。", "What a service was told cannot be taken back.", easy: "もう 伝えた ことは 消せません。"))
            }
            page.sessionEnds(ends, at: now)
        }
    }

    private static func record(_ record: KeptIdentity, _ member: Member?, _ mark: String, _ page: inout Markup) {
        page.section { page in
            page.heading(2, member?.words ?? Words(verbatim: record.member.text))
            page.facts([
                (Words("目的", "Purpose", easy: "なんのため"), .code(record.purpose.text)),
                (Words("提示した時刻", "Shown at", easy: "見せた 時間"), .time(record.at)),
                (Words("削除予定", "Gone by", easy: "消える 時間"), .time(record.expiresAt)),
            ])
            page.button(
                to: "/identity/forget", fields: [(self.mark, mark), ("service", record.member.text), ("for", record.purpose.text)],
                Words("いま削除する", "Delete it now", easy: "いま 消す"), kind: .plain)
        }
    }
}
