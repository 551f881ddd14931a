extension Catalogue {
    /// SAML requests.
    static let saml: [CatalogueEntry] = [
        CatalogueEntry(
            "saml.consumer.binding", "the binding for the answer is not supported", clause: "SAML Profiles §4.1.4",
            remedy: "ask for HTTP-POST or HTTP-Artifact, with an address of your metadata", japanese: "回答に求められたバインディングには対応していません",
            mend: "HTTP-POST または HTTP-Artifact を、メタデータにあるアドレスとともに指定してください"),
        CatalogueEntry(
            "saml.consumer.both", "AssertionConsumerServiceIndex comes with AssertionConsumerServiceURL or ProtocolBinding",
            clause: "SAML Core §3.4.1",
            remedy: "send one of them", japanese: "AssertionConsumerServiceIndexがURLやProtocolBindingと同時に指定されています", mend: "どちらか1つを送信してください"),
        CatalogueEntry(
            "saml.consumer.index", "AssertionConsumerServiceIndex is not in your metadata with a binding that we answer by",
            clause: "SAML Core §3.4.1; checklist S20",
            remedy: "register the index", japanese: "AssertionConsumerServiceIndexがメタデータにありません", mend: "このインデックスを登録してください"),
        CatalogueEntry(
            "saml.consumer.url", "AssertionConsumerServiceURL is not in your metadata with the binding asked for",
            clause: "SAML Core §3.4.1; checklist S20",
            remedy: "register the address byte for byte", japanese: "AssertionConsumerServiceURLがメタデータにありません",
            mend: "アドレスを1バイトも違わずに登録してください"),
        CatalogueEntry(
            "saml.deflate", "SAMLRequest is no raw DEFLATE of acceptable size", clause: "SAML Bindings §3.4.4.1; RFC 1951",
            remedy: "send raw DEFLATE without zlib header, checksum or trailing bytes", japanese: "SAMLRequestが許容範囲のDEFLATEではありません",
            mend: "zlib のヘッダー、チェックサム、余分なバイトを付けずに、生の DEFLATE を送信してください"),
        CatalogueEntry(
            "saml.encoding", "a part of the message is not encoded as the binding says", clause: "SAML Bindings §3.4.4.1, §3.5.4",
            remedy: "Base64 in SAMLRequest and Signature (`+` as %2B), UTF-8 without control characters elsewhere",
            japanese: "メッセージの符号化がバインディングどおりではありません", mend: "SAMLRequest と Signature は Base64（`+` は %2B）、それ以外は制御文字のない UTF-8 にしてください"),
        CatalogueEntry(
            "saml.parameter.duplicate", "a parameter comes twice", clause: "SAML Bindings §3.4.4.1; checklist A24",
            remedy: "send each parameter once", japanese: "パラメーターが2回送られました", mend: "各パラメーターを1回だけ送信してください"),
        CatalogueEntry(
            "saml.parameter.missing", "a parameter is missing", clause: "SAML Bindings §3.4.4.1, §3.5.4",
            remedy: "send it", japanese: "パラメーターがありません", mend: "このパラメーターを送信してください"),
        CatalogueEntry(
            "saml.parameter.name", "a parameter's name is spelt another way", clause: "SAML Bindings §3.4.4.1; checklist A24",
            remedy: "spell it exactly, without percent-encoding", japanese: "パラメーター名の表記が異なります", mend: "パーセント符号化をせず、名前を正確に書いてください"),
        CatalogueEntry(
            "saml.parameter.unexpected", "a parameter has no place here", clause: "SAML Bindings §3.4.4, §3.5.4",
            remedy: "send SAMLRequest and RelayState, and in a query SigAlg and Signature, and nothing else of SAML",
            japanese: "ここでは使えないパラメーターです", mend: "SAMLRequest と RelayState、クエリの場合は SigAlg と Signature だけを送信してください"),
        CatalogueEntry(
            "saml.request.attribute-service", "AttributeConsumingServiceIndex is not in your metadata",
            clause: "SAML Core §3.4.1; Kantara IIP-IDP04",
            remedy: "register the index", japanese: "AttributeConsumingServiceIndexがメタデータにありません", mend: "このインデックスを登録してください"),
        CatalogueEntry(
            "saml.request.comparison", "the Comparison is unknown", clause: "SAML Core §3.3.2.2.1",
            remedy: "use exact, minimum, maximum or better", japanese: "Comparison の値が正しくありません",
            mend: "exact、minimum、maximum、better のいずれかを使ってください"),
        CatalogueEntry(
            "saml.request.context-declaration", "AuthnContextDeclRef is not supported", clause: "SAML Core §3.3.2.2.1",
            remedy: "ask by AuthnContextClassRef", japanese: "AuthnContextDeclRefには対応していません", mend: "AuthnContextClassRef で指定してください"),
        CatalogueEntry(
            "saml.request.destination", "Destination is not the address the message came to",
            clause: "SAML Core §3.2.1; SAML Bindings §3.4.5.2, §3.5.5.2",
            remedy: "copy the Location from our metadata; a signed message must have it", japanese: "Destinationが届いたアドレスと一致しません",
            mend: "こちらのメタデータの Location をそのまま使ってください。署名付きメッセージには Destination が必要です"),
        CatalogueEntry(
            "saml.request.future", "IssueInstant lies in the future", clause: "SAML Core §3.2.1",
            remedy: "set your clock", japanese: "IssueInstant が未来の時刻です", mend: "時計を合わせてください"),
        CatalogueEntry(
            "saml.request.issuer", "the Issuer is no entityID", clause: "SAML Profiles §4.1.4.1; SAML Core §8.3.6",
            remedy: "put your entityID in Issuer, without qualifiers", japanese: "IssuerがentityIDではありません",
            mend: "修飾子を付けずに、自身の entityID を Issuer に入れてください"),
        CatalogueEntry(
            "saml.request.kind", "the message is of a kind that has no place here", clause: "SAML Core §3.2.1; SAML Metadata §2.2.2",
            remedy: "send it to the address that our metadata publishes for it", japanese: "ここで受け付ける種類のメッセージではありません",
            mend: "メタデータで公開されている、該当のアドレスに送信してください"),
        CatalogueEntry(
            "saml.request.malformed", "a part of the request does not follow the schema", clause: "SAML Core §3.2.1, §3.4.1",
            remedy: "follow the schema of SAML 2.0", japanese: "リクエストがスキーマに従っていません", mend: "SAML 2.0 のスキーマに従ってください"),
        CatalogueEntry(
            "saml.request.name-id-format", "the NameID format is not supported", clause: "SAML Core §3.4.1.1",
            remedy: "ask for persistent or transient, or leave the choice to us", japanese: "このNameID形式には対応していません",
            mend: "persistent または transient を求めるか、こちらに任せてください"),
        CatalogueEntry(
            "saml.request.name-qualifier", "SPNameQualifier is not your entityID, and we know no affiliation", clause: "SAML Core §3.4.1.1",
            remedy: "leave SPNameQualifier out", japanese: "SPNameQualifierがあなたのentityIDではありません", mend: "SPNameQualifier を省略してください"),
        CatalogueEntry(
            "saml.request.replayed", "a request with this ID was answered before", clause: "SAML Core §1.3.4",
            remedy: "send a new request with a new ID", japanese: "同じIDのリクエストにはすでに回答しました", mend: "新しい ID でリクエストを送り直してください"),
        CatalogueEntry(
            "saml.request.stale", "the request is too old", clause: "SAML Core §3.2.1",
            remedy: "start again from the service; set your clock", japanese: "リクエストが古すぎます", mend: "時計を合わせ、サービスからもう一度始めてください"),
        CatalogueEntry(
            "saml.request.subject", "the Subject of the request cannot be honoured", clause: "SAML Core §3.4.1, §3.4.1.4",
            remedy: "name the citizen by the persistent NameID we gave you, or leave Subject out", japanese: "リクエストのSubjectには応じられません",
            mend: "こちらが発行した persistent の NameID で利用者を指すか、Subject を省略してください"),
        CatalogueEntry(
            "saml.request.too-large", "the form is larger than 256 KiB", clause: "checklist D2",
            remedy: "send a smaller request", japanese: "フォームが256 KiBを超えています", mend: "リクエストを小さくして送信してください"),
        CatalogueEntry(
            "saml.request.too-long", "a value is longer than we take", clause: "Kantara IIP-G02; checklist S35",
            remedy: "send a shorter value", japanese: "値が長すぎます", mend: "値を短くしてください"),
        CatalogueEntry(
            "saml.request.version", "the version is not 2.0", clause: "SAML Core §3.2.1, §4.1",
            remedy: "speak SAML 2.0", japanese: "バージョンが2.0ではありません", mend: "SAML 2.0 を使ってください"),
        CatalogueEntry(
            "saml.signature.due", "the message is not signed but must be", clause: "SAML Metadata §2.4.3, §2.4.4; checklist S22",
            remedy: "sign it with a key of your metadata", japanese: "署名が必要ですが、ありません", mend: "メタデータにある鍵で署名してください"),
        CatalogueEntry(
            "saml.signature.enveloped-in-redirect", "the query's message carries an XML signature", clause: "SAML Bindings §3.4.4.1",
            remedy: "remove ds:Signature and sign the query with SigAlg and Signature", japanese: "クエリのメッセージの中にXML署名があります",
            mend: "ds:Signature を除き、SigAlg と Signature でクエリに署名してください"),
        CatalogueEntry(
            "saml.signature.message", "the XML signature is not accepted: …", clause: "that of the reason, an xml.signature code",
            remedy: "that of the reason", japanese: "XML署名を受け付けられません", mend: "示された理由に対応してください"),
        CatalogueEntry(
            "saml.signature.misplaced", "a signature stands elsewhere than right under the message itself",
            clause: "SAML Core §5.4.1; checklist A1, A4",
            remedy: "sign the message itself and put nothing signed inside it", japanese: "メッセージ直下でないところに署名があります",
            mend: "メッセージ自体に署名し、その中に署名付きの要素を入れないでください"),
        CatalogueEntry(
            "saml.signature.no-key", "the request is signed but your metadata has no key for signing", clause: "SAML Metadata §2.4.1.1",
            remedy: "publish your signing key", japanese: "署名されていますが、メタデータに署名用の鍵がありません", mend: "署名の鍵を公開してください"),
        CatalogueEntry(
            "saml.signature.query", "the query's signature was made by no key of your metadata, or over other octets",
            clause: "SAML Bindings §3.4.4.1",
            remedy: "sign the percent-encoded octets you send, with a key of your metadata",
            japanese: "クエリの署名がメタデータの鍵のものではないか、別のバイト列に対するものです", mend: "送信するパーセント符号化後のバイト列に、メタデータにある鍵で署名してください"),
        CatalogueEntry(
            "saml.too-large", "a part of the message is larger than we take", clause: "Kantara IIP-G02; checklist D1, D2",
            remedy: "send a smaller message; the operator may allow a longer RelayState (`relay-state`)",
            japanese: "メッセージの一部が大きすぎます",
            mend: "メッセージを小さくしてください。RelayState の長さの上限は、運営者がサービスごとに変えられます（`relay-state`）"),
        CatalogueEntry(
            "saml.unsupported", "an algorithm or encoding is not supported", clause: "SAML Bindings §3.4.4.1; checklist S54",
            remedy: "use an algorithm of our metadata; SHA-1 is refused", japanese: "対応していない方式です",
            mend: "こちらのメタデータにある方式を使ってください。SHA-1 は受け付けません"),
        CatalogueEntry(
            "saml.xml", "the message is no XML that we read", clause: "SAML Core §1.3; Kantara IIP-G03",
            remedy: "send well-formed UTF-8 without DOCTYPE, entities or processing instructions", japanese: "読めるXMLではありません",
            mend: "DOCTYPE、実体参照、処理命令のない、整形式の UTF-8 を送信してください"),
    ]
}
