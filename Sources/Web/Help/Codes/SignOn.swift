extension Catalogue {
    /// The journey of a login, and policy.
    static let signOn: [CatalogueEntry] = [
        CatalogueEntry(
            "http.*", "there is no such page, or not this way", clause: "RFC 9110 §15.5",
            remedy: "start again from the service you want to use", japanese: "そのページはないか、その方法では開けません"),
        CatalogueEntry(
            "http.cross-site", "this form was sent from another site", clause: "checklist H3, H4; Fetch Metadata",
            remedy: "use the button on our own page", japanese: "このフォームは別のサイトから送られました"),
        CatalogueEntry(
            "journey.unknown", "this login is finished or has expired", clause: "checklist H1",
            remedy: "start again from the service you want to use", japanese: "このログインは終わったか、期限が切れています"),
        CatalogueEntry(
            "logout.unknown", "this logout was begun in another browser, or has expired; the sessions have ended all the same",
            clause: "checklist H1",
            remedy: "log out at each service that you still see open", japanese: "このログアウトは別のブラウザで始められたか、期限切れです。セッションは終了しています"),
        CatalogueEntry(
            "member.unknown", "no member is registered under this identifier", clause: "trust framework: members",
            remedy: "register the service with `sekisho member add`", japanese: "この識別子の加盟サービスは登録されていません"),
        CatalogueEntry(
            "platform.unavailable", "something of ours failed; nothing was granted", clause: "RFC 9110 §15.6.1",
            remedy: "try again in a moment; tell the operator the time if it goes on", japanese: "こちら側で障害が起きました。何も許可していません"),
        CatalogueEntry(
            "policy.context", "no authentication context satisfies both the request and the rules",
            clause: "SAML Core §3.3.2.2.1; OpenID Connect Core §3.1.2.1",
            remedy: "ask for a context that this deployment publishes", japanese: "リクエストと規則の両方を満たす認証方式がありません"),
        CatalogueEntry(
            "policy.forbidden", "a rule forbids this", clause: "trust framework: rules",
            remedy: "see the rule named in the audit record", japanese: "規則により禁止されています"),
        CatalogueEntry(
            "policy.member.*", "the member's accreditation is not in force", clause: "trust framework: accreditation",
            remedy: "the member's administrator renews or reinstates its accreditation", japanese: "加盟サービスの認定が有効ではありません"),
        CatalogueEntry(
            "policy.no-permit", "no rule permits this", clause: "trust framework: default deny",
            remedy: "have a rule written for this kind of member and purpose", japanese: "これを許可する規則がありません"),
        CatalogueEntry(
            "policy.purpose", "the member is not accredited for this purpose", clause: "trust framework: accreditation",
            remedy: "ask for a purpose in the member's accreditation, or have it extended", japanese: "加盟サービスはこの目的について認定されていません"),
        CatalogueEntry(
            "session.ended", "the login was ended meanwhile, in another tab or by a service", clause: "checklist H2",
            remedy: "start again from the service you want to use", japanese: "別のタブかサービスで、ログインが終了しました"),
        CatalogueEntry(
            "signon.cancelled", "the citizen stopped the login", clause: "SAML Core §3.2.2.2",
            remedy: "offer to start again", japanese: "利用者がログインを中止しました"),
        CatalogueEntry(
            "signon.identifier.none", "the service knows no identifier of this citizen yet, and asks that none be made",
            clause: "SAML Core §3.4.1.1 AllowCreate",
            remedy: "send AllowCreate=\"true\", or leave it out, when the citizen signs up", japanese: "サービスはまだこの人の識別子を持たず、新しく作らないよう求めています"),
        CatalogueEntry(
            "signon.passive", "the citizen would have to be asked, but the request forbids any page",
            clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.1 prompt=none",
            remedy: "send the request again without IsPassive or prompt=none", japanese: "利用者への確認が必要ですが、画面を出さないよう求められています"),
        CatalogueEntry(
            "signon.presence.first-link", "this card has not been used with its PIN here yet",
            clause: "Public Personal Authentication Act art. 38-4 (mode C)",
            remedy: "log in once with the card and its PIN", japanese: "このカードはまだここで暗証番号を使って利用されていません"),
        CatalogueEntry(
            "signon.step-up.other-person", "the card belongs to another citizen than this session",
            clause: "step-up is a new login by the same person",
            remedy: "use the same card, or log out and start again", japanese: "カードが、このセッションとは別の人のものです"),
        CatalogueEntry(
            "signon.subject.other", "the citizen who is here is not the one the request names",
            clause: "SAML Core §3.4.1.2; OpenID Connect Core §3.1.2.2",
            remedy: "leave the hint out, or ask the citizen to log out first", japanese: "ここにいる人が、リクエストの指す人ではありません"),
    ]
}
