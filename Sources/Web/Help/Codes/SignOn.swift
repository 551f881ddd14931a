extension Catalogue {
    /// The journey of a login, and policy.
    static let signOn: [CatalogueEntry] = [
        CatalogueEntry(
            "http.*", "there is no such page, or not this way", clause: "RFC 9110 §15.5",
            remedy: "start again from the service you want to use", japanese: "ページが見つからないか、この方法では開けません",
            mend: "ご利用になるサービスの画面から、もう一度始めてください", easy: "この ページは ありません。"),
        CatalogueEntry(
            "http.body", "the body of the request is broken or ends too early", clause: "RFC 9112 §7.1, §8",
            remedy: "send the request again, whole", japanese: "リクエストの本体が壊れているか、途中で終わっています", mend: "リクエスト全体を、もう一度送ってください",
            easy: "もう一回 送ってください。"),
        CatalogueEntry(
            "http.cross-site", "this form was sent from another site", clause: "checklist H3, H4; Fetch Metadata",
            remedy: "use the button on our own page", japanese: "このフォームは、別のサイトから送信されました", mend: "このサイトの画面のボタンを使ってください",
            easy: "ここの 画面の ボタンを 使ってください。"),
        CatalogueEntry(
            "journey.unknown", "this login is finished or has expired", clause: "checklist H1",
            remedy: "start again from the service you want to use", japanese: "このログインは、終了しているか、有効時間が過ぎています",
            mend: "ご利用になるサービスの画面から、もう一度始めてください", easy: "時間が すぎました。サービスの 画面から もう一回 始めてください。"),
        CatalogueEntry(
            "logout.unknown", "this logout was begun in another browser, or has expired; the sessions have ended all the same",
            clause: "checklist H1",
            remedy: "log out at each service that you still see open", japanese: "このログアウトは、別のブラウザで始められたか、有効時間が過ぎています。セッションは終了しています",
            mend: "ログイン中のサービスが残っているときは、そのサービスの画面でログアウトしてください", easy: "ログインは 終わりました。サービスの 画面も 見てください。"),
        CatalogueEntry(
            "member.unknown", "no member is registered under this identifier", clause: "trust framework: members",
            remedy: "register the service with `sekisho member add`", japanese: "この識別子の参加機関は登録されていません",
            mend: "`sekisho member add` でサービスを登録してください"),
        CatalogueEntry(
            "platform.unavailable", "something of ours failed; nothing was granted", clause: "RFC 9110 §15.6.1",
            remedy: "try again in a moment; tell the operator the time if it goes on", japanese: "現在、システムに障害が発生しています。情報は何も伝えていません",
            mend: "しばらく待ってから再試行してください。解消しないときは、時刻を運用者に連絡してください", easy: "いま 使えません。少し 待って、もう一回 してください。"),
        CatalogueEntry(
            "policy.context", "no authentication context satisfies both the request and the rules",
            clause: "SAML Core §3.3.2.2.1; OpenID Connect Core §3.1.2.1",
            remedy: "ask for a context that this deployment publishes", japanese: "リクエストと規則の両方を満たす認証方式がありません",
            mend: "この環境が公開している認証コンテキストを求めてください"),
        CatalogueEntry(
            "policy.forbidden", "a rule forbids this", clause: "trust framework: rules",
            remedy: "see the rule named in the audit record", japanese: "規則により、この利用は禁止されています", mend: "監査記録に示された規則を確認してください"),
        CatalogueEntry(
            "policy.member.*", "the member's accreditation is not in force", clause: "trust framework: accreditation",
            remedy: "the member's administrator renews or reinstates its accreditation", japanese: "サービスの認定が有効ではありません",
            mend: "参加機関の管理者が、認定の更新または停止の解除を申請してください"),
        CatalogueEntry(
            "policy.no-permit", "no rule permits this", clause: "trust framework: default deny",
            remedy: "have a rule written for this kind of member and purpose", japanese: "この利用を認める規則がありません",
            mend: "この種類の機関と利用目的の規則を追加してください"),
        CatalogueEntry(
            "policy.purpose", "the member is not accredited for this purpose", clause: "trust framework: accreditation",
            remedy: "ask for a purpose in the member's accreditation, or have it extended", japanese: "このサービスは、この利用目的について認定されていません",
            mend: "認定に含まれる利用目的を求めるか、認定の範囲の拡大を申請してください"),
        CatalogueEntry(
            "session.ended", "the login was ended meanwhile, in another tab or by a service", clause: "checklist H2",
            remedy: "start again from the service you want to use", japanese: "別のタブまたはサービスで、ログアウトしました", mend: "ご利用になるサービスの画面から、もう一度始めてください",
            easy: "ログアウトしました。サービスの 画面から もう一回 始めてください。"),
        CatalogueEntry(
            "signon.cancelled", "the citizen stopped the login", clause: "SAML Core §3.2.2.2",
            remedy: "offer to start again", japanese: "ログインが中止されました", mend: "もう一度始められるようにしてください", easy: "ログインを やめました。"),
        CatalogueEntry(
            "signon.identifier.none", "the service knows no identifier of this citizen yet, and asks that none be made",
            clause: "SAML Core §3.4.1.1 AllowCreate",
            remedy: "send AllowCreate=\"true\" or none when the citizen signs up; the operator may set `allow-create: always`",
            japanese: "サービスはこの利用者の識別子をまだ持たず、新しい識別子を作らないよう求めています",
            mend: "利用者の新規登録のときは、AllowCreate=\"true\" を送信するか、省略してください。運営者が `allow-create: always` を設定することもできます"),
        CatalogueEntry(
            "signon.passive", "the citizen would have to be asked, but the request forbids any page",
            clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.1 prompt=none",
            remedy: "send the request again without IsPassive or prompt=none", japanese: "利用者への確認が必要ですが、リクエストが画面の表示を禁止しています",
            mend: "IsPassive または prompt=none を指定せずに、リクエストを送り直してください"),
        CatalogueEntry(
            "signon.presence.first-link", "this card has not been used with its PIN here yet",
            clause: "Public Personal Authentication Act art. 38-4 (mode C)",
            remedy: "log in once with the card and its PIN", japanese: "このカードは、ここではまだ暗証番号で使われたことがありません", mend: "カードと暗証番号で一度ログインしてください",
            easy: "はじめての カードです。1回目は 暗証番号を 使ってください。"),
        CatalogueEntry(
            "signon.step-up.other-person", "the card belongs to another citizen than this session",
            clause: "step-up is a new login by the same person",
            remedy: "use the same card, or log out and start again", japanese: "使われたカードが、ログイン中の方とは別の方のものです",
            mend: "同じカードを使うか、ログアウトしてからもう一度始めてください", easy: "ちがう 人の カードでした。同じ カードを 使ってください。"),
        CatalogueEntry(
            "signon.subject.other", "the citizen who is here is not the one the request names",
            clause: "SAML Core §3.4.1.2; OpenID Connect Core §3.1.2.2",
            remedy: "leave the hint out, or ask the citizen to log out first", japanese: "ログイン中の方が、サービスの指定する方と異なります",
            mend: "ヒントを省略するか、先にログアウトするよう利用者に案内してください", easy: "ちがう 人が ログインしています。ログアウトして、もう一回 してください。"),
    ]
}
