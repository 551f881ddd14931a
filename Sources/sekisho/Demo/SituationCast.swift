import SampleParties
import Vocabulary

/// Who takes part in the shipped situations. Kinds, permissions and purposes are those that the rules in `Policies/` ask for.
struct SituationCast {
    /// Its path, and with OpenID its client_id.
    let name: String
    let kind: String
    let japanese: String
    let english: String
    let purpose: String
    var permissions: [String] = []
    var more: [String] = []
    var wishes = OpenIDService.Wishes()

    func member(_ id: String) -> DemoMember {
        DemoMember(
            id: id, kind: kind, japanese: japanese, english: english, purpose: purpose,
            accreditation: ["permissions: [\(permissions.joined(separator: ", "))]"], more: more)
    }

    static let saml = [
        SituationCast(name: "e-filing", kind: "ministry", japanese: "電子申請の窓口", english: "E-filing", purpose: "filing"),
        SituationCast(
            name: "filing-agency", kind: "private-verifier", japanese: "申請代行株式会社", english: "Filing agency Ltd.", purpose: "filing"),
        SituationCast(name: "portal", kind: "ministry", japanese: "行政ポータル", english: "Portal", purpose: "portal"),
        SituationCast(
            name: "city", kind: "local-government", japanese: "関町市の手続", english: "City of Sekimachi", purpose: "portal",
            permissions: ["face-terminals"]),
        SituationCast(
            name: "shelter", kind: "local-government", japanese: "関町市の避難所受付", english: "Shelter check-in", purpose: "shelter",
            permissions: ["face-terminals", "presence-terminals"]),
        SituationCast(name: "staff", kind: "ministry", japanese: "職員ポータル", english: "Staff system", purpose: "staff"),
        SituationCast(
            name: "guards", kind: "private-verifier", japanese: "警備会社の社員ログイン", english: "Staff of a security firm", purpose: "staff"),
    ]

    static let openID = [
        SituationCast(
            name: "health-record", kind: "platform-operator", japanese: "健康記録", english: "Health record", purpose: "health-record",
            permissions: ["presence-terminals"], more: ["sector: health-record.example"]),
        SituationCast(
            name: "health-record-details", kind: "platform-operator", japanese: "健康記録の詳細", english: "Health record, details",
            purpose: "health-record-details", permissions: ["presence-terminals"], more: ["sector: health-record.example"]),
        SituationCast(
            name: "clinic", kind: "served-firm", japanese: "関町クリニック", english: "Sekimachi clinic", purpose: "reception",
            permissions: ["face-terminals"], more: ["operated-by: health-record"]),
        SituationCast(
            name: "bank-accounts", kind: "private-verifier", japanese: "見本銀行の口座開設", english: "Sample bank, new accounts",
            purpose: "account-opening", more: ["sector: bank.example"],
            wishes: .init(claims: ["userinfo": ["name": .null, "birthdate": .null, "gender": .null, "address": .null]])),
        SituationCast(
            name: "bank", kind: "private-verifier", japanese: "見本銀行オンライン", english: "Sample bank on line", purpose: "online-banking",
            more: ["sector: bank.example"]),
        SituationCast(
            name: "insurer", kind: "private-verifier", japanese: "見本生命の変更確認", english: "Sample insurer", purpose: "change-watch",
            wishes: .init(
                scope: "openid offline_access", claims: ["id_token": ["revocation_source": .null, "revocation_time": .null]], later: true)),
    ]

    /// What a bank knows beside what it is told: one book for both of its services, which see the same identifier (one sector).
    static func greeting(_ name: String, _ subject: String, _ book: CustomerBook) -> [(String, String)] {
        switch name {
        case "bank-accounts": [("customer", "account opened: " + book.open(for: subject))]
        case "bank": [("customer", book.number(of: subject).map { "linked: " + $0 } ?? "nobody is linked to this card")]
        default: []
        }
    }
}
