extension Catalogue {
    /// Trust marks, and what an accreditation does not cover.
    static let federation: [CatalogueEntry] = [
        CatalogueEntry(
            "federation.trust-mark.not-ours", "this is no trust mark that was issued here", clause: "OpenID Federation 1.0 §8.4.2",
            remedy: "ask the issuer that `iss` names, with the mark unchanged", japanese: "ここで発行されたトラストマークではありません",
            mend: "トラストマークを変更せずに、`iss` が示す発行者に問い合わせてください"),
        CatalogueEntry(
            "federation.trust-mark.parameter", "a parameter is missing", clause: "OpenID Federation 1.0 §8.4.1, §8.5.1, §8.6.1",
            remedy: "send it once, with a value", japanese: "必要なパラメーターがありません", mend: "値を付けて、1回だけ送信してください"),
        CatalogueEntry(
            "federation.trust-mark.request", "the request cannot be read", clause: "OpenID Federation 1.0 §8.4.1, §8.9",
            remedy: "send each parameter once, encoded as a form; a trust mark is a compact JWS", japanese: "リクエストを読み取れません",
            mend: "各パラメーターをフォーム形式で1回ずつ送信してください。トラストマークはコンパクト形式の JWS です"),
        CatalogueEntry(
            "federation.trust-mark.type", "no trust marks of this type are issued here", clause: "OpenID Federation 1.0 §8.6.2",
            remedy: "see trust_mark_issuers in /.well-known/openid-federation", japanese: "この種類のトラストマークは発行していません",
            mend: "/.well-known/openid-federation の trust_mark_issuers を確認してください"),
        CatalogueEntry(
            "federation.trust-mark.unavailable", "nothing can be signed now", clause: "OpenID Federation 1.0 §8.9",
            remedy: "the operator looks at `sekisho keys list`; try again later", japanese: "現在、署名できません",
            mend: "しばらく待ってから再試行してください。運用者は `sekisho keys list` で鍵を確認してください"),
        CatalogueEntry(
            "federation.trust-mark.unmarked", "the entity has no trust mark of this type now", clause: "OpenID Federation 1.0 §8.6.2",
            remedy: "see the list of those who have; a mark ends with the accreditation", japanese: "この種類の有効なトラストマークはありません",
            mend: "トラストマークの一覧を確認してください。トラストマークは、認定の終了とともに失効します"),
        CatalogueEntry(
            "openid.logout.member", "the service's accreditation is not in force, so that it cannot end sessions here",
            clause: "trust framework: accreditation", remedy: "the citizen ends the session on this site's own page",
            japanese: "このサービスの認定が有効でないため、サービスからはログアウトできません", mend: "利用者は、このサイトのページでログアウトしてください", easy: "ここの ページで ログアウトしてください。"),
        CatalogueEntry(
            "saml.member.standing", "the member's accreditation is not in force", clause: "trust framework: accreditation",
            remedy: "the member's administrator renews or reinstates its accreditation", japanese: "参加機関の認定が有効ではありません",
            mend: "参加機関の管理者が、認定の更新または停止の解除を申請してください"),
        CatalogueEntry(
            "policy.attributes-not-accredited", "the member asks for attributes that its accreditation does not cover",
            clause: "trust framework: accreditation", remedy: "ask for less, or have the accreditation extended",
            japanese: "認定の範囲外の属性が求められています", mend: "求める属性を減らすか、認定の範囲の拡大を申請してください"),
        CatalogueEntry(
            "policy.mode-not-accredited", "the member is not accredited for logins of the mode that would do",
            clause: "trust framework: accreditation", remedy: "have the accreditation extended by this mode",
            japanese: "このカードの使い方は、参加機関の認定に含まれていません", mend: "この方式を認定に追加するよう申請してください"),
        CatalogueEntry(
            "policy.permission-missing", "the member lacks the permission for terminals without PIN",
            clause: "trust framework: accreditation", remedy: "have the permission accredited",
            japanese: "暗証番号を使わない端末についての許可がありません", mend: "この許可を認定に追加するよう申請してください"),
    ]
}
