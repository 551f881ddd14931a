extension Catalogue {
    /// The card, its certificate and its terminal.
    static let card: [CatalogueEntry] = [
        CatalogueEntry(
            "card.api.content-type", "the card API takes application/json only", clause: "card API",
            remedy: "set Content-Type", japanese: "カードAPIが受け付けるのはapplication/jsonだけです"),
        CatalogueEntry(
            "card.api.malformed", "the answer is not the JSON that the card API takes", clause: "card API",
            remedy: "send challenge and certificate, with signature and statement as strings or not at all",
            japanese: "カードAPIが受け付けるJSONではありません"),
        CatalogueEntry(
            "card.api.too-large", "the answer is larger than 32 KiB", clause: "card API",
            remedy: "send one certificate only", japanese: "回答が32 KiBを超えています"),
        CatalogueEntry(
            "card.certificate.authority", "the issuing authority is trusted, but not for logins", clause: "jpki.md §1.1",
            remedy: "use the user-authentication certificate, or let the operator configure the authority's name",
            japanese: "発行した認証局は信頼されていますが、ログイン用ではありません"),
        CatalogueEntry(
            "card.certificate.authority-use", "this is the certificate of an authority, not of a person", clause: "RFC 5280 §4.2.1.9",
            remedy: "send the certificate of EF 000A, not of EF 000B", japanese: "個人の証明書ではなく、認証局の証明書です"),
        CatalogueEntry(
            "card.certificate.expired", "the certificate has expired", clause: "RFC 5280 §4.1.2.5",
            remedy: "renew the certificate at a municipal counter", japanese: "証明書の有効期限が切れています"),
        CatalogueEntry(
            "card.certificate.key-algorithm", "keys of this kind are not accepted from this authority", clause: "jpki.md §1.6",
            remedy: "use an RSA or P-384 card certificate of a configured authority", japanese: "この認証局のこの種類の鍵は受け付けません"),
        CatalogueEntry(
            "card.certificate.key-usage", "the key usage is not exactly digitalSignature", clause: "RFC 5280 §4.2.1.3; jpki.md §1.2",
            remedy: "use the user-authentication certificate of the card", japanese: "鍵用途がdigitalSignatureだけではありません"),
        CatalogueEntry(
            "card.certificate.malformed", "the certificate is not one DER certificate that we accept", clause: "RFC 5280 §4.1",
            remedy: "send the bytes of the user-authentication certificate as the card gives them, without a chain",
            japanese: "受け付けられるDER形式の証明書ではありません"),
        CatalogueEntry(
            "card.certificate.not-yet-valid", "the certificate is not valid yet", clause: "RFC 5280 §4.1.2.5",
            remedy: "check the clock; a fresh certificate works from the moment of its issue", japanese: "証明書の有効期間がまだ始まっていません"),
        CatalogueEntry(
            "card.certificate.policy", "the certificate policy is not one of the configured login policies",
            clause: "RFC 5280 §4.2.1.4; jpki.md §1.2",
            remedy: "use a user-authentication certificate, or let the operator configure the policy of the new kind",
            japanese: "証明書ポリシーがログイン用として設定されていません"),
        CatalogueEntry(
            "card.certificate.signature-use", "this is a signature certificate, which is never a login",
            clause: "公的個人認証法 38条; jpki.md §1.2",
            remedy: "use the user-authentication certificate (利用者証明用電子証明書) and its 4-digit PIN", japanese: "署名用電子証明書はログインに使えません"),
        CatalogueEntry(
            "card.certificate.simulated", "certificates of test or simulated authorities are not accepted here", clause: "jpki.md §1.1",
            remedy: "use a real card; a test card works only in a deployment that says development", japanese: "試験用・模擬の認証局の証明書はここでは使えません"),
        CatalogueEntry(
            "card.certificate.untrusted", "no configured trust anchor issued this certificate", clause: "RFC 5280 §6.1; jpki.md §1.1",
            remedy: "let the operator check that the anchors hold the generation that issued this card",
            japanese: "設定された信頼の起点が発行した証明書ではありません"),
        CatalogueEntry(
            "card.challenge.expired", "the challenge has expired", clause: "jpki.md §3.3",
            remedy: "ask for a new challenge and let the card sign that one", japanese: "チャレンジの期限が切れました"),
        CatalogueEntry(
            "card.challenge.future", "the challenge was made in the future", clause: "jpki.md §3.3",
            remedy: "let the operator check the clocks of the platform's machines", japanese: "チャレンジの作成時刻が未来です"),
        CatalogueEntry(
            "card.challenge.needless", "no login is needed here any more", clause: "card API",
            remedy: "go to the continue address", japanese: "ここではもうログインは必要ありません"),
        CatalogueEntry(
            "card.challenge.other-*", "the challenge was made for another …", clause: "jpki.md §3.3",
            remedy: "ask for a challenge at the page that is being answered, and answer that one", japanese: "チャレンジは別の用途・相手のために作られたものです"),
        CatalogueEntry(
            "card.challenge.unknown", "the challenge was used, has expired, or belongs to another login", clause: "checklist H7",
            remedy: "ask for a new challenge", japanese: "チャレンジは使用済みか期限切れ、または別のログインのものです"),
        CatalogueEntry(
            "card.handover.unknown", "the hand-over from the card listener was used, has expired, or belongs to another login",
            clause: "checklist H7",
            remedy: "use the card again", japanese: "カード読取りからの引継ぎが使用済みか期限切れ、または別のログインのものです"),
        CatalogueEntry(
            "card.signature.missing", "a signature over the challenge is needed unless a registered terminal states presence",
            clause: "公的個人認証法 38条の4; jpki.md §2.1",
            remedy: "let the card sign the challenge's text", japanese: "登録された端末の申告がない限り、チャレンジへの署名が必要です"),
        CatalogueEntry(
            "card.signature.wrong", "the signature is not this key's over the challenge's text",
            clause: "RFC 8017 §8.2.2; FIPS 186-5 §6.4.2; jpki.md §3.3",
            remedy: "sign the digest of exactly the bytes of `text`: PKCS#1 v1.5 with a full DigestInfo, or ECDSA in DER",
            japanese: "署名がチャレンジの文面に対するこの鍵のものではありません"),
        CatalogueEntry(
            "card.statement.claim", "a claim of the statement is not about this challenge and this certificate", clause: "jpki.md §2.3",
            remedy: "make a new statement for each challenge, from its own text and certificate",
            japanese: "端末の申告が、このチャレンジとこの証明書についてのものではありません"),
        CatalogueEntry(
            "card.statement.malformed", "the statement of the mode is not a compact JWS", clause: "RFC 7515 §7.1",
            remedy: "send one compact JWS, or none", japanese: "端末の申告がコンパクトJWSではありません"),
        CatalogueEntry(
            "card.statement.mode", "the terminal is not permitted to state this mode", clause: "公的個人認証法 38条の2, 38条の4",
            remedy: "let the operator permit the mode; a face is compared at attended terminals only", japanese: "この端末にはこの方式の申告が許可されていません"),
        CatalogueEntry(
            "card.statement.signature", "the statement is not signed by a key of the terminal it names", clause: "RFC 7515 §5.2",
            remedy: "sign with the registered key, ES256, ES384 or EdDSA", japanese: "申告の署名が、名乗った端末の鍵のものではありません"),
        CatalogueEntry(
            "card.statement.terminal-expired", "the terminal's registration is over or has not begun", clause: "jpki.md §2.3",
            remedy: "let the operator renew the registration", japanese: "端末の登録期間外です"),
        CatalogueEntry(
            "card.statement.terminal-unknown", "no terminal of this name is registered", clause: "jpki.md §2.3",
            remedy: "register the terminal and its key, and put its identifier in `iss`", japanese: "この名前の端末は登録されていません"),
        CatalogueEntry(
            "card.statement.type", "the statement has another type", clause: "RFC 8725 §3.11",
            remedy: "set `typ` in the protected header", japanese: "申告の型が違います"),
        CatalogueEntry(
            "card.status.held", "the certificate is on hold", clause: "RFC 5280 §5.3.1; jpki.md §4.3",
            remedy: "have the certificate issued anew at a municipal counter", japanese: "証明書は一時停止中です"),
        CatalogueEntry(
            "card.status.revoked", "the certificate was revoked", clause: "公的個人認証法 38条2項; RFC 5280 §5.3",
            remedy: "have the certificate issued anew at a municipal counter", japanese: "証明書は失効しています"),
        CatalogueEntry(
            "card.status.stale", "the newest word about revocation is too old", clause: "RFC 5280 §5.1.2.5; jpki.md §1.4",
            remedy: "try again later; the operator sees why the refresh fails", japanese: "失効情報が古すぎます"),
        CatalogueEntry(
            "card.status.unknown", "nobody can say now whether the certificate was revoked", clause: "公的個人認証法 38条2項; RFC 6960 §2.2",
            remedy: "try again later; the operator sees why the status is missing", japanese: "証明書が失効しているか、今は確認できません"),
        CatalogueEntry(
            "card.tls.no-certificate", "the browser showed no certificate on this connection, or it was used already",
            clause: "RFC 8446 §4.4.2.4",
            remedy: "check the card reader and choose the user-authentication certificate when the browser asks",
            japanese: "この接続で証明書が提示されなかったか、すでに使われました"),
    ]
}
