import Settings

/// One entry of the console's navigation: shown to officers with one of the roles, and the same roles open its doors.
struct ConsolePart: Sendable {
    let title: Words
    let path: String
    let roles: Set<OfficerRole>

    static let home = "/console"

    /// In the order they are shown.
    static let all: [ConsolePart] = [overview, members, trust, policies, sessions, audit, keys, metering, officers, export]

    /// A developer sees the member's own state here.
    static let overview = ConsolePart(title: Words("概要", "Overview"), path: home, roles: Set(OfficerRole.allCases))
    static let members = ConsolePart(
        title: Words("参加機関", "Members"), path: home + "/members", roles: [.registrar, .auditor, .developer])
    static let trust = ConsolePart(
        title: Words("信頼ストア", "Trust store"), path: home + "/trust", roles: [.trustOfficer, .operator, .auditor])
    static let policies = ConsolePart(
        title: Words("規則", "Policies"), path: home + "/policies", roles: [.policyOfficer, .auditor])
    static let sessions = ConsolePart(title: Words("セッション", "Sessions"), path: home + "/sessions", roles: [.operator])
    static let audit = ConsolePart(title: Words("監査記録", "Audit trail"), path: home + "/audit", roles: [.auditor])
    static let keys = ConsolePart(
        title: Words("鍵と期限", "Keys and expiry"), path: home + "/keys", roles: [.operator, .trustOfficer, .registrar, .auditor])
    static let metering = ConsolePart(
        title: Words("利用量", "Usage"), path: home + "/metering", roles: [.operator, .registrar, .auditor, .developer])
    static let officers = ConsolePart(
        title: Words("担当者", "Officers"), path: home + "/officers", roles: [.trustOfficer, .auditor])
    static let export = ConsolePart(
        title: Words("エクスポート", "Export"), path: home + "/export",
        roles: [.registrar, .policyOfficer, .trustOfficer, .operator, .auditor])
}

extension OfficerRole {
    var words: Words {
        switch self {
        case .registrar: Words("登録担当", "registrar")
        case .policyOfficer: Words("規則担当", "policy officer")
        case .trustOfficer: Words("信頼担当", "trust officer")
        case .operator: Words("運用担当", "operator")
        case .auditor: Words("監査担当", "auditor")
        case .developer: Words("参加機関の開発者", "member's developer")
        }
    }
}
