extension Catalogue {
    /// OpenID Connect: the authorization endpoint, pushed and signed requests, authorization details, resources.
    static let openIDAuthorize: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.details.broader", "more is asked for than was granted", clause: "RFC 9396 §6.1; RFC 8693 §2.1",
            remedy: "ask for a part of the granted authorization details, or send the citizen to the authorization endpoint again",
            japanese: "許可された範囲を超える認可詳細が求められました", mend: "許可された認可詳細の一部を求めるか、利用者を認可エンドポイントにもう一度案内してください"),
        CatalogueEntry(
            "openid.details.field", "a member of the authorization details is not as its type has it", clause: "RFC 9396 §5",
            remedy: "see the type in the provider's documentation of its authorization details", japanese: "認可詳細の項目が、その種類の定義に合っていません",
            mend: "プロバイダーの資料で、認可詳細の種類の定義を確認してください"),
        CatalogueEntry(
            "openid.details.form", "authorization_details is no JSON array of 1 to … objects with a type", clause: "RFC 9396 §2",
            remedy: "send [{\"type\": …}]", japanese: "authorization_detailsが、typeを持つオブジェクトの配列ではありません", mend: "[{\"type\": …}] の形式で送信してください"
        ),
        CatalogueEntry(
            "openid.details.type", "this type of authorization details is not known here, or not for this client", clause: "RFC 9396 §5",
            remedy: "send a type of the registration, or have it added to `authorization-details-types`",
            japanese: "この種類の認可詳細は、このクライアントでは使えません", mend: "登録された種類を送信するか、`authorization-details-types` に追加してください"),
        CatalogueEntry(
            "openid.provider.answer-key", "the provider has no key for the client's signed answers", clause: "JARM §3",
            remedy: "tell the operator; `sekisho check` shows it", japanese: "署名付き応答に使う鍵がありません",
            mend: "運用者に連絡してください。`sekisho check` で確認できます"),
        CatalogueEntry(
            "openid.provider.client-key", "the client has no key to encrypt its answers to", clause: "JARM §3",
            remedy: "register a key for use `enc` that serves the algorithm", japanese: "応答を暗号化するためのクライアントの鍵がありません",
            mend: "方式に合う鍵を、用途 `enc` として登録してください"),
        CatalogueEntry(
            "openid.pushed.content-type", "the request is no application/x-www-form-urlencoded", clause: "RFC 9126 §2.1",
            remedy: "send the parameters as a form, in a POST", japanese: "リクエストの形式がapplication/x-www-form-urlencodedではありません",
            mend: "POST で、パラメーターをフォームとして送信してください"),
        CatalogueEntry(
            "openid.pushed.finished", "this login was completed in another tab", clause: "RFC 9126 §4, §7.3",
            remedy: "go on in the other tab, or start again from the service", japanese: "このログインは、別のタブで完了しています",
            mend: "別のタブで続けるか、サービスからもう一度始めてください", easy: "ほかの 画面で 終わりました。その 画面を 見てください。"),
        CatalogueEntry(
            "openid.method", "this endpoint takes other methods", clause: "RFC 9110 §15.5.6",
            remedy: "use the methods that the answer's `Allow` names", japanese: "このアドレスは別のHTTPメソッドだけを受け付けます",
            mend: "応答の `Allow` に示されたメソッドを使ってください"),
        CatalogueEntry(
            "openid.pushed.method", "this endpoint knows POST only", clause: "RFC 9126 §2, §2.3",
            remedy: "send the parameters by POST", japanese: "このアドレスはPOSTだけを受け付けます", mend: "パラメーターを POST で送信してください"),
        CatalogueEntry(
            "openid.pushed.nested", "a pushed request has a request_uri of its own", clause: "RFC 9126 §2.1",
            remedy: "push the parameters themselves, or a request object in `request`", japanese: "プッシュされたリクエストの中にrequest_uriがあります",
            mend: "パラメーター自体、または `request` に入れたリクエストオブジェクトを送信してください"),
        CatalogueEntry(
            "openid.pushed.other-client", "another client pushed this request", clause: "RFC 9126 §4",
            remedy: "bring only requests that this client pushed, with its own client_id", japanese: "別のクライアントがプッシュしたリクエストです",
            mend: "このクライアントが送信したリクエストだけを、自身の client_id とともに使ってください"),
        CatalogueEntry(
            "openid.pushed.too-large", "the request is larger than 32 KiB", clause: "RFC 9126 §2.3",
            remedy: "send a smaller request", japanese: "リクエストが32 KiBを超えています", mend: "リクエストを小さくして送信してください"),
        CatalogueEntry(
            "openid.pushed.unknown", "there is no such pushed request: it ran out, or its login is over",
            clause: "RFC 9126 §2.2, §4; RFC 9101 §6.3",
            remedy: "push the request again, and send the browser at once", japanese: "送信済みのリクエストが見つからないか、期限切れ、または使用済みです",
            mend: "リクエストを送信し直し、ブラウザをすぐに移動させてください", easy: "時間が すぎました。サービスの 画面から もう一回 始めてください。"),
        CatalogueEntry(
            "openid.request-object.algorithm", "the request object is not accepted: …",
            clause: "RFC 9101 §10.5; RFC 8725 §3.2",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの署名方式を受け付けられません",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.aud", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのaudがこのプロバイダーを指していません",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.client-id", "the request object is not accepted: …", clause: "RFC 9101 §5",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの client_id が異なります",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.contradicted", "the parameter differs inside and outside of the request object",
            clause: "OpenID Connect Core §6.1",
            remedy: "send the same value in both places", japanese: "パラメーターの値が、リクエストオブジェクトの内と外で異なります", mend: "内と外で同じ値を送信してください"),
        CatalogueEntry(
            "openid.request-object.encryption", "the request object is not accepted: …", clause: "RFC 9101 §6.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトを復号できません", mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.encryption-key", "the request object is not accepted: …",
            clause: "RFC 9101 §6.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの暗号化に使われた鍵がありません",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.exp", "the request object is not accepted: …", clause: "RFC 7519 §4.1.4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの有効期限が切れているか、長すぎます",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.form", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトがコンパクトJWSではありません",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.header", "the request object is not accepted: …",
            clause: "RFC 7515 §4.1.11",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのヘッダーに受け付けられない項目があります",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.iat", "the request object is not accepted: …", clause: "RFC 7519 §4.1.6",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの発行時刻が未来です", mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.iss", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの iss が client_id と異なります",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.key", "the request object is not accepted: …",
            clause: "RFC 9101 §6.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトを検証できる鍵が登録されていません",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.key-away", "our key for the request object does not answer at present", clause: "RFC 6749 §4.1.2.1",
            remedy: "send the same request again in a minute", japanese: "リクエストオブジェクトを復号する鍵が、現在応答していません",
            mend: "1分ほど待ってから、同じリクエストをもう一度送信してください"),
        CatalogueEntry(
            "openid.request-object.missing", "the request object is not accepted: …",
            clause: "RFC 9101 §4; FAPI 2.0 Message Signing §5.3.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトに必要な項目がありません", mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.nbf", "the request object is not accepted: …", clause: "RFC 7519 §4.1.5",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのnbfが未来か、古すぎます", mend: "リクエストオブジェクトを修正し、署名し直してください"
        ),
        CatalogueEntry(
            "openid.request-object.nested", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの中にrequestまたはrequest_uriがあります",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.parameter", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのパラメーターの型が異なります",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.payload", "the request object is not accepted: …", clause: "RFC 9101 §4",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの中身を読めません", mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.plain", "the request object is not accepted: …",
            clause: "client registration; RFC 9101 §10.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトが暗号化されていません", mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.signature", "the request object is not accepted: …", clause: "RFC 9101 §6.1",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの署名を検証できません", mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.sub", "the request object is not accepted: …",
            clause: "RFC 9101 §10.8",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトのsubがクライアント自身です",
            mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request-object.typ", "the request object is not accepted: …", clause: "RFC 9101 §10.8",
            remedy: "correct the request object and sign it anew", japanese: "リクエストオブジェクトの typ が異なります", mend: "リクエストオブジェクトを修正し、署名し直してください"),
        CatalogueEntry(
            "openid.request.client-grants", "the client is not registered for logins by redirect", clause: "RFC 6749 §4.1.2.1",
            remedy: "have `authorization_code` put into the grants of the registration", japanese: "このクライアントはリダイレクトによるログインに登録されていません",
            mend: "登録の grants に `authorization_code` を追加してください"),
        CatalogueEntry(
            "openid.request.dpop-key", "dpop_jkt names another key than the one of the DPoP proof", clause: "RFC 9449 §10.1",
            remedy: "leave dpop_jkt out, or send the thumbprint of the key that signs the proof", japanese: "dpop_jkt が DPoP の鍵と異なります",
            mend: "dpop_jkt を省略するか、DPoP証明に署名する鍵のサムプリントを送信してください"),
        CatalogueEntry(
            "openid.request.object-missing", "the client has to sign its requests", clause: "RFC 9101 §10.5; FAPI 2.0 Message Signing §5.3",
            remedy: "put the parameters into a signed request object, in `request`", japanese: "このクライアントのリクエストには署名が必要です",
            mend: "パラメーターを署名付きのリクエストオブジェクトに入れ、`request` で送信してください"),
        CatalogueEntry(
            "openid.request.push-missing", "the client has to push its requests",
            clause: "RFC 9126 §5, §6; FAPI 2.0 Security Profile §5.3.2.2",
            remedy: "send the parameters to the pushed_authorization_request_endpoint, and the browser with its request_uri",
            japanese: "このクライアントはリクエストを先にプッシュする必要があります",
            mend: "パラメーターを pushed_authorization_request_endpoint に送信し、ブラウザにはその request_uri を渡してください"),
        CatalogueEntry(
            "openid.request.response-mode-plain", "the client takes signed answers only", clause: "FAPI 2.0 Message Signing §5.4.1",
            remedy: "send response_mode=jwt, or leave it out", japanese: "このクライアントへの応答には署名が必要です", mend: "response_mode=jwt を送信するか、省略してください"),
        CatalogueEntry(
            "openid.request.response-mode-unregistered", "the client is not registered for signed answers", clause: "JARM §3",
            remedy: "have `authorization-signed-response-alg` put into the registration, or use a response mode without `jwt`",
            japanese: "このクライアントは署名付き応答に登録されていません", mend: "登録に `authorization-signed-response-alg` を追加するか、`jwt` を含まない response_mode を使ってください"
        ),
        CatalogueEntry(
            "openid.resource.malformed", "this resource is no absolute URI without a fragment", clause: "RFC 8707 §2",
            remedy: "send the registered URI", japanese: "resourceが、フラグメントのない絶対URIではありません", mend: "登録されたURIを送信してください"),
        CatalogueEntry(
            "openid.resource.too-many", "the request names too many resources", clause: "RFC 8707 §2",
            remedy: "ask for fewer at once", japanese: "resourceが多すぎます", mend: "1回に求める数を減らしてください"),
        CatalogueEntry(
            "openid.resource.unregistered", "the client is not registered for this resource", clause: "RFC 8707 §2, §3",
            remedy: "send a resource of the registration unchanged, or have this one added to `resources`",
            japanese: "このresourceはクライアントに登録されていません", mend: "登録された resource を変更せずに送信するか、`resources` に追加してください"),
    ]
}
