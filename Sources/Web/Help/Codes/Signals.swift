extension Catalogue {
    /// Security events: streams, polls, and a client's token for itself.
    static let signals: [CatalogueEntry] = [
        CatalogueEntry(
            "signals.off", "this deployment sends no security events", clause: "sekisho.yaml, `signals.offered`",
            remedy: "ask the operator; `/.well-known/ssf-configuration` is there once it does",
            japanese: "この環境ではセキュリティイベントを送信していません"),
        CatalogueEntry(
            "signals.not-registered", "the client is not registered for security events", clause: "Shared Signals Framework 1.0 §7.1.1",
            remedy: "have `openid.signals` written into the member's file",
            japanese: "このクライアントはセキュリティイベントの受信を登録していません。加盟機関のファイルに `openid.signals` の記載が必要です"),
        CatalogueEntry(
            "signals.stream.unknown", "this client has no such stream", clause: "Shared Signals Framework 1.0 §8.1.1",
            remedy: "send the stream_id of the answer that created it; GET without stream_id lists yours",
            japanese: "このクライアントに該当するストリームはありません"),
        CatalogueEntry(
            "signals.stream.too-many", "the client has as many streams as it may have", clause: "Shared Signals Framework 1.0 §8.1.1.1",
            remedy: "delete one, or change one of them", japanese: "作成できるストリームの数の上限に達しています"),
        CatalogueEntry(
            "signals.stream.property", "a property that the transmitter decides has another value",
            clause: "Shared Signals Framework 1.0 §8.1.1.3", remedy: "leave it out, or send it as it was read",
            japanese: "送信側が決める項目の値が異なります。省略するか、取得した値のまま送ってください"),
        CatalogueEntry(
            "signals.request.malformed", "the request is not what this endpoint takes: …", clause: "Shared Signals Framework 1.0 §8.1",
            remedy: "correct the member …", japanese: "要求の内容がこの窓口の形式に合っていません"),
        CatalogueEntry(
            "signals.request.json", "the body is no JSON object of at most 64 KiB", clause: "Shared Signals Framework 1.0 §8.1",
            remedy: "send application/json", japanese: "本文は 64 KiB 以内の JSON オブジェクトで送ってください"),
        CatalogueEntry(
            "signals.push.endpoint", "the endpoint_url is not one of the member's registered push addresses, byte for byte",
            clause: "RFC 8935 §5.4; checklist E1, C10", remedy: "register it under `openid.signals.push` in the member's file",
            japanese: "endpoint_url が、登録された送信先アドレスと一致しません（1 バイト単位で比較します）"),
        CatalogueEntry(
            "signals.delivery.method", "this delivery method is not supported", clause: "Shared Signals Framework 1.0 §10.3",
            remedy: "send urn:ietf:rfc:8935 or urn:ietf:rfc:8936", japanese: "この配信方式には対応していません"),
        CatalogueEntry(
            "signals.subject.unknown", "the subject is no identifier that this client was told by us",
            clause: "Shared Signals Framework 1.0 §8.1.3", remedy: "send format iss_sub with our issuer and the sub of an ID token",
            japanese: "この subject は、当サイトがこのクライアントに伝えた識別子ではありません"),
        CatalogueEntry(
            "signals.subject.format", "the subject is not in the format iss_sub", clause: "RFC 9493 §3.2.4",
            remedy: "send {\"format\": \"iss_sub\", \"iss\": …, \"sub\": …}", japanese: "subject は iss_sub 形式で送ってください"),
        CatalogueEntry(
            "signals.verification.too-often", "a verification was asked for a moment ago",
            clause: "Shared Signals Framework 1.0 §8.1.4.2", remedy: "wait for min_verification_interval seconds",
            japanese: "疎通確認の間隔が短すぎます。min_verification_interval 秒以上あけてください"),
        CatalogueEntry(
            "signals.poll.push-stream", "the events of this stream are pushed, there is nothing to poll", clause: "RFC 8936 §2",
            remedy: "change the stream's delivery method to urn:ietf:rfc:8936",
            japanese: "このストリームはプッシュ配信です。ポーリングするには配信方式を変更してください"),
        CatalogueEntry(
            "signals.poll.too-many", "too many polls wait at this moment", clause: "RFC 8936 §2.4",
            remedy: "poll with returnImmediately, or again in a moment", japanese: "待機中のポーリングが多すぎます。少し待ってからやり直してください"),
        CatalogueEntry(
            "openid.service.unbound", "the client's tokens have to be bound to a key, and the request shows none",
            clause: "RFC 9449 §5; RFC 8705 §3", remedy: "send a DPoP proof, or connect with the client's certificate",
            japanese: "このクライアントのトークンは鍵に結び付ける必要がありますが、要求に鍵の証明がありません"),
        CatalogueEntry(
            "openid.service.scope", "a client cannot have this scope for itself", clause: "RFC 6749 §4.4.2, §5.2",
            remedy: "ask for ssf.read or ssf.manage, or leave scope out", japanese: "クライアント自身のためにこの scope を求めることはできません"),
        CatalogueEntry(
            "openid.service.scope-missing", "the access token lacks the scope for this", clause: "RFC 6750 §3.1",
            remedy: "ask for ssf.manage", japanese: "アクセストークンに必要な scope がありません"),
    ]
}
