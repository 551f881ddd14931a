extension Catalogue {
    /// What rules say at userinfo.
    static let userInfoRules: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.userinfo.denied", "the rules do not let the service be told of the citizen here now",
            clause: "trust framework: rules; RFC 6750 §3.1",
            remedy: "send the citizen to the authorization endpoint again; where that is refused too, the answer says why",
            japanese: "いまの規則では、このサービスに利用者の情報をここで伝えることはできません")
    ]
}
