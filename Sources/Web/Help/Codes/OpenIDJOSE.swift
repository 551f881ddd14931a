extension Catalogue {
    /// Signed and encrypted tokens and keys (JOSE), as `sekisho jose` and the doors explain them.
    static let openIDJOSE: [CatalogueEntry] = [
        CatalogueEntry(
            "jose.claims.audience", "the token is for somebody else", clause: "RFC 7519 §4.1.3",
            remedy: "ask for a new token, or compare what both sides are configured with", japanese: "別の相手に宛てたトークンです"),
        CatalogueEntry(
            "jose.claims.early", "the token is not valid yet", clause: "RFC 7519 §4.1.5",
            remedy: "ask for a new token, or compare what both sides are configured with", japanese: "トークンはまだ有効ではありません"),
        CatalogueEntry(
            "jose.claims.expired", "the token has expired", clause: "RFC 7519 §4.1.4",
            remedy: "ask for a new token, or compare what both sides are configured with", japanese: "トークンの期限が切れています"),
        CatalogueEntry(
            "jose.claims.malformed", "a claim has the wrong type or is out of range", clause: "RFC 7519 §4.1",
            remedy: "use a maintained library", japanese: "クレームの型か範囲が違います"),
        CatalogueEntry(
            "jose.claims.not-an-object", "the payload is no JSON object", clause: "RFC 7519 §7.2",
            remedy: "use a maintained library", japanese: "内容がJSONオブジェクトではありません"),
        CatalogueEntry(
            "jose.claims.other", "a claim says something else than expected", clause: "RFC 7519 §4.1",
            remedy: "ask for a new token, or compare what both sides are configured with", japanese: "クレームの値が期待と違います"),
        CatalogueEntry(
            "jose.claims.payload", "the payload is not strict JSON", clause: "RFC 7519 §7.2",
            remedy: "use a maintained library", japanese: "内容が厳密なJSONではありません"),
        CatalogueEntry(
            "jose.claims.type", "the token is of another kind", clause: "RFC 8725 §3.11",
            remedy: "ask for a new token, or compare what both sides are configured with", japanese: "別の種類のトークンです"),
        CatalogueEntry(
            "jose.encryption.algorithm", "the key encryption algorithm is never accepted", clause: "RFC 8725 §3.2",
            remedy: "use RSA-OAEP-256 or ECDH-ES: never RSA1_5, dir, PBES2 or a symmetric key", japanese: "この鍵暗号方式は決して受け付けません"),
        CatalogueEntry(
            "jose.encryption.algorithm-not-allowed", "the key encryption algorithm is not the one that was agreed", clause: "RFC 8725 §3.1",
            remedy: "encrypt with the registered algorithm", japanese: "登録された鍵暗号方式ではありません"),
        CatalogueEntry(
            "jose.encryption.content", "the content encryption algorithm is never accepted", clause: "RFC 7518 §5.1",
            remedy: "use A256GCM or A128CBC-HS256", japanese: "この内容暗号方式は決して受け付けません"),
        CatalogueEntry(
            "jose.encryption.content-not-allowed", "the content encryption algorithm is not the one that was agreed",
            clause: "RFC 8725 §3.1",
            remedy: "encrypt with the registered algorithm", japanese: "登録された内容暗号方式ではありません"),
        CatalogueEntry(
            "jose.encryption.encoding", "a part of the encrypted token is not base64url without padding, in its only spelling",
            clause: "RFC 7516 §2",
            remedy: "send what the library wrote, unchanged and without line breaks", japanese: "暗号化トークンの一部が正しいbase64urlではありません"),
        CatalogueEntry(
            "jose.encryption.ephemeral-key", "epk is no public key on the curve of the key that was encrypted to",
            clause: "RFC 7518 §4.6.1.1",
            remedy: "use a maintained library, and the curve of the published key", japanese: "epkが宛先の鍵と同じ曲線の公開鍵ではありません"),
        CatalogueEntry(
            "jose.encryption.header", "the encrypted token's header is not strict JSON", clause: "RFC 7516 §4",
            remedy: "use a maintained library", japanese: "暗号化トークンのヘッダーが厳密なJSONではありません"),
        CatalogueEntry(
            "jose.encryption.header-member",
            "a member of the encryption header is absent, of the wrong type, or one that is never followed", clause: "RFC 7516 §4.1",
            remedy: "send alg, enc and kid as strings, epk with ECDH-ES, and neither crit nor zip",
            japanese: "暗号化ヘッダーの項目が欠けているか、型が違うか、受け付けないものです"),
        CatalogueEntry(
            "jose.encryption.key", "no decryption key has this name and serves the algorithm", clause: "RFC 7516 §4.1.6",
            remedy: "encrypt to a key that is published now, with its kid", japanese: "この名前と方式に合う復号鍵がありません"),
        CatalogueEntry(
            "jose.encryption.length", "a part of the encrypted token has another length than its algorithm gives it", clause: "RFC 7518 §5",
            remedy: "use a maintained library", japanese: "暗号化トークンの一部の長さが方式と合いません"),
        CatalogueEntry(
            "jose.encryption.parts", "the token has not exactly five parts with dots between them", clause: "RFC 7516 §7.1",
            remedy: "send a JWE in compact serialization; three parts are a JWS", japanese: "トークンが点で区切った5つの部分ではありません"),
        CatalogueEntry(
            "jose.encryption.too-large", "the encrypted token is longer than allowed", clause: "RFC 7516 §5.2",
            remedy: "put less into it", japanese: "暗号化トークンが長すぎます"),
        CatalogueEntry(
            "jose.encryption.too-many-keys", "more decryption keys fit than are tried", clause: "RFC 7516 §4.1.6",
            remedy: "name the key by kid", japanese: "候補の復号鍵が多すぎます"),
        CatalogueEntry(
            "jose.encryption.unavailable", "the decryption key is in a token that does not answer", clause: "PKCS #11 §5",
            remedy: "try again; the operator sees the token's state with `sekisho keys`", japanese: "復号鍵を持つ装置が応答しません"),
        CatalogueEntry(
            "jose.encryption.undecryptable", "the token could not be decrypted", clause: "RFC 7516 §11.5",
            remedy: "encrypt to the current key, and send the token unchanged", japanese: "復号できませんでした"),
        CatalogueEntry(
            "jose.key.contradiction", "members of the key contradict each other", clause: "RFC 7517 §4.3",
            remedy: "use a maintained library", japanese: "鍵の項目が互いに矛盾しています"),
        CatalogueEntry(
            "jose.key.malformed", "the key is not built as its type says", clause: "RFC 7518 §6",
            remedy: "publish what the library wrote", japanese: "鍵の形式が種類と合いません"),
        CatalogueEntry(
            "jose.key.secret", "the key is private or symmetric where a public one belongs", clause: "RFC 7517 §9.2",
            remedy: "replace the key, for whoever saw it can use it, and publish the public half", japanese: "公開鍵であるべき所に秘密鍵または共通鍵があります"),
        CatalogueEntry(
            "jose.key.unsupported", "a key of this kind is not taken", clause: "RFC 7518 §6",
            remedy: "use RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519", japanese: "この種類の鍵は使えません"),
        CatalogueEntry(
            "jose.key.unusable", "the key is no key: no point on its curve, or numbers that do not belong together", clause: "RFC 7518 §6",
            remedy: "use a maintained library", japanese: "鍵として成り立ちません"),
        CatalogueEntry(
            "jose.key.weak", "the key is too short, or made by a faulty generator", clause: "NIST SP 800-57 part 1 §5.6",
            remedy: "make a new key", japanese: "鍵が短いか、欠陥のある生成器で作られています"),
        CatalogueEntry(
            "jose.keys.duplicate", "two keys of the set have one name", clause: "RFC 7517 §5",
            remedy: "publish each key once, with its kid", japanese: "同じ名前の鍵が2つあります"),
        CatalogueEntry(
            "jose.keys.malformed", "this is no set of keys", clause: "RFC 7517 §5",
            remedy: "publish each key once, with its kid", japanese: "鍵の集合ではありません"),
        CatalogueEntry(
            "jose.keys.too-many", "the set has more keys than are read", clause: "RFC 7517 §5",
            remedy: "publish each key once, with its kid", japanese: "鍵の集合が大きすぎます"),
        CatalogueEntry(
            "jose.paste.empty", "there is nothing to decode", clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy: "paste an ID token, a client assertion, a request object or a proof", japanese: "解読するものがありません"),
        CatalogueEntry(
            "jose.paste.not-text", "the paste is no text", clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy: "paste an ID token, a client assertion, a request object or a proof", japanese: "貼り付けた内容が文字ではありません"),
        CatalogueEntry(
            "jose.paste.nothing", "there is no token in the paste", clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy: "paste an ID token, a client assertion, a request object or a proof", japanese: "トークンが見つかりません"),
        CatalogueEntry(
            "jose.paste.too-large", "the paste is larger than we take", clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy: "paste an ID token, a client assertion, a request object or a proof", japanese: "貼り付けた内容が大きすぎます"),
        CatalogueEntry(
            "jose.paste.xml", "this is XML, and no JSON Web Token", clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy: "paste an ID token, a client assertion, a request object or a proof", japanese: "これはXMLで、JSON Web Tokenではありません"),
        CatalogueEntry(
            "jose.signature.absent", "the content is encrypted, and nobody signed it", clause: "RFC 7519 §5.2",
            remedy: "sign first, then encrypt with cty JWT", japanese: "暗号化されていますが、誰の署名もありません"),
        CatalogueEntry(
            "jose.signature.algorithm", "the signature algorithm is never accepted", clause: "RFC 8725 §3.1, §3.2",
            remedy: "sign with RS, PS, ES or Ed25519: never none, never HMAC", japanese: "この署名方式は決して受け付けません"),
        CatalogueEntry(
            "jose.signature.algorithm-not-allowed", "the signature algorithm is not the one that was agreed", clause: "RFC 8725 §3.1",
            remedy: "sign with the registered algorithm", japanese: "登録された署名方式ではありません"),
        CatalogueEntry(
            "jose.signature.encoding", "a part of the token is not base64url without padding, in its only spelling", clause: "RFC 7515 §2",
            remedy: "send what the library wrote, unchanged and without line breaks", japanese: "トークンの一部が正しいbase64urlではありません"),
        CatalogueEntry(
            "jose.signature.header", "the token's header is not strict JSON", clause: "RFC 7515 §4; RFC 8725 §2.4",
            remedy: "use a maintained library", japanese: "トークンのヘッダーが厳密なJSONではありません"),
        CatalogueEntry(
            "jose.signature.header-member", "a member of the header is absent, of the wrong type, or one that is never followed",
            clause: "RFC 7515 §4.1",
            remedy: "send alg, kid and typ as strings, and neither crit, b64 nor zip", japanese: "ヘッダーの項目が欠けているか、型が違うか、受け付けないものです"),
        CatalogueEntry(
            "jose.signature.key", "no known key has this name and serves the algorithm", clause: "RFC 7515 §4.1.4",
            remedy: "register the key, with its kid and without another alg or use", japanese: "この名前と方式に合う鍵がありません"),
        CatalogueEntry(
            "jose.signature.own-key", "the key inside the token is no public key that is taken", clause: "RFC 9449 §4.2",
            remedy: "put the public key alone into jwk", japanese: "トークン内の鍵は受け付けられる公開鍵ではありません"),
        CatalogueEntry(
            "jose.signature.parts", "the token has not exactly three parts with dots between them", clause: "RFC 7515 §7.1",
            remedy: "send a JWS in compact serialization; five parts are a JWE", japanese: "トークンが点で区切った3つの部分ではありません"),
        CatalogueEntry(
            "jose.signature.too-large", "the token is longer than allowed", clause: "RFC 7515 §5.2",
            remedy: "put less into it", japanese: "トークンが長すぎます"),
        CatalogueEntry(
            "jose.signature.too-many-keys", "more keys could have signed than are tried", clause: "RFC 7515 §4.1.4",
            remedy: "name the key by kid", japanese: "候補の鍵が多すぎます"),
        CatalogueEntry(
            "jose.signature.value", "the signature is not of any known key", clause: "RFC 7515 §5.2",
            remedy: "sign with the registered key, and send the token unchanged", japanese: "どの鍵の署名でもありません"),
    ]
}
