extension Catalogue {
    /// XML, signatures and encryption.
    static let xml: [CatalogueEntry] = [
        CatalogueEntry(
            "xml.document", "the document is not read", clause: "XML 1.0",
            remedy: "send well-formed UTF-8 without document type and processing instructions", japanese: "文書を読めません"),
        CatalogueEntry(
            "xml.encryption.algorithm", "the encryption algorithm is not accepted", clause: "XML Encryption 1.1 §5.1",
            remedy: "use AES-GCM with RSA-OAEP or ECDH-ES, as our metadata lists", japanese: "この暗号方式は受け付けません"),
        CatalogueEntry(
            "xml.encryption.failed", "the answer could not be encrypted for the registered key", clause: "XML Encryption 1.1 §3",
            remedy: "register an RSA or EC encryption key", japanese: "登録された鍵に対して暗号化できませんでした"),
        CatalogueEntry(
            "xml.encryption.key", "no decryption key fits any of the encrypted keys", clause: "XML Encryption 1.1 §3",
            remedy: "encrypt to the key in our metadata", japanese: "復号できる鍵がありません"),
        CatalogueEntry(
            "xml.encryption.malformed", "the encrypted element is not built as the schema says", clause: "XML Encryption 1.1 §3",
            remedy: "use a maintained library", japanese: "暗号化された要素の構造がスキーマと違います"),
        CatalogueEntry(
            "xml.encryption.size", "the encrypted element is larger than allowed", clause: "XML Encryption 1.1 §3",
            remedy: "send fewer keys or less content", japanese: "暗号化された要素が大きすぎます"),
        CatalogueEntry(
            "xml.encryption.undecryptable", "the element could not be decrypted", clause: "XML Encryption 1.1 §3",
            remedy: "encrypt to the current key in our metadata, and send the ciphertext unchanged", japanese: "復号できませんでした"),
        CatalogueEntry(
            "xml.path", "the path does not name exactly one element", clause: "XML Signature §4.4.3",
            remedy: "name an identifier or a local name that occurs once", japanese: "パスがちょうど1つの要素を指していません"),
        CatalogueEntry(
            "xml.signature.absent", "the message carries no signature of its own", clause: "SAML Core §5.4",
            remedy: "sign the message's root element", japanese: "メッセージ自身の署名がありません"),
        CatalogueEntry(
            "xml.signature.algorithm", "the algorithm is not accepted", clause: "SAML Core §5.4",
            remedy: "use RSA or ECDSA with SHA-256 or stronger, and exclusive canonicalization", japanese: "この署名方式は受け付けません"),
        CatalogueEntry(
            "xml.signature.canonicalization", "the content has no canonical form", clause: "Exclusive XML Canonicalization §3",
            remedy: "use absolute namespace names", japanese: "内容の正規形がありません"),
        CatalogueEntry(
            "xml.signature.digest", "the content is not the content that was signed", clause: "SAML Core §5.4",
            remedy: "send the signed bytes unchanged", japanese: "署名された内容から変わっています"),
        CatalogueEntry(
            "xml.signature.duplicate-id", "two elements carry the same identifier", clause: "SAML Core §1.3.4",
            remedy: "use a maintained XML signature library", japanese: "同じ識別子を持つ要素が2つあります"),
        CatalogueEntry(
            "xml.signature.identifier", "the signed element has no usable ID", clause: "SAML Core §5.4.2",
            remedy: "give it an ID", japanese: "署名された要素に使えるIDがありません"),
        CatalogueEntry(
            "xml.signature.key", "no registered key fits the signature's algorithm", clause: "SAML Core §5.4",
            remedy: "register a signing key of that type", japanese: "署名方式に合う登録済みの鍵がありません"),
        CatalogueEntry(
            "xml.signature.malformed", "the signature is not built as the schema says", clause: "XML Signature §4",
            remedy: "use a maintained XML signature library", japanese: "署名の構造がスキーマと違います"),
        CatalogueEntry(
            "xml.signature.misplaced", "the signature does not stand where the schema has it", clause: "SAML Core §5.4",
            remedy: "put it directly after Issuer", japanese: "署名がスキーマの定める位置にありません"),
        CatalogueEntry(
            "xml.signature.reference", "the signature does not refer to exactly the element that carries it", clause: "SAML Core §5.4",
            remedy: "use one Reference whose URI is `#` and the ID of the signed element", japanese: "署名が、それを含む要素だけを指していません"),
        CatalogueEntry(
            "xml.signature.several", "more than one signature stands where one is allowed", clause: "SAML Core §5.4",
            remedy: "sign each element once", japanese: "1つであるべき署名が複数あります"),
        CatalogueEntry(
            "xml.signature.signing", "our signing key could not sign", clause: "SAML Core §5.4",
            remedy: "tell the operator", japanese: "こちらの署名鍵で署名できませんでした"),
        CatalogueEntry(
            "xml.signature.transform", "only the enveloped signature and exclusive canonicalization transforms are accepted",
            clause: "SAML Core §5.4.4",
            remedy: "use these two transforms, in this order", japanese: "enveloped署名と排他的正規化以外の変換は受け付けません"),
        CatalogueEntry(
            "xml.signature.value", "none of the registered keys made this signature", clause: "SAML Core §5.4",
            remedy: "register the current signing key", japanese: "登録された鍵による署名ではありません"),
        CatalogueEntry(
            "xml.unsupported", "an algorithm or feature that is not claimed", clause: "XML Signature §6, XML Encryption §5",
            remedy: "use one of the claimed algorithms", japanese: "対応していない方式か機能です"),
    ]
}
