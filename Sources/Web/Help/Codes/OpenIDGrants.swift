/// Device authorization and back-channel authentication.
extension Catalogue {
    static let openIDGrants: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.awaited.pending", "the citizen has not decided yet", clause: "RFC 8628 §3.5; CIBA Core §11",
            remedy: "ask again after `interval` seconds", japanese: "利用者がまだ決めていません。interval 秒待って、もう一度問い合わせてください。"),
        CatalogueEntry(
            "openid.awaited.slow-down", "the citizen has not decided yet, and this question came too soon after the last",
            clause: "RFC 8628 §3.5; CIBA Core §11", remedy: "wait five seconds longer between questions from now on",
            japanese: "問い合わせの間隔が短すぎます。今後は間隔を5秒長くしてください。"),
        CatalogueEntry(
            "openid.awaited.denied", "the citizen said no, or policy did", clause: "RFC 8628 §3.5; CIBA Core §11",
            remedy: "tell the citizen on the device, and offer to start again", japanese: "利用者または運用規則が断りました。"),
        CatalogueEntry(
            "openid.awaited.expired", "nobody decided in time", clause: "RFC 8628 §3.5; CIBA Core §11",
            remedy: "start again when the citizen wants to", japanese: "期限までに誰も決めませんでした。"),
        CatalogueEntry(
            "openid.awaited.unknown", "there is no such request of this client, or its login has ended", clause: "RFC 6749 §5.2",
            remedy: "redeem what this provider gave to this client, whole", japanese: "このクライアントにそのような要求はないか、ログインが終了しています。"),
        CatalogueEntry(
            "openid.awaited.redeemed", "the tokens for this have been fetched before", clause: "RFC 6749 §5.2; CIBA Core §7.3",
            remedy: "use those tokens, or start again", japanese: "トークンはすでに受け取られています。"),
        CatalogueEntry(
            "openid.awaited.member", "the member's accreditation is not in force",
            clause: "trust framework: accreditation; checklist H10",
            remedy: "the member's administrator renews or reinstates its accreditation", japanese: "加盟者の認定が有効ではありません。"),
        CatalogueEntry(
            "openid.awaited.off", "the client is not registered for this grant", clause: "RFC 6749 §5.2",
            remedy: "have it added to `grants` in the registration", japanese: "クライアントはこのグラントに登録されていません。登録の grants に追加してください。"),
        CatalogueEntry(
            "openid.awaited.gone", "nobody waits for this any more", clause: "RFC 8628 §3.3; CIBA Core §7.3",
            remedy: "start again on the device, or ask the service", japanese: "この要求はもう待たれていません。機器でもう一度始めるか、サービスに問い合わせてください。"),
        CatalogueEntry(
            "openid.awaited.decided", "this was decided before, here or in another browser", clause: "checklist H7",
            remedy: "nothing more is to be done; start again on the device if it does not go on", japanese: "これは、この画面か別のブラウザですでに決められています。"),
        CatalogueEntry(
            "openid.device.code-unknown", "this code is not valid: it was typed differently, has run out, or was used",
            clause: "RFC 8628 §3.3", remedy: "compare it with the screen of the device, or have a new one shown there",
            japanese: "このコードは使えません。機器の画面と見比べるか、新しいコードを表示してください。"),
        CatalogueEntry(
            "openid.device.too-many", "so many codes of this client already wait for somebody", clause: "RFC 8628 §5.1; checklist H8",
            remedy: "ask for a code when somebody stands before the device, and let the others run out",
            japanese: "このクライアントのコードがすでに上限まで待っています。人がいるときだけコードを求めてください。"),
        CatalogueEntry(
            "openid.device.too-many-tries", "too many wrong codes came from here", clause: "RFC 8628 §5.1; checklist H8",
            remedy: "wait, then type the code exactly as the device shows it", japanese: "まちがったコードが続きました。待ってから、画面のとおりに入力してください。"),
        CatalogueEntry(
            "openid.ciba.request-replayed", "this signed request was used before", clause: "CIBA Core §7.1.1; checklist E16",
            remedy: "sign a new request with a new jti", japanese: "この署名付き要求、またはクライアントの証明は一度使われています。新しい jti で作り直してください。"),
        CatalogueEntry(
            "openid.ciba.too-many", "so many requests of this client already wait for this citizen", clause: "CIBA Core §13, §15",
            remedy: "wait until the citizen has decided or the requests have run out", japanese: "この利用者への要求がすでに上限まで待っています。"),
        CatalogueEntry(
            "openid.ciba.request-unsigned", "the request is not signed", clause: "CIBA Core §7.1.1; FAPI-CIBA §5.2.2",
            remedy: "send all parameters as claims of a signed JWT in `request`",
            japanese: "要求に署名がありません。すべての値を署名付き JWT にして request で送ってください。"),
        CatalogueEntry(
            "openid.ciba.request-outside", "a parameter stands beside the signed request", clause: "CIBA Core §7.1.1",
            remedy: "put it into the signed request", japanese: "署名付き要求の外に値があります。中に入れてください。"),
        CatalogueEntry(
            "openid.ciba.request-signature", "no registered key of the client verifies the signed request",
            clause: "CIBA Core §7.1.1; FAPI-CIBA §5.2.2; checklist E9", remedy: "sign with a registered key and the registered algorithm",
            japanese: "登録された鍵では要求の署名を確かめられません。登録した鍵と算法で署名してください。"),
        CatalogueEntry(
            "openid.ciba.request-claim", "the signed request is not accepted: …", clause: "CIBA Core §7.1.1; FAPI-CIBA §5.2.2",
            remedy: "correct the claim …", japanese: "署名付き要求のクレームが受け入れられません。示されたクレームを直してください。"),
        CatalogueEntry(
            "openid.ciba.hints", "the request has not exactly one hint", clause: "CIBA Core §7.1",
            remedy: "send one of login_hint, id_token_hint and login_hint_token", japanese: "利用者を示す値はちょうど一つだけ送ってください。"),
        CatalogueEntry(
            "openid.ciba.nobody", "the hint is in no form in which this provider names citizens", clause: "CIBA Core §13",
            remedy: "send the sub that this client knows the citizen by", japanese: "この形の値は誰も指しません。クライアントが知っている sub を送ってください。"),
        CatalogueEntry(
            "openid.ciba.hint-token", "the login_hint_token is not accepted: …", clause: "CIBA Core §7.1; RFC 9493 §3",
            remedy: "sign iss, aud, exp and sub_id with a registered key",
            japanese: "login_hint_token が受け入れられません。iss・aud・exp・sub_id を登録した鍵で署名してください。"),
        CatalogueEntry(
            "openid.ciba.hint-token-expired", "the login_hint_token has expired", clause: "CIBA Core §13", remedy: "sign a new one",
            japanese: "login_hint_token の期限が切れています。"),
        CatalogueEntry(
            "openid.ciba.binding-message", "the binding_message is not shown: …", clause: "CIBA Core §7.1, §13",
            remedy: "send a few plain words or digits, without pictures", japanese: "照合文を表示できません。絵文字を使わず、短い文字か数字にしてください。"),
        CatalogueEntry(
            "openid.ciba.notification-token", "the client_notification_token is no bearer token of at most 1024 characters",
            clause: "CIBA Core §7.1; RFC 6750 §2.1", remedy: "send letters, digits and - . _ ~ + / only",
            japanese: "client_notification_token は 1024 文字以内のベアラートークンにしてください。"),
        CatalogueEntry(
            "openid.ciba.requested-expiry", "the requested_expiry is no positive number of seconds", clause: "CIBA Core §7.1",
            remedy: "send a whole number of seconds", japanese: "requested_expiry は正の整数（秒）にしてください。"),
        CatalogueEntry(
            "openid.ciba.user-code", "citizens have no user code here", clause: "CIBA Core §7.1 user_code",
            remedy: "leave user_code out: the citizen shows the card on the page", japanese: "ここでは利用者コードを使いません。user_code は送らないでください。"),
    ]
}
