extension Catalogue {
    /// Metadata of SAML members.
    static let samlMetadata: [CatalogueEntry] = [
        CatalogueEntry(
            "saml.aggregate.extensions", "the Extensions of a group are not where or what they must be", clause: "SAML Metadata §2.3.1",
            remedy: "put one Extensions first in a group", japanese: "グループのExtensionsの位置か内容が正しくありません",
            mend: "グループの先頭に Extensions を1つ入れてください"),
        CatalogueEntry(
            "saml.aggregate.root", "the document is no SAML metadata", clause: "SAML Metadata §2.3.1",
            remedy: "fetch the federation's metadata, not a page about it", japanese: "SAMLメタデータではありません",
            mend: "フェデレーションの説明ページではなく、メタデータを取得してください"),
        CatalogueEntry(
            "saml.aggregate.size", "the aggregate is larger than we read: …", clause: "SAML Metadata §2.3.1",
            remedy: "publish a flatter aggregate", japanese: "メタデータの件数または入れ子が多すぎます", mend: "入れ子の少ない集合を公開してください"),
        CatalogueEntry(
            "saml.aggregate.valid-until", "a time of a group cannot be read", clause: "SAML Metadata §2.3.1",
            remedy: "write xs:dateTime in UTC, xs:duration", japanese: "グループの時刻を読めません", mend: "UTC の xs:dateTime、または xs:duration で書いてください"),
        CatalogueEntry(
            "saml.aggregate.xml", "the aggregate cannot be read", clause: "SAML Metadata §2.3.1",
            remedy: "send UTF-8 without DOCTYPE, within the limits", japanese: "メタデータを読めません", mend: "制限の範囲内で、DOCTYPE のない UTF-8 を送信してください"),
        CatalogueEntry(
            "saml.member.metadata-expired", "the member's metadata was valid until a moment that is past", clause: "SAML Metadata §2.3.2",
            remedy: "publish new metadata", japanese: "参加機関のメタデータの有効期限が切れています", mend: "新しいメタデータを公開してください"),
        CatalogueEntry(
            "saml.member.unknown", "the Issuer is not registered here", clause: "SAML Profiles §4.1.4.1",
            remedy: "register your metadata, or compare your entityID with it byte for byte", japanese: "Issuer が登録されていません",
            mend: "メタデータを登録するか、entityID を1バイトずつ見比べてください"),
        CatalogueEntry(
            "saml.metadata", "the metadata cannot be used", clause: "SAML Metadata §2",
            remedy: "replace it", japanese: "メタデータを使えません", mend: "メタデータを差し替えてください"),
        CatalogueEntry(
            "saml.metadata.artifact", "an ArtifactResolutionService has no usable address or no index of its own",
            clause: "SAML Metadata §2.2.2, §2.2.3",
            remedy: "give each ArtifactResolutionService an https address and an `index` of its own (0, 1, …)",
            japanese: "ArtifactResolutionServiceのアドレスか番号が使えません",
            mend: "ArtifactResolutionService ごとに、https のアドレスと、固有の `index`（0、1、…）を付けてください"),
        CatalogueEntry(
            "saml.metadata.attribute-service", "an AttributeConsumingService has no index of its own", clause: "SAML Metadata §2",
            remedy: "give each AttributeConsumingService an `index` of its own (0, 1, …)",
            japanese: "AttributeConsumingServiceの番号が正しくありません",
            mend: "AttributeConsumingService ごとに、固有の `index`（0、1、…）を付けてください"),
        CatalogueEntry(
            "saml.metadata.boolean", "an attribute is no xs:boolean", clause: "SAML Metadata §2",
            remedy: "repair the value", japanese: "真偽値の属性がxs:booleanではありません", mend: "値を修正してください"),
        CatalogueEntry(
            "saml.metadata.endpoint", "an AssertionConsumerService cannot be used: …", clause: "SAML Metadata §2.4.4; checklist A26",
            remedy: "publish an https AssertionConsumerService with the HTTP-POST binding; give each an `index` of its own (0, 1, …)",
            japanese: "AssertionConsumerServiceに問題があります",
            mend: "HTTP-POST バインディングの https の AssertionConsumerService を公開し、AssertionConsumerService ごとに、固有の `index`（0、1、…）を付けてください"),
        CatalogueEntry(
            "saml.metadata.entity-id", "an entityID is missing, unusable or comes twice", clause: "SAML Metadata §2.3.2",
            remedy: "give each entity one entityID of its own", japanese: "entityIDがないか、使えないか、重複しています",
            mend: "エンティティごとに、固有の entityID を1つ付けてください"),
        CatalogueEntry(
            "saml.metadata.key", "a key cannot be used: …", clause: "SAML Metadata §2.4.1.1; IIP-MD07",
            remedy: "publish an RSA key of 2048 bits or more, or a P-256, P-384 or P-521 key", japanese: "鍵が使えません",
            mend: "2048ビット以上の RSA、P-256、P-384 または P-521 の鍵を公開してください"),
        CatalogueEntry(
            "saml.metadata.logo", "a logo is left out", clause: "SDP-MD10; checklist M13",
            remedy: "publish an https address, or a data: URL of a small PNG, JPEG, GIF or WebP", japanese: "ロゴを使えないため省きました",
            mend: "https のアドレス、または小さな PNG・JPEG・GIF・WebP の data: URL を公開してください"),
        CatalogueEntry(
            "saml.metadata.logout", "a SingleLogoutService is no usable address", clause: "SAML Metadata §2.2.2, §2.2.3",
            remedy: "publish an https address", japanese: "SingleLogoutServiceのアドレスが使えません", mend: "https のアドレスを公開してください"),
        CatalogueEntry(
            "saml.metadata.registration", "RegistrationInfo names no registrationAuthority", clause: "MDRPI §2.1",
            remedy: "write registrationAuthority and, as xs:dateTime in UTC, registrationInstant", japanese: "登録情報が不完全です",
            mend: "registrationAuthority と、UTC の xs:dateTime による registrationInstant を書いてください"),
        CatalogueEntry(
            "saml.metadata.role", "no EntityDescriptor with an SPSSODescriptor for SAML 2.0 is in the document",
            clause: "SAML Metadata §2.4.4",
            remedy: "send the metadata of a service provider", japanese: "SAML 2.0 のサービスプロバイダーのメタデータがありません",
            mend: "サービスプロバイダーのメタデータを送信してください"),
        CatalogueEntry(
            "saml.metadata.root", "the root is no EntityDescriptor", clause: "SAML Metadata §2.3",
            remedy: "send one EntityDescriptor in UTF-8 without DOCTYPE", japanese: "文書の最上位がメタデータではありません",
            mend: "DOCTYPE のない UTF-8 の EntityDescriptor を1つ送信してください"),
        CatalogueEntry(
            "saml.metadata.scope", "a Scope is a regular expression", clause: "SDP-IDP14; checklist M16",
            remedy: "write scopes out; regular expressions are not evaluated", japanese: "Scopeが正規表現です",
            mend: "Scope を具体的に書いてください。正規表現は使えません"),
        CatalogueEntry(
            "saml.metadata.size", "the document is larger than we read: …", clause: "SAML Metadata §2.3",
            remedy: "send one EntityDescriptor in UTF-8 without DOCTYPE", japanese: "文書が大きすぎます",
            mend: "DOCTYPE のない UTF-8 の EntityDescriptor を1つ送信してください"),
        CatalogueEntry(
            "saml.metadata.valid-until", "validUntil is no moment", clause: "SAML Metadata §2.3.2",
            remedy: "write validUntil as an xs:dateTime in UTC", japanese: "validUntilを読めません",
            mend: "validUntil を UTC の xs:dateTime で書いてください"),
        CatalogueEntry(
            "saml.metadata.xml", "the document cannot be read", clause: "SAML Metadata §2.3",
            remedy: "send one EntityDescriptor in UTF-8 without DOCTYPE", japanese: "文書を読めません",
            mend: "DOCTYPE のない UTF-8 の EntityDescriptor を1つ送信してください"),
    ]
}
