import HTTPTypes
import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// The pages that belong to the citizen, by their address.
enum CitizenPlace: String, CaseIterable, Sendable {
    case overview = "/me"
    case sessions = "/me/sessions"
    case services = "/me/services"
    case told = "/me/told"
    case consents = "/me/consents"
    case cards = "/me/cards"
    case links = "/me/links"
    case lost = "/me/lost"
    /// The address of what was told before there was `/me`; it stays.
    case ledger = "/ledger"
    /// What is kept of signature certificates.
    case identity = "/identity"

    static let shown: [CitizenPlace] = [.overview, .sessions, .services, .told, .consents, .cards, .links, .lost]

    var title: Words {
        switch self {
        case .overview: Words("あなたのページ", "Your page", easy: "あなたの ページ")
        case .sessions: Words("ログイン中の機器", "Where you are logged in", easy: "いま ログインしている ところ")
        case .services: Words("連携しているサービス", "Connected services", easy: "つながっている サービス")
        case .told, .ledger: Words("伝えた記録", "Record of what was sent", easy: "サービスに 伝えた こと")
        case .consents: Words("同意", "Your consents", easy: "「いいです」と 言った こと")
        case .cards: Words("カードとスマートフォン", "Cards and phones", easy: "カードと スマートフォン")
        case .links: Words("引継ぎとお客様番号", "Renewal and customer numbers", easy: "新しい カードと お客様番号")
        case .lost: Words("紛失・盗難の届出", "Report a loss or theft", easy: "なくした・とられた")
        case .identity: Words("提示した署名用電子証明書", "Signature certificates you presented", easy: "見せた 証明書")
        }
    }
}

/// Where a citizen wants to go, with what was chosen there already: it survives a login in between (H7). Made of typed values only, so that
/// nothing else ever becomes an address.
struct CitizenAim: Sendable, Hashable {
    var place: CitizenPlace
    /// On the page of losses: which card or phone, and why.
    var card: CertificateHandle?
    var reason: CertificateBlock.Reason?
    /// Card or phone has to be used once more, with its PIN.
    var wantsPIN = false

    init(_ place: CitizenPlace, card: CertificateHandle? = nil, reason: CertificateBlock.Reason? = nil, wantsPIN: Bool = false) {
        self.place = place
        self.card = card
        self.reason = reason
        self.wantsPIN = wantsPIN
    }

    /// From a form of ours or from the text that a paused login keeps.
    init(_ form: FormParameters) {
        place = form["page"].flatMap(CitizenPlace.init(rawValue:)) ?? .overview
        card = form["card"].flatMap { CertificateHandle($0) }
        reason = form["reason"].flatMap(CertificateBlock.Reason.init(rawValue:))
        wantsPIN = form["pin"] == "yes"
    }

    init(message: [UInt8]) {
        guard let form = try? FormParameters(message) else {
            self.init(.overview)
            return
        }
        self.init(form)
    }

    private var chosen: [(String, String)] {
        var fields: [(String, String)] = []
        if let card { fields.append(("card", card.text)) }
        if let reason { fields.append(("reason", reason.rawValue)) }
        return fields
    }

    var fields: [(String, String)] { [("page", place.rawValue)] + chosen + (wantsPIN ? [("pin", "yes")] : []) }

    /// Every value is of letters, digits and slashes: nothing has to be escaped.
    var message: [UInt8] { Array(fields.map { $0.0 + "=" + $0.1 }.joined(separator: "&").utf8) }

    var address: String {
        chosen.isEmpty ? place.rawValue : place.rawValue + "?" + chosen.map { $0.0 + "=" + $0.1 }.joined(separator: "&")
    }
}

extension OwnLogin {
    /// To one of the citizen's own pages. A visit of before there was `/me` says nothing, and meant the ledger.
    init(citizen transaction: Transaction) {
        let aim = transaction.message.isEmpty ? CitizenAim(.ledger) : CitizenAim(message: transaction.message)
        self.init(
            ask: Ask(member: transaction.member, askedAt: transaction.receivedAt), about: nil, page: aim.address,
            again: aim.wantsPIN ? AuthenticateAgain(mode: .pin, within: CitizenAim.proofAge) : nil)
    }

    private var isCitizens: Bool { page == "/approve" || CitizenPlace.allCases.contains { page.hasPrefix($0.rawValue) } }

    /// Whether the citizen is here as this page wants it.
    func isMet(by session: Session, in journey: TransactionID, at now: Timestamp) -> Bool {
        if meeting == .add { return false }
        // Where only the presence of a card was stated, its citizen is not known to be here.
        if isCitizens, !session.opensOwnPages { return false }
        guard let again else { return true }
        return session.authentications.contains { $0.journey == journey && $0.isProof(within: again.within, at: now) }
    }
}

extension CitizenAim {
    /// Seconds for which the PIN of a moment ago stands for the person: as long as a form takes to be read.
    static let proofAge: Int64 = 600
}
