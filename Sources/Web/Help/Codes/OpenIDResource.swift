extension Catalogue {
    /// Userinfo, introspection, revocation, token exchange.
    static let openIDResource: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.answer.recipient-key", "the client has no key that its answers could be encrypted to",
            clause: "OpenID Connect Core §5.3.2; RFC 9701 §5", remedy: "register a key of the right kind with use `enc`",
            japanese: "応答を暗号化するためのクライアントの鍵が登録されていません", mend: "適切な種類の鍵を、用途 `enc` として登録してください"),
        CatalogueEntry(
            "openid.answer.signing-key", "the provider has no key for the algorithm that signs answers to this client",
            clause: "OpenID Connect Core §5.3.2; RFC 9701 §5", remedy: "tell the operator; `sekisho check` shows the keys",
            japanese: "このクライアントへの応答に署名する鍵がありません", mend: "運用者に連絡してください。鍵は `sekisho check` で確認できます"),
        CatalogueEntry(
            "openid.exchange.actor", "a service that acted before is no member in force any more",
            clause: "trust framework: accreditation; RFC 8693 §4.1", remedy: "the citizen starts again, at a service that is accredited",
            japanese: "先に代理したサービスの認定が有効ではなくなりました", mend: "利用者は、認定されたサービスからもう一度始めてください"),
        CatalogueEntry(
            "openid.exchange.actor-token", "who acts is the client that authenticates, never a token it brings",
            clause: "RFC 8693 §1.1, §2.1", remedy: "leave actor_token out; the new token names the client in `act`",
            japanese: "actor_tokenは使えません。代理するのは認証したクライアント自身です", mend: "actor_token を省略してください。新しいトークンの `act` にクライアントが示されます"),
        CatalogueEntry(
            "openid.exchange.chain", "too many services would act one for another", clause: "RFC 8693 §4.1",
            remedy: "let the first service ask the last agency itself", japanese: "代理の連鎖が長すぎます", mend: "最初のサービスから、最後の機関に直接求めてください"),
        CatalogueEntry(
            "openid.exchange.details", "the authorization details are not among those that the citizen agreed to for this target",
            clause: "RFC 9396 §6; RFC 8693 §2.1", remedy: "send some of them unchanged, or leave the parameter out",
            japanese: "authorization_details が、この提出先について利用者が同意した範囲を超えています", mend: "同意された認可詳細の一部を変更せずに送信するか、このパラメーターを省略してください"),
        CatalogueEntry(
            "openid.exchange.itself", "the target is the client itself", clause: "RFC 8693 §2.1",
            remedy: "use the subject token as it is", japanese: "提出先がクライアント自身になっています", mend: "subject_token をそのまま使ってください"),
        CatalogueEntry(
            "openid.exchange.login-too-weak", "the target needs a stronger login than the citizen's",
            clause: "RFC 9470 §3; trust framework: policy",
            remedy: "send the citizen to the authorization endpoint with these acr_values, and exchange the new token",
            japanese: "利用者のログインが、提出先の求める認証の水準に達していません", mend: "これらの acr_values を指定して利用者を認可エンドポイントに案内し、新しいトークンを交換してください"),
        CatalogueEntry(
            "openid.exchange.not-agreed", "the citizen did not agree that the client acts at this target",
            clause: "RFC 9396 §2.2, §6; RFC 8693 §5",
            remedy: "ask for it in the authorization request: authorization_details with the target's resource in `locations`",
            japanese: "この提出先での代理に、利用者が同意していません", mend: "認可リクエストの authorization_details の `locations` に、提出先のリソースを指定してください"),
        CatalogueEntry(
            "openid.exchange.one-target", "a token is for exactly one target", clause: "RFC 8693 §2.1; RFC 9700 §2.3",
            remedy: "send one `resource` or one `audience`, and ask once for every agency",
            japanese: "トークンの提出先が1つではありません", mend: "`resource` または `audience` を1つだけ指定し、機関ごとに1回ずつ求めてください"),
        CatalogueEntry(
            "openid.exchange.subject-token", "the subject token is no living access token that the client may exchange",
            clause: "RFC 8693 §2.2.2", remedy: "send the access token of the citizen's login at this service, whole, before it expires",
            japanese: "subject_tokenが、このクライアントが交換できる有効なアクセストークンではありません", mend: "このサービスでの利用者のログインのアクセストークン全体を、有効期限内に送信してください"),
        CatalogueEntry(
            "openid.exchange.subject-token-bound", "the subject token is bound to another key than this request shows",
            clause: "RFC 9449 §5; RFC 8705 §3",
            remedy: "send the DPoP proof, or use the certificate, that the token was asked for with",
            japanese: "subject_tokenは別の鍵に結び付けられています", mend: "トークンを求めたときと同じ鍵の DPoP証明を送信するか、同じ証明書を使ってください"),
        CatalogueEntry(
            "openid.exchange.target-denied", "the target may not be told of a citizen now",
            clause: "trust framework: accreditation, rules",
            remedy: "the target's administrator renews its accreditation, or has a rule written",
            japanese: "提出先は現在、利用者の情報を受け取れません", mend: "提出先の管理者が、認定の更新または規則の追加を申請してください"),
        CatalogueEntry(
            "openid.exchange.target-not-registered", "the client is not registered to exchange for this target",
            clause: "RFC 8693 §2.2.2; checklist E20",
            remedy: "have the target put under `exchange: audiences` of the client's registration",
            japanese: "この提出先へのトークン交換が、クライアントに登録されていません", mend: "クライアントの登録の `exchange: audiences` に提出先を追加してください"),
        CatalogueEntry(
            "openid.exchange.target-refuses", "the target does not take exchanged tokens from this client",
            clause: "RFC 8693 §2.2.2; checklist E20",
            remedy: "have the client put under `accepts-exchanges-from` of the target's registration",
            japanese: "提出先はこのクライアントからの交換トークンを受け入れません", mend: "提出先の登録の `accepts-exchanges-from` にクライアントを追加してください"),
        CatalogueEntry(
            "openid.exchange.target-unknown", "no member is this target", clause: "RFC 8693 §2.2.2; RFC 8707 §2",
            remedy: "send a resource of the agency's registration, byte for byte", japanese: "この提出先に該当する参加機関がありません",
            mend: "機関の登録と完全に同じ resource を送信してください"),
        CatalogueEntry(
            "openid.exchange.token-type", "only access tokens are exchanged, and only for access tokens",
            clause: "RFC 8693 §2.1, §3; checklist E24",
            remedy: "send the type of an access token, or leave requested_token_type out",
            japanese: "交換できるのはアクセストークンだけです", mend: "アクセストークンの種類を送信するか、requested_token_type を省略してください"),
        CatalogueEntry(
            "openid.form.missing", "the request is no form, or larger than 32 KiB", clause: "RFC 6749 appendix B; RFC 7662 §2.1",
            remedy: "send the parameters as application/x-www-form-urlencoded, in a POST",
            japanese: "リクエストがフォームでないか、大きすぎます", mend: "POST で、パラメーターを application/x-www-form-urlencoded として送信してください"),
        CatalogueEntry(
            "openid.introspection.no-resource-server", "only registered resource servers may ask what a token is",
            clause: "RFC 7662 §2.1, §4", remedy: "list the resources that the service is under `audiences` in its registration",
            japanese: "トークンを照会できるのは登録されたリソースサーバーだけです", mend: "サービスの登録の `audiences` に、該当するリソースを登録してください"),
        CatalogueEntry(
            "openid.revocation.other-client", "the token was issued to another client", clause: "RFC 7009 §2.1",
            remedy: "revoke only your own tokens; tell the operator where this one came from",
            japanese: "このトークンは別のクライアントに発行されたものです", mend: "自分に発行されたトークンだけを失効させてください。このトークンの入手元を運用者に連絡してください"),
        CatalogueEntry(
            "openid.revocation.type", "a token of this kind cannot be revoked", clause: "RFC 7009 §2.2.1",
            remedy: "revoke the access or refresh token; to end the session, log the citizen out",
            japanese: "この種類のトークンは失効させられません", mend: "アクセストークンまたはリフレッシュトークンを失効させてください。セッションを終了するには、利用者をログアウトさせてください"),
        CatalogueEntry(
            "openid.revocation.unavailable", "the store failed; the token may still live", clause: "RFC 7009 §2.2.1; checklist E19",
            remedy: "send the same request again in a moment, until it is answered with 200",
            japanese: "障害のため失効できませんでした。トークンはまだ有効な可能性があります", mend: "200 の応答があるまで、しばらく待って同じリクエストを送信してください"),
        CatalogueEntry(
            "openid.userinfo.audience", "the access token is for other resources than this one", clause: "RFC 8707 §2; RFC 9068 §4",
            remedy: "ask for a token without `resource`, and with the scope openid",
            japanese: "このアクセストークンは別のリソース向けです", mend: "`resource` を指定せず、openid スコープを付けてトークンを求めてください"),
        CatalogueEntry(
            "openid.userinfo.certificate", "the access token is bound to another certificate than this connection's",
            clause: "RFC 8705 §3",
            remedy: "connect to the mutual-TLS address with the certificate that the token was asked for with",
            japanese: "アクセストークンは、この接続とは別の証明書に結び付けられています", mend: "トークンを求めたときと同じ証明書で、相互TLSのアドレスに接続してください"),
        CatalogueEntry(
            "openid.userinfo.key", "the access token is bound to another key than the proof's", clause: "RFC 9449 §7.1",
            remedy: "sign the proof with the key that the token was asked for with",
            japanese: "アクセストークンは、DPoPプルーフとは別の鍵に結び付けられています", mend: "トークンを求めたときと同じ鍵で証明に署名してください"),
        CatalogueEntry(
            "openid.userinfo.proof-missing", "the access token is bound to a key, and there is no proof of it", clause: "RFC 9449 §7.1",
            remedy: "send a DPoP proof with the token's hash in `ath`", japanese: "鍵に結び付いたアクセストークンに、DPoPプルーフがありません",
            mend: "トークンのハッシュ値を `ath` に入れた DPoP証明を送信してください"),
        CatalogueEntry(
            "openid.userinfo.scheme", "the access token is presented in another way than it is bound to", clause: "RFC 9449 §7.1, §7.2",
            remedy: "use the token_type of the token response as the scheme",
            japanese: "アクセストークンの提示方法が、結び付けの種類と異なります", mend: "トークンレスポンスの token_type をスキームとして使ってください"),
        CatalogueEntry(
            "openid.userinfo.token-in-query", "the request has its token in the query, where logs and histories keep it",
            clause: "RFC 6750 §2.3; RFC 9700 §4.3.2; FAPI 2.0 Security Profile §5.3.4",
            remedy: "send it in the header, and end this one", japanese: "アクセストークンがURLのクエリに含まれています", mend: "ヘッダーで送信し、このトークンは失効させてください"),
    ]
}
