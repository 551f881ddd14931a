extension Catalogue {
    /// Responses, logout, artifacts, queries and SOAP.
    static let samlMessages: [CatalogueEntry] = [
        CatalogueEntry(
            "saml.artifact", "the artifact is none that we can resolve", clause: "SAML Bindings §3.6.4.2",
            remedy: "send 44 bytes of type 4 in Base64, with the SHA-1 of your registered entityID as SourceID",
            japanese: "解決できるアーティファクトではありません", mend: "登録された entityID の SHA-1 を SourceID とした、タイプ4の44バイトを Base64 で送信してください"),
        CatalogueEntry(
            "saml.artifact.endpoint", "your metadata has no ArtifactResolutionService with the index that the artifact names",
            clause: "SAML Bindings §3.6.4.2; SAML Metadata §2.4.3",
            remedy: "publish the service with this index and the SOAP binding",
            japanese: "アーティファクトが指す番号のArtifactResolutionServiceがメタデータにありません", mend: "このインデックスと SOAP バインディングのサービスを公開してください"),
        CatalogueEntry(
            "saml.artifact.unresolved", "your ArtifactResolutionService did not give us the message",
            clause: "SAML Core §3.5; SAML Profiles §5",
            remedy: "answer in time with a signed ArtifactResponse that holds the message",
            japanese: "相手のArtifactResolutionServiceからメッセージを得られませんでした", mend: "メッセージを含む署名付きの ArtifactResponse で、時間内に応答してください"),
        CatalogueEntry(
            "saml.assertion.audience", "the assertion is for another audience", clause: "SAML Core §2.5.1.4; SAML Profiles §4.1.4.2",
            remedy: "name the service provider's entityID as Audience", japanese: "アサーションは別の相手に宛てたものです",
            mend: "サービスプロバイダーの entityID を Audience に指定してください"),
        CatalogueEntry(
            "saml.assertion.condition", "a condition is unknown or stands twice", clause: "SAML Core §2.5.1",
            remedy: "use AudienceRestriction, OneTimeUse and ProxyRestriction", japanese: "知らない条件か、重複した条件があります",
            mend: "AudienceRestriction、OneTimeUse、ProxyRestriction を使ってください"),
        CatalogueEntry(
            "saml.assertion.confirmation", "no bearer confirmation of the subject holds",
            clause: "SAML Profiles §4.1.4.2, §4.1.4.3; checklist A22",
            remedy: "confirm by bearer with Recipient, NotOnOrAfter and InResponseTo, without NotBefore", japanese: "有効なbearer確認がありません",
            mend: "Recipient、NotOnOrAfter、InResponseTo を付け、NotBefore を付けずに、bearer で確認してください"),
        CatalogueEntry(
            "saml.assertion.expired", "the time of validity is over", clause: "SAML Core §2.5.1.2, §2.7.2",
            remedy: "log in again; set both clocks", japanese: "有効期間が過ぎています", mend: "双方の時計を合わせ、もう一度ログインしてください"),
        CatalogueEntry(
            "saml.assertion.not-before", "the time of validity has not begun", clause: "SAML Core §2.5.1.2",
            remedy: "set both clocks", japanese: "有効期間がまだ始まっていません", mend: "双方の時計を合わせてください"),
        CatalogueEntry(
            "saml.assertion.statement", "the assertion does not say how the subject logged in",
            clause: "SAML Profiles §4.1.4.2; SAML Core §2.7.2",
            remedy: "send one AuthnStatement with its AuthnContext", japanese: "どのようにログインしたかが書かれていません",
            mend: "AuthnContext を含む AuthnStatement を1つ送信してください"),
        CatalogueEntry(
            "saml.assertion.subject", "the assertion names nobody that could be read", clause: "SAML Core §2.4; SAML Profiles §4.1.4.2",
            remedy: "put one NameID in the Subject", japanese: "誰についてのアサーションか読み取れません", mend: "Subject に NameID を1つ入れてください"),
        CatalogueEntry(
            "saml.encryption.cipher", "the member's metadata declares no authenticated cipher", clause: "Kantara IIP-ALG; checklist S51",
            remedy: "declare AES-GCM; until the member can, its operator may set `ciphers: allow-cbc` or `encrypt: off`",
            japanese: "参加機関のメタデータに認証付き暗号がありません",
            mend: "AES-GCM を宣言してください。参加機関が対応するまでは、運用者が `ciphers: allow-cbc` または `encrypt: off` を設定できます"),
        CatalogueEntry(
            "saml.encryption.key", "assertions for this member must be encrypted, but its metadata has no key for encryption",
            clause: "Kantara IIP-IDP09; SAML Metadata §2.4.1.1",
            remedy: "publish a KeyDescriptor for encryption, or set `encrypt: when-declared` in the member's file",
            japanese: "暗号化が必要ですが、メタデータに暗号化用の鍵がありません", mend: "暗号化用の KeyDescriptor を公開するか、参加機関のファイルに `encrypt: when-declared` を設定してください"),
        CatalogueEntry(
            "saml.encryption.transport", "the member's metadata declares no key transport that we have",
            clause: "Kantara IIP-ALG; checklist S52",
            remedy: "declare rsa-oaep-mgf1p or rsa-oaep, or ECDH-ES for an EC key; rsa-1_5 is never used",
            japanese: "メタデータに使用できる鍵配送方式がありません", mend: "rsa-oaep-mgf1p または rsa-oaep、EC の鍵では ECDH-ES を宣言してください。rsa-1_5 は使えません"),
        CatalogueEntry(
            "saml.logout.expired", "NotOnOrAfter of the LogoutRequest is past", clause: "SAML Core §3.7.1",
            remedy: "send a new one; set your clock", japanese: "LogoutRequestの期限が過ぎています", mend: "時計を合わせ、新しいものを送信してください"),
        CatalogueEntry(
            "saml.logout.other-name", "the LogoutRequest names the citizen otherwise than the assertion did: nothing has ended",
            clause: "SAML Core §3.2.2.2, §3.7.1; SAML Profiles §4.4.4.1",
            remedy: "send the NameID of the assertion with its Format and qualifiers as they were, and its SessionIndex",
            japanese: "サービスのログアウト要求にある識別子が渡したものと異なるため、ログアウトしていません",
            mend: "アサーションの NameID を Format と修飾子を変えずに、SessionIndex とともに送信してください。利用者は、このサイトのページでログアウトできます",
            easy: "まだ ログインしています。ここの ページで ログアウトしてください。"),
        CatalogueEntry(
            "saml.logout.principal", "the LogoutRequest does not say whom it means", clause: "SAML Core §3.7.1",
            remedy:
                "send the NameID of the assertion, in clear or encrypted to a key of our metadata, with Format and qualifiers as they were",
            japanese: "LogoutRequestが誰についてのものか示していません", mend: "アサーションの NameID を、平文、またはこちらのメタデータの鍵で暗号化し、Format と修飾子を付けて送信してください"),
        CatalogueEntry(
            "saml.logout.unasked", "the LogoutResponse answers no request of ours to this member",
            clause: "SAML Core §3.2.2; SAML Profiles §4.4.3.5",
            remedy: "answer the LogoutRequest that came last, within the hour", japanese: "このLogoutResponseに対応する要求を出していません",
            mend: "最後に受け取った LogoutRequest に、1時間以内に応答してください"),
        CatalogueEntry(
            "saml.name.cipher", "the name is encrypted with an algorithm that we do not take",
            clause: "SAML Core §2.2.4; checklist S51, A20",
            remedy:
                "encrypt names with the algorithms of our metadata (AES-GCM); for AES-CBC our operator may set `ciphers: allow-cbc-names`",
            japanese: "NameID が、受け付けない方式で暗号化されています",
            mend: "こちらのメタデータにある方式（AES-GCM）で暗号化するか、AES-CBC のための `ciphers: allow-cbc-names` の追加を運用者に依頼してください"),
        CatalogueEntry(
            "saml.paste.deflate", "the value is Base64 of neither XML nor raw DEFLATE", clause: "SAML Bindings §3",
            remedy: "paste a redirect's address, a form's value, XML, a SOAP envelope or metadata, whole",
            japanese: "値はXMLでもDEFLATEでもありません", mend: "リダイレクトのアドレス、フォームの値、XML、SOAPエンベロープ、メタデータのいずれかを、省略せずに貼り付けてください"
        ),
        CatalogueEntry(
            "saml.paste.empty", "there is nothing to decode", clause: "SAML Bindings §3",
            remedy: "paste a redirect's address, a form's value, XML, a SOAP envelope or metadata, whole", japanese: "解読するものがありません",
            mend: "リダイレクトのアドレス、フォームの値、XML、SOAPエンベロープ、メタデータのいずれかを、省略せずに貼り付けてください"),
        CatalogueEntry(
            "saml.paste.not-text", "the paste is neither text nor XML", clause: "SAML Bindings §3",
            remedy: "paste a redirect's address, a form's value, XML, a SOAP envelope or metadata, whole", japanese: "文字でもXMLでもありません",
            mend: "リダイレクトのアドレス、フォームの値、XML、SOAPエンベロープ、メタデータのいずれかを、省略せずに貼り付けてください"),
        CatalogueEntry(
            "saml.paste.nothing", "there is no SAML message in the paste", clause: "SAML Bindings §3",
            remedy: "paste a redirect's address, a form's value, XML, a SOAP envelope or metadata, whole", japanese: "SAMLメッセージが見つかりません",
            mend: "リダイレクトのアドレス、フォームの値、XML、SOAPエンベロープ、メタデータのいずれかを、省略せずに貼り付けてください"),
        CatalogueEntry(
            "saml.paste.token", "this is a JSON Web Token, which OpenID uses and SAML does not", clause: "SAML Bindings §3",
            remedy: "paste a redirect's address, a form's value, XML, a SOAP envelope or metadata, whole",
            japanese: "JSON Web Tokenです。SAMLではなくOpenIDのものです", mend: "リダイレクトのアドレス、フォームの値、XML、SOAPエンベロープ、メタデータのいずれかを、省略せずに貼り付けてください"),
        CatalogueEntry(
            "saml.paste.too-large", "the paste is larger than we take", clause: "SAML Bindings §3",
            remedy: "paste a redirect's address, a form's value, XML, a SOAP envelope or metadata, whole", japanese: "大きすぎて読めません",
            mend: "リダイレクトのアドレス、フォームの値、XML、SOAPエンベロープ、メタデータのいずれかを、省略せずに貼り付けてください"),
        CatalogueEntry(
            "saml.query.attribute", "the query names one attribute twice", clause: "SAML Core §3.3.2.3",
            remedy: "name each attribute once, with all values you mean", japanese: "同じ属性が2回指定されています", mend: "属性ごとに1回だけ、必要な値をすべて指定してください"),
        CatalogueEntry(
            "saml.query.off", "the member may not ask for attributes behind the citizen's back", clause: "SAML Profiles §6; checklist S12",
            remedy: "take them from the sign-on, or have our operator set `attribute-query: true` in your registration",
            japanese: "この参加機関には属性照会が許可されていません", mend: "ログイン時に受け取るか、登録への `attribute-query: true` の追加を運用者に依頼してください"),
        CatalogueEntry(
            "saml.query.principal", "nobody of this name is logged in at your service through us",
            clause: "SAML Core §3.3.4; checklist S12",
            remedy: "ask while the citizen's session lasts, by the NameID of the assertion", japanese: "この名前の人は、こちらを通してあなたのサービスにログインしていません",
            mend: "利用者のセッションの有効な間に、アサーションの NameID で照会してください"),
        CatalogueEntry(
            "saml.response.assertions", "there is not exactly one assertion",
            clause: "SAML Profiles §4.1.4.2; Kantara SDP-IDP10; checklist A21",
            remedy: "send one Assertion or EncryptedAssertion", japanese: "アサーションがちょうど1つではありません",
            mend: "Assertion または EncryptedAssertion を1つ送信してください"),
        CatalogueEntry(
            "saml.response.comment", "a value is cut by a comment or by markup", clause: "checklist A7, A8",
            remedy: "write the value as one text", japanese: "値がコメントやマークアップで分断されています", mend: "値を1つのテキストとして書いてください"),
        CatalogueEntry(
            "saml.response.content-beside-failure", "a status of failure comes with an assertion", clause: "SAML Core §3.2.2; checklist A6",
            remedy: "send no assertion when the status is not Success", japanese: "失敗のステータスにアサーションが添えられています",
            mend: "状態が Success でないときは、アサーションを送信しないでください"),
        CatalogueEntry(
            "saml.response.destination", "Destination is not the address the message came to",
            clause: "SAML Core §3.2.2; SAML Bindings §3.5.5.2",
            remedy: "send it to the address of the metadata, and say so in Destination when it is signed",
            japanese: "Destinationが届いたアドレスと一致しません", mend: "メタデータのアドレスに送信し、署名するときは Destination にも指定してください"),
        CatalogueEntry(
            "saml.response.future", "IssueInstant lies in the future", clause: "SAML Core §2.3.3, §3.2.2",
            remedy: "set both clocks", japanese: "IssueInstantが未来です", mend: "双方の時計を合わせてください"),
        CatalogueEntry(
            "saml.response.in-response-to", "the answer is not to our question", clause: "SAML Core §3.2.2",
            remedy: "repeat the ID of the request", japanese: "こちらの問いへの回答ではありません", mend: "リクエストの ID をそのまま使ってください"),
        CatalogueEntry(
            "saml.response.issuer", "the Issuer is not who should have sent it", clause: "SAML Profiles §4.1.4.2",
            remedy: "compare the entityID byte for byte with the metadata", japanese: "Issuerが期待した相手ではありません",
            mend: "entityID を、メタデータと1バイトずつ見比べてください"),
        CatalogueEntry(
            "saml.response.kind", "the message is none that this role takes", clause: "SAML Profiles §4.1.4.2, §4.4",
            remedy: "send a Response, a logout message or an ArtifactResponse to a service provider, a request to an identity provider",
            japanese: "この役割が受け付ける種類のメッセージではありません", mend: "Response、ログアウトのメッセージ、ArtifactResponse はサービスプロバイダーに、リクエストはアイデンティティプロバイダーに送信してください"),
        CatalogueEntry(
            "saml.response.malformed", "the message does not follow the schema", clause: "SAML Core §2, §3",
            remedy: "follow the schema of SAML 2.0", japanese: "メッセージがスキーマに従っていません", mend: "SAML 2.0 のスキーマに従ってください"),
        CatalogueEntry(
            "saml.response.no-key", "no trusted key was given, so nothing can be believed", clause: "SAML Core §5.4; checklist A15",
            remedy: "give the sender's certificates or keys; a key inside the message proves nothing",
            japanese: "信頼する鍵が与えられていないため、何も信じられません", mend: "送信元の証明書または鍵を指定してください。メッセージの中の鍵は証明になりません"),
        CatalogueEntry(
            "saml.response.signature-misplaced", "a signature stands elsewhere than right under the message or its assertion",
            clause: "SAML Core §5.4.1; checklist A1, A4",
            remedy: "sign Response and Assertion themselves and put nothing signed inside them", japanese: "メッセージやアサーションの直下でないところに署名があります",
            mend: "Response と Assertion 自体に署名し、その中に署名付きの要素を入れないでください"),
        CatalogueEntry(
            "saml.response.status", "the sender says that it did not succeed", clause: "SAML Core §3.2.2.2",
            remedy: "look up the StatusMessage at the sender", japanese: "送信者が失敗を知らせています", mend: "StatusMessage を送信元で確認してください"),
        CatalogueEntry(
            "saml.response.unsigned", "no signature covers what would be read", clause: "SAML Profiles §4.1.4.3, §4.1.4.5",
            remedy: "sign the Response or the Assertion", japanese: "読み取る内容を覆う署名がありません", mend: "Response または Assertion に署名してください"),
        CatalogueEntry(
            "saml.response.version", "the version is not 2.0", clause: "SAML Core §2.3.3, §3.2.2",
            remedy: "speak SAML 2.0", japanese: "バージョンが2.0ではありません", mend: "SAML 2.0 を使ってください"),
        CatalogueEntry(
            "saml.unsolicited.off", "the service does not take answers that it did not ask for",
            clause: "SAML Profiles §4.1.5; checklist S8",
            remedy: "begin at the service; its operator may set `unsolicited: true` in the member's file",
            japanese: "このサービスは求めていない回答を受け付けません", mend: "サービスから始めてください。運用者は、参加機関のファイルに `unsolicited: true` を設定できます"),
        CatalogueEntry(
            "saml.unsolicited.parameter", "the address does not say for which service, or says it in a way we do not take",
            clause: "SAML Profiles §4.1.5; checklist S8",
            remedy: "use /saml/unsolicited?providerId=ENTITYID, with target and shire at most once each",
            japanese: "どのサービスのためのものか、アドレスから分かりません", mend: "/saml/unsolicited?providerId=ENTITYID を使い、target と shire はそれぞれ1回までにしてください"),
        CatalogueEntry(
            "soap.content-type", "the content is not `text/xml` in UTF-8", clause: "SOAP 1.1 §6",
            remedy: "send `text/xml`", japanese: "内容の型がUTF-8のtext/xmlではありません", mend: "`text/xml` を送信してください"),
        CatalogueEntry(
            "soap.envelope", "the document is no SOAP envelope", clause: "SOAP 1.1 §4.1",
            remedy: "send an Envelope", japanese: "SOAPの封筒ではありません", mend: "Envelope を送信してください"),
        CatalogueEntry(
            "soap.failure", "something of ours failed; nothing was given out", clause: "SOAP 1.1 §4.4.1",
            remedy: "try again in a moment; tell the operator the time if it goes on", japanese: "こちら側で障害が起きました。何も渡していません",
            mend: "しばらく待ってから再試行してください。解消しないときは、時刻を運用者に連絡してください"),
        CatalogueEntry(
            "soap.fault", "the peer answered with a SOAP fault", clause: "SOAP 1.1 §4.4",
            remedy: "look into the peer's log", japanese: "相手がSOAP Faultを返しました", mend: "相手のログを確認してください"),
        CatalogueEntry(
            "soap.malformed", "the envelope is not built as we read it", clause: "SOAP 1.1 §4; SAML Bindings §3.2.2.1",
            remedy: "send one Body with one SAML message in it, and nothing behind the Body", japanese: "封筒の構造が想定と違います",
            mend: "SAMLメッセージを1つ含む Body を1つ送信し、その後ろには何も入れないでください"),
        CatalogueEntry(
            "soap.must-understand", "a header block demands to be understood, and we understand none",
            clause: "SOAP 1.1 §4.2.3; SAML Bindings §3.2.2",
            remedy: "leave the header block out", japanese: "理解必須のヘッダーがありますが、理解できるものはありません", mend: "このヘッダーブロックを省略してください"),
        CatalogueEntry(
            "soap.too-large", "the envelope is larger than we take", clause: "checklist D1",
            remedy: "send a smaller message", japanese: "封筒が大きすぎます", mend: "メッセージを小さくしてください"),
        CatalogueEntry(
            "soap.version", "the envelope is of another version of SOAP", clause: "SOAP 1.1 §4.1.2",
            remedy: "speak SOAP 1.1", japanese: "SOAPの別の版です", mend: "SOAP 1.1 を使ってください"),
        CatalogueEntry(
            "soap.xml", "the envelope is no XML that we read", clause: "SOAP 1.1 §3; Kantara IIP-G03",
            remedy: "send well-formed UTF-8 without DOCTYPE, entities or processing instructions", japanese: "封筒が読めるXMLではありません",
            mend: "DOCTYPE、実体参照、処理命令のない、整形式の UTF-8 を送信してください"),
    ]
}
