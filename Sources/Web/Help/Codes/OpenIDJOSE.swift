extension Catalogue {
    /// Signed and encrypted tokens and keys (JOSE), as `sekisho jose` and the doors explain them.
    static let openIDJOSE: [CatalogueEntry] = [
        CatalogueEntry(
            "jose.claims.audience", "the token is for somebody else", clause: "RFC 7519 §4.1.3",
            remedy: "ask for a new token, or compare what both sides are configured with", japanese: "別の相手に宛てたトークンです",
            mend: "新しいトークンを取得するか、双方の設定を見比べてください"),
        CatalogueEntry(
            "jose.claims.early", "the token is not valid yet", clause: "RFC 7519 §4.1.5",
            remedy: "ask for a new token, or compare what both sides are configured with", japanese: "トークンはまだ有効ではありません",
            mend: "新しいトークンを取得するか、双方の設定を見比べてください"),
        CatalogueEntry(
            "jose.claims.expired", "the token has expired", clause: "RFC 7519 §4.1.4",
            remedy: "ask for a new token, or compare what both sides are configured with", japanese: "トークンの期限が切れています",
            mend: "新しいトークンを取得するか、双方の設定を見比べてください"),
        CatalogueEntry(
            "jose.claims.malformed", "a claim has the wrong type or is out of range", clause: "RFC 7519 §4.1",
            remedy: "use a maintained library", japanese: "クレームの型または範囲が正しくありません", mend: "保守されているライブラリを使ってください"),
        CatalogueEntry(
            "jose.claims.not-an-object", "the payload is no JSON object", clause: "RFC 7519 §7.2",
            remedy: "use a maintained library", japanese: "内容がJSONオブジェクトではありません", mend: "保守されているライブラリを使ってください"),
        CatalogueEntry(
            "jose.claims.other", "a claim says something else than expected", clause: "RFC 7519 §4.1",
            remedy: "ask for a new token, or compare what both sides are configured with", japanese: "クレームの値が、期待されたものと異なります",
            mend: "新しいトークンを取得するか、双方の設定を見比べてください"),
        CatalogueEntry(
            "jose.claims.payload", "the payload is not strict JSON", clause: "RFC 7519 §7.2",
            remedy: "use a maintained library", japanese: "内容が厳密なJSONではありません", mend: "保守されているライブラリを使ってください"),
        CatalogueEntry(
            "jose.claims.type", "the token is of another kind", clause: "RFC 8725 §3.11",
            remedy: "ask for a new token, or compare what both sides are configured with", japanese: "別の種類のトークンです",
            mend: "新しいトークンを取得するか、双方の設定を見比べてください"),
        CatalogueEntry(
            "jose.encryption.algorithm", "the key encryption algorithm is never accepted", clause: "RFC 8725 §3.2",
            remedy: "use RSA-OAEP-256 or ECDH-ES: never RSA1_5, dir, PBES2 or a symmetric key", japanese: "この鍵暗号方式は受け付けません",
            mend: "RSA-OAEP-256 または ECDH-ES を使ってください。RSA1_5、dir、PBES2、共通鍵は使えません"),
        CatalogueEntry(
            "jose.encryption.algorithm-not-allowed", "the key encryption algorithm is not the one that was agreed", clause: "RFC 8725 §3.1",
            remedy: "encrypt with the registered algorithm", japanese: "登録された鍵暗号方式ではありません", mend: "登録された方式で暗号化してください"),
        CatalogueEntry(
            "jose.encryption.content", "the content encryption algorithm is never accepted", clause: "RFC 7518 §5.1",
            remedy: "use A256GCM or A128CBC-HS256", japanese: "この内容暗号方式は受け付けません", mend: "A256GCM または A128CBC-HS256 を使ってください"),
        CatalogueEntry(
            "jose.encryption.content-not-allowed", "the content encryption algorithm is not the one that was agreed",
            clause: "RFC 8725 §3.1",
            remedy: "encrypt with the registered algorithm", japanese: "登録された内容暗号方式ではありません", mend: "登録された方式で暗号化してください"),
        CatalogueEntry(
            "jose.encryption.encoding", "a part of the encrypted token is not base64url without padding, in its only spelling",
            clause: "RFC 7516 §2",
            remedy: "send what the library wrote, unchanged and without line breaks", japanese: "暗号化トークンの一部が正しいbase64urlではありません",
            mend: "ライブラリの出力を変更せず、改行を入れずに送信してください"),
        CatalogueEntry(
            "jose.encryption.ephemeral-key", "epk is no public key on the curve of the key that was encrypted to",
            clause: "RFC 7518 §4.6.1.1",
            remedy: "use a maintained library, and the curve of the published key", japanese: "epk が、宛先の鍵と同じ曲線の公開鍵ではありません",
            mend: "保守されているライブラリと、公開された鍵と同じ曲線を使ってください"),
        CatalogueEntry(
            "jose.encryption.header", "the encrypted token's header is not strict JSON", clause: "RFC 7516 §4",
            remedy: "use a maintained library", japanese: "暗号化トークンのヘッダーが厳密なJSONではありません", mend: "保守されているライブラリを使ってください"),
        CatalogueEntry(
            "jose.encryption.header-member",
            "a member of the encryption header is absent, of the wrong type, or one that is never followed", clause: "RFC 7516 §4.1",
            remedy: "send alg, enc and kid as strings, epk with ECDH-ES, and neither crit nor zip",
            japanese: "暗号化ヘッダーの項目が、欠けているか、型が異なるか、受け付けないものです", mend: "alg、enc、kid を文字列で、ECDH-ES のときは epk も送信してください。crit と zip は使えません"),
        CatalogueEntry(
            "jose.encryption.key", "no decryption key has this name and serves the algorithm", clause: "RFC 7516 §4.1.6",
            remedy: "encrypt to a key that is published now, with its kid", japanese: "この名前と方式に合う復号鍵がありません",
            mend: "現在公開されている鍵で暗号化し、その kid を指定してください"),
        CatalogueEntry(
            "jose.encryption.length", "a part of the encrypted token has another length than its algorithm gives it", clause: "RFC 7518 §5",
            remedy: "use a maintained library", japanese: "暗号化トークンの一部の長さが方式と合いません", mend: "保守されているライブラリを使ってください"),
        CatalogueEntry(
            "jose.encryption.parts", "the token has not exactly five parts with dots between them", clause: "RFC 7516 §7.1",
            remedy: "send a JWE in compact serialization; three parts are a JWS", japanese: "トークンが点で区切った5つの部分ではありません",
            mend: "コンパクト形式の JWE を送信してください。3つの部分からなるものは JWS です"),
        CatalogueEntry(
            "jose.encryption.too-large", "the encrypted token is longer than allowed", clause: "RFC 7516 §5.2",
            remedy: "put less into it", japanese: "暗号化トークンが長すぎます", mend: "内容を減らしてください"),
        CatalogueEntry(
            "jose.encryption.too-many-keys", "more decryption keys fit than are tried", clause: "RFC 7516 §4.1.6",
            remedy: "name the key by kid", japanese: "候補の復号鍵が多すぎます", mend: "kid で鍵を指定してください"),
        CatalogueEntry(
            "jose.encryption.unavailable", "the decryption key is in a token that does not answer", clause: "PKCS #11 §5",
            remedy: "try again; the operator sees the token's state with `sekisho keys`", japanese: "復号鍵を持つ装置が応答しません",
            mend: "再試行してください。装置の状態は、運用者が `sekisho keys` で確認できます"),
        CatalogueEntry(
            "jose.encryption.undecryptable", "the token could not be decrypted", clause: "RFC 7516 §11.5",
            remedy: "encrypt to the current key, and send the token unchanged", japanese: "復号できませんでした", mend: "現在の鍵で暗号化し、トークンを変更せずに送信してください"
        ),
        CatalogueEntry(
            "jose.key.contradiction", "members of the key contradict each other", clause: "RFC 7517 §4.3",
            remedy: "use a maintained library", japanese: "鍵の項目が互いに矛盾しています", mend: "保守されているライブラリを使ってください"),
        CatalogueEntry(
            "jose.key.malformed", "the key is not built as its type says", clause: "RFC 7518 §6",
            remedy: "publish what the library wrote", japanese: "鍵の形式が種類と合いません", mend: "ライブラリの出力をそのまま公開してください"),
        CatalogueEntry(
            "jose.key.secret", "the key is private or symmetric where a public one belongs", clause: "RFC 7517 §9.2",
            remedy: "replace the key, for whoever saw it can use it, and publish the public half", japanese: "公開鍵であるべきところに、秘密鍵または共通鍵があります",
            mend: "見た人は誰でも使えるため、鍵を取り替え、公開鍵だけを公開してください"),
        CatalogueEntry(
            "jose.key.unsupported", "a key of this kind is not taken", clause: "RFC 7518 §6",
            remedy: "use RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519", japanese: "この種類の鍵は使えません",
            mend: "2048ビット以上の RSA、P-256、P-384、P-521 または Ed25519 を使ってください"),
        CatalogueEntry(
            "jose.key.unusable", "the key is no key: no point on its curve, or numbers that do not belong together", clause: "RFC 7518 §6",
            remedy: "use a maintained library", japanese: "鍵として成立しません", mend: "保守されているライブラリを使ってください"),
        CatalogueEntry(
            "jose.key.weak", "the key is too short, or made by a faulty generator", clause: "NIST SP 800-57 part 1 §5.6",
            remedy: "make a new key", japanese: "鍵が短いか、欠陥のある生成器で作られています", mend: "新しい鍵を作成してください"),
        CatalogueEntry(
            "jose.keys.duplicate", "two keys of one use have one name", clause: "RFC 7517 §5",
            remedy: "publish each key once, with its kid", japanese: "同じ用途の鍵が2つ、同じ名前になっています", mend: "各鍵を kid とともに1回だけ公開してください"),
        CatalogueEntry(
            "jose.keys.malformed", "this is no set of keys", clause: "RFC 7517 §5",
            remedy: "publish each key once, with its kid", japanese: "鍵の集合ではありません", mend: "各鍵を kid とともに1回だけ公開してください"),
        CatalogueEntry(
            "jose.keys.too-many", "the set has more keys than are read", clause: "RFC 7517 §5",
            remedy: "publish each key once, with its kid", japanese: "鍵の集合が大きすぎます", mend: "各鍵を kid とともに1回だけ公開してください"),
        CatalogueEntry(
            "jose.paste.empty", "there is nothing to decode", clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy: "paste an ID token, a client assertion, a request object or a proof", japanese: "解読する内容がありません",
            mend: "IDトークン、クライアントアサーション、リクエストオブジェクト、または証明を貼り付けてください"),
        CatalogueEntry(
            "jose.paste.not-text", "the paste is no text", clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy: "paste an ID token, a client assertion, a request object or a proof", japanese: "貼り付けた内容が文字列ではありません",
            mend: "IDトークン、クライアントアサーション、リクエストオブジェクト、または証明を貼り付けてください"),
        CatalogueEntry(
            "jose.paste.nothing", "there is no token in the paste", clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy: "paste an ID token, a client assertion, a request object or a proof", japanese: "トークンが見つかりません",
            mend: "IDトークン、クライアントアサーション、リクエストオブジェクト、または証明を貼り付けてください"),
        CatalogueEntry(
            "jose.paste.too-large", "the paste is larger than we take", clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy: "paste an ID token, a client assertion, a request object or a proof", japanese: "貼り付けた内容が大きすぎます",
            mend: "IDトークン、クライアントアサーション、リクエストオブジェクト、または証明を貼り付けてください"),
        CatalogueEntry(
            "jose.paste.xml", "this is XML, and no JSON Web Token", clause: "RFC 7515 §7.1; RFC 7516 §7.1",
            remedy: "paste an ID token, a client assertion, a request object or a proof", japanese: "これはXMLで、JSON Web Tokenではありません",
            mend: "IDトークン、クライアントアサーション、リクエストオブジェクト、または証明を貼り付けてください"),
        CatalogueEntry(
            "jose.signature.absent", "the content is encrypted, and nobody signed it", clause: "RFC 7519 §5.2",
            remedy: "sign first, then encrypt with cty JWT", japanese: "暗号化されていますが、署名がありません", mend: "署名してから、cty を JWT として暗号化してください"),
        CatalogueEntry(
            "jose.signature.algorithm", "the signature algorithm is never accepted", clause: "RFC 8725 §3.1, §3.2",
            remedy: "sign with RS, PS, ES or Ed25519: never none, never HMAC", japanese: "この署名方式は受け付けません",
            mend: "RS、PS、ES または Ed25519 で署名してください。none と HMAC は使えません"),
        CatalogueEntry(
            "jose.signature.algorithm-not-allowed", "the signature algorithm is not the one that was agreed", clause: "RFC 8725 §3.1",
            remedy: "sign with the registered algorithm", japanese: "登録された署名方式ではありません", mend: "登録された方式で署名してください"),
        CatalogueEntry(
            "jose.signature.encoding", "a part of the token is not base64url without padding, in its only spelling", clause: "RFC 7515 §2",
            remedy: "send what the library wrote, unchanged and without line breaks", japanese: "トークンの一部が正しいbase64urlではありません",
            mend: "ライブラリの出力を変更せず、改行を入れずに送信してください"),
        CatalogueEntry(
            "jose.signature.header", "the token's header is not strict JSON", clause: "RFC 7515 §4; RFC 8725 §2.4",
            remedy: "use a maintained library", japanese: "トークンのヘッダーが厳密なJSONではありません", mend: "保守されているライブラリを使ってください"),
        CatalogueEntry(
            "jose.signature.header-member", "a member of the header is absent, of the wrong type, or one that is never followed",
            clause: "RFC 7515 §4.1",
            remedy: "send alg, kid and typ as strings, and neither crit, b64 nor zip", japanese: "ヘッダーの項目が、欠けているか、型が異なるか、受け付けないものです",
            mend: "alg、kid、typ を文字列で送信してください。crit、b64、zip は使えません"),
        CatalogueEntry(
            "jose.signature.key", "no known key has this name and serves the algorithm", clause: "RFC 7515 §4.1.4",
            remedy: "register the key, with its kid and without another alg or use", japanese: "この名前と方式に合う鍵がありません",
            mend: "別の alg や use を付けずに、kid とともに鍵を登録してください"),
        CatalogueEntry(
            "jose.signature.own-key", "the key inside the token is no public key that is taken", clause: "RFC 9449 §4.2",
            remedy: "put the public key alone into jwk", japanese: "トークン内の鍵は受け付けられる公開鍵ではありません", mend: "jwk には公開鍵だけを入れてください"),
        CatalogueEntry(
            "jose.signature.parts", "the token has not exactly three parts with dots between them", clause: "RFC 7515 §7.1",
            remedy: "send a JWS in compact serialization; five parts are a JWE", japanese: "トークンが点で区切った3つの部分ではありません",
            mend: "コンパクト形式の JWS を送信してください。5つの部分からなるものは JWE です"),
        CatalogueEntry(
            "jose.signature.too-large", "the token is longer than allowed", clause: "RFC 7515 §5.2",
            remedy: "put less into it", japanese: "トークンが長すぎます", mend: "内容を減らしてください"),
        CatalogueEntry(
            "jose.signature.too-many-keys", "more keys could have signed than are tried", clause: "RFC 7515 §4.1.4",
            remedy: "name the key by kid", japanese: "候補の鍵が多すぎます", mend: "kid で鍵を指定してください"),
        CatalogueEntry(
            "jose.signature.value", "the signature is not of any known key", clause: "RFC 7515 §5.2",
            remedy: "sign with the registered key, and send the token unchanged", japanese: "登録されたどの鍵による署名でもありません",
            mend: "登録された鍵で署名し、トークンを変更せずに送信してください"),
    ]
}
