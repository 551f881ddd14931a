extension Catalogue {
    /// OpenID Connect: the authorization endpoint, pushed and signed requests, authorization details, resources.
    static let openIDAuthorize: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.details.broader", "more is asked for than was granted", clause: "RFC 9396 §6.1; RFC 8693 §2.1",
            remedy: "ask for a part of the granted authorization details, or send the citizen to the authorization endpoint again",
            japanese: "許可された範囲を超える認可詳細が要求されました"),
        CatalogueEntry(
            "openid.details.field", "a member of the authorization details is not as its type has it", clause: "RFC 9396 §5",
            remedy: "see the type in the provider's documentation of its authorization details", japanese: "認可詳細の項目が、その種類の定義に合っていません"),
        CatalogueEntry(
            "openid.details.form", "authorization_details is no JSON array of 1 to … objects with a type", clause: "RFC 9396 §2",
            remedy: "send [{\"type\": …}]", japanese: "authorization_detailsが、typeを持つオブジェクトの配列ではありません"),
        CatalogueEntry(
            "openid.details.type", "this type of authorization details is not known here, or not for this client", clause: "RFC 9396 §5",
            remedy: "send a type of the registration, or have it added to `authorization-details-types`",
            japanese: "この種類の認可詳細は、このクライアントでは使えません"),
        CatalogueEntry(
            "openid.provider.answer-key", "the provider has no key for the client's signed answers", clause: "JARM §3",
            remedy: "tell the operator; `sekisho check` shows it", japanese: "署名付き応答に使う鍵がありません"),
        CatalogueEntry(
            "openid.provider.client-key", "the client has no key to encrypt its answers to", clause: "JARM §3",
            remedy: "register a key for use `enc` that serves the algorithm", japanese: "応答を暗号化するためのクライアントの鍵がありません"),
        CatalogueEntry(
            "openid.pushed.content-type", "the request is no application/x-www-form-urlencoded", clause: "RFC 9126 §2.1",
            remedy: "send the parameters as a form, in a POST", japanese: "リクエストの形式がapplication/x-www-form-urlencodedではありません"),
        CatalogueEntry(
            "openid.pushed.finished", "this login was completed in another tab", clause: "RFC 9126 §4, §7.3",
            remedy: "go on in the other tab, or start again from the service", japanese: "このログインは別のタブで完了しています"),
        CatalogueEntry(
            "openid.pushed.method", "this endpoint knows POST only", clause: "RFC 9126 §2, §2.3",
            remedy: "send the parameters by POST", japanese: "このアドレスはPOSTだけを受け付けます"),
        CatalogueEntry(
            "openid.pushed.nested", "a pushed request has a request_uri of its own", clause: "RFC 9126 §2.1",
            remedy: "push the parameters themselves, or a request object in `request`", japanese: "プッシュされたリクエストの中にrequest_uriがあります"),
        CatalogueEntry(
            "openid.pushed.other-client", "another client pushed this request", clause: "RFC 9126 §4",
            remedy: "bring only requests that this client pushed, with its own client_id", japanese: "別のクライアントがプッシュしたリクエストです"),
        CatalogueEntry(
            "openid.pushed.too-large", "the request is larger than 32 KiB", clause: "RFC 9126 §2.3",
            remedy: "send a smaller request", japanese: "リクエストが32 KiBを超えています"),
        CatalogueEntry(
            "openid.pushed.unknown", "there is no such pushed request: it ran out, or its login is over",
            clause: "RFC 9126 §2.2, §4; RFC 9101 §6.3",
            remedy: "push the request again, and send the browser at once", japanese: "プッシュされたリクエストが見つからないか、期限切れ、または使用済みです"),
        CatalogueEntry(
            "openid.request-object.algorithm", "the request object is not accepted: …",
            clause: "RFC 9101 §10.5; RFC 8725 §3.2",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの署名方式を受け付けられません"),
        CatalogueEntry(
            "openid.request-object.aud", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのaudがこのプロバイダーを指していません"),
        CatalogueEntry(
            "openid.request-object.client-id", "the request object is not accepted: …", clause: "RFC 9101 §5",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのclient_idが違います"),
        CatalogueEntry(
            "openid.request-object.contradicted", "the parameter differs inside and outside of the request object",
            clause: "OpenID Connect Core §6.1",
            remedy: "send the same value in both places", japanese: "パラメーターがリクエストオブジェクトの内と外で違います"),
        CatalogueEntry(
            "openid.request-object.encryption", "the request object is not accepted: …", clause: "RFC 9101 §6.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトを復号できません"),
        CatalogueEntry(
            "openid.request-object.encryption-key", "the request object is not accepted: …",
            clause: "RFC 9101 §6.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの暗号化に使われた鍵がありません"),
        CatalogueEntry(
            "openid.request-object.exp", "the request object is not accepted: …", clause: "RFC 7519 §4.1.4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの有効期限が切れているか、長すぎます"),
        CatalogueEntry(
            "openid.request-object.form", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトがコンパクトJWSではありません"),
        CatalogueEntry(
            "openid.request-object.header", "the request object is not accepted: …",
            clause: "RFC 7515 §4.1.11",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのヘッダーに受け付けられない項目があります"),
        CatalogueEntry(
            "openid.request-object.iat", "the request object is not accepted: …", clause: "RFC 7519 §4.1.6",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの発行時刻が未来です"),
        CatalogueEntry(
            "openid.request-object.iss", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのissがclient_idと違います"),
        CatalogueEntry(
            "openid.request-object.key", "the request object is not accepted: …",
            clause: "RFC 9101 §6.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトを検証できる鍵が登録されていません"),
        CatalogueEntry(
            "openid.request-object.missing", "the request object is not accepted: …",
            clause: "RFC 9101 §4; FAPI 2.0 Message Signing §5.3.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトに必要な項目がありません"),
        CatalogueEntry(
            "openid.request-object.nbf", "the request object is not accepted: …", clause: "RFC 7519 §4.1.5",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのnbfが未来か、古すぎます"),
        CatalogueEntry(
            "openid.request-object.nested", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの中にrequestまたはrequest_uriがあります"),
        CatalogueEntry(
            "openid.request-object.parameter", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのパラメーターの型が違います"),
        CatalogueEntry(
            "openid.request-object.payload", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの中身を読めません"),
        CatalogueEntry(
            "openid.request-object.plain", "the request object is not accepted: …",
            clause: "client registration; RFC 9101 §10.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトが暗号化されていません"),
        CatalogueEntry(
            "openid.request-object.signature", "the request object is not accepted: …", clause: "RFC 9101 §6.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの署名を検証できません"),
        CatalogueEntry(
            "openid.request-object.sub", "the request object is not accepted: …",
            clause: "RFC 9101 §10.8",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのsubがクライアント自身です"),
        CatalogueEntry(
            "openid.request-object.typ", "the request object is not accepted: …", clause: "RFC 9101 §10.8",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのtypが違います"),
        CatalogueEntry(
            "openid.request.client-grants", "the client is not registered for logins by redirect", clause: "RFC 6749 §4.1.2.1",
            remedy: "have `authorization_code` put into the grants of the registration", japanese: "このクライアントはリダイレクトによるログインに登録されていません"),
        CatalogueEntry(
            "openid.request.dpop-key", "dpop_jkt names another key than the one of the DPoP proof", clause: "RFC 9449 §10.1",
            remedy: "leave dpop_jkt out, or send the thumbprint of the key that signs the proof", japanese: "dpop_jktがDPoPの鍵と違います"),
        CatalogueEntry(
            "openid.request.object-missing", "the client has to sign its requests", clause: "RFC 9101 §10.5; FAPI 2.0 Message Signing §5.3",
            remedy: "put the parameters into a signed request object, in `request`", japanese: "このクライアントのリクエストには署名が必要です"),
        CatalogueEntry(
            "openid.request.push-missing", "the client has to push its requests",
            clause: "RFC 9126 §5, §6; FAPI 2.0 Security Profile §5.3.2.2",
            remedy: "send the parameters to the pushed_authorization_request_endpoint, and the browser with its request_uri",
            japanese: "このクライアントはリクエストを先にプッシュする必要があります"),
        CatalogueEntry(
            "openid.request.response-mode-plain", "the client takes signed answers only", clause: "FAPI 2.0 Message Signing §5.4.1",
            remedy: "send response_mode=jwt, or leave it out", japanese: "このクライアントへの応答には署名が必要です"),
        CatalogueEntry(
            "openid.request.response-mode-unregistered", "the client is not registered for signed answers", clause: "JARM §3",
            remedy: "have `authorization-signed-response-alg` put into the registration, or use a response mode without `jwt`",
            japanese: "このクライアントは署名付き応答に登録されていません"),
        CatalogueEntry(
            "openid.resource.malformed", "this resource is no absolute URI without a fragment", clause: "RFC 8707 §2",
            remedy: "send the registered URI", japanese: "resourceが、フラグメントのない絶対URIではありません"),
        CatalogueEntry(
            "openid.resource.too-many", "the request names too many resources", clause: "RFC 8707 §2",
            remedy: "ask for fewer at once", japanese: "resourceが多すぎます"),
        CatalogueEntry(
            "openid.resource.unregistered", "the client is not registered for this resource", clause: "RFC 8707 §2, §3",
            remedy: "send a resource of the registration unchanged, or have this one added to `resources`",
            japanese: "このresourceはクライアントに登録されていません"),
    ]
}
