extension Catalogue {
    /// The signature certificate and what it says.
    static let signatureCertificates: [CatalogueEntry] = [
        CatalogueEntry(
            "identity.api.malformed", "the answer is not the JSON that the identity door takes",
            clause: "card API",
            remedy: "send challenge, certificate and signature, with login and statement or without",
            japanese: "応答が、本人確認APIで定めたJSONの形式ではありません", mend: "challenge、certificate、signature を送信してください。login と statement は任意です"),
        CatalogueEntry(
            "identity.attributes.birth-date", "the date of birth is a day that no calendar has",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "生年月日が、暦にない日付です", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.attributes.birth-era", "the date of birth does not lie in the era it names",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "生年月日が、示された元号の期間にありません", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.attributes.birth-form", "the date of birth has another form than era, year, month and day",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "生年月日が、元号・年・月・日の形式ではありません", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.attributes.birth-future", "the date of birth comes after the certificate was made",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "生年月日が、証明書の発行より後です", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.attributes.characters", "an attribute in the certificate has characters that no register has",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書の属性に、台帳にない文字があります", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.attributes.length", "an attribute in the certificate is empty or too long",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書の属性が空か、長すぎます", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.attributes.marks", "the marks of substituted characters do not go with the text",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "代替文字の情報が、文字列の長さや形式と一致しません", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.attributes.missing", "the certificate lacks one of the four attributes or their marks",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書に、4情報またはその代替文字の情報のいずれかがありません", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.attributes.sex", "the certificate states a sex that is not configured",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書の性別の値が、設定されたものではありません", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.attributes.twice", "the certificate states one of the four attributes twice",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書に、4情報のいずれかが2つあります", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.attributes.type", "an attribute in the certificate is not one UTF8String",
            clause: "jpki.md §1.3",
            remedy: "have the certificate issued anew at a municipal counter; the operator compares `card: identity:` with the profile",
            japanese: "証明書の属性が、1つの UTF8String ではありません", mend: "市区町村の窓口で、電子証明書の再発行を受けてください。運用者は `card: identity:` の設定を証明書のプロファイルと見比べてください"),
        CatalogueEntry(
            "identity.certificate.authority", "the issuing authority is trusted, but not for signature certificates",
            clause: "jpki.md §1.1",
            remedy: "use the signature certificate, or let the operator configure the authority's name (card: identity: authorities)",
            japanese: "発行した認証局は信頼されていますが、署名用ではありません", mend: "署名用電子証明書を使うか、認証局の名前の設定（card: identity: authorities）を運用者に依頼してください"),
        CatalogueEntry(
            "identity.certificate.authority-use", "this is the certificate of an authority, not of a citizen",
            clause: "RFC 5280 §4.2.1.9",
            remedy: "send the certificate of EF 0001, not of EF 0002",
            japanese: "個人の証明書ではなく、認証局の証明書です", mend: "EF 0002 ではなく、EF 0001 の証明書を送信してください"),
        CatalogueEntry(
            "identity.certificate.key-algorithm", "signature keys of this kind are not accepted",
            clause: "jpki.md §1.6",
            remedy: "use an RSA or P-384 card certificate",
            japanese: "この種類の署名用の鍵は受け付けません", mend: "RSAまたはP-384のカードの証明書を使ってください"),
        CatalogueEntry(
            "identity.certificate.key-usage", "the key usage is not that of a signature certificate",
            clause: "RFC 5280 §4.2.1.3; jpki.md §1.2",
            remedy: "use the signature certificate of the card",
            japanese: "鍵用途が署名用電子証明書のものではありません", mend: "カードの署名用電子証明書を使ってください"),
        CatalogueEntry(
            "identity.certificate.login-use", "this is a user-authentication certificate, which has no attributes",
            clause: "公的個人認証法 3条; jpki.md §1.2",
            remedy: "use the signature certificate (署名用電子証明書) and its password of 6 to 16 letters and digits",
            japanese: "利用者証明用電子証明書には、4情報が含まれていません", mend: "署名用電子証明書と、その暗証番号（英数字6文字以上16文字以下）を使ってください"),
        CatalogueEntry(
            "identity.certificate.malformed", "the signature certificate is not one DER certificate that we accept",
            clause: "RFC 5280 §4.1",
            remedy: "send the bytes of EF 0001 as the card gives them after its password, without a chain",
            japanese: "受け付けられるDER形式の署名用電子証明書ではありません", mend: "暗証番号の入力後にカードから読み取った EF 0001 を、証明書チェーンを付けずにそのまま送信してください"),
        CatalogueEntry(
            "identity.certificate.policy", "the certificate policy is not one of the configured signature policies",
            clause: "RFC 5280 §4.2.1.4; jpki.md §1.2",
            remedy: "use a signature certificate, or let the operator configure the policy of the new kind (card: identity: policies)",
            japanese: "証明書ポリシーが、設定された署名用のものではありません", mend: "署名用電子証明書を使うか、新しい種類の証明書ポリシーの設定（card: identity: policies）を運用者に依頼してください"),
        CatalogueEntry(
            "identity.certificate.simulated", "signature certificates of test or simulated authorities are not accepted here",
            clause: "jpki.md §1.1",
            remedy: "use a real card; a test card works only in a deployment that says development",
            japanese: "試験用・模擬の認証局の署名用電子証明書は、ここでは受け付けません", mend: "実際のカードを使ってください。試験用のカードは、開発環境だけで使えます"),
        CatalogueEntry(
            "identity.certificate.untrusted", "no configured trust anchor issued this signature certificate",
            clause: "RFC 5280 §6.1; jpki.md §1.1",
            remedy: "let the operator check that the anchors hold the signature authority's generation that issued this card",
            japanese: "設定された信頼の起点が発行した署名用電子証明書ではありません", mend: "このカードを発行した世代の署名用認証局が信頼の起点に含まれているか、運用者に確認を依頼してください"),
        CatalogueEntry(
            "identity.challenge.elsewhere", "the declaration was made for another visit, service or session",
            clause: "jpki.md §3.3",
            remedy: "ask for a challenge at the page that is being answered, and answer that one",
            japanese: "この宣言は、別のログイン・サービス・セッションのためのものです", mend: "応答する画面でチャレンジを取得し、そのチャレンジに応答してください"),
        CatalogueEntry(
            "identity.challenge.time", "the declaration's time is over or has not come",
            clause: "jpki.md §3.3",
            remedy: "ask for a new challenge and let the card sign that one",
            japanese: "この宣言は、有効時間が過ぎたか、まだ始まっていません", mend: "新しいチャレンジを取得し、カードで署名し直してください"),
        CatalogueEntry(
            "identity.challenge.unknown", "the declaration was used, has expired, or belongs to another visit",
            clause: "checklist H7",
            remedy: "ask for a new challenge",
            japanese: "この宣言は、使用済みか期限切れ、または別のログインのものです", mend: "新しいチャレンジを取得してください"),
        CatalogueEntry(
            "identity.compare.form", "the form is not a JSON object of name, birthdate, gender and address as texts",
            clause: "decision 0054",
            remedy: "send some of the four as the citizen typed them, 8 KiB at most",
            japanese: "照合する内容が、氏名・生年月日・性別・住所を文字列で持つJSONではありません", mend: "利用者が入力した4情報の一部または全部を、8 KiB以内で送信してください"),
        CatalogueEntry(
            "identity.compare.not-permitted", "this token does not open a comparison, or what it was made from is gone",
            clause: "decision 0054",
            remedy:
                "ask for the claim `comparison` at the login, for a purpose whose rules release it, and compare before the record's time is over",
            japanese: "このトークンでは照合できないか、照合の元になる記録がありません", mend: "規則で提供が認められた利用目的で、ログイン時にクレーム `comparison` を求め、保存期間内に照合してください"),
        CatalogueEntry(
            "identity.compare.often", "this citizen's certificate was compared as often as one day, or one showing of it, allows",
            clause: "decision 0054",
            remedy: "try again tomorrow, or let the citizen show the certificate again",
            japanese: "この利用者について、1日または1回の提示で照合できる回数の上限に達しました", mend: "翌日に再試行するか、利用者に証明書をもう一度提示してもらってください"),
        CatalogueEntry(
            "identity.login.certificate-missing", "a statement about one card needs the login certificate it speaks of",
            clause: "decision 0054",
            remedy: "send `login` with the certificate of EF 000A beside the statement",
            japanese: "1枚のカードに関する表明には、そのカードの利用者証明用電子証明書が必要です", mend: "表明とともに、EF 000A の証明書を `login` で送信してください"),
        CatalogueEntry(
            "identity.login.missing", "nobody has logged in with a PIN in this session",
            clause: "decision 0054",
            remedy: "send `login` with the user-authentication certificate and its signature over the same text",
            japanese: "このセッションで、暗証番号によるログインが行われていません", mend: "利用者証明用電子証明書と、同じ文面への署名を `login` で送信してください"),
        CatalogueEntry(
            "identity.login.old", "the login is too long ago to say who is at the card now",
            clause: "decision 0054",
            remedy: "send `login` with the user-authentication certificate and its signature over the same text",
            japanese: "ログインから時間が経過したため、現在カードを使っている方を確認できません", mend: "利用者証明用電子証明書と、同じ文面への署名を `login` で送信してください"),
        CatalogueEntry(
            "identity.login.signature-missing", "a login certificate alone proves nothing: anyone can have a copy",
            clause: "jpki.md §7.2; decision 0054",
            remedy: "send the login key's signature over the same text, or the statement of a registered terminal",
            japanese: "利用者証明用電子証明書だけでは、本人の証明になりません（写しはだれでも入手できます）", mend: "ログイン用の鍵による同じ文面への署名、または登録された端末の表明を送信してください"),
        CatalogueEntry(
            "identity.login.signature-wrong", "the signature beside it is not the login key's over the declaration",
            clause: "RFC 8017 §8.2.2; FIPS 186-5 §6.4.2",
            remedy: "sign the digest of exactly the bytes of `text` with key 0017 after its PIN",
            japanese: "添えられた署名が、ログイン用の鍵による宣言への署名ではありません", mend: "暗証番号の入力後、`text` のバイト列そのもののダイジェストに鍵 0017 で署名してください"),
        CatalogueEntry(
            "identity.needless", "no signature certificate is asked for here",
            clause: "card API",
            remedy: "go to the continue address",
            japanese: "ここでは署名用電子証明書を求めていません", mend: "continue のアドレスに進んでください", easy: "いまは 証明書を 見せなくて いいです。つぎへ 進んでください。"),
        CatalogueEntry(
            "identity.other-citizen", "the login certificate beside it was not used in this session",
            clause: "decision 0054",
            remedy: "use the card with which you logged in, or log out and start again",
            japanese: "添えられた利用者証明用電子証明書は、このセッションで使われたものではありません", mend: "ログインに使ったカードを使うか、ログアウトしてからもう一度始めてください", easy: "ログインした カードを 使ってください。"),
        CatalogueEntry(
            "identity.other-person", "this certificate is of another person than the one you presented before",
            clause: "decision 0054",
            remedy: "use your own card; at the ledger you can delete what was presented before",
            japanese: "以前に提示された署名用電子証明書とは別の方のものです", mend: "ご自身のカードを使ってください。以前に提示した内容は、「あなたのページ」で削除できます",
            easy: "前に 見せた 証明書と ちがう 人の ものです。あなたの カードを 使ってください。"),
        CatalogueEntry(
            "identity.signature.wrong", "the signature is not the signature key's over the declaration",
            clause: "RFC 8017 §8.2.2; FIPS 186-5 §6.4.2; jpki.md §3.3",
            remedy: "sign the digest of exactly the bytes of `text` with key 001A: PKCS#1 v1.5 with a full DigestInfo, or ECDSA in DER",
            japanese: "署名が、署名用の鍵による宣言への署名ではありません",
            mend: "`text` のバイト列そのもののダイジェストに鍵 001A で署名してください。形式は、DigestInfo 付きの PKCS#1 v1.5、または DER 形式の ECDSA です"),
        CatalogueEntry(
            "identity.tie", "this deployment asks for stronger evidence that both certificates are one citizen's",
            clause: "decision 0054",
            remedy: "sign the declaration with both keys (`keys`), or use a registered terminal that says so (`card`)",
            japanese: "この環境では、2つの証明書が同じ方のものであることの、より確かな証明が必要です", mend: "両方の鍵で宣言に署名する（`keys`）か、登録された端末の表明（`card`）を使ってください"),
    ]
}
