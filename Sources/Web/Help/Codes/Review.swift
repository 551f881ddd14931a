extension Catalogue {
    /// What rules say at userinfo.
    static let userInfoRules: [CatalogueEntry] = [
        CatalogueEntry(
            "openid.userinfo.denied", "the rules do not let the service be told of the citizen here now",
            clause: "trust framework: rules; RFC 6750 §3.1",
            remedy: "send the citizen to the authorization endpoint again; where that is refused too, the answer says why",
            japanese: "現在の規則では、このサービスに利用者の情報を伝えられません", mend: "利用者を認可エンドポイントにもう一度案内してください。そこでも拒否されたときは、応答に理由が示されます")
    ]
}
