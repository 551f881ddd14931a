extension Catalogue {
    /// Security events: streams, polls, and a client's token for itself.
    static let signals: [CatalogueEntry] = [
        CatalogueEntry(
            "signals.off", "this deployment sends no security events", clause: "sekisho.yaml, `signals.offered`",
            remedy: "ask the operator; `/.well-known/ssf-configuration` is there once it does",
            japanese: "この環境ではセキュリティイベントを送信していません", mend: "運用者に問い合わせてください。送信が始まると `/.well-known/ssf-configuration` が公開されます"),
        CatalogueEntry(
            "signals.not-registered", "the client is not registered for security events", clause: "Shared Signals Framework 1.0 §7.1.1",
            remedy: "have `signals` written into the member's file, under `openid` or `saml`",
            japanese: "このクライアントは、セキュリティイベントの受信に登録されていません", mend: "参加機関のファイルの `openid` または `saml` の下に、`signals` を追加してください"),
        CatalogueEntry(
            "signals.stream.unknown", "this client has no such stream", clause: "Shared Signals Framework 1.0 §8.1.1",
            remedy: "send the stream_id of the answer that created it; GET without stream_id lists yours",
            japanese: "このクライアントに該当するストリームはありません", mend: "作成時の応答の stream_id を送信してください。stream_id を付けない GET で一覧を取得できます"),
        CatalogueEntry(
            "signals.stream.too-many", "the client has as many streams as it may have", clause: "Shared Signals Framework 1.0 §8.1.1.1",
            remedy: "delete one, or change one of them", japanese: "作成できるストリームの数の上限に達しています", mend: "既存のストリームを削除するか、変更してください"),
        CatalogueEntry(
            "signals.stream.held", "the operator stopped this client's stream", clause: "Shared Signals Framework 1.0 §8.1.2.2",
            remedy: "ask the operator, who starts it again by `sekisho signal enable`",
            japanese: "運用担当者がこのクライアントのストリームを止めています。再開は運用担当者にご依頼ください", mend: "運用者に依頼してください。`sekisho signal enable` で再開できます"),
        CatalogueEntry(
            "signals.stream.property", "a property that the transmitter decides has another value",
            clause: "Shared Signals Framework 1.0 §8.1.1.3", remedy: "leave it out, or send it as it was read",
            japanese: "送信側が決める項目の値が異なります", mend: "省略するか、取得した値のまま送信してください"),
        CatalogueEntry(
            "signals.request.malformed", "the request is not what this endpoint takes: …", clause: "Shared Signals Framework 1.0 §8.1",
            remedy: "correct the member …", japanese: "リクエストの内容が、このエンドポイントの形式に合っていません", mend: "示された項目を修正してください"),
        CatalogueEntry(
            "signals.request.json", "the body is no JSON object of at most 64 KiB", clause: "Shared Signals Framework 1.0 §8.1",
            remedy: "send application/json", japanese: "本文が、64 KiB以内のJSONオブジェクトではありません", mend: "application/json を送信してください"),
        CatalogueEntry(
            "signals.push.endpoint", "the endpoint_url is not one of the member's registered push addresses, byte for byte",
            clause: "RFC 8935 §5.4; checklist E1, C10", remedy: "register it under `signals.push` in the member's file",
            japanese: "endpoint_url が、登録された送信先と完全には一致しません", mend: "参加機関のファイルの `signals.push` に登録してください"),
        CatalogueEntry(
            "signals.delivery.method", "this delivery method is not supported", clause: "Shared Signals Framework 1.0 §10.3",
            remedy: "send urn:ietf:rfc:8935 or urn:ietf:rfc:8936", japanese: "この配信方式には対応していません",
            mend: "urn:ietf:rfc:8935 または urn:ietf:rfc:8936 を送信してください"),
        CatalogueEntry(
            "signals.subject.unknown", "the subject is no identifier that this client was told by us",
            clause: "Shared Signals Framework 1.0 §8.1.3",
            remedy: "send format iss_sub with our issuer and the sub of an ID token; a SAML service our entityID and the NameID",
            japanese: "この subject は、こちらがこのクライアントに伝えた識別子ではありません",
            mend: "こちらの issuer とIDトークンの sub を、iss_sub 形式で送信してください。SAMLのサービスは、こちらの entityID と NameID を送信してください"),
        CatalogueEntry(
            "signals.subject.format", "the subject is not in the format iss_sub", clause: "RFC 9493 §3.2.4",
            remedy: "send {\"format\": \"iss_sub\", \"iss\": …, \"sub\": …}", japanese: "subject が iss_sub 形式ではありません",
            mend: "{\"format\": \"iss_sub\", \"iss\": …, \"sub\": …} の形式で送信してください"),
        CatalogueEntry(
            "signals.verification.too-often", "a verification was asked for a moment ago",
            clause: "Shared Signals Framework 1.0 §8.1.4.2", remedy: "wait for min_verification_interval seconds",
            japanese: "疎通確認の間隔が短すぎます", mend: "min_verification_interval 秒以上待ってください"),
        CatalogueEntry(
            "signals.poll.push-stream", "the events of this stream are pushed, there is nothing to poll", clause: "RFC 8936 §2",
            remedy: "change the stream's delivery method to urn:ietf:rfc:8936",
            japanese: "このストリームはプッシュ配信です", mend: "ストリームの配信方式を urn:ietf:rfc:8936 に変更してください"),
        CatalogueEntry(
            "signals.poll.too-many", "too many polls wait at this moment", clause: "RFC 8936 §2.4",
            remedy: "poll with returnImmediately, or again in a moment", japanese: "待機中のポーリングが多すぎます",
            mend: "returnImmediately を指定するか、しばらく待ってからポーリングしてください"),
        CatalogueEntry(
            "openid.service.scope", "a client cannot have this scope for itself", clause: "RFC 6749 §4.4.2, §5.2",
            remedy: "ask for ssf.read or ssf.manage, or leave scope out", japanese: "クライアント自身のために、この scope を求めることはできません",
            mend: "ssf.read または ssf.manage を求めるか、scope を省略してください"),
        CatalogueEntry(
            "openid.service.scope-missing", "the access token lacks the scope for this", clause: "RFC 6750 §3.1",
            remedy: "ask for ssf.manage", japanese: "アクセストークンに必要な scope がありません", mend: "ssf.manage を求めてください"),
    ]
}
