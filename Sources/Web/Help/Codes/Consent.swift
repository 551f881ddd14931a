extension Catalogue {
    /// Obligations of rules: what has to be done before an answer, and what is refused where it cannot be.
    static let obligations: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.exchange.obligation", "the target's rules ask for something that only the citizen can do",
            clause: "trust framework: obligations",
            remedy: "send the citizen to the authorization endpoint again, or to the target itself",
            japanese: "相手の規則が、本人にしかできないこと（カードの再利用など）を求めています"),
        CatalogueEntry(
            "openid.token.consent", "the citizen has taken back the consent that this was told under", clause: "trust framework: consent",
            remedy: "send the citizen to the authorization endpoint again", japanese: "本人が同意を取り消したため、もう伝えられません"),
        CatalogueEntry(
            "openid.token.obligation", "the rules ask for something that only the citizen can do again",
            clause: "trust framework: obligations", remedy: "send the citizen to the authorization endpoint again",
            japanese: "規則が、本人にしかできないこと（カードの再利用、同意など）をあらためて求めています"),
        CatalogueEntry(
            "openid.userinfo.consent", "the citizen has taken back the consent that the token tells under",
            clause: "trust framework: consent; RFC 6750 §3.1", remedy: "send the citizen to the authorization endpoint again",
            japanese: "本人が同意を取り消したため、このトークンではもう伝えられません"),
        CatalogueEntry(
            "signon.consent.refused", "the citizen did not agree to what would be sent", clause: "trust framework: consent",
            remedy: "offer a way that needs less, or ask for less", japanese: "利用者が、情報を伝えることに同意しませんでした"),
        CatalogueEntry(
            "signon.mandate.unnamed", "a rule wants the request to say for whom the citizen acts, and it does not",
            clause: "trust framework: obligations, name-mandate",
            remedy: "ask with the claim acting_for, `person` or `company`, once the mandate is on record",
            japanese: "だれのための手続きか（代理・法人）を示すことが規則で求められていますが、示されていません"),
        CatalogueEntry(
            "signon.mandate.unproven", "the citizen is said to act for another, and no mandate on record here proves it",
            clause: "trust framework: obligations, name-mandate", remedy: "leave acting_for out, or have the mandate recorded",
            japanese: "代理または法人のための手続きとされていますが、委任の記録がここにありません"),
        CatalogueEntry(
            "signon.passive.consent", "the citizen has not agreed to what would be sent, but the request forbids any page",
            clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.6 consent_required",
            remedy: "send the request again without IsPassive or prompt=none", japanese: "利用者の同意が必要ですが、画面を出さないよう求められています"),
        CatalogueEntry(
            "signon.passive.login", "the rules want the card used again for this, but the request forbids any page",
            clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.6 login_required",
            remedy: "send the request again without IsPassive or prompt=none", japanese: "カードをもう一度使う必要がありますが、画面を出さないよう求められています"),
        CatalogueEntry(
            "signon.passive.signature", "a signature certificate has to be presented, but the request forbids any page",
            clause: "SAML Core §3.4.1 IsPassive; OpenID Connect Core §3.1.2.6 interaction_required",
            remedy: "send the request again without IsPassive or prompt=none",
            japanese: "署名用電子証明書の提示が必要ですが、画面を出さないよう求められています"),
        CatalogueEntry(
            "signon.status.revoked", "the certificate of this login is revoked or on hold", clause: "RFC 6960 §2.2",
            remedy: "the citizen has the card's certificate renewed at the town office",
            japanese: "このログインの電子証明書は失効しているか、一時停止されています"),
        CatalogueEntry(
            "signon.status.stale", "the newest word on the certificate is older than the rules want it",
            clause: "trust framework: obligations, refresh-status", remedy: "try again in a moment; tell the operator if it goes on",
            japanese: "電子証明書の状態についての最新の情報が、規則の求めるより古くなっています"),
        CatalogueEntry(
            "signon.status.unknown", "the rules want the certificate's status on line, and nobody could be asked",
            clause: "trust framework: obligations, refresh-status", remedy: "try again in a moment",
            japanese: "電子証明書の状態をいま確認できません。少し待ってからやり直してください"),
    ]
}
