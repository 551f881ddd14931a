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
        guard let session = try await session(of: request, at: now) else {
            return Answer.page(SignatureRecordPages.login(), status: .ok)
        }
        let kept = try await stores.kept(of: session.subject, at: now)
        return Answer.page(
            SignatureRecordPages.list(kept.map { ($0, settings.federation.member($0.member)) }))
    }

    /// `POST /identity/forget`: `service` and `for`, or neither for everything.
    func forgetIdentity(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard Self.isForm(request), let body = try await request.collected(upTo: 4_096), let form = try? FormParameters(body),
            let session = try await session(of: request, at: now)
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
    static func login() -> Markup {
        Pages.document("提示した証明書 Certificates you showed") { page in
            page.raw("<p>ログインすると見られます。 Log in to see them.</p>")
            page.raw("<form method=\"post\" action=\"/approve/login\"><button type=\"submit\">ログイン Log in</button></form>")
        }
    }

    static func list(_ kept: [(record: KeptIdentity, member: Member?)]) -> Markup {
        Pages.document("提示した証明書 Certificates you showed") { page in
            guard !kept.isEmpty else {
                page.raw("<p>保存されているものはありません。 Nothing is kept.</p>")
                return
            }
            page.raw("<p>署名用電子証明書の内容を、次のサービスのために暗号化して保存しています。")
            page.raw(" What your signature certificate says is kept, encrypted, for these services.</p><ul>")
            for (record, member) in kept {
                page.element("<li><strong>", member?.displayName["ja"] ?? record.member.text, "</strong>")
                page.element(" <span lang=\"en\">", member?.displayName["en"] ?? "", "</span>")
                page.element("<br>目的 purpose: ", record.purpose.text, "")
                page.element("<br>提示 shown: ", record.at.text, "")
                page.element("<br>削除予定 gone by: ", record.expiresAt.text, "")
                page.raw("<form method=\"post\" action=\"/identity/forget\">")
                page.element("<input type=\"hidden\" name=\"service\" value=\"", record.member.text, "\">")
                page.element("<input type=\"hidden\" name=\"for\" value=\"", record.purpose.text, "\">")
                page.raw("<button type=\"submit\">いま削除する Delete it now</button></form></li>")
            }
            page.raw("</ul><form method=\"post\" action=\"/identity/forget\">")
            page.raw("<button type=\"submit\">すべて削除する Delete all of them</button></form>")
            page.raw("<p>サービスに伝わったことは取り消せません。 What a service was told cannot be taken back.</p>")
        }
    }
}
