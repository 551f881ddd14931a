import Credentials
import SignOn
import TrustFramework
import Vocabulary

extension DeviceWord {
    var words: Words {
        if browser == .service { return Words("機器・アプリ（ブラウザではありません）", "A device or app, no browser") }
        let browser: Words =
            switch browser {
            case .chrome: Words(verbatim: "Chrome")
            case .edge: Words(verbatim: "Edge")
            case .firefox: Words(verbatim: "Firefox")
            case .safari: Words(verbatim: "Safari")
            case .samsung: Words(verbatim: "Samsung Internet")
            case .app, .service: Words("アプリ", "An app")
            case .other: Words("ほかのブラウザ", "Another browser")
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
        case .card: Words("マイナンバーカード", "Individual Number Card")
        case .phone: Words("スマートフォンの電子証明書", "Certificate on a phone")
        }
    }
}

extension CardMode {
    var words: Words {
        switch self {
        case .pin: Words("暗証番号を入力", "with its PIN", easy: "暗証番号を 入れました")
        case .face: Words("顔を確認", "with a check of the face", easy: "顔を 見ました")
        case .presence: Words("かざすだけ", "held to a terminal, without PIN", easy: "カードを 近づけました")
        }
    }
}

extension CertificateBlock.Reason {
    var words: Words {
        switch self {
        case .lost: Words("なくした", "Lost")
        case .stolen: Words("盗まれた", "Stolen", easy: "とられた")
        case .misused: Words("だれかに使われた", "Somebody else used it", easy: "だれかが 使った")
        }
    }
}

extension LinkedCertificate {
    /// Cards are told apart by four digits of their handle: the serial number stays inside.
    var name: Words { (carrier?.words ?? Words("カードまたはスマートフォン", "Card or phone")) + Words(verbatim: " " + handle.short) }
}
