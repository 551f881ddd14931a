extension Catalogue {
    /// XML, signatures and encryption.
    static let xml: [CatalogueEntry] = [
        CatalogueEntry(
            "xml.document", "the document is not read", clause: "XML 1.0",
            remedy: "send well-formed UTF-8 without document type and processing instructions", japanese: "文書を読み取れません",
            mend: "文書型宣言と処理命令のない、整形式の UTF-8 を送信してください"),
        CatalogueEntry(
            "xml.encryption.algorithm", "the encryption algorithm is not accepted", clause: "XML Encryption 1.1 §5.1",
            remedy: "use AES-GCM with RSA-OAEP or ECDH-ES, as our metadata lists", japanese: "この暗号方式は受け付けません",
            mend: "こちらのメタデータに示された AES-GCM と、RSA-OAEP または ECDH-ES を使ってください"),
        CatalogueEntry(
            "xml.encryption.failed", "the answer could not be encrypted for the registered key", clause: "XML Encryption 1.1 §3",
            remedy: "register an RSA or EC encryption key", japanese: "登録された鍵に対して暗号化できませんでした", mend: "RSA または EC の暗号化鍵を登録してください"),
        CatalogueEntry(
            "xml.encryption.key", "no decryption key fits any of the encrypted keys", clause: "XML Encryption 1.1 §3",
            remedy: "encrypt to the key in our metadata", japanese: "復号できる鍵がありません", mend: "こちらのメタデータの鍵で暗号化してください"),
        CatalogueEntry(
            "xml.encryption.malformed", "the encrypted element is not built as the schema says", clause: "XML Encryption 1.1 §3",
            remedy: "use a maintained library", japanese: "暗号化された要素の構造が、スキーマと異なります", mend: "保守されているライブラリを使ってください"),
        CatalogueEntry(
            "xml.encryption.size", "the encrypted element is larger than allowed", clause: "XML Encryption 1.1 §3",
            remedy: "send fewer keys or less content", japanese: "暗号化された要素が大きすぎます", mend: "鍵の数または内容を減らしてください"),
        CatalogueEntry(
            "xml.encryption.undecryptable", "the element could not be decrypted", clause: "XML Encryption 1.1 §3",
            remedy: "encrypt to the current key in our metadata, and send the ciphertext unchanged", japanese: "復号できませんでした",
            mend: "こちらのメタデータの現在の鍵で暗号化し、暗号文を変更せずに送信してください"),
        CatalogueEntry(
            "xml.path", "the path does not name exactly one element", clause: "XML Signature §4.4.3",
            remedy: "name an identifier or a local name that occurs once", japanese: "パスの指す要素が1つではありません",
            mend: "識別子、または1回だけ現れるローカル名を指定してください"),
        CatalogueEntry(
            "xml.signature.absent", "the message carries no signature of its own", clause: "SAML Core §5.4",
            remedy: "sign the message's root element", japanese: "メッセージ自身の署名がありません", mend: "メッセージの最上位の要素に署名してください"),
        CatalogueEntry(
            "xml.signature.algorithm", "the algorithm is not accepted", clause: "SAML Core §5.4",
            remedy: "use RSA or ECDSA with SHA-256 or stronger, and exclusive canonicalization", japanese: "この署名方式は受け付けません",
            mend: "SHA-256 以上の RSA または ECDSA と、排他的正規化を使ってください"),
        CatalogueEntry(
            "xml.signature.canonicalization", "the content has no canonical form", clause: "Exclusive XML Canonicalization §3",
            remedy: "use absolute namespace names", japanese: "内容を正規化できません", mend: "絶対的な名前空間名を使ってください"),
        CatalogueEntry(
            "xml.signature.digest", "the content is not the content that was signed", clause: "SAML Core §5.4",
            remedy: "send the signed bytes unchanged", japanese: "署名後に内容が変更されています", mend: "署名したバイト列を変更せずに送信してください"),
        CatalogueEntry(
            "xml.signature.duplicate-id", "two elements carry the same identifier", clause: "SAML Core §1.3.4",
            remedy: "use a maintained XML signature library", japanese: "同じ識別子を持つ要素が2つあります", mend: "保守されている XML 署名ライブラリを使ってください"),
        CatalogueEntry(
            "xml.signature.identifier", "the signed element has no usable ID", clause: "SAML Core §5.4.2",
            remedy: "give it an ID", japanese: "署名された要素に使えるIDがありません", mend: "ID を付けてください"),
        CatalogueEntry(
            "xml.signature.key", "no registered key fits the signature's algorithm", clause: "SAML Core §5.4",
            remedy: "register a signing key of that type", japanese: "署名方式に合う登録済みの鍵がありません", mend: "その種類の署名の鍵を登録してください"),
        CatalogueEntry(
            "xml.signature.malformed", "the signature is not built as the schema says", clause: "XML Signature §4",
            remedy: "use a maintained XML signature library", japanese: "署名の構造が、スキーマと異なります", mend: "保守されている XML 署名ライブラリを使ってください"),
        CatalogueEntry(
            "xml.signature.misplaced", "the signature does not stand where the schema has it", clause: "SAML Core §5.4",
            remedy: "put it directly after Issuer", japanese: "署名がスキーマの定める位置にありません", mend: "Issuer の直後に置いてください"),
        CatalogueEntry(
            "xml.signature.reference", "the signature does not refer to exactly the element that carries it", clause: "SAML Core §5.4",
            remedy: "use one Reference whose URI is `#` and the ID of the signed element", japanese: "署名が、それを含む要素だけを指していません",
            mend: "`#` と署名する要素の ID からなる URI の Reference を1つだけ使ってください"),
        CatalogueEntry(
            "xml.signature.several", "more than one signature stands where one is allowed", clause: "SAML Core §5.4",
            remedy: "sign each element once", japanese: "1つであるべき署名が複数あります", mend: "各要素に1回だけ署名してください"),
        CatalogueEntry(
            "xml.signature.signing", "our signing key could not sign", clause: "SAML Core §5.4",
            remedy: "tell the operator", japanese: "こちらの署名の鍵で署名できませんでした", mend: "運用者に連絡してください"),
        CatalogueEntry(
            "xml.signature.transform", "only the enveloped signature and exclusive canonicalization transforms are accepted",
            clause: "SAML Core §5.4.4",
            remedy: "use these two transforms, in this order", japanese: "enveloped 署名と排他的正規化以外の変換は受け付けません", mend: "この2つの変換を、この順序で使ってください"),
        CatalogueEntry(
            "xml.signature.value", "none of the registered keys made this signature", clause: "SAML Core §5.4",
            remedy: "register the current signing key", japanese: "登録された鍵による署名ではありません", mend: "現在の署名の鍵を登録してください"),
        CatalogueEntry(
            "xml.unsupported", "an algorithm or feature that is not claimed", clause: "XML Signature §6, XML Encryption §5",
            remedy: "use one of the claimed algorithms", japanese: "対応していない方式または機能です", mend: "対応している方式を使ってください"),
    ]
}
