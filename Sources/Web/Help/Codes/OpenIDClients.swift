extension Catalogue {
    static let openIDClients: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.client.address", "this address cannot be registered: …", clause: "OpenID Connect Dynamic Registration §2",
            remedy: "register an absolute https address without a fragment", japanese: "このアドレスは登録できません",
            mend: "フラグメントのない https の絶対URLを登録してください"),
        CatalogueEntry(
            "openid.client.algorithm", "this algorithm is not for the profile",
            clause: "FAPI 2.0 Security Profile §5.4.1; RFC 8725 §3.1", remedy: "choose an accepted one",
            japanese: "このプロファイルでは使えないアルゴリズムです", mend: "受け付けられるものを選んでください"),
        CatalogueEntry(
            "openid.client.certificate-name", "the client certificate does not have the registered name", clause: "RFC 8705 §2.1",
            remedy: "use the certificate of the registration, or have its new name registered", japanese: "クライアント証明書の名前が登録と異なります",
            mend: "登録された証明書を使うか、新しい名前を登録してください"),
        CatalogueEntry(
            "openid.client.certificate-unknown", "this certificate is not registered for the client", clause: "RFC 8705 §2.2",
            remedy: "use a registered certificate, or have this one registered", japanese: "この証明書は登録されていません",
            mend: "登録された証明書を使うか、この証明書を登録してください"),
        CatalogueEntry(
            "openid.client.certificate-unreadable", "the client certificate cannot be read", clause: "RFC 5280 §4.1",
            remedy: "use an X.509 certificate of version 3 in DER", japanese: "クライアント証明書を読み取れません", mend: "DER 形式の X.509 バージョン3の証明書を使ってください"),
        CatalogueEntry(
            "openid.client.certificate-untrusted", "the client certificate is not believed: …", clause: "RFC 8705 §2.1; RFC 5280 §6",
            remedy: "send the whole chain, and have a certificate that the profile believes", japanese: "クライアント証明書を検証できません",
            mend: "証明書チェーン全体を送信し、プロファイルが信頼する証明書を使ってください"),
        CatalogueEntry(
            "openid.client.certificates", "no certificate is registered", clause: "RFC 8705 §2.2.2",
            remedy: "register the certificate itself: the SHA-256 of its DER, or an `x5c` in the client's keys", japanese: "証明書が登録されていません",
            mend: "証明書そのもの（DER の SHA-256、またはクライアントの鍵の `x5c`）を登録してください"),
        CatalogueEntry(
            "openid.client.ciba", "pings need the address they go to, and polling has none", clause: "CIBA Core §4",
            remedy: "write the notification endpoint with `delivery: ping`, and leave it out with `delivery: poll`",
            japanese: "通知先のアドレスと通知方式が合っていません", mend: "`delivery: ping` のときは通知先のエンドポイントを指定し、`delivery: poll` のときは省略してください"),
        CatalogueEntry(
            "openid.client.authorization-encryption", "authorization answers are to be encrypted, and nothing signs them",
            clause: "JARM §2.2, §3", remedy: "name what signs them under `authorization-signed-response-alg`",
            japanese: "認可応答の暗号化に署名の方式が付いていません", mend: "署名の方式を `authorization-signed-response-alg` に指定してください"),
        CatalogueEntry(
            "openid.client.encryption-key", "none of the client's keys can be encrypted to", clause: "OpenID Connect Core §10.2",
            remedy: "register a key of the client with `use: enc` that the algorithm takes", japanese: "暗号化に使えるクライアントの鍵がありません",
            mend: "方式に合うクライアントの鍵を `use: enc` で登録してください"),
        CatalogueEntry(
            "openid.client.exchange", "token exchange is allowed for nobody", clause: "RFC 8693 §2.1",
            remedy: "name the audiences that the client may ask tokens for", japanese: "トークン交換の相手先が登録されていません",
            mend: "このクライアントがトークンを求められる相手先を登録してください"),
        CatalogueEntry(
            "openid.client.exchange-target", "the client takes exchanged tokens, and is no resource that they could be for",
            clause: "RFC 8693 §2.1", remedy: "name the resources that it is under `audiences`, or leave `accepts-exchanges-from` out",
            japanese: "交換されたトークンの宛先となるリソースがありません", mend: "自身が該当するリソースを `audiences` に登録するか、`accepts-exchanges-from` を省略してください"),
        CatalogueEntry(
            "openid.client.forwarded-by-stranger", "a client certificate was passed on by somebody who is not our proxy",
            clause: "RFC 9440 §4", remedy: "use the addresses under `mtls_endpoint_aliases`, without that header",
            japanese: "許可されていない接続元がクライアント証明書を転送しました", mend: "そのヘッダーを付けずに、`mtls_endpoint_aliases` のアドレスを使ってください"),
        CatalogueEntry(
            "openid.client.forwarded-malformed", "the proxy passed on something that is no client certificate", clause: "RFC 9440 §2",
            remedy: "tell the operator: `form` of `openid.mutual-tls.forwarded-certificate` has to be what the proxy writes",
            japanese: "転送されたクライアント証明書を読み取れません",
            mend: "運用者に連絡してください。`openid.mutual-tls.forwarded-certificate` の `form` を、プロキシの形式に合わせる必要があります"),
        CatalogueEntry(
            "openid.client.grant-settings", "a grant and its settings belong together", clause: "client registration",
            remedy: "write both the grant and its section, or neither", japanese: "グラントとその設定がそろっていません",
            mend: "グラントとその設定を両方とも指定するか、両方とも省略してください"),
        CatalogueEntry(
            "openid.client.grants", "refresh tokens alone are no grant: nothing gives the first", clause: "RFC 6749 §6",
            remedy: "add authorization_code, or the grant that gives them", japanese: "リフレッシュトークンだけのグラントは登録できません",
            mend: "authorization_code、またはリフレッシュトークンを発行するグラントを追加してください"),
        CatalogueEntry(
            "openid.client.no-certificate", "the connection showed no client certificate", clause: "RFC 8705 §2",
            remedy: "use the addresses under `mtls_endpoint_aliases` of the metadata, with the client's certificate",
            japanese: "クライアント証明書が提示されていません", mend: "メタデータの `mtls_endpoint_aliases` のアドレスに、クライアント証明書を付けて接続してください"),
        CatalogueEntry(
            "openid.client.profile", "the registration contradicts its profile", clause: "FAPI 2.0 Security Profile §5.3",
            remedy: "write what the profile wants, or choose another profile", japanese: "登録内容がプロファイルと矛盾しています",
            mend: "プロファイルの定めに合わせるか、別のプロファイルを選んでください"),
        CatalogueEntry(
            "openid.client.request-keys", "none of the client's keys can sign the requests that it registered for",
            clause: "RFC 9101 §6.2", remedy: "register the client's keys under `jwks` or `jwks-file`",
            japanese: "リクエストの署名に使えるクライアントの鍵がありません", mend: "クライアントの鍵を `jwks` または `jwks-file` に登録してください"),
        CatalogueEntry(
            "openid.client.request-objects", "signed requests are required, and no algorithm may sign them", clause: "RFC 9101 §10.5",
            remedy: "name the algorithms under `request-objects`", japanese: "リクエストの署名アルゴリズムが登録されていません",
            mend: "署名アルゴリズムを `request-objects` に登録してください"),
        CatalogueEntry(
            "openid.client.resource", "this is no resource", clause: "RFC 8707 §2", remedy: "write an absolute URI without a fragment",
            japanese: "リソースの名前として使えません", mend: "フラグメントのない絶対URIを指定してください"),
        CatalogueEntry(
            "openid.client.response-type", "this response type cannot be registered: …",
            clause: "OpenID Connect Dynamic Registration §2", remedy: "register `code`", japanese: "この応答の種類は登録できません",
            mend: "`code` を登録してください"),
        CatalogueEntry(
            "openid.client.sector", "the sector identifier is no host", clause: "OpenID Connect Core §8.1",
            remedy: "write a host in lower case, such as portal.example.go.jp", japanese: "セクター識別子がホスト名ではありません",
            mend: "portal.example.go.jp のように、小文字のホスト名を指定してください"),
        CatalogueEntry(
            "openid.client.tls-subject", "the name that the client certificate has to have is empty or names nothing",
            clause: "RFC 8705 §2.1.2", remedy: "register one subject name or one alternative name, as it stands in the certificate",
            japanese: "クライアント証明書の名前の登録が正しくありません", mend: "証明書に記載されたとおりの主体者名または別名を、1つだけ登録してください"),
        CatalogueEntry(
            "openid.client.user-code", "citizens have no user codes here", clause: "CIBA Core §7.1",
            remedy: "leave the setting out: the citizen's card answers for the citizen", japanese: "利用者コードは使えません",
            mend: "この設定を省略してください。利用者はカードで応答します"),
    ]
}
