extension Catalogue {
    /// Clients that register themselves, and what they are told.
    static let openIDRegistration: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.client.secret-expired", "the client's secret has run out", clause: "RFC 7591 §3.2.1",
            remedy: "update the registration at its registration_client_uri: the answer has a new secret",
            japanese: "クライアントシークレットの有効期限が切れています", mend: "registration_client_uri で登録を更新してください。応答に新しいシークレットがあります"),
        CatalogueEntry(
            "openid.registration.access", "there is no such registration, or this is not its registration access token",
            clause: "RFC 7592 §2.1, §4",
            remedy: "use the token of the newest answer, which every update renews",
            japanese: "登録がないか、登録アクセストークンが異なります", mend: "更新のたびに新しくなる、最新の応答のトークンを使ってください"),
        CatalogueEntry(
            "openid.registration.closed", "clients do not register themselves here", clause: "RFC 7591 §3",
            remedy: "ask the operator to register the client",
            japanese: "このサーバーはクライアントの自己登録を受け付けていません", mend: "クライアントの登録を運用者に依頼してください"),
        CatalogueEntry(
            "openid.registration.content-type", "the request is no application/json", clause: "RFC 7591 §3.1",
            remedy: "send the metadata as a JSON object",
            japanese: "リクエストの形式が application/json ではありません", mend: "メタデータをJSONオブジェクトとして送信してください"),
        CatalogueEntry(
            "openid.registration.contradiction", "the update contradicts the registration: …", clause: "RFC 7592 §2.2",
            remedy: "send the metadata alone, with the client's own client_id",
            japanese: "更新の内容が登録と矛盾しています", mend: "メタデータだけを、クライアント自身の client_id とともに送信してください"),
        CatalogueEntry(
            "openid.registration.document", "what stands at this address is of no use: …",
            clause: "OpenID Connect Dynamic Registration §2, §5",
            remedy: "serve it with status 200, at once, from a public address",
            japanese: "登録されたアドレスの文書を取得できないか、内容が使えません", mend: "公開されたアドレスで、ステータス200ですぐに応答するようにしてください"),
        CatalogueEntry(
            "openid.registration.full", "no more registrations are kept", clause: "RFC 7591 §5",
            remedy: "remove clients that are not used, or ask the operator",
            japanese: "登録数の上限に達しました", mend: "使っていないクライアントを削除するか、運用者に相談してください"),
        CatalogueEntry(
            "openid.registration.keys", "the client's keys cannot be registered: …", clause: "RFC 7591 §2; RFC 7517 §5",
            remedy: "send public keys only, either in jwks or at jwks_uri",
            japanese: "クライアントの鍵を登録できません", mend: "公開鍵だけを、jwks または jwks_uri のどちらか一方で送信してください"),
        CatalogueEntry(
            "openid.registration.malformed", "the request is no JSON object that can be read: …", clause: "RFC 7591 §3.1",
            remedy: "send one object of client metadata",
            japanese: "登録リクエストを、JSONオブジェクトとして読み取れません", mend: "クライアントのメタデータのオブジェクトを1つ送信してください"),
        CatalogueEntry(
            "openid.registration.missing", "members of the metadata belong together", clause: "RFC 7591 §2",
            remedy: "send both, or neither",
            japanese: "組になるメタデータの項目の一方がありません", mend: "両方とも送信するか、両方とも省略してください"),
        CatalogueEntry(
            "openid.registration.name", "the name cannot be shown to citizens", clause: "RFC 7591 §5",
            remedy: "use at most 120 visible characters, without marks that turn the direction of reading",
            japanese: "この名称は利用者に表示できません（見えない文字や文字方向を変える文字を含むなど）", mend: "文字の方向を変える記号を使わず、120文字以内の見える文字にしてください"),
        CatalogueEntry(
            "openid.registration.no-token", "nobody said that this client may register", clause: "RFC 7591 §3",
            remedy: "bring an initial access token of the registrar in `Authorization: Bearer`, or a software statement",
            japanese: "登録を許可する初期アクセストークンがありません", mend: "登録担当の初期アクセストークンを `Authorization: Bearer` で送信するか、ソフトウェアステートメントを付けてください"),
        CatalogueEntry(
            "openid.registration.page", "nobody vouches for this client, and the page is on another host than its redirect addresses",
            clause: "RFC 7591 §5",
            remedy: "serve it from a host of the client's own",
            japanese: "保証のないクライアントのページが、リダイレクト先と異なるホストにあります", mend: "クライアント自身のホストで公開してください"),
        CatalogueEntry(
            "openid.registration.request-uris", "requests by reference are not fetched", clause: "OpenID Connect Core §6.2; RFC 9126",
            remedy: "leave request_uris out, and push requests instead",
            japanese: "request_uri による参照は取得しません", mend: "request_uris を省略し、PAR を使ってください"),
        CatalogueEntry(
            "openid.registration.sector", "the client has no sector of its own: …",
            clause: "OpenID Connect Core §8.1; OpenID Connect Dynamic Registration §5",
            remedy: "serve a list of all redirect addresses at sector_identifier_uri",
            japanese: "セクター識別子が定まらないか、リダイレクト先が文書に載っていません", mend: "すべてのリダイレクト先の一覧を sector_identifier_uri で公開してください"),
        CatalogueEntry(
            "openid.registration.sponsor", "the member that answers for the client cannot: …", clause: "docs/decisions/0045",
            remedy: "ask the registrar",
            japanese: "このクライアントの責任を負う参加機関が、現在その責任を負えません", mend: "登録担当に問い合わせてください"),
        CatalogueEntry(
            "openid.registration.statement", "the software statement cannot be believed: …", clause: "RFC 7591 §2.3, §3.2.2",
            remedy: "ask the federation's registrar for a new one",
            japanese: "ソフトウェアステートメントを信頼できません", mend: "新しいものの発行を、フェデレーションの登録担当に依頼してください"),
        CatalogueEntry(
            "openid.registration.statement-unapproved", "the software statement is not enough here: …", clause: "RFC 7591 §3.2.2",
            remedy: "ask the federation's registrar for one with the terms of this deployment",
            japanese: "ソフトウェアステートメントはここでは承認されません", mend: "この環境の条件を満たすものの発行を、フェデレーションの登録担当に依頼してください"),
        CatalogueEntry(
            "openid.registration.terms", "the registrar's terms, or the deployment, do not give this to the client",
            clause: "RFC 7591 §3.2.1",
            remedy: "ask for what is given, or ask the registrar for other terms",
            japanese: "登録担当の定めた条件の範囲を超えています", mend: "認められた範囲で求めるか、条件の変更を登録担当に依頼してください"),
        CatalogueEntry(
            "openid.registration.token-spent", "the initial access token has been used up", clause: "RFC 7591 §3",
            remedy: "ask the registrar for a new one",
            japanese: "初期アクセストークンの使用回数の上限に達しました", mend: "新しいものの発行を登録担当に依頼してください"),
        CatalogueEntry(
            "openid.registration.token-unknown", "there is no such initial access token, or it has run out", clause: "RFC 7591 §3",
            remedy: "ask the registrar for a new one",
            japanese: "初期アクセストークンが存在しないか、期限が切れています", mend: "新しいものの発行を登録担当に依頼してください"),
        CatalogueEntry(
            "openid.registration.too-fast", "too many clients registered for this sponsor within an hour",
            clause: "RFC 7591 §5; RFC 6585 §4",
            remedy: "wait, and register a client once",
            japanese: "この参加機関のクライアント登録が、1時間の上限に達しました", mend: "しばらく待ってください。クライアントの登録は1回だけ行ってください"),
        CatalogueEntry(
            "openid.registration.too-large", "the request is larger than 64 KiB", clause: "RFC 7591 §3.1",
            remedy: "send a smaller one",
            japanese: "リクエストが64 KiBを超えています", mend: "小さくして送信してください"),
        CatalogueEntry(
            "openid.registration.type", "this member of the metadata has another kind of value", clause: "RFC 7591 §2",
            remedy: "send what is expected, or leave the member out",
            japanese: "メタデータのこの項目の型が異なります", mend: "定められた型で送信するか、この項目を省略してください"),
        CatalogueEntry(
            "openid.registration.value", "this value cannot be registered here",
            clause: "RFC 7591 §2; OpenID Connect Dynamic Registration §2",
            remedy: "choose an accepted one, as the provider's metadata list them",
            japanese: "この値はここでは登録できません", mend: "プロバイダーのメタデータに示された、受け付けられる値を選んでください"),
    ]
}
