import Synchronization
import TrustFramework
import Vocabulary

/// What is known of the card at one visit beside the proofs: what its app saw, and what became of the last try. Advice for a page, never
/// evidence.
struct CardNews: Sendable {
    var readiness: CardReadiness?
    /// The code of the last refusal.
    var trouble: String?
    var pairingFault: Words?
    fileprivate var until: Timestamp
}

/// For the minutes of a visit, in this process: what a restart forgets is only advice.
final class CardNewsShelf: Sendable {
    /// Visits that are remembered; beyond it the ones that end first are let go.
    static let most = 10_000
    private let visits = Mutex<[TransactionID: CardNews]>([:])

    func news(of visit: TransactionID, at now: Timestamp) -> CardNews? {
        visits.withLock { visits in visits[visit].flatMap { now < $0.until ? $0 : nil } }
    }

    func note(_ visit: TransactionID, until: Timestamp, at now: Timestamp, _ change: (inout CardNews) -> Void) {
        visits.withLock { visits in
            if visits.count >= Self.most, visits[visit] == nil {
                visits = visits.filter { now < $0.value.until }
                if visits.count >= Self.most, let first = visits.min(by: { $0.value.until < $1.value.until }) { visits[first.key] = nil }
            }
            var news = visits[visit] ?? CardNews(until: until)
            change(&news)
            visits[visit] = news
        }
    }

    func forget(_ visit: TransactionID) { visits.withLock { $0[visit] = nil } }
}

/// What an app saw before it started: reader, card, and the tries that the card has left for its PIN (`63 Cx`, jpki.md §2.4). Told by the
/// app, believed only as far as advice goes.
struct CardReadiness: Hashable, Sendable {
    let reader: Bool?
    let card: Bool?
    /// 0…15, as the card counts.
    let tries: Int?
    let validUntil: Timestamp?

    init?(_ body: [UInt8]) {
        guard let json = try? JSON(reading: body, depth: 2), case .object(_) = json else { return nil }
        func flag(_ name: String) -> Bool?? {
            guard let value = json[name] else { return .some(nil) }
            return value.bool.map { .some($0) }
        }
        guard let reader = flag("reader"), let card = flag("card") else { return nil }
        self.reader = reader
        self.card = card
        switch json["pin_tries_left"] {
        case nil, .null: tries = nil
        case let value?:
            guard let count = value.integer, (0...15).contains(count) else { return nil }
            tries = Int(count)
        }
        switch json["certificate_valid_until"] {
        case nil, .null: validUntil = nil
        case let value?:
            guard let moment = value.string.flatMap({ Timestamp($0) }) else { return nil }
            validUntil = moment
        }
    }

    var isReady: Bool { reader != false && card != false && (tries ?? 3) > 1 }

    /// Why it would not work now, by a word for machines; nil where nothing stands in the way.
    func obstacle(for mode: CardMode, at now: Timestamp) -> String? {
        if reader == false { return "reader" }
        if card == false { return "card" }
        if mode == .pin, tries == 0 { return "pin-locked" }
        if let validUntil, validUntil < now { return "certificate-expired" }
        return nil
    }

    /// In plain words; at most one sentence for each thing.
    func advice(for mode: CardMode, at now: Timestamp) -> [Words] {
        var lines: [Words] = []
        if reader == false {
            lines.append(
                Words(
                    "カードリーダーが見つかりません。つなぎ直してから、もう一度お試しください。", "No card reader was found. Plug it in again, then try once more.",
                    easy: "カードリーダーが ありません。つないでください。"))
        } else if card == false {
            lines.append(
                Words(
                    "カードが読めません。カードを置き直してください。", "The card cannot be read. Put it down again.", easy: "カードが 読めません。もう一回 おいてください。"))
        } else if card == true {
            lines.append(Words("カードが読めています。", "The card can be read.", easy: "カードが 読めました。"))
        }
        // Where the card would do without its PIN, a PIN that is locked stands in nobody's way.
        if let tries, mode == .pin || tries > 0 {
            switch tries {
            case 0:
                lines.append(
                    Words(
                        "カードを守るため、暗証番号がいまは使えません。市区町村の窓口で設定し直せます。カードや登録が失われたわけではありません。",
                        "To protect you the card does not take a PIN at the moment. A municipal counter sets a new one; nothing of yours is lost.",
                        easy: "いまは 暗証番号が つかえません。市役所で なおせます。なにも なくなっていません。"))
            case 1:
                lines.append(
                    Words(
                        "暗証番号を入力できるのは、あと1回です。確かでないときは入力せず、市区町村の窓口にご相談ください。",
                        "One try is left for the PIN. Unless you are sure of it, leave it and ask a municipal counter.",
                        easy: "あと 1回だけです。わからないときは 入れないでください。市役所に 聞いてください。"))
            default:
                lines.append(
                    Words(
                        "暗証番号を入力できるのは、あと" + String(tries) + "回です。", "Tries left for the PIN: " + String(tries) + ".",
                        easy: "あと " + String(tries) + "回 入れられます。"))
            }
        }
        if let validUntil {
            if validUntil < now {
                lines.append(
                    Words(
                        "電子証明書の有効期限が過ぎています。市区町村の窓口で更新できます。", "The certificate has run out. A municipal counter renews it.",
                        easy: "証明書の 期限が すぎました。市役所で 新しくできます。"))
            } else if validUntil < now.adding(seconds: 90 * 86_400) {
                lines.append(
                    Words("電子証明書の有効期限は", "The certificate is valid until ", easy: "証明書の 期限は ")
                        + Words(
                            validUntil.dayShown(in: .japanese) + "です。更新の手続きができます。",
                            validUntil.dayShown(in: .english) + ". You can renew it now.",
                            easy: validUntil.dayShown(in: .easy) + "です。もう 新しくできます。"))
            }
        }
        return lines
    }
}
