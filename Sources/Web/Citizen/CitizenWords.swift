import Credentials
import SignOn
import TrustFramework
import Vocabulary

extension DeviceWord {
    var words: Words {
        if browser == .service { return Words("機器・アプリ（ブラウザ以外）", "A device or an app (not a browser)", easy: "機械か アプリ") }
        let browser: Words =
            switch browser {
            case .chrome: Words(verbatim: "Chrome")
            case .edge: Words(verbatim: "Edge")
            case .firefox: Words(verbatim: "Firefox")
            case .safari: Words(verbatim: "Safari")
            case .samsung: Words(verbatim: "Samsung Internet")
            case .app, .service: Words("アプリ", "An app", easy: "アプリ")
            case .other: Words("その他のブラウザ", "Another browser", easy: "ほかの ブラウザ")
            }
        let machine: Words? =
            switch machine {
            case .windows: Words(verbatim: "Windows")
            case .macOS: Words(verbatim: "Mac")
            case .linux: Words(verbatim: "Linux")
            case .chromeOS: Words(verbatim: "ChromeOS")
            case .android: Words(verbatim: "Android")
            case .iPhone: Words(verbatim: "iPhone")
            case .iPad: Words(verbatim: "iPad")
            case .other: nil
            }
        return machine.map { browser + Words("（", ", ") + $0 + Words("）", "") } ?? browser
    }
}

extension Carrier {
    var words: Words {
        switch self {
        case .card: Words("マイナンバーカード", "My Number Card", easy: "マイナンバーカード")
        case .phone: Words("スマートフォンの電子証明書", "Certificate on a phone", easy: "スマートフォン")
        }
    }
}

extension CardMode {
    var words: Words {
        switch self {
        case .pin: Words("暗証番号を入力", "with its PIN", easy: "暗証番号を 入れました")
        case .face: Words("顔認証", "with a face check", easy: "顔を 見ました")
        case .presence: Words("かざすだけ（暗証番号なし）", "held to a terminal, without a PIN", easy: "カードを 近づけました")
        }
    }
}

extension CertificateBlock.Reason {
    var words: Words {
        switch self {
        case .lost: Words("なくした", "Lost", easy: "なくしました")
        case .stolen: Words("盗まれた", "Stolen", easy: "とられました")
        case .misused: Words("ほかの人に使われた", "Somebody else used it", easy: "だれかが 使いました")
        }
    }
}

extension LinkedCertificate {
    /// Cards are told apart by four digits of their handle: the serial number stays inside.
    var name: Words {
        (carrier?.words ?? Words("カードまたはスマートフォン", "Card or phone", easy: "カードか スマートフォン")) + Words(verbatim: " " + handle.short)
    }
}
