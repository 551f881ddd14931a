extension Catalogue {
    /// Trust marks, and what an accreditation does not cover.
    static let federation: [CatalogueEntry] = [
        CatalogueEntry(
            "federation.trust-mark.not-ours", "this is no trust mark that was issued here", clause: "OpenID Federation 1.0 §8.4.2",
            remedy: "ask the issuer that `iss` names, with the mark unchanged", japanese: "ここで発行されたトラストマークではありません"),
        CatalogueEntry(
            "federation.trust-mark.parameter", "a parameter is missing", clause: "OpenID Federation 1.0 §8.4.1, §8.5.1, §8.6.1",
            remedy: "send it once, with a value", japanese: "必要なパラメータがありません"),
        CatalogueEntry(
            "federation.trust-mark.request", "the request cannot be read", clause: "OpenID Federation 1.0 §8.4.1, §8.9",
            remedy: "send each parameter once, encoded as a form; a trust mark is a compact JWS", japanese: "要求を読み取れません"),
        CatalogueEntry(
            "federation.trust-mark.type", "no trust marks of this type are issued here", clause: "OpenID Federation 1.0 §8.6.2",
            remedy: "see trust_mark_issuers in /.well-known/openid-federation", japanese: "この種類のトラストマークは発行していません"),
        CatalogueEntry(
            "federation.trust-mark.unavailable", "nothing can be signed now", clause: "OpenID Federation 1.0 §8.9",
            remedy: "the operator looks at `sekisho keys list`; try again later", japanese: "いまは署名できません"),
        CatalogueEntry(
            "federation.trust-mark.unmarked", "the entity has no trust mark of this type now", clause: "OpenID Federation 1.0 §8.6.2",
            remedy: "see the list of those who have; a mark ends with the accreditation", japanese: "この種類の有効なトラストマークはありません"),
        CatalogueEntry(
            "openid.logout.member", "the service's accreditation is not in force, so that it cannot end sessions here",
            clause: "trust framework: accreditation", remedy: "the citizen ends the session on this site's own page",
            japanese: "このサービスの認定が有効でないため、ここからログアウトできません。このサイトのページでログアウトしてください"),
        CatalogueEntry(
            "saml.member.standing", "the member's accreditation is not in force", clause: "trust framework: accreditation",
            remedy: "the member's administrator renews or reinstates its accreditation", japanese: "加盟機関の認定が有効ではありません"),
        CatalogueEntry(
            "policy.attributes-not-accredited", "the member asks for attributes that its accreditation does not cover",
            clause: "trust framework: accreditation", remedy: "ask for less, or have the accreditation extended",
            japanese: "認定の範囲にない属性が求められています"),
        CatalogueEntry(
            "policy.mode-not-accredited", "the member is not accredited for logins of the mode that would do",
            clause: "trust framework: accreditation", remedy: "have the accreditation extended by this mode",
            japanese: "このカード利用の方式は、加盟機関の認定に含まれていません"),
        CatalogueEntry(
            "policy.permission-missing", "the member lacks the permission for terminals without PIN",
            clause: "trust framework: accreditation", remedy: "have the permission accredited",
            japanese: "暗証番号を使わない端末についての許可がありません"),
    ]
}
