import Settings
import TrustFramework

/// What the parts of an answer mean, in plain words.
enum AnswerWords {
    /// `path`: of an element or of an attribute (`@Name` last). English is the judge's own word on it.
    static func saml(_ path: [String], english: String) -> BothTongues {
        let last = path.last ?? ""
        let element = last.hasPrefix("@") ? (path.dropLast().last ?? "") + "/" + last : last
        return BothTongues(ja: elements[element] ?? elements[last] ?? english, en: english)
    }

    /// Of a parameter, a member of a header, or a claim.
    static func openID(_ name: String) -> BothTongues {
        if let (ja, en) = claims[name] { return BothTongues(ja: ja, en: en) }
        if let source = AttributeSource.allCases.first(where: { $0.claim == name }) {
            return BothTongues(ja: source.phrase.ja, en: source.phrase.en)
        }
        return BothTongues(ja: "", en: "")
    }

    private static let elements: [String: String] = [
        "Issuer": "発行者。署名が確かめられるまでは、名乗っているだけです", "Signature": "入っている要素への署名", "Status": "結果", "StatusCode": "結果のコード",
        "StatusCode/@Value": "結果のコード", "StatusMessage": "結果の説明", "StatusDetail": "結果の詳しい説明（機械用）", "Assertion": "信じてよいかを確かめる本体",
        "EncryptedAssertion": "受け取る機関だけが開ける本体", "Subject": "だれについてか", "NameID": "この機関での利用者の番号",
        "NameID/@Format": "番号の種類", "NameID/@NameQualifier": "番号を付けた者", "NameID/@SPNameQualifier": "番号を使う機関",
        "SubjectConfirmation": "本人確認の条件（SubjectConfirmation）", "SubjectConfirmation/@Method": "本人確認の方法",
        "SubjectConfirmationData": "だれが、どこで、いつまで示せるか", "SubjectConfirmationData/@Recipient": "示してよいURL",
        "SubjectConfirmationData/@NotOnOrAfter": "この時刻から先は受け取らない", "SubjectConfirmationData/@InResponseTo": "対応するリクエストのID",
        "Conditions": "有効な期間と相手", "Conditions/@NotBefore": "この時刻より前は受け取らない", "Conditions/@NotOnOrAfter": "この時刻から先は受け取らない",
        "AudienceRestriction": "相手の限定", "Audience": "相手。自分の entityID と一字も違わないこと", "OneTimeUse": "保存して使い回さない",
        "AuthnStatement": "いつ、どのようにログインしたか", "AuthnStatement/@AuthnInstant": "認証の日時",
        "AuthnStatement/@SessionIndex": "ログアウトで使うセッションの番号", "AuthnStatement/@SessionNotOnOrAfter": "セッションの終わり",
        "AuthnContext": "認証の水準", "AuthnContextClassRef": "認証の水準の名前", "AttributeStatement": "利用者についての情報",
        "Attribute": "情報の一つ", "Attribute/@Name": "情報の名前", "Attribute/@FriendlyName": "情報の通称", "Attribute/@NameFormat": "名前の種類",
        "AttributeValue": "値",
        "@ID": "メッセージのID。一度だけ受け取る", "@Version": "SAMLの版", "@IssueInstant": "発行日時", "@Destination": "送信先のURL",
        "@InResponseTo": "対応するリクエストのID", "@Consent": "利用者の同意",
    ]

    private static let claims: [String: (String, String)] = [
        "iss": ("発行者", "who issued it"), "sub": ("この機関での利用者の番号", "the citizen's identifier for this client"),
        "aud": ("相手。自分の client_id であること", "for whom: your client_id"), "exp": ("この時刻から先は受け取らない", "not to be accepted from then on"),
        "iat": ("発行日時", "when it was made"), "auth_time": ("認証の日時", "when the card was used"),
        "nonce": ("リクエストで送った値", "the value of your request"), "acr": ("認証の水準", "how strong the login was"),
        "amr": ("ログインの方法", "by which means"), "at_hash": ("アクセストークンとの結び付き", "ties it to the access token"),
        "sid": ("ログアウトで使うセッションの番号", "the session, for logout"), "alg": ("署名のアルゴリズム", "how it is signed"),
        "kid": ("鍵の名前", "which key"), "typ": ("種類", "what kind of token"), "cnf": ("使ってよい鍵", "the key whose holder alone may use it"),
        "client_id": ("クライアント", "the client"), "jti": ("この一通の名前", "its own name"), "scope": ("できること", "what may be done with it"),
        "code": ("1回だけ使える認可コード", "the code, redeemed once"), "state": ("リクエストで送った値", "your own note"),
        "token_type": ("トークンの使い方", "how the token is used"), "expires_in": ("あと何秒使えるか", "seconds it lives"),
        "refresh_token": ("更新のためのトークン", "for a later access token"), "id_token": ("IDトークン", "the ID token"),
        "access_token": ("アクセストークン", "the access token"), "response": ("署名された応答", "the signed response"),
        "error": ("エラーコード", "the error"), "error_description": ("エラーの説明", "what it means"),
        "error_uri": ("エラーの説明のページ", "a page about it"), "authorization_details": ("認可の詳細", "what is granted, in detail"),
    ]
}
