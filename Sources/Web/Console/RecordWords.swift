import SignOn
import TrustFramework
import Vocabulary

/// A record of the audit trail in plain words, for an auditor: what each fact is called, and what stands in it. The trail's own words stand beside
/// them, for whoever searches or compares.
enum RecordWords {
    static func name(_ code: String) -> Words { names[code].map { $0 + " (" + code + ")" } ?? Words(verbatim: code) }

    /// Moments as a clock in Japan shows them, codes in plain words; everything else as it was written. `purpose` names one.
    static func value(_ name: String, _ value: JSON, purpose: (Purpose) -> Words) -> Cell {
        if let flag = value.bool { return .named(flag ? Words("はい", "yes") : Words("いいえ", "no"), value.text) }
        if let items = value.strings {
            let words = items.compactMap { AttributeSource(rawValue: $0)?.phrase }
            return words.count == items.count && !items.isEmpty ? .named(Array(zip(words, items)).map { ($0, $1) }) : .code(value.text)
        }
        guard let text = value.string else { return .code(value.text) }
        if name == "event" { return MachineWords.event(text) }
        if let moment = Timestamp(text) { return .time(moment) }
        let words: Words? =
            switch name {
            case "mode": CardMode(rawValue: text)?.words
            case "carrier": Carrier(rawValue: text)?.words
            case "door": Door(rawValue: text)?.words
            case "status-source": StatusSource(rawValue: text)?.words
            case "purpose": Purpose(text).map(purpose)
            default: nil
            }
        guard let words, words.ja != text else { return .text(text) }
        return .named(words, text)
    }

    private static let names: [String: Words] = [
        "at": Words("日時", "Time"), "event": Words("イベント", "Event"), "member": Words("参加機関", "Member"), "subject": Words("利用者", "Citizen"),
        "protocol": Words("プロトコル", "Protocol"), "purpose": Words("利用目的", "Purpose"), "context": Words("認証の水準", "Level"),
        "mode": Words("カードの使い方", "How the card was used"), "mode-stated": Words("使い方の申告の有無", "Mode was stated"),
        "carrier": Words("カード・スマートフォンの別", "Card or phone"), "door": Words("受付方法", "Door"), "terminal": Words("端末", "Terminal"),
        "authenticated-at": Words("認証の日時", "Authenticated at"), "status-source": Words("失効確認の方法", "Revocation checked by"),
        "status-at": Words("失効情報の日時", "Revocation data of"), "status": Words("証明書の状態", "Certificate status"),
        "released": Words("提供した属性", "Attributes sent"), "rules": Words("適用した規則", "Rules"),
        "policy-version": Words("規則の版", "Policy version"),
        "code": Words("コード", "Code"), "officer": Words("担当者", "Officer"), "login": Words("ログイン参照番号", "Login"),
        "reason": Words("理由", "Reason"),
        "answer": Words("応答の番号", "Answer"), "request": Words("リクエストの番号", "Request"), "ledger": Words("提供記録の番号", "Ledger entry"),
        "certificate": Words("証明書の記号", "Certificate"), "by": Words("実施者", "By"), "origin": Words("きっかけ", "Origin"),
        "sessions": Words("セッションの数", "Sessions"), "others-told": Words("ほかのサービスへの通知", "Others told"), "client": Words("クライアント", "Client"),
        "proposal": Words("提案の番号", "Proposal"), "verdict": Words("検証結果", "Verdict"), "result": Words("結果", "Result"),
        "channel": Words("経路", "Channel"),
    ]
}

extension Door {
    fileprivate var words: Words {
        switch self {
        case .tls: Words("ブラウザのカード認証（TLS）", "card in the browser (TLS)")
        case .challenge: Words("アプリ・端末による署名", "signature by an app or a terminal")
        case .otherDevice: Words("別の機器のアプリによる署名", "signature by an app on another device")
        }
    }
}

extension StatusSource {
    fileprivate var words: Words {
        switch self {
        case .crl: Words("失効リスト（CRL）", "revocation list (CRL)")
        case .ocsp: Words("オンライン照会（OCSP）", "on-line status (OCSP)")
        }
    }
}
