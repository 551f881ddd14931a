extension Catalogue {
    /// The signature certificate and what it says.
    static let signatureCertificates: [CatalogueEntry] = [
        CatalogueEntry(
            "identity.api.malformed", "the answer is not the JSON that the identity door takes",
            clause: "card API",
            remedy: "send challenge, certificate and signature, with login and statement or without",
            japanese: "本人確認の窓口が受け付けるJSONではありません"),
        CatalogueEntry(
            "identity.attributes.birth-date", "the date of birth is a day that no calendar has",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "生年月日が暦にない日です"),
        CatalogueEntry(
            "identity.attributes.birth-era", "the date of birth does not lie in the era it names",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "生年月日が、示された元号の期間にありません"),
        CatalogueEntry(
            "identity.attributes.birth-form", "the date of birth has another form than era, year, month and day",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "生年月日が、元号・年・月・日の形ではありません"),
        CatalogueEntry(
            "identity.attributes.birth-future", "the date of birth comes after the certificate was made",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "生年月日が、証明書の発行より後です"),
        CatalogueEntry(
            "identity.attributes.characters", "an attribute in the certificate has characters that no register has",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書の属性に、台帳にない文字があります"),
        CatalogueEntry(
            "identity.attributes.length", "an attribute in the certificate is empty or too long",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書の属性が空か、長すぎます"),
        CatalogueEntry(
            "identity.attributes.marks", "the marks of substituted characters do not go with the text",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "代替文字の印が、文字列の長さや形と合いません"),
        CatalogueEntry(
            "identity.attributes.missing", "the certificate lacks one of the four attributes or their marks",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書に、基本4情報またはその代替文字の印のどれかがありません"),
        CatalogueEntry(
            "identity.attributes.sex", "the certificate states a sex that is not configured",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書の性別の値が設定にありません"),
        CatalogueEntry(
            "identity.attributes.twice", "the certificate states one of the four attributes twice",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書に、基本4情報のどれかが二つあります"),
        CatalogueEntry(
            "identity.attributes.type", "an attribute in the certificate is not one UTF8String",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書の属性が、一つのUTF8Stringではありません"),
        CatalogueEntry(
            "identity.certificate.authority", "the issuing authority is trusted, but not for signature certificates",
            clause: "jpki.md §1.1",
            remedy: "use the signature certificate, or let the operator configure the authority's name (card: identity: authorities)",
            japanese: "発行した認証局は信頼されていますが、署名用ではありません"),
        CatalogueEntry(
            "identity.certificate.authority-use", "this is the certificate of an authority, not of a citizen",
            clause: "RFC 5280 §4.2.1.9",
            remedy: "send the certificate of EF 0001, not of EF 0002",
            japanese: "住民の証明書ではなく、認証局の証明書です"),
        CatalogueEntry(
            "identity.certificate.key-algorithm", "signature keys of this kind are not accepted",
            clause: "jpki.md §1.6",
            remedy: "use an RSA or P-384 card certificate",
            japanese: "この種類の署名用の鍵は受け付けません"),
        CatalogueEntry(
            "identity.certificate.key-usage", "the key usage is not that of a signature certificate",
            clause: "RFC 5280 §4.2.1.3; jpki.md §1.2",
            remedy: "use the signature certificate of the card",
            japanese: "鍵用途が署名用電子証明書のものではありません"),
        CatalogueEntry(
            "identity.certificate.login-use", "this is a user-authentication certificate, which has no attributes",
            clause: "公的個人認証法 3条; jpki.md §1.2",
            remedy: "use the signature certificate (署名用電子証明書) and its password of 6 to 16 letters and digits",
            japanese: "利用者証明用電子証明書です。基本4情報は入っていません"),
        CatalogueEntry(
            "identity.certificate.malformed", "the signature certificate is not one DER certificate that we accept",
            clause: "RFC 5280 §4.1",
            remedy: "send the bytes of EF 0001 as the card gives them after its password, without a chain",
            japanese: "受け付けられるDER形式の署名用電子証明書ではありません"),
        CatalogueEntry(
            "identity.certificate.policy", "the certificate policy is not one of the configured signature policies",
            clause: "RFC 5280 §4.2.1.4; jpki.md §1.2",
            remedy: "use a signature certificate, or let the operator configure the policy of the new kind (card: identity: policies)",
            japanese: "証明書ポリシーが、設定された署名用のものではありません"),
        CatalogueEntry(
            "identity.certificate.simulated", "signature certificates of test or simulated authorities are not accepted here",
            clause: "jpki.md §1.1",
            remedy: "use a real card; a test card works only in a deployment that says development",
            japanese: "試験用・模擬の認証局の署名用電子証明書は、ここでは受け付けません"),
        CatalogueEntry(
            "identity.certificate.untrusted", "no configured trust anchor issued this signature certificate",
            clause: "RFC 5280 §6.1; jpki.md §1.1",
            remedy: "let the operator check that the anchors hold the signature authority's generation that issued this card",
            japanese: "設定された信頼の起点は、この署名用電子証明書を発行していません"),
        CatalogueEntry(
            "identity.challenge.elsewhere", "the declaration was made for another visit, service or session",
            clause: "jpki.md §3.3",
            remedy: "ask for a challenge at the page that is being answered, and answer that one",
            japanese: "この宣言は、別の訪問・サービス・セッションのためのものです"),
        CatalogueEntry(
            "identity.challenge.time", "the declaration's time is over or has not come",
            clause: "jpki.md §3.3",
            remedy: "ask for a new challenge and let the card sign that one",
            japanese: "宣言の有効時間が過ぎたか、まだ始まっていません"),
        CatalogueEntry(
            "identity.challenge.unknown", "the declaration was used, has expired, or belongs to another visit",
            clause: "checklist H7",
            remedy: "ask for a new challenge",
            japanese: "この宣言は使用済みか、期限切れか、別の訪問のものです"),
        CatalogueEntry(
            "identity.compare.form", "the form is not a JSON object of name, birthdate, gender and address as texts",
            clause: "decision 0054",
            remedy: "send some of the four as the citizen typed them, 8 KiB at most",
            japanese: "照合する内容が、氏名・生年月日・性別・住所を文字列で持つJSONではありません"),
        CatalogueEntry(
            "identity.compare.not-permitted", "this token does not open a comparison, or what it was made from is gone",
            clause: "decision 0054",
            remedy:
                "ask for the claim `comparison` at the login, for a purpose whose rules release it, and compare before the record's time is over",
            japanese: "このトークンでは照合できないか、元になった提示の内容がもうありません"),
        CatalogueEntry(
            "identity.compare.often", "this citizen's certificate was compared as often as one day, or one showing of it, allows",
            clause: "decision 0054",
            remedy: "try again tomorrow, or let the citizen show the certificate again",
            japanese: "この利用者について、一日または一回の提示でできる照合の回数を使い切りました"),
        CatalogueEntry(
            "identity.login.certificate-missing", "a statement about one card needs the login certificate it speaks of",
            clause: "decision 0054",
            remedy: "send `login` with the certificate of EF 000A beside the statement",
            japanese: "一枚のカードだという表明には、その利用者証明用電子証明書が必要です"),
        CatalogueEntry(
            "identity.login.missing", "nobody has logged in with a PIN in this session",
            clause: "decision 0054",
            remedy: "send `login` with the user-authentication certificate and its signature over the same text",
            japanese: "このセッションで、暗証番号によるログインがありません"),
        CatalogueEntry(
            "identity.login.old", "the login is too long ago to say who is at the card now",
            clause: "decision 0054",
            remedy: "send `login` with the user-authentication certificate and its signature over the same text",
            japanese: "ログインから時間がたちすぎて、いまカードを持つ人が分かりません"),
        CatalogueEntry(
            "identity.login.signature-missing", "a login certificate alone proves nothing: anyone can have a copy",
            clause: "jpki.md §7.2; decision 0054",
            remedy: "send the login key's signature over the same text, or the statement of a registered terminal",
            japanese: "利用者証明用電子証明書だけでは何の証明にもなりません（誰でも写しを持てます）"),
        CatalogueEntry(
            "identity.login.signature-wrong", "the signature beside it is not the login key's over the declaration",
            clause: "RFC 8017 §8.2.2; FIPS 186-5 §6.4.2",
            remedy: "sign the digest of exactly the bytes of `text` with key 0017 after its PIN",
            japanese: "添えられた署名が、ログインの鍵による宣言への署名ではありません"),
        CatalogueEntry(
            "identity.needless", "no signature certificate is asked for here",
            clause: "card API",
            remedy: "go to the continue address",
            japanese: "ここでは署名用電子証明書を求めていません"),
        CatalogueEntry(
            "identity.other-citizen", "the login certificate beside it was not used in this session",
            clause: "decision 0054",
            remedy: "use the card with which you logged in, or log out and start again",
            japanese: "添えられた利用者証明用電子証明書は、このセッションで使われたものではありません"),
        CatalogueEntry(
            "identity.other-person", "this certificate is of another person than the one you presented before",
            clause: "decision 0054",
            remedy: "use your own card; at the ledger you can delete what was presented before",
            japanese: "以前に提示した証明書とは別の人の証明書です"),
        CatalogueEntry(
            "identity.signature.wrong", "the signature is not the signature key's over the declaration",
            clause: "RFC 8017 §8.2.2; FIPS 186-5 §6.4.2; jpki.md §3.3",
            remedy: "sign the digest of exactly the bytes of `text` with key 001A: PKCS#1 v1.5 with a full DigestInfo, or ECDSA in DER",
            japanese: "署名が、署名用の鍵による宣言への署名ではありません"),
        CatalogueEntry(
            "identity.tie", "this deployment asks for stronger evidence that both certificates are one citizen's",
            clause: "decision 0054",
            remedy: "sign the declaration with both keys (`keys`), or use a registered terminal that says so (`card`)",
            japanese: "このシステムは、二つの証明書が同じ人のものだという、より強い証拠を求めます"),
    ]
}
