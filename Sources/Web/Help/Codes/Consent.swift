extension Catalogue {
    /// Obligations of rules: what has to be done before an answer, and what is refused where it cannot be.
    static let obligations: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.exchange.obligation", "the target's rules ask for something that only the citizen can do",
            clause: "trust framework: obligations",
            remedy: "send the citizen to the authorization endpoint again, or to the target itself",
            japanese: "提出先の規則が、利用者本人だけが行えること（カードの再使用など）を求めています", mend: "利用者を認可エンドポイント、または提出先のサービスにもう一度案内してください"),
        CatalogueEntry(
            "openid.token.consent", "the citizen has taken back the consent that this was told under", clause: "trust framework: consent",
            remedy: "send the citizen to the authorization endpoint again", japanese: "利用者が同意を取り消したため、情報を伝えられません",
            mend: "利用者を認可エンドポイントにもう一度案内してください"),
        CatalogueEntry(
            "openid.token.obligation", "the rules ask for something that only the citizen can do again",
            clause: "trust framework: obligations", remedy: "send the citizen to the authorization endpoint again",
            japanese: "規則が、利用者本人だけが行えること（カードの再使用、同意など）を改めて求めています", mend: "利用者を認可エンドポイントにもう一度案内してください"),
        CatalogueEntry(
            "openid.userinfo.consent", "the citizen has taken back the consent that the token tells under",
            clause: "trust framework: consent; RFC 6750 §3.1", remedy: "send the citizen to the authorization endpoint again",
            japanese: "利用者が同意を取り消したため、このトークンでは情報を伝えられません", mend: "利用者を認可エンドポイントにもう一度案内してください"),
        CatalogueEntry(
            "signon.consent.refused", "the citizen did not agree to what would be sent", clause: "trust framework: consent",
            remedy: "offer a way that needs less, or ask for less", japanese: "利用者が、情報を伝えることに同意しませんでした",
            mend: "提供する情報がより少ない方法を用意するか、求める項目を減らしてください", easy: "「いいえ」と 言いました。何も 伝えていません。"),
        CatalogueEntry(
            "signon.mandate.unnamed", "a rule wants the request to say for whom the citizen acts, and it does not",
            clause: "trust framework: obligations, name-mandate",
            remedy: "ask with the claim acting_for, `person` or `company`, once the mandate is on record",
            japanese: "規則により、だれのための手続きか（代理・法人）を示す必要がありますが、示されていません", mend: "委任を記録したうえで、クレーム acting_for（`person` または `company`）を指定してください"),
        CatalogueEntry(
            "signon.mandate.unproven", "the citizen is said to act for another, and no mandate on record here proves it",
            clause: "trust framework: obligations, name-mandate", remedy: "leave acting_for out, or have the mandate recorded",
            japanese: "代理または法人のための手続きとされていますが、委任の記録がありません", mend: "acting_for を省略するか、委任の記録を依頼してください",
            easy: "ほかの 人の ための てつづきは、いま できません。サービスに 聞いてください。"),
        CatalogueEntry(
            "signon.passive.consent", "the citizen has not agreed to what would be sent, but the request forbids any page",
            clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.6 consent_required",
            remedy: "send the request again without IsPassive or prompt=none", japanese: "利用者の同意が必要ですが、リクエストが画面の表示を禁止しています",
            mend: "IsPassive または prompt=none を指定せずに、リクエストを送り直してください"),
        CatalogueEntry(
            "signon.passive.login", "the rules want the card used again for this, but the request forbids any page",
            clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.6 login_required",
            remedy: "send the request again without IsPassive or prompt=none", japanese: "カードをもう一度使う必要がありますが、リクエストが画面の表示を禁止しています",
            mend: "IsPassive または prompt=none を指定せずに、リクエストを送り直してください"),
        CatalogueEntry(
            "signon.passive.signature", "a signature certificate has to be presented, but the request forbids any page",
            clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.6 interaction_required",
            remedy: "send the request again without IsPassive or prompt=none",
            japanese: "署名用電子証明書の提示が必要ですが、リクエストが画面の表示を禁止しています", mend: "IsPassive または prompt=none を指定せずに、リクエストを送り直してください"),
        CatalogueEntry(
            "signon.status.revoked", "the certificate of this login is revoked or on hold", clause: "RFC 6960 §2.2",
            remedy: "the citizen has the card's certificate renewed at the town office",
            japanese: "このログインの電子証明書は失効しているか、一時停止されています", mend: "市区町村の窓口で、電子証明書の手続きをしてください", easy: "この 証明書は、いま 使えません。市役所か 役場で 新しく 作れます。"),
        CatalogueEntry(
            "signon.status.stale", "the newest word on the certificate is older than the rules want it",
            clause: "trust framework: obligations, refresh-status", remedy: "try again in a moment; tell the operator if it goes on",
            japanese: "電子証明書の状態の情報が、規則で求められるものより古くなっています", mend: "しばらく待ってから再試行してください。解消しないときは、運用者に連絡してください",
            easy: "いま 確かめられません。少し 待って、もう一回 してください。"),
        CatalogueEntry(
            "signon.status.unknown", "the rules want the certificate's status on line, and nobody could be asked",
            clause: "trust framework: obligations, refresh-status", remedy: "try again in a moment",
            japanese: "電子証明書の状態を、現在確認できません", mend: "しばらく待ってから再試行してください", easy: "いま 確かめられません。少し 待って、もう一回 してください。"),
    ]
}
