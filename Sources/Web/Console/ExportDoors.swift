import HTTPTypes
import Hummingbird
import Settings
import SignOn
import Vocabulary

extension Platform {
    /// `GET /console/export`: what there is to take away.
    func consoleExport(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.export.roles) { desk in
            Answer.page(
                Console.document(title: ConsolePart.export.title, desk: desk, in: ConsolePart.export.path) { page in
                    page.paragraph(
                        Words(
                            "参加機関、担当者、規則、鍵（公開部分）、認証局を、並び順の決まった文章で書き出します。版管理に入れると、いつ何が変わったかが分かります。秘密は含みません。",
                            "Members, officers, rules, public halves of keys and authorities, as text in an order that never changes: put it under version control, and see what changed when. There is no secret in it."
                        ))
                    page.linkLine("/console/export.txt", Words("書き出す", "Export"))
                })
        }
    }

    /// `GET /console/export.txt`: the same bytes as `sekisho admin export`.
    func consoleExportText(_ request: Request) async throws -> Response {
        try await atDesk(request, needs: ConsolePart.export.roles) { desk in
            try await stores.append(Record("console.exported", at: desk.now, desk.facts))
            return Answer.bytes(Array(desk.settings.export(at: desk.now).utf8), type: "text/plain; charset=utf-8")
        }
    }
}
