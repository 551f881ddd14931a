extension Catalogue {
    /// The card, its certificate and its terminal.
    static let card: [CatalogueEntry] = [
        CatalogueEntry(
            "card.api.content-type", "the card API takes application/json only", clause: "card API",
            remedy: "set Content-Type", japanese: "カードAPIは、application/json だけを受け付けます", mend: "Content-Type を設定してください"),
        CatalogueEntry(
            "card.api.malformed", "the answer is not the JSON that the card API takes", clause: "card API",
            remedy: "send challenge and certificate, with signature and statement as strings or not at all",
            japanese: "応答が、カードAPIで定めたJSONの形式ではありません", mend: "challenge と certificate を送信してください。signature と statement は、文字列で送るか省略してください"),
        CatalogueEntry(
            "card.api.too-large", "the answer is larger than 32 KiB", clause: "card API",
            remedy: "send one certificate only", japanese: "応答が32 KiBを超えています", mend: "証明書を1つだけ送信してください"),
        CatalogueEntry(
            "card.certificate.authority", "the issuing authority is trusted, but not for logins", clause: "jpki.md §1.1",
            remedy: "use the user-authentication certificate, or let the operator configure the authority's name",
            japanese: "発行した認証局は信頼されていますが、ログイン用ではありません", mend: "利用者証明用電子証明書を使うか、認証局の名前の設定を運用者に依頼してください"),
        CatalogueEntry(
            "card.certificate.authority-use", "this is the certificate of an authority, not of a person", clause: "RFC 5280 §4.2.1.9",
            remedy: "send the certificate of EF 000A, not of EF 000B", japanese: "個人の証明書ではなく、認証局の証明書です",
            mend: "EF 000B ではなく、EF 000A の証明書を送信してください"),
        CatalogueEntry(
            "card.certificate.expired", "the certificate has expired", clause: "RFC 5280 §4.1.2.5",
            remedy: "renew the certificate at a municipal counter", japanese: "証明書の有効期限が切れています", mend: "市区町村の窓口で電子証明書を更新してください"),
        CatalogueEntry(
            "card.certificate.key-algorithm", "keys of this kind are not accepted from this authority", clause: "jpki.md §1.6",
            remedy: "use an RSA or P-384 card certificate of a configured authority", japanese: "この認証局では、この種類の鍵を受け付けません",
            mend: "設定された認証局が発行した、RSAまたはP-384のカードの証明書を使ってください"),
        CatalogueEntry(
            "card.certificate.key-usage", "the key usage is not exactly digitalSignature", clause: "RFC 5280 §4.2.1.3; jpki.md §1.2",
            remedy: "use the user-authentication certificate of the card", japanese: "証明書の鍵用途が digitalSignature だけではありません",
            mend: "カードの利用者証明用電子証明書を使ってください"),
        CatalogueEntry(
            "card.certificate.malformed", "the certificate is not one DER certificate that we accept", clause: "RFC 5280 §4.1",
            remedy: "send the bytes of the user-authentication certificate as the card gives them, without a chain",
            japanese: "受け付けられる DER 形式の証明書ではありません", mend: "利用者証明用電子証明書を、カードから読み取ったまま、証明書チェーンを付けずに送信してください"),
        CatalogueEntry(
            "card.certificate.not-yet-valid", "the certificate is not valid yet", clause: "RFC 5280 §4.1.2.5",
            remedy: "check the clock; a fresh certificate works from the moment of its issue", japanese: "証明書の有効期間がまだ始まっていません",
            mend: "時計を確認してください。新しい証明書は、発行時刻から使えます"),
        CatalogueEntry(
            "card.certificate.policy", "the certificate policy is not one of the configured login policies",
            clause: "RFC 5280 §4.2.1.4; jpki.md §1.2",
            remedy: "use a user-authentication certificate, or let the operator configure the policy of the new kind",
            japanese: "証明書ポリシーがログイン用として設定されていません", mend: "利用者証明用電子証明書を使うか、新しい種類の証明書ポリシーの設定を運用者に依頼してください"),
        CatalogueEntry(
            "card.certificate.signature-use", "this is a signature certificate, which is never a login",
            clause: "公的個人認証法 38条; jpki.md §1.2",
            remedy: "use the user-authentication certificate (利用者証明用電子証明書) and its 4-digit PIN", japanese: "署名用電子証明書はログインに使えません",
            mend: "利用者証明用電子証明書と、その暗証番号（数字4桁）を使ってください"),
        CatalogueEntry(
            "card.certificate.simulated", "certificates of test or simulated authorities are not accepted here", clause: "jpki.md §1.1",
            remedy: "use a real card; a test card works only in a deployment that says development", japanese: "試験用・模擬の認証局の証明書は、ここでは使えません",
            mend: "実際のカードを使ってください。試験用のカードは、開発環境だけで使えます"),
        CatalogueEntry(
            "card.certificate.untrusted", "no configured trust anchor issued this certificate", clause: "RFC 5280 §6.1; jpki.md §1.1",
            remedy: "let the operator check that the anchors hold the generation that issued this card",
            japanese: "設定された信頼の起点が発行した証明書ではありません", mend: "このカードを発行した世代の認証局が信頼の起点に含まれているか、運用者に確認を依頼してください"),
        CatalogueEntry(
            "card.challenge.expired", "the challenge has expired", clause: "jpki.md §3.3",
            remedy: "ask for a new challenge and let the card sign that one", japanese: "チャレンジの期限が切れました",
            mend: "新しいチャレンジを取得し、カードで署名し直してください"),
        CatalogueEntry(
            "card.challenge.future", "the challenge was made in the future", clause: "jpki.md §3.3",
            remedy: "let the operator check the clocks of the platform's machines", japanese: "チャレンジの作成時刻が未来です",
            mend: "プラットフォームの時計の確認を、運用者に依頼してください"),
        CatalogueEntry(
            "card.challenge.needless", "no login is needed here any more", clause: "card API",
            remedy: "go to the continue address", japanese: "ここでのログインは、すでに不要です", mend: "continue のアドレスに進んでください"),
        CatalogueEntry(
            "card.challenge.other-*", "the challenge was made for another …", clause: "jpki.md §3.3",
            remedy: "ask for a challenge at the page that is being answered, and answer that one",
            japanese: "チャレンジが、別の用途または相手のために作成されたものです", mend: "応答する画面でチャレンジを取得し、そのチャレンジに応答してください"),
        CatalogueEntry(
            "card.challenge.unknown", "the challenge was used, has expired, or belongs to another login", clause: "checklist H7",
            remedy: "ask for a new challenge", japanese: "チャレンジが使用済みか期限切れ、または別のログインのものです", mend: "新しいチャレンジを取得してください"),
        CatalogueEntry(
            "card.handover.unknown", "the hand-over from the card listener was used, has expired, or belongs to another login",
            clause: "checklist H7",
            remedy: "use the card again", japanese: "カードの読取り結果の引継ぎが、使用済みか期限切れ、または別のログインのものです", mend: "もう一度カードを使ってください"),
        CatalogueEntry(
            "card.signature.missing", "a signature over the challenge is needed unless a registered terminal states presence",
            clause: "公的個人認証法 38条の4; jpki.md §2.1",
            remedy: "let the card sign the challenge's text", japanese: "登録された端末の申告がない限り、チャレンジへの署名が必要です", mend: "カードでチャレンジの文面に署名してください"),
        CatalogueEntry(
            "card.signature.wrong", "the signature is not this key's over the challenge's text",
            clause: "RFC 8017 §8.2.2; FIPS 186-5 §6.4.2; jpki.md §3.3",
            remedy: "sign the digest of exactly the bytes of `text`: PKCS#1 v1.5 with a full DigestInfo, or ECDSA in DER",
            japanese: "署名が、この鍵によるチャレンジの文面への署名ではありません",
            mend: "`text` のバイト列そのもののダイジェストに署名してください。形式は、DigestInfo 付きの PKCS#1 v1.5、または DER 形式の ECDSA です"),
        CatalogueEntry(
            "card.statement.claim", "a claim of the statement is not about this challenge and this certificate", clause: "jpki.md §2.3",
            remedy: "make a new statement for each challenge, from its own text and certificate",
            japanese: "端末の申告が、このチャレンジとこの証明書についてのものではありません", mend: "チャレンジごとに、その文面と証明書から新しい申告を作成してください"),
        CatalogueEntry(
            "card.statement.malformed", "the statement of the mode is not a compact JWS", clause: "RFC 7515 §7.1",
            remedy: "send one compact JWS, or none", japanese: "端末の申告がコンパクトJWSではありません", mend: "コンパクト形式の JWS を1つ送信するか、省略してください"),
        CatalogueEntry(
            "card.statement.mode", "the terminal is not permitted to state this mode", clause: "公的個人認証法 38条の2, 38条の4",
            remedy: "let the operator permit the mode; a face is compared at attended terminals only", japanese: "この端末には、この方式の申告が許可されていません",
            mend: "この方式の許可を運用者に依頼してください。顔の照合は、係員のいる端末だけで行えます"),
        CatalogueEntry(
            "card.statement.signature", "the statement is not signed by a key of the terminal it names", clause: "RFC 7515 §5.2",
            remedy: "sign with the registered key, ES256, ES384 or EdDSA", japanese: "申告の署名が、申告に示された端末の鍵によるものではありません",
            mend: "登録された鍵で、ES256、ES384 または EdDSA により署名してください"),
        CatalogueEntry(
            "card.statement.terminal-expired", "the terminal's registration is over or has not begun", clause: "jpki.md §2.3",
            remedy: "let the operator renew the registration", japanese: "端末の登録期間外です", mend: "登録の更新を運用者に依頼してください"),
        CatalogueEntry(
            "card.statement.terminal-unknown", "no terminal of this name is registered", clause: "jpki.md §2.3",
            remedy: "register the terminal and its key, and put its identifier in `iss`", japanese: "この名前の端末は登録されていません",
            mend: "端末とその鍵を登録し、端末の識別子を `iss` に設定してください"),
        CatalogueEntry(
            "card.statement.type", "the statement has another type", clause: "RFC 8725 §3.11",
            remedy: "set `typ` in the protected header", japanese: "申告の型が異なります", mend: "保護ヘッダーの `typ` を設定してください"),
        CatalogueEntry(
            "card.status.held", "the certificate is on hold", clause: "RFC 5280 §5.3.1; jpki.md §4.3",
            remedy: "have the certificate issued anew at a municipal counter", japanese: "証明書は一時停止中です", mend: "市区町村の窓口で、電子証明書の再発行を受けてください"),
        CatalogueEntry(
            "card.status.revoked", "the certificate was revoked", clause: "公的個人認証法 38条2項; RFC 5280 §5.3",
            remedy: "have the certificate issued anew at a municipal counter", japanese: "証明書は失効しています", mend: "市区町村の窓口で、電子証明書の再発行を受けてください"),
        CatalogueEntry(
            "card.status.stale", "the newest word about revocation is too old", clause: "RFC 5280 §5.1.2.5; jpki.md §1.4",
            remedy: "try again later; the operator sees why the refresh fails", japanese: "失効情報が古くなっています",
            mend: "しばらく待ってから再試行してください。取得に失敗した理由は、運用者が確認できます"),
        CatalogueEntry(
            "card.status.unknown", "nobody can say now whether the certificate was revoked", clause: "公的個人認証法 38条2項; RFC 6960 §2.2",
            remedy: "try again later; the operator sees why the status is missing", japanese: "証明書が失効しているかどうかを、現在確認できません",
            mend: "しばらく待ってから再試行してください。状態を確認できない理由は、運用者が確認できます"),
        CatalogueEntry(
            "card.tls.no-certificate", "the browser showed no certificate on this connection, or it was used already",
            clause: "RFC 8446 §4.4.2.4",
            remedy: "check the card reader and choose the user-authentication certificate when the browser asks",
            japanese: "この接続で証明書が提示されなかったか、証明書がすでに使用されています", mend: "カードリーダーを確認し、ブラウザの選択画面で利用者証明用電子証明書を選んでください"),
    ]
}
