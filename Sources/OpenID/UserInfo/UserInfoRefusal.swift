import Vocabulary

// Userinfo refuses with `TokenRefusal(userInfo:…)`: the same two faces as the token endpoint's, with the Bearer challenge of RFC 6750 §3.

extension Explanation {
    static let tokenMissing = Explanation(
        "openid.userinfo.token-missing", "the request has no bearer token", clause: "RFC 6750 §3",
        remedy: "send the access token as `Authorization: Bearer …`")

    static let tokenTwice = Explanation(
        "openid.userinfo.token-twice", "the request has a token in the header and another in the body", clause: "RFC 6750 §2",
        remedy: "send it in the header only")

    static let tokenMalformed = Explanation(
        "openid.userinfo.token-malformed", "the bearer token has characters no token has", clause: "RFC 6750 §2.1",
        remedy: "send the access_token of the token response unchanged")
}
