extension Catalogue {
    /// OpenID Connect.
    static let openID: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.client.assertion-*", "the client assertion is not accepted: …", clause: "RFC 7523 §3; OpenID Connect Core §9",
            remedy: "correct the claim …", japanese: "クライアントアサーションを受け付けられません", mend: "示されたクレームを修正してください"),
        CatalogueEntry(
            "openid.client.assertion-lifetime", "client assertions may not live that long", clause: "RFC 7523 §3",
            remedy: "use 300 seconds unless the client's library cannot", japanese: "クライアントアサーションの有効期間が長すぎます",
            mend: "クライアントのライブラリの制約がない限り、300秒にしてください"),
        CatalogueEntry(
            "openid.client.assertion-replayed", "this client assertion was used before", clause: "RFC 7523 §3 (7); checklist E16",
            remedy: "make a new assertion with a new jti for every request", japanese: "このクライアントアサーションは使用済みです",
            mend: "リクエストごとに、新しい jti でアサーションを作成してください"),
        CatalogueEntry(
            "openid.client.assertion-signature", "no registered key of the client verifies the assertion",
            clause: "RFC 7523 §3 (9); RFC 8725 §3.1",
            remedy: "sign with a registered key and its algorithm, and name its kid", japanese: "登録された鍵ではアサーションの署名を検証できません",
            mend: "登録された鍵と方式で署名し、kid を指定してください"),
        CatalogueEntry(
            "openid.client.assertion-type", "the client_assertion_type is another one", clause: "RFC 7523 §2.2",
            remedy: "send the expected type", japanese: "client_assertion_type の値が異なります", mend: "定められた値を送信してください"),
        CatalogueEntry(
            "openid.client.assertion-unreadable", "the client assertion is no compact JWS with a JSON object in it", clause: "RFC 7523 §3",
            remedy: "send a JWT signed with the registered key", japanese: "クライアントアサーションがJSONを含むコンパクトJWSではありません",
            mend: "登録された鍵で署名した JWT を送信してください"),
        CatalogueEntry(
            "openid.client.backchannel-logout-uri", "this address for logout tokens cannot be registered: …",
            clause: "OpenID Connect Back-Channel Logout §2.2",
            remedy: "register an absolute https address without a fragment", japanese: "このログアウトトークンの送り先は登録できません",
            mend: "フラグメントのない https の絶対URLを登録してください"),
        CatalogueEntry(
            "openid.client.basic", "the Authorization header is no well-formed Basic credential", clause: "RFC 6749 §2.3.1",
            remedy: "form-encode id and secret, join them with a colon, encode with Base64",
            japanese: "Authorization ヘッダーの Basic 認証の形式が正しくありません", mend: "ID とシークレットをフォーム形式で符号化し、コロンでつないで Base64 で符号化してください"),
        CatalogueEntry(
            "openid.client.contradicted", "client_id and credential name different clients", clause: "RFC 7521 §4.2",
            remedy: "leave client_id out, or send the one of the credential", japanese: "client_idと認証情報が別のクライアントを指しています",
            mend: "client_id を省略するか、認証情報と同じ client_id を送信してください"),
        CatalogueEntry(
            "openid.client.id-token-algorithm", "ID tokens are not signed with this algorithm", clause: "OpenID Connect Core §2",
            remedy: "use ES256, RS256, PS256, ES384 or EdDSA", japanese: "IDトークンはこの方式では署名されません",
            mend: "ES256、RS256、PS256、ES384 または EdDSA を使ってください"),
        CatalogueEntry(
            "openid.client.keys", "none of the client's keys can sign an assertion we accept",
            clause: "OpenID Connect Core §9; RFC 7518 §3",
            remedy: "register an RSA key of 2048 bits or more, a P-256, P-384 or Ed25519 key",
            japanese: "クライアントの鍵に、受け付けられるアサーションを署名できるものがありません", mend: "2048ビット以上の RSA、P-256、P-384 または Ed25519 の鍵を登録してください"),
        CatalogueEntry(
            "openid.client.method", "the client is registered with another authentication method", clause: "OpenID Connect Core §9",
            remedy: "use the registered method, or change the registration", japanese: "クライアントは別の認証方法で登録されています",
            mend: "登録された方法を使うか、登録を変更してください"),
        CatalogueEntry(
            "openid.client.no-credential", "the client does not authenticate", clause: "RFC 6749 §3.2.1",
            remedy: "send a client_assertion, or an Authorization header", japanese: "クライアントが認証情報を送っていません",
            mend: "client_assertion または Authorization ヘッダーを送信してください"),
        CatalogueEntry(
            "openid.client.no-redirect-uri", "the client has no redirect address", clause: "OpenID Connect Core §3.1.2.1",
            remedy: "list at least one under `redirect-uris`", japanese: "クライアントにリダイレクト先がありません", mend: "`redirect-uris` に1つ以上指定してください"),
        CatalogueEntry(
            "openid.client.post-logout-redirect-uri", "this address for after a logout cannot be registered: …",
            clause: "OpenID Connect RP-Initiated Logout §3.1",
            remedy: "register an absolute https address, exactly as the requests will have it", japanese: "このログアウト後の戻り先は登録できません",
            mend: "リクエストで使うものと完全に同じ https の絶対URLを登録してください"),
        CatalogueEntry(
            "openid.client.redirect-uri", "this redirect address cannot be registered: …", clause: "RFC 6749 §3.1.2; RFC 9700 §4.1",
            remedy: "register an absolute https address, exactly as the requests will have it", japanese: "このリダイレクト先は登録できません",
            mend: "リクエストで使うものと完全に同じ https の絶対URLを登録してください"),
        CatalogueEntry(
            "openid.client.scope", "this is no scope", clause: "RFC 6749 §3.3",
            remedy: "use printable ASCII without spaces, quotation marks and backslashes", japanese: "スコープとして使えない文字列です",
            mend: "空白・引用符・バックスラッシュを除く印字可能な ASCII 文字を使ってください"),
        CatalogueEntry(
            "openid.client.secret", "the secret's digest is not a SHA-256 digest", clause: "RFC 6749 §2.3.1; RFC 9700 §2.5",
            remedy: "let `sekisho` make a random secret of 128 bits or more and keep its SHA-256",
            japanese: "シークレットのダイジェストが SHA-256 ではありません", mend: "128ビット以上の乱数のシークレットを `sekisho` で生成し、その SHA-256 を保存してください"),
        CatalogueEntry(
            "openid.client.secret-wrong", "the secret is wrong", clause: "RFC 6749 §2.3.1",
            remedy: "send the secret of the registration; remember to form-encode it first", japanese: "クライアントシークレットが異なります",
            mend: "登録されたシークレットを、フォーム形式で符号化して送信してください"),
        CatalogueEntry(
            "openid.client.several-methods", "the client authenticates in more than one way at once", clause: "RFC 6749 §2.3",
            remedy: "use only the registered method", japanese: "クライアントが複数の方法で同時に認証しようとしています", mend: "登録された方法だけを使ってください"),
        CatalogueEntry(
            "openid.form.malformed", "the parameters are not form-encoded", clause: "RFC 6749 appendix B",
            remedy: "encode every byte but letters, digits and - . _ ~ as %XX", japanese: "パラメーターがフォーム符号化されていません",
            mend: "英数字と - . _ ~ 以外のすべてのバイトを %XX で符号化してください"),
        CatalogueEntry(
            "openid.form.not-utf-8", "a parameter is not UTF-8", clause: "RFC 6749 appendix B",
            remedy: "write the values in UTF-8 before encoding them", japanese: "パラメーターがUTF-8ではありません", mend: "値を UTF-8 で書いてから符号化してください"),
        CatalogueEntry(
            "openid.form.too-large", "the request is too long", clause: "RFC 6749 §3.1",
            remedy: "send a smaller request", japanese: "リクエストが長すぎます", mend: "リクエストを小さくして送信してください"),
        CatalogueEntry(
            "openid.form.too-many", "the request has too many parameters", clause: "RFC 6749 §3.1",
            remedy: "send only the parameters that OpenID Connect Core defines", japanese: "パラメーターが多すぎます",
            mend: "OpenID Connect Core で定められたパラメーターだけを送信してください"),
        CatalogueEntry(
            "openid.hint.key-away", "our key for the encrypted id_token_hint does not answer at present", clause: "RFC 6749 §4.1.2.1",
            remedy: "send the same request again in a minute, or the hint unencrypted",
            japanese: "id_token_hintを復号する鍵が、現在応答していません", mend: "1分ほど待ってから、同じリクエストをもう一度送信するか、id_token_hintを暗号化せずに送信してください"),
        CatalogueEntry(
            "openid.logout.id-token-hint", "the id_token_hint is not accepted: …", clause: "OpenID Connect RP-Initiated Logout §2",
            remedy: "send the ID token that this provider gave to this client at the login, unchanged; it may have expired",
            japanese: "id_token_hintを受け付けられません", mend: "ログイン時にこのプロバイダーがこのクライアントに発行したIDトークンを、変更せずに送信してください。有効期限切れでも構いません"),
        CatalogueEntry(
            "openid.logout.redirect-unregistered",
            "the post_logout_redirect_uri is not one of the client's registered addresses, byte for byte",
            clause: "OpenID Connect RP-Initiated Logout §2, §3; checklist E4",
            remedy: "send a registered address unchanged, or register this one under `post-logout-redirect-uris`",
            japanese: "post_logout_redirect_uri が、登録されたURLと完全には一致しません",
            mend: "登録されたURLを変更せずに送信するか、このURLを `post-logout-redirect-uris` に登録してください"),
        CatalogueEntry(
            "openid.logout.state-too-long", "the state is too long", clause: "OpenID Connect RP-Initiated Logout §2",
            remedy: "send a shorter state", japanese: "stateが長すぎます", mend: "state を短くしてください"),
        CatalogueEntry(
            "openid.provider.key", "the provider has no key for the client's ID token algorithm", clause: "OpenID Connect Core §10.1",
            remedy: "tell the operator; `sekisho check` shows it", japanese: "クライアントのIDトークンの方式に合う鍵が、プロバイダーにありません",
            mend: "運用者に連絡してください。`sekisho check` で確認できます"),
        CatalogueEntry(
            "openid.request.*", "this value of … is not accepted", clause: "the clause of the parameter",
            remedy: "send one of the accepted values", japanese: "このパラメーターの値は受け付けられません", mend: "受け付けられる値を送信してください"),
        CatalogueEntry(
            "openid.request.*-missing", "the request has no …", clause: "the clause that asks for the parameter",
            remedy: "send …", japanese: "必要なパラメーターがありません", mend: "示されたパラメーターを送信してください"),
        CatalogueEntry(
            "openid.request.*-too-long", "the … is too long", clause: "RFC 6749 §4.1.2.1",
            remedy: "send a shorter …", japanese: "パラメーターが長すぎます", mend: "値を短くしてください"),
        CatalogueEntry(
            "openid.request.*-unsupported", "the parameter … is not supported", clause: "the clause that lets a provider refuse it",
            remedy: "leave it out", japanese: "このパラメーターには対応していません", mend: "このパラメーターを省略してください"),
        CatalogueEntry(
            "openid.request.claims", "the claims parameter is no JSON object: …", clause: "OpenID Connect Core §5.5",
            remedy: "send a JSON object as in the example of §5.5, or leave it out", japanese: "claimsパラメーターがJSONオブジェクトではありません",
            mend: "§5.5 の例のようなJSONオブジェクトを送信するか、省略してください"),
        CatalogueEntry(
            "openid.request.client-missing", "the request names no client", clause: "OpenID Connect Core §3.1.2.1",
            remedy: "send client_id", japanese: "リクエストにclient_idがありません", mend: "client_id を送信してください"),
        CatalogueEntry(
            "openid.request.client-unknown", "no client is registered under this client_id", clause: "RFC 6749 §4.1.2.1",
            remedy: "register the client with `sekisho member add`, or correct the client_id", japanese: "このclient_idのクライアントは登録されていません",
            mend: "`sekisho member add` でクライアントを登録するか、client_id を修正してください"),
        CatalogueEntry(
            "openid.request.code-challenge", "the code_challenge is not the SHA-256 digest of a verifier in Base64url",
            clause: "RFC 7636 §4.2",
            remedy: "send BASE64URL(SHA256(code_verifier)) without padding", japanese: "code_challengeがSHA-256のBase64urlではありません",
            mend: "BASE64URL(SHA256(code_verifier)) を、パディングなしで送信してください"),
        CatalogueEntry(
            "openid.request.code-challenge-missing", "the request has no code_challenge", clause: "RFC 7636 §4.4.1; RFC 9700 §2.1.1",
            remedy: "send code_challenge and code_challenge_method=S256 … write = between code_challenge and its value",
            japanese: "code_challengeがありません", mend: "code_challenge と code_challenge_method=S256 を送信してください。code_challenge と値の間には = が必要です"),
        CatalogueEntry(
            "openid.request.id-token-hint", "the id_token_hint is not accepted: …", clause: "OpenID Connect Core §3.1.2.1",
            remedy: "send an ID token that this provider gave to this client, or none", japanese: "id_token_hintを受け付けられません",
            mend: "このプロバイダーがこのクライアントに発行したIDトークンを送信するか、省略してください"),
        CatalogueEntry(
            "openid.request.redirect-missing", "the request has no redirect_uri", clause: "OpenID Connect Core §3.1.2.1",
            remedy: "send redirect_uri as it is registered", japanese: "redirect_uriがありません", mend: "登録どおりの redirect_uri を送信してください"),
        CatalogueEntry(
            "openid.request.redirect-unregistered", "the redirect_uri is not one of the client's registered addresses, byte for byte",
            clause: "OpenID Connect Core §3.1.2.1; RFC 9700 §4.1.3",
            remedy: "send the registered address unchanged, or register this one", japanese: "redirect_uri が、登録されたURLと完全には一致しません",
            mend: "登録されたURLを変更せずに送信するか、このURLを登録してください"),
        CatalogueEntry(
            "openid.request.repeated", "a parameter came more than once", clause: "RFC 6749 §3.1",
            remedy: "send every parameter once", japanese: "パラメーターが2回以上送られました", mend: "各パラメーターを1回だけ送信してください"),
        CatalogueEntry(
            "openid.request.subject", "the request names a citizen who cannot be here", clause: "OpenID Connect Core §3.1.2.2, §5.5.1",
            remedy: "leave the hint out and let the citizen log in", japanese: "リクエストが、ここにいないはずの利用者を指しています",
            mend: "ヒントを省略し、利用者にログインしてもらってください"),
        CatalogueEntry(
            "openid.request.too-large", "the form is larger than 32 KiB, or not ours", clause: "OpenID Connect RP-Initiated Logout §2",
            remedy: "send a smaller request", japanese: "フォームが32 KiBを超えています", mend: "リクエストを小さくして送信してください"),
        CatalogueEntry(
            "openid.token.client", "the code was issued to another client", clause: "RFC 6749 §4.1.3",
            remedy: "redeem only your own codes", japanese: "認可コードは別のクライアントに発行されたものです", mend: "自分に発行された認可コードだけを使ってください"),
        CatalogueEntry(
            "openid.token.code-replayed", "the code was used before; the tokens issued from it have been ended",
            clause: "RFC 6749 §4.1.2; checklist E5",
            remedy: "redeem a code once, and find out who sent it twice", japanese: "認可コードは使用済みです。そこから発行したトークンは無効にしました",
            mend: "認可コードは1回だけ使ってください。2回送られた原因を調べてください"),
        CatalogueEntry(
            "openid.token.code-unknown", "there is no such code, or it has expired", clause: "RFC 6749 §5.2",
            remedy: "redeem the code of the redirect, whole, at once", japanese: "該当する認可コードがないか、有効期限が切れています",
            mend: "リダイレクトで受け取った認可コード全体を、すぐに使ってください"),
        CatalogueEntry(
            "openid.token.code-verifier", "the code_verifier is malformed, or does not belong to the code_challenge",
            clause: "RFC 7636 §4.1, §4.6",
            remedy: "send the verifier whose SHA-256 the authorization request had", japanese: "code_verifierが正しくありません",
            mend: "認可リクエストに指定した SHA-256 の元の code_verifier を送信してください"),
        CatalogueEntry(
            "openid.token.expired", "the code has expired", clause: "RFC 6749 §4.1.2",
            remedy: "redeem a code at once", japanese: "認可コードの期限が切れました", mend: "認可コードは、受け取ったらすぐに使ってください"),
        CatalogueEntry(
            "openid.token.grant-type", "this grant type is not supported", clause: "RFC 6749 §5.2",
            remedy: "send authorization_code", japanese: "このgrant_typeには対応していません", mend: "authorization_code を送信してください"),
        CatalogueEntry(
            "openid.token.member", "the client is no member", clause: "trust framework: members",
            remedy: "register the client", japanese: "このクライアントは参加機関ではありません", mend: "クライアントを登録してください"),
        CatalogueEntry(
            "openid.token.member.*", "the member's accreditation is not in force", clause: "trust framework: accreditation",
            remedy: "the member's administrator renews or reinstates its accreditation", japanese: "参加機関の認定が有効ではありません",
            mend: "参加機関の管理者が、認定の更新または停止の解除を申請してください"),
        CatalogueEntry(
            "openid.token.redirect-uri", "the redirect_uri is not the one of the authorization request", clause: "RFC 6749 §4.1.3",
            remedy: "send the same redirect_uri in both requests", japanese: "redirect_uri が、認可リクエストのものと異なります",
            mend: "両方のリクエストで同じ redirect_uri を送信してください"),
        CatalogueEntry(
            "openid.token.refresh-off", "the client is not registered for refresh tokens", clause: "RFC 6749 §5.2",
            remedy: "have `refresh-tokens: true` put into the registration, or do without", japanese: "クライアントはリフレッシュトークンを使う登録になっていません",
            mend: "登録に `refresh-tokens: true` を追加するか、リフレッシュトークンを使わないようにしてください"),
        CatalogueEntry(
            "openid.token.refresh-reused", "the refresh token was exchanged before; all tokens of its login have been ended",
            clause: "RFC 9700 §4.14.2",
            remedy: "use the newest refresh token only", japanese: "リフレッシュトークンは交換済みです。そのログインのトークンはすべて無効にしました",
            mend: "最新のリフレッシュトークンだけを使ってください"),
        CatalogueEntry(
            "openid.token.refresh-unknown", "there is no such refresh token, or it has ended", clause: "RFC 6749 §6",
            remedy: "send the citizen to the authorization endpoint again", japanese: "該当するリフレッシュトークンがないか、終了しています",
            mend: "利用者を認可エンドポイントにもう一度案内してください"),
        CatalogueEntry(
            "openid.token.scope", "the access token has no openid scope", clause: "OpenID Connect Core §5.3",
            remedy: "ask for openid", japanese: "アクセストークンにopenidスコープがありません", mend: "openid スコープを求めてください"),
        CatalogueEntry(
            "openid.userinfo.token-malformed", "the access token has characters no token has", clause: "RFC 6750 §2.1",
            remedy: "send the access_token of the token response unchanged", japanese: "アクセストークンに使えない文字があります",
            mend: "トークンレスポンスの access_token を変更せずに送信してください"),
        CatalogueEntry(
            "openid.userinfo.token-missing", "the request has no access token", clause: "RFC 6750 §3; RFC 9449 §7.1",
            remedy: "send the access token as `Authorization: Bearer …`, or `DPoP …` with a proof", japanese: "アクセストークンがありません",
            mend: "アクセストークンを `Authorization: Bearer …`、または証明を付けた `DPoP …` で送信してください"),
        CatalogueEntry(
            "openid.userinfo.token-twice", "the request has a token in the header and another in the body", clause: "RFC 6750 §2",
            remedy: "send it in the header only", japanese: "トークンがヘッダーと本文の両方にあります", mend: "ヘッダーだけで送信してください"),
        CatalogueEntry(
            "openid.userinfo.token-unknown", "there is no such access token, or it has ended", clause: "RFC 6750 §3.1",
            remedy: "send the access token of the token response, whole, before it expires", japanese: "該当するアクセストークンがないか、終了しています",
            mend: "トークンレスポンスのアクセストークン全体を、有効期限内に送信してください"),
    ]
}
