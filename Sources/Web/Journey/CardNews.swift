import Settings
import SignOn
import Synchronization
import TrustFramework
import Vocabulary

/// What is known of the card at one visit beside the proofs: what its app saw, and what became of the last try. Advice for a page, never
/// evidence.
struct CardNews: Hashable, Sendable {
    /// What became of the number that was typed for an app on another device.
    enum PairingFault: Hashable, Sendable {
        case wrong(left: Int)
        case startAgain

        var words: Words {
            switch self {
            case .wrong(let left):
                Words(
                    "番号がアプリの番号と違いました。アプリをもう一度見てください（あと" + String(left) + "回）。",
                    "That is not the number that the app shows. Please look again (tries left: " + String(left) + ").",
                    easy: "番号が ちがいます。アプリを もう一回 見てください（あと " + String(left) + "回）。")
            case .startAgain:
                Words(
                    "アプリからの確認が届いていないか、有効時間が過ぎています。アプリでもう一度カードを読み取ってください。",
                    "Nothing has arrived from the app yet, or its time has run out. Please read the card with the app again.",
                    easy: "アプリで もう一回 カードを 読んでください。")
            }
        }
    }

    var readiness: CardReadiness?
    /// The code of the last refusal.
    var trouble: String?
    var pairingFault: PairingFault?
    fileprivate(set) var until: Timestamp

    init(until: Timestamp) { self.until = until }
}

extension CardNews {
    /// For the store, where several nodes answer.
    var json: JSON {
        .object([
            ("readiness", readiness?.json ?? .null), ("trouble", trouble.map { .string($0) } ?? .null),
            ("left", pairingFault.map { if case .wrong(let left) = $0 { .integer(Int64(left)) } else { .integer(0) } } ?? .null),
        ])
    }

    init(json: JSON, until: Timestamp) {
        self.until = until
        readiness = json["readiness"].flatMap { CardReadiness($0.bytes) }
        trouble = json["trouble"]?.string
        pairingFault = json["left"]?.integer.map { $0 > 0 ? .wrong(left: Int(clamping: $0)) : .startAgain }
    }
}

/// For the minutes of a visit, in this process: what a restart forgets is only advice. Where several nodes answer, it is in the store instead.
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

extension Platform {
    private var sharesNews: Bool { configuration.current.store.isShared }

    private static func key(_ visit: TransactionID) -> [UInt8] { Ticket.digest(of: "news " + visit.text) }

    func cardNews(of visit: TransactionID, at now: Timestamp) async throws -> CardNews? {
        guard sharesNews else { return news.news(of: visit, at: now) }
        guard let note = try await stores.passing(.cardNews, Self.key(visit), at: now), let json = try? JSON(reading: note.body) else {
            return nil
        }
        return CardNews(json: json, until: note.expiresAt)
    }

    func note(
        _ visit: TransactionID, until: Timestamp, at now: Timestamp, _ change: (inout CardNews) -> Void
    ) async throws {
        guard sharesNews else { return news.note(visit, until: until, at: now, change) }
        var present = try await cardNews(of: visit, at: now) ?? CardNews(until: until)
        change(&present)
        // Without room the page says less: it is advice.
        _ = try await stores.leave(
            PassingNote(.cardNews, key: Self.key(visit), body: present.json.bytes, expiresAt: present.until), at: now)
    }

    /// The card was taken, so that no page will say more of it: the place is another visit's. It is looked for before it is taken out, for most
    /// visits leave nothing and a look waits for no writer; and it holds up no login, for what stays ends with its visit.
    func forgetNews(of visit: TransactionID, at now: Timestamp) async {
        guard sharesNews else { return news.forget(visit) }
        guard (try? await stores.passing(.cardNews, Self.key(visit), at: now)) != nil else { return }
        _ = try? await stores.takePassing(.cardNews, Self.key(visit), at: now)
    }
}

/// What an app saw before it started: reader, card, and the tries that the card has left for its PIN (`63 Cx`, jpki.md §2.4). Told by the
/// app, believed only as far as advice goes.
struct CardReadiness: Hashable, Sendable {
    let reader: Bool?
    let card: Bool?
    /// 0…15, as the card counts.
    let tries: Int?
    let validUntil: Timestamp?

    var json: JSON {
        let members: [(String, JSON?)] = [
            ("reader", reader.map { .bool($0) }), ("card", card.map { .bool($0) }),
            ("pin_tries_left", tries.map { .integer(Int64($0)) }), ("certificate_valid_until", validUntil.map { .string($0.text) }),
        ]
        return .object(members.compactMap { name, value in value.map { (name, $0) } })
    }

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
                    "カードリーダーが見つかりません。つなぎ直してから、もう一度お試しください。", "No card reader was found. Please reconnect it and try again.",
                    easy: "カードリーダーが ありません。つないでください。"))
        } else if card == false {
            lines.append(
                Words("カードを読み取れません。カードを置き直してください。", "The card cannot be read. Please place it again.", easy: "カードが 読めません。もう一回 置いてください。"))
        } else if card == true {
            lines.append(Words("カードを読み取れています。", "The card can be read.", easy: "カードが 読めました。"))
        }
        // Where the card would do without its PIN, a PIN that is locked stands in nobody's way.
        if let tries, mode == .pin || tries > 0 {
            switch tries {
            case 0:
                lines.append(
                    Words(
                        "安全のため、暗証番号がロックされています。市区町村の窓口で設定し直せます。カードも登録もなくなっていません。",
                        "The PIN is locked for your security. Your municipal office can set a new one; your card and your registrations are not lost.",
                        easy: "暗証番号が 止まっています。市役所か 役場で 直せます。何も なくなっていません。"))
            case 1:
                lines.append(
                    Words(
                        "暗証番号を入力できるのは、あと1回です。分からないときは入力せず、市区町村の窓口にご相談ください。",
                        "You have one try left for the PIN. If you are not sure of it, do not enter it; please ask your municipal office.",
                        easy: "あと 1回だけです。わからない ときは、入れないでください。市役所か 役場に 聞いてください。"))
            default:
                lines.append(
                    Words(
                        "暗証番号を入力できるのは、あと" + String(tries) + "回です。", "Tries left for the PIN: " + String(tries) + ".",
                        easy: "あと " + String(tries) + "回 入れる ことが できます。"))
            }
        }
        if let validUntil {
            if validUntil < now {
                lines.append(
                    Words(
                        "電子証明書の有効期限が切れています。市区町村の窓口で更新できます。", "The certificate has expired. Your municipal office can renew it.",
                        easy: "証明書の 期限が すぎました。市役所か 役場で 新しく できます。"))
            } else if validUntil < now.adding(seconds: 90 * 86_400) {
                lines.append(
                    Words("電子証明書の有効期限は", "The certificate is valid until ", easy: "証明書の 期限は ")
                        + Words(
                            validUntil.dayShown(in: .japanese) + "です。市区町村の窓口で更新できます。",
                            validUntil.dayShown(in: .english) + ". Your municipal office can renew it now.",
                            easy: validUntil.dayShown(in: .easy) + "です。もう 新しくできます。"))
            }
        }
        return lines
    }
}
