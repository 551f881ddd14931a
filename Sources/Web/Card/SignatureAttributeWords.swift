import TrustFramework

extension AttributeSource {
    /// What is told, in a citizen's words (docs/words.md).
    var phrase: Words {
        switch self {
        case .pinUsed: Words("暗証番号を使用したかどうか", "whether the PIN was used", easy: "暗証番号を 入れたか")
        case .cardMode: Words("カードの使い方", "how the card was used", easy: "カードを どう 使ったか")
        case .carrier: Words("カードとスマートフォンのどちらを使ったか", "whether a card or a phone was used", easy: "カードか スマートフォンか")
        case .proofingLevel: Words("身元確認の保証レベル", "level of identity proofing", easy: "だれか どのくらい しっかり 調べたか")
        case .authenticationLevel: Words("当人認証の保証レベル", "level of authentication", easy: "本人か どのくらい しっかり 確かめたか")
        case .revocationSource: Words("失効確認の方法", "how revocation was checked", easy: "証明書が 使えるか どう 調べたか")
        case .revocationTime: Words("失効情報の日時", "time of the revocation data", easy: "証明書が 使えるか いつ 調べたか")
        case .name: Words("氏名", "name", easy: "名前")
        case .nameSubstitution: Words("氏名のうち代替文字の位置", "which characters of the name are substitutes", easy: "名前の かわりの 文字が どこに あるか")
        case .birthDate: Words("生年月日", "date of birth", easy: "生まれた 日")
        case .sex: Words("性別", "sex", easy: "男か 女か")
        case .address: Words("住所", "address", easy: "住所（住んでいる ところ）")
        case .addressSubstitution: Words("住所のうち代替文字の位置", "which characters of the address are substitutes", easy: "住所の かわりの 文字が どこに あるか")
        case .over18: Words("18歳以上かどうか", "whether you are 18 or older", easy: "18歳より 上か（18歳も 入ります）")
        case .over20: Words("20歳以上かどうか", "whether you are 20 or older", easy: "20歳より 上か（20歳も 入ります）")
        case .over65: Words("65歳以上かどうか", "whether you are 65 or older", easy: "65歳より 上か（65歳も 入ります）")
        case .birthYear: Words("生まれた年", "year of birth", easy: "生まれた 年")
        case .prefecture: Words("住所の都道府県", "prefecture of your address", easy: "住んでいる 県（東京都・大阪府なども）")
        case .municipality: Words("住所の市区町村", "municipality of your address", easy: "住んでいる 市や 町")
        case .comparison:
            Words(
                "申込内容と証明書の内容が一致するかどうか", "whether your application matches your certificate", easy: "あなたが 書いた ことと 証明書が 同じか")
        case .customerID: Words("このサービスでのお客様番号", "your customer numbers at this service", easy: "この サービスの お客様番号")
        }
    }
}
