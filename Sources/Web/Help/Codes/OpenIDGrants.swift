/// Device authorization and back-channel authentication.
extension Catalogue {
    static let openIDGrants: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.awaited.pending", "the citizen has not decided yet", clause: "RFC 8628 §3.5; CIBA Core §11",
            remedy: "ask again after `interval` seconds", japanese: "利用者がまだ決めていません", mend: "`interval` 秒待ってから、もう一度問い合わせてください"),
        CatalogueEntry(
            "openid.awaited.slow-down", "the citizen has not decided yet, and this question came too soon after the last",
            clause: "RFC 8628 §3.5; CIBA Core §11", remedy: "wait five seconds longer between questions from now on",
            japanese: "利用者がまだ決めていません。問い合わせの間隔が短すぎます", mend: "今後は、問い合わせの間隔を5秒長くしてください"),
        CatalogueEntry(
            "openid.awaited.denied", "the citizen said no, or policy did", clause: "RFC 8628 §3.5; CIBA Core §11",
            remedy: "tell the citizen on the device, and offer to start again", japanese: "利用者または規則により、拒否されました",
            mend: "機器の画面で利用者に知らせ、もう一度始められるようにしてください"),
        CatalogueEntry(
            "openid.awaited.expired", "nobody decided in time", clause: "RFC 8628 §3.5; CIBA Core §11",
            remedy: "start again when the citizen wants to", japanese: "期限までに決定されませんでした", mend: "利用者が望むときに、もう一度始めてください"),
        CatalogueEntry(
            "openid.awaited.unknown", "there is no such request of this client, or its login has ended", clause: "RFC 6749 §5.2",
            remedy: "redeem what this provider gave to this client, whole", japanese: "このクライアントに該当するリクエストがないか、ログインが終了しています",
            mend: "このプロバイダーがこのクライアントに発行した値の全体を使ってください"),
        CatalogueEntry(
            "openid.awaited.redeemed", "the tokens for this have been fetched before", clause: "RFC 6749 §5.2; CIBA Core §7.3",
            remedy: "use those tokens, or start again", japanese: "トークンはすでに受け取られています", mend: "受け取ったトークンを使うか、もう一度始めてください"),
        CatalogueEntry(
            "openid.awaited.member", "the member's accreditation is not in force",
            clause: "trust framework: accreditation; checklist H10",
            remedy: "the member's administrator renews or reinstates its accreditation", japanese: "参加機関の認定が有効ではありません",
            mend: "参加機関の管理者が、認定の更新または停止の解除を申請してください"),
        CatalogueEntry(
            "openid.awaited.off", "the client is not registered for this grant", clause: "RFC 6749 §5.2",
            remedy: "have it added to `grants` in the registration", japanese: "クライアントが、このグラントに登録されていません", mend: "登録の `grants` に追加してください"),
        CatalogueEntry(
            "openid.awaited.gone", "nobody waits for this any more", clause: "RFC 8628 §3.3; CIBA Core §7.3",
            remedy: "start again on the device, or ask the service", japanese: "この依頼を待っているサービスや機器はありません",
            mend: "機器でもう一度始めるか、サービスに問い合わせてください", easy: "もう 待っていません。テレビか サービスで もう一回 始めてください。"),
        CatalogueEntry(
            "openid.awaited.decided", "this was decided before, here or in another browser", clause: "checklist H7",
            remedy: "nothing more is to be done; start again on the device if it does not go on",
            japanese: "この依頼は、この画面または別のブラウザですでに承認または拒否されています", mend: "操作は必要ありません。機器の画面が進まないときは、機器でもう一度始めてください",
            easy: "もう きまっています。何も しなくて いいです。"),
        CatalogueEntry(
            "openid.device.code-unknown", "this code is not valid: it was typed differently, has run out, or was used",
            clause: "RFC 8628 §3.3", remedy: "compare it with the screen of the device, or have a new one shown there",
            japanese: "このコードは使えません。入力の誤り、有効時間切れ、または使用済みの可能性があります", mend: "機器の画面と見比べるか、機器で新しいコードを表示してください",
            easy: "この コードは 使えません。テレビの コードを もう一回 見てください。"),
        CatalogueEntry(
            "openid.device.too-many", "so many codes of this client already wait for somebody", clause: "RFC 8628 §5.1; checklist H8",
            remedy: "ask for a code when somebody stands before the device, and let the others run out",
            japanese: "このクライアントのコードの数が上限に達しています", mend: "機器の前に利用者がいるときだけコードを求め、ほかのコードは期限切れを待ってください"),
        CatalogueEntry(
            "openid.device.too-many-tries", "too many wrong codes came from here", clause: "RFC 8628 §5.1; checklist H8",
            remedy: "wait, then type the code exactly as the device shows it", japanese: "誤ったコードの入力が続いたため、一時的に入力を止めています",
            mend: "しばらく待ってから、機器の画面のとおりにコードを入力してください", easy: "少し 待ってから、もう一回 コードを 入れてください。"),
        CatalogueEntry(
            "openid.ciba.request-replayed", "this signed request was used before", clause: "CIBA Core §7.1.1; checklist E16",
            remedy: "sign a new request with a new jti", japanese: "この署名付きリクエスト、またはクライアントの証明は使用済みです", mend: "新しい jti でリクエストに署名し直してください"),
        CatalogueEntry(
            "openid.ciba.too-many", "so many requests of this client already wait for this citizen", clause: "CIBA Core §13, §15",
            remedy: "wait until the citizen has decided or the requests have run out", japanese: "この利用者へのリクエストの数が上限に達しています",
            mend: "利用者が決めるか、リクエストの期限が切れるまで待ってください"),
        CatalogueEntry(
            "openid.ciba.request-unsigned", "the request is not signed", clause: "CIBA Core §7.1.1; FAPI-CIBA §5.2.2",
            remedy: "send all parameters as claims of a signed JWT in `request`",
            japanese: "リクエストに署名がありません", mend: "すべてのパラメーターを、`request` に入れた署名付き JWT のクレームとして送信してください"),
        CatalogueEntry(
            "openid.ciba.request-outside", "a parameter stands beside the signed request", clause: "CIBA Core §7.1.1",
            remedy: "put it into the signed request", japanese: "署名付きリクエストの外にパラメーターがあります", mend: "署名付きリクエストの中に入れてください"),
        CatalogueEntry(
            "openid.ciba.request-signature", "no registered key of the client verifies the signed request",
            clause: "CIBA Core §7.1.1; FAPI-CIBA §5.2.2; checklist E9", remedy: "sign with a registered key and the registered algorithm",
            japanese: "登録された鍵では、リクエストの署名を検証できません", mend: "登録された鍵と方式で署名してください"),
        CatalogueEntry(
            "openid.ciba.request-claim", "the signed request is not accepted: …", clause: "CIBA Core §7.1.1; FAPI-CIBA §5.2.2",
            remedy: "correct the claim …", japanese: "署名付きリクエストのクレームを受け付けられません", mend: "示されたクレームを修正してください"),
        CatalogueEntry(
            "openid.ciba.hints", "the request has not exactly one hint", clause: "CIBA Core §7.1",
            remedy: "send one of login_hint, id_token_hint and login_hint_token", japanese: "利用者を示すヒントが1つではありません",
            mend: "login_hint、id_token_hint、login_hint_token のうち1つだけを送信してください"),
        CatalogueEntry(
            "openid.ciba.nobody", "the hint is in no form in which this provider names citizens", clause: "CIBA Core §13",
            remedy: "send the sub that this client knows the citizen by", japanese: "ヒントが、このプロバイダーで利用者を指す形式ではありません",
            mend: "このクライアントが知っている利用者の sub を送信してください"),
        CatalogueEntry(
            "openid.ciba.hint-token", "the login_hint_token is not accepted: …", clause: "CIBA Core §7.1; RFC 9493 §3",
            remedy: "sign iss, aud, exp and sub_id with a registered key",
            japanese: "login_hint_token を受け付けられません", mend: "登録された鍵で iss、aud、exp、sub_id に署名してください"),
        CatalogueEntry(
            "openid.ciba.hint-token-expired", "the login_hint_token has expired", clause: "CIBA Core §13", remedy: "sign a new one",
            japanese: "login_hint_token の有効期限が切れています", mend: "署名し直してください"),
        CatalogueEntry(
            "openid.ciba.binding-message", "the binding_message is not shown: …", clause: "CIBA Core §7.1, §13",
            remedy: "send a few plain words or digits, without pictures", japanese: "照合文（binding_message）を表示できません",
            mend: "絵文字を使わず、短い言葉か数字を送信してください"),
        CatalogueEntry(
            "openid.ciba.notification-token", "the client_notification_token is no bearer token of at most 1024 characters",
            clause: "CIBA Core §7.1; RFC 6750 §2.1", remedy: "send letters, digits and - . _ ~ + / only",
            japanese: "client_notification_token が、1024文字以内のベアラートークンではありません", mend: "英数字と - . _ ~ + / だけを送信してください"),
        CatalogueEntry(
            "openid.ciba.requested-expiry", "the requested_expiry is no positive number of seconds", clause: "CIBA Core §7.1",
            remedy: "send a whole number of seconds", japanese: "requested_expiry が正の秒数ではありません", mend: "秒数を正の整数で送信してください"),
        CatalogueEntry(
            "openid.ciba.user-code", "citizens have no user code here", clause: "CIBA Core §7.1 user_code",
            remedy: "leave user_code out: the citizen shows the card on the page", japanese: "ここでは利用者コードを使いません",
            mend: "user_code を省略してください。利用者は画面でカードを使います"),
    ]
}
