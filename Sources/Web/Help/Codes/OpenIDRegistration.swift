extension Catalogue {
    /// Clients that register themselves, and what they are told.
    static let openIDRegistration: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.client.secret-expired", "the client's secret has run out", clause: "RFC 7591 §3.2.1",
            remedy: "update the registration at its registration_client_uri: the answer has a new secret",
            japanese: "クライアントシークレットの有効期限が切れています"),
        CatalogueEntry(
            "openid.registration.access", "there is no such registration, or this is not its registration access token",
            clause: "RFC 7592 §2.1, §4",
            remedy: "use the token of the newest answer, which every update renews",
            japanese: "登録が存在しないか、登録アクセストークンが違います"),
        CatalogueEntry(
            "openid.registration.closed", "clients do not register themselves here", clause: "RFC 7591 §3",
            remedy: "ask the operator to register the client",
            japanese: "このサーバーはクライアントの自己登録を受け付けていません"),
        CatalogueEntry(
            "openid.registration.content-type", "the request is no application/json", clause: "RFC 7591 §3.1",
            remedy: "send the metadata as a JSON object",
            japanese: "application/jsonではありません"),
        CatalogueEntry(
            "openid.registration.contradiction", "the update contradicts the registration: …", clause: "RFC 7592 §2.2",
            remedy: "send the metadata alone, with the client's own client_id",
            japanese: "更新の内容が登録と矛盾しています"),
        CatalogueEntry(
            "openid.registration.document", "what stands at this address is of no use: …",
            clause: "OpenID Connect Dynamic Registration §2, §5",
            remedy: "serve it with status 200, at once, from a public address",
            japanese: "登録されたアドレスの文書を取得できないか、内容が使えません"),
        CatalogueEntry(
            "openid.registration.full", "no more registrations are kept", clause: "RFC 7591 §5",
            remedy: "remove clients that are not used, or ask the operator",
            japanese: "登録数の上限に達しました"),
        CatalogueEntry(
            "openid.registration.keys", "the client's keys cannot be registered: …", clause: "RFC 7591 §2; RFC 7517 §5",
            remedy: "send public keys only, either in jwks or at jwks_uri",
            japanese: "クライアントの鍵を登録できません"),
        CatalogueEntry(
            "openid.registration.malformed", "the request is no JSON object that can be read: …", clause: "RFC 7591 §3.1",
            remedy: "send one object of client metadata",
            japanese: "登録要求が読み取れるJSONオブジェクトではありません"),
        CatalogueEntry(
            "openid.registration.missing", "members of the metadata belong together", clause: "RFC 7591 §2",
            remedy: "send both, or neither",
            japanese: "組になるメタデータ項目の一方がありません"),
        CatalogueEntry(
            "openid.registration.name", "the name cannot be shown to citizens", clause: "RFC 7591 §5",
            remedy: "use at most 120 visible characters, without marks that turn the direction of reading",
            japanese: "この名称は利用者に表示できません（見えない文字や文字方向を変える文字を含むなど）"),
        CatalogueEntry(
            "openid.registration.no-token", "nobody said that this client may register", clause: "RFC 7591 §3",
            remedy: "bring an initial access token of the registrar in `Authorization: Bearer`, or a software statement",
            japanese: "登録を許す初期アクセストークンがありません"),
        CatalogueEntry(
            "openid.registration.page", "nobody vouches for this client, and the page is on another host than its redirect addresses",
            clause: "RFC 7591 §5",
            remedy: "serve it from a host of the client's own",
            japanese: "誰も保証していないクライアントのページが別のホストにあります"),
        CatalogueEntry(
            "openid.registration.request-uris", "requests by reference are not fetched", clause: "OpenID Connect Core §6.2; RFC 9126",
            remedy: "leave request_uris out, and push requests instead",
            japanese: "request_uriによる参照は取得しません。PARを使ってください"),
        CatalogueEntry(
            "openid.registration.sector", "the client has no sector of its own: …",
            clause: "OpenID Connect Core §8.1; OpenID Connect Dynamic Registration §5",
            remedy: "serve a list of all redirect addresses at sector_identifier_uri",
            japanese: "セクター識別子が定まらないか、リダイレクト先が文書に載っていません"),
        CatalogueEntry(
            "openid.registration.sponsor", "the member that answers for the client cannot: …", clause: "docs/decisions/0045",
            remedy: "ask the registrar",
            japanese: "このクライアントの責任を負う加盟者が、いま責任を負えません"),
        CatalogueEntry(
            "openid.registration.statement", "the software statement cannot be believed: …", clause: "RFC 7591 §2.3, §3.2.2",
            remedy: "ask the federation's registrar for a new one",
            japanese: "ソフトウェアステートメントを信頼できません"),
        CatalogueEntry(
            "openid.registration.statement-unapproved", "the software statement is not enough here: …", clause: "RFC 7591 §3.2.2",
            remedy: "ask the federation's registrar for one with the terms of this deployment",
            japanese: "ソフトウェアステートメントはここでは承認されません"),
        CatalogueEntry(
            "openid.registration.terms", "the registrar's terms, or the deployment, do not give this to the client",
            clause: "RFC 7591 §3.2.1",
            remedy: "ask for what is given, or ask the registrar for other terms",
            japanese: "登録局が定めた条件の範囲を超えています"),
        CatalogueEntry(
            "openid.registration.token-spent", "the initial access token has been used up", clause: "RFC 7591 §3",
            remedy: "ask the registrar for a new one",
            japanese: "初期アクセストークンの使用回数が尽きました"),
        CatalogueEntry(
            "openid.registration.token-unknown", "there is no such initial access token, or it has run out", clause: "RFC 7591 §3",
            remedy: "ask the registrar for a new one",
            japanese: "初期アクセストークンが存在しないか、期限が切れています"),
        CatalogueEntry(
            "openid.registration.too-fast", "too many clients registered for this sponsor within an hour",
            clause: "RFC 7591 §5; RFC 6585 §4",
            remedy: "wait, and register a client once",
            japanese: "この加盟者のクライアント登録が1時間の上限に達しました"),
        CatalogueEntry(
            "openid.registration.too-large", "the request is larger than 64 KiB", clause: "RFC 7591 §3.1",
            remedy: "send a smaller one",
            japanese: "要求が64 KiBを超えています"),
        CatalogueEntry(
            "openid.registration.type", "this member of the metadata has another kind of value", clause: "RFC 7591 §2",
            remedy: "send what is expected, or leave the member out",
            japanese: "メタデータのこの項目の型が違います"),
        CatalogueEntry(
            "openid.registration.value", "this value cannot be registered here",
            clause: "RFC 7591 §2; OpenID Connect Dynamic Registration §2",
            remedy: "choose an accepted one, as the provider's metadata list them",
            japanese: "この値はここでは登録できません"),
    ]
}
