extension Catalogue {
    static let openIDClients: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.client.address", "this address cannot be registered: …", clause: "OpenID Connect Dynamic Registration §2",
            remedy: "register an absolute https address without a fragment", japanese: "このアドレスは登録できません"),
        CatalogueEntry(
            "openid.client.algorithm", "this algorithm is not for the profile",
            clause: "FAPI 2.0 Security Profile §5.4.1; RFC 8725 §3.1", remedy: "choose an accepted one",
            japanese: "このプロファイルでは使えないアルゴリズムです"),
        CatalogueEntry(
            "openid.client.certificate-name", "the client certificate does not have the registered name", clause: "RFC 8705 §2.1",
            remedy: "use the certificate of the registration, or have its new name registered", japanese: "クライアント証明書の名前が登録と異なります"),
        CatalogueEntry(
            "openid.client.certificate-unknown", "this certificate is not registered for the client", clause: "RFC 8705 §2.2",
            remedy: "use a registered certificate, or have this one registered", japanese: "この証明書は登録されていません"),
        CatalogueEntry(
            "openid.client.certificate-unreadable", "the client certificate cannot be read", clause: "RFC 5280 §4.1",
            remedy: "use an X.509 certificate of version 3 in DER", japanese: "クライアント証明書を読み取れません"),
        CatalogueEntry(
            "openid.client.certificate-untrusted", "the client certificate is not believed: …", clause: "RFC 8705 §2.1; RFC 5280 §6",
            remedy: "send the whole chain, and have a certificate that the profile believes", japanese: "クライアント証明書を検証できません"),
        CatalogueEntry(
            "openid.client.certificates", "no certificate is registered", clause: "RFC 8705 §2.2.2",
            remedy: "register the certificate itself: the SHA-256 of its DER, or an `x5c` in the client's keys", japanese: "証明書が登録されていません"),
        CatalogueEntry(
            "openid.client.ciba", "pings need the address they go to, and polling has none", clause: "CIBA Core §4",
            remedy: "write the notification endpoint with `delivery: ping`, and leave it out with `delivery: poll`",
            japanese: "通知先のアドレスと通知方式が合っていません"),
        CatalogueEntry(
            "openid.client.encryption-key", "none of the client's keys can be encrypted to", clause: "OpenID Connect Core §10.2",
            remedy: "register a key of the client with `use: enc` that the algorithm takes", japanese: "暗号化に使えるクライアントの鍵がありません"),
        CatalogueEntry(
            "openid.client.exchange", "token exchange is allowed for nobody", clause: "RFC 8693 §2.1",
            remedy: "name the audiences that the client may ask tokens for", japanese: "トークン交換の相手先が登録されていません"),
        CatalogueEntry(
            "openid.client.exchange-target", "the client takes exchanged tokens, and is no resource that they could be for",
            clause: "RFC 8693 §2.1", remedy: "name the resources that it is under `audiences`, or leave `accepts-exchanges-from` out",
            japanese: "交換されたトークンの宛先となるリソースがありません"),
        CatalogueEntry(
            "openid.client.forwarded-by-stranger", "a client certificate was passed on by somebody who is not our proxy",
            clause: "RFC 9440 §4", remedy: "use the addresses under `mtls_endpoint_aliases`, without that header",
            japanese: "許可されていない接続元がクライアント証明書を転送しました"),
        CatalogueEntry(
            "openid.client.forwarded-malformed", "the proxy passed on something that is no client certificate", clause: "RFC 9440 §2",
            remedy: "tell the operator: `form` of `openid.mutual-tls.forwarded-certificate` has to be what the proxy writes",
            japanese: "転送されたクライアント証明書を読み取れません"),
        CatalogueEntry(
            "openid.client.grant-settings", "a grant and its settings belong together", clause: "client registration",
            remedy: "write both the grant and its section, or neither", japanese: "グラントとその設定がそろっていません"),
        CatalogueEntry(
            "openid.client.grants", "refresh tokens alone are no grant: nothing gives the first", clause: "RFC 6749 §6",
            remedy: "add authorization_code, or the grant that gives them", japanese: "リフレッシュトークンだけのグラントは登録できません"),
        CatalogueEntry(
            "openid.client.no-certificate", "the connection showed no client certificate", clause: "RFC 8705 §2",
            remedy: "use the addresses under `mtls_endpoint_aliases` of the metadata, with the client's certificate",
            japanese: "クライアント証明書が提示されていません"),
        CatalogueEntry(
            "openid.client.profile", "the registration contradicts its profile", clause: "FAPI 2.0 Security Profile §5.3",
            remedy: "write what the profile wants, or choose another profile", japanese: "登録内容がプロファイルと矛盾しています"),
        CatalogueEntry(
            "openid.client.request-keys", "none of the client's keys can sign the requests that it registered for",
            clause: "RFC 9101 §6.2", remedy: "register the client's keys under `jwks` or `jwks-file`",
            japanese: "要求の署名に使えるクライアントの鍵がありません"),
        CatalogueEntry(
            "openid.client.request-objects", "signed requests are required, and no algorithm may sign them", clause: "RFC 9101 §10.5",
            remedy: "name the algorithms under `request-objects`", japanese: "要求の署名アルゴリズムが登録されていません"),
        CatalogueEntry(
            "openid.client.resource", "this is no resource", clause: "RFC 8707 §2", remedy: "write an absolute URI without a fragment",
            japanese: "リソースの名前として使えません"),
        CatalogueEntry(
            "openid.client.response-type", "this response type cannot be registered: …",
            clause: "OpenID Connect Dynamic Registration §2", remedy: "register `code`", japanese: "この応答の種類は登録できません"),
        CatalogueEntry(
            "openid.client.sector", "the sector identifier is no host", clause: "OpenID Connect Core §8.1",
            remedy: "write a host in lower case, such as portal.example.go.jp", japanese: "セクター識別子がホスト名ではありません"),
        CatalogueEntry(
            "openid.client.tls-subject", "the name that the client certificate has to have is empty or names nothing",
            clause: "RFC 8705 §2.1.2", remedy: "register one subject name or one alternative name, as it stands in the certificate",
            japanese: "クライアント証明書の名前の登録が正しくありません"),
        CatalogueEntry(
            "openid.client.user-code", "citizens have no user codes here", clause: "CIBA Core §7.1",
            remedy: "leave the setting out: the citizen's card answers for the citizen", japanese: "利用者コードは使えません"),
    ]
}
