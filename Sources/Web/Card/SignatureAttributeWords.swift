import TrustFramework

extension AttributeSource {
    /// What is told, in a citizen's words: fixed texts, safe in markup.
    var words: (ja: String, en: String) {
        switch self {
        case .pinUsed: ("暗証番号を使ったか", "whether the PIN was used")
        case .cardMode: ("カードの使い方", "how the card was used")
        case .carrier: ("カードかスマートフォンか", "card or phone")
        case .proofingLevel: ("身元確認の水準", "level of identity proofing")
        case .authenticationLevel: ("当人認証の水準", "level of authentication")
        case .revocationSource: ("失効確認の方法", "how revocation was checked")
        case .revocationTime: ("失効情報の時刻", "time of the revocation data")
        case .name: ("氏名", "name")
        case .nameSubstitution: ("氏名の代替文字の位置", "which characters of the name are substitutes")
        case .birthDate: ("生年月日", "date of birth")
        case .sex: ("性別", "sex")
        case .address: ("住所", "address")
        case .addressSubstitution: ("住所の代替文字の位置", "which characters of the address are substitutes")
        case .over18: ("18歳以上かどうか", "whether 18 or older")
        case .over20: ("20歳以上かどうか", "whether 20 or older")
        case .over65: ("65歳以上かどうか", "whether 65 or older")
        case .birthYear: ("生まれた年", "year of birth")
        case .prefecture: ("都道府県", "prefecture")
        case .municipality: ("市区町村", "municipality")
        case .comparison: ("申込みの記載と証明書が一致するか", "whether your application agrees with your certificate")
        case .customerID: ("このサービスでのあなたのお客様番号", "your customer numbers at this service")
        }
    }
}
