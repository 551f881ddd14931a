extension Catalogue {
    /// The token endpoint beyond the code flow, and DPoP.
    static let openIDTokens: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.dpop.*", "the DPoP proof is not accepted: …", clause: "RFC 9449 §4.2, §4.3",
            remedy: "make a new proof for this very request", japanese: "DPoP証明の項目が、このリクエストのものと合いません", mend: "このリクエストのための新しい証明を作成してください"),
        CatalogueEntry(
            "openid.dpop.nonce", "the nonce of the DPoP proof is not ours, or has run out", clause: "RFC 9449 §8",
            remedy: "repeat the request with the nonce of the DPoP-Nonce header field",
            japanese: "DPoP証明の nonce がないか、有効ではありません", mend: "DPoP-Nonce ヘッダーの nonce を使って、リクエストを送り直してください"),
        CatalogueEntry(
            "openid.dpop.proof", "the DPoP proof is not signed by the key in it", clause: "RFC 9449 §4.2, §4.3",
            remedy: "sign the proof, put the public key into its header as jwk, and use an accepted algorithm",
            japanese: "DPoP証明が、その中の鍵で署名されていません", mend: "証明に署名し、公開鍵を jwk としてヘッダーに入れ、受け付けられる方式を使ってください"),
        CatalogueEntry(
            "openid.dpop.replayed", "this DPoP proof was used before", clause: "RFC 9449 §11.1; checklist O6",
            remedy: "make a new proof with a new jti for every request", japanese: "このDPoP証明は使用済みです", mend: "リクエストごとに、新しい jti で証明を作成してください"),
        CatalogueEntry(
            "openid.dpop.several", "the request has more than one DPoP header field", clause: "RFC 9449 §4.3 (1)",
            remedy: "send one proof", japanese: "DPoPヘッダーが複数あります", mend: "証明を1つだけ送信してください"),
        CatalogueEntry(
            "openid.token.binding", "what is redeemed is bound to another key than this request shows",
            clause: "RFC 9449 §10; RFC 8705 §3",
            remedy: "use the key that was named in the authorization request, or that the refresh token was issued to",
            japanese: "引き換えるものが、このリクエストの示す鍵とは別の鍵に結び付いています", mend: "認可リクエストで示した鍵、またはリフレッシュトークンの発行を受けた鍵を使ってください"),
        CatalogueEntry(
            "openid.token.context", "the level of this login is no level of the deployment any more", clause: "checklist H6",
            remedy: "send the citizen to the authorization endpoint again", japanese: "ログイン時の認証の水準が、現在は定義されていません",
            mend: "利用者を認可エンドポイントにもう一度案内してください"),
        CatalogueEntry(
            "openid.token.grant-type-unregistered", "the client is not registered for this grant type", clause: "RFC 6749 §5.2",
            remedy: "have the grant type put into the registration under `grants`",
            japanese: "クライアントはこのgrant_typeを使う登録になっていません", mend: "登録の `grants` にこの種類を追加してください"),
        CatalogueEntry(
            "openid.token.level", "the level of this login does not suffice any more", clause: "trust framework: policy; checklist H6, E18",
            remedy: "send the citizen to the authorization endpoint again", japanese: "ログイン時の認証の水準が、現在の規則を満たしません",
            mend: "利用者を認可エンドポイントにもう一度案内してください"),
        CatalogueEntry(
            "openid.token.purpose", "the member is not accredited for this purpose any more",
            clause: "trust framework: accreditation; checklist H10",
            remedy: "the member's administrator has the purpose accredited again", japanese: "参加機関の認定に、この利用目的が含まれなくなりました",
            mend: "参加機関の管理者が、この利用目的の認定を申請してください"),
        CatalogueEntry(
            "openid.token.resource", "the resource was not granted at the login", clause: "RFC 8707 §2.2",
            remedy: "ask for a resource of the authorization request", japanese: "このresourceはログイン時に許可されていません",
            mend: "認可リクエストで指定した resource を求めてください"),
        CatalogueEntry(
            "openid.token.sender-constraint", "the client's tokens are bound to a key, and the request shows none",
            clause: "RFC 9449 §5; RFC 8705 §3",
            remedy: "send a DPoP proof, or use the connection with the client certificate, as registered",
            japanese: "クライアントのトークンは鍵に結び付ける登録ですが、リクエストが鍵を示していません", mend: "登録に応じて、DPoP証明を送信するか、クライアント証明書を付けて接続してください"),
        CatalogueEntry(
            "openid.token.session-over", "the session it comes from is over", clause: "OpenID Connect Core §11; checklist E18",
            remedy: "send the citizen to the authorization endpoint again", japanese: "もとになったセッションは終了しています",
            mend: "利用者を認可エンドポイントにもう一度案内してください"),
    ]
}
