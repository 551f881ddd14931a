import TrustFramework

extension RequestProtocol {
    /// Names of standards: the same in every language.
    var words: Words {
        switch self {
        case .saml: Words(verbatim: "SAML")
        case .openid: Words(verbatim: "OpenID Connect")
        }
    }
}

extension IssuancePath {
    /// How something came to be told.
    var words: Words {
        switch self {
        case .signOn: Words("ログインしたとき", "when you logged in", easy: "ログインした とき")
        case .refresh: Words("ログインの継続中", "while your login went on", easy: "ログインしている 間")
        case .exchange: Words("ほかのサービスへの取次ぎ", "passed on for another service", easy: "ほかの サービスの ため")
        case .device: Words("テレビや端末でのログイン", "login on a television or terminal", easy: "テレビなどの ログイン")
        case .backchannel: Words("サービスからの依頼の承認", "your approval of a request", easy: "サービスに「はい」と 言った とき")
        case .artifact: Words("ログインしたとき（サービスによる受取り）", "when you logged in, fetched by the service", easy: "ログインした とき")
        case .attributeQuery: Words("サービスからの照会", "a question of the service", easy: "サービスが 聞いた とき")
        case .userInfo: Words("サービスからの照会", "a question of the service", easy: "サービスが 聞いた とき")
        case .introspection: Words("サービスによるログインの確認", "a check of your login by the service", easy: "サービスが ログインを 確かめた とき")
        case .unsolicited: Words("この画面からのログイン", "login begun at this site", easy: "ここから ログインした とき")
        }
    }
}
