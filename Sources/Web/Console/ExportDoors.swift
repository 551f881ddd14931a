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
                            "参加機関、担当者、規則、鍵（公開鍵）、認証局の設定を、並び順の決まったテキストで出力します。バージョン管理すると、いつ何が変わったかを確認できます。秘密情報は含みません。",
                            "Exports members, officers, rules, public keys and authorities as text in a fixed order. Keep it under version control to see what changed and when. It contains no secrets."
                        ))
                    page.linkLine("/console/export.txt", Words("エクスポートする", "Export"))
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
