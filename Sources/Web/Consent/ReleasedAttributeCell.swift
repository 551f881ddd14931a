import TrustFramework
import Vocabulary

extension ReleasedAttribute {
    /// The value for the citizen whom it is about: the machine's word for it goes to the service only (docs/words.md).
    var cell: Cell {
        if source == .revocationTime, let moment = Timestamp(text) { return .time(moment) }
        if let words { return .words(words) }
        return .text(texts.joined(separator: Language.current == .english ? ", " : "、"))
    }

    /// Nil where the value is the citizen's own already: names, places, numbers.
    private var words: Words? {
        switch source {
        // Whether they agree is not known yet: the service has what was typed.
        case .comparison: Words("サービスが照合します", "The service may compare them", easy: "サービスが くらべます")
        case .cardMode: CardMode(rawValue: text)?.words
        case .carrier: Carrier(rawValue: text)?.words
        case .revocationSource: StatusSource(rawValue: text).map(Self.check)
        case .sex: Sex(rawValue: text).map(Self.sex)
        case .nameSubstitution, .addressSubstitution: Self.places(of: text)
        case .birthDate, .birthYear: Words(verbatim: CalendarDay.shown(text[...], in: .current))
        default: value.bool.map { $0 ? Words("はい", "Yes", easy: "はい") : Words("いいえ", "No", easy: "いいえ") }
        }
    }

    private static func check(_ source: StatusSource) -> Words {
        switch source {
        case .crl: Words("失効した証明書の一覧", "List of revoked certificates", easy: "使えない 証明書の リスト")
        case .ocsp: Words("発行者へのオンライン照会", "On-line enquiry to the issuer", easy: "証明書を 作った ところに 聞きました")
        }
    }

    private static func sex(_ sex: Sex) -> Words {
        switch sex {
        case .male: Words("男性", "Male", easy: "男")
        case .female: Words("女性", "Female", easy: "女")
        case .notStated: Words("記載なし", "Not stated", easy: "書いて ありません")
        }
    }

    /// One digit for each character: `1` where it stands for another.
    private static func places(of marks: String) -> Words {
        let places = marks.enumerated().filter { $0.element == "1" }.map { String($0.offset + 1) }
        guard !places.isEmpty else { return Words("なし", "None", easy: "ありません") }
        return Words(
            places.joined(separator: "、") + "文字目", "Character " + places.joined(separator: ", "),
            easy: places.joined(separator: "、") + "ばんめの 文字")
    }
}
