package import TrustFramework
package import Vocabulary

/// Words that a page shows in both languages.
package struct BothTongues: Hashable, Sendable {
    package let ja: String
    package let en: String

    package init(ja: String, en: String) {
        self.ja = ja
        self.en = en
    }

    /// A day in Japan.
    static func day(_ moment: Timestamp) -> BothTongues {
        let text = moment.dateInJapan
        let parts = text.split(separator: "-").map { String(Int($0) ?? 0) }
        guard parts.count == 3 else { return BothTongues(ja: text, en: text) }
        return BothTongues(ja: parts[0] + "年" + parts[1] + "月" + parts[2] + "日", en: text)
    }

    static func yesOrNo(_ value: Bool) -> BothTongues { value ? BothTongues(ja: "あり", en: "yes") : BothTongues(ja: "なし", en: "no") }

    package func text(in language: String) -> String { language == "ja" ? ja : en }
}

/// What an applicant may know of its own accreditation: where it stands, what is missing, and what comes next. Nothing of what examiners
/// wrote to each other, no other member's affairs.
package struct ApplicantView: Sendable {
    package let member: MemberID
    package let names: [String: String]
    package let state: Accreditation.State
    package let standing: StandingReason
    package let headline: BothTongues
    /// What the file does not have yet, by stable codes.
    package let missing: [(code: String, words: BothTongues)]
    package let next: BothTongues
    /// The way so far: when it became what.
    package let steps: [(state: Accreditation.State, at: Timestamp)]
}

extension Configuration {
    /// A member's standing for the applicant's eyes.
    package func applicantView(of id: MemberID, at now: Timestamp) -> ApplicantView? {
        guard let member = federation.anyMember(id), let paper = federation.paper(of: id) else { return nil }
        let missing = missing(member, paper, at: now)
        let standing = member.standingReason(at: now)
        let state = member.accreditation.state
        return ApplicantView(
            member: id, names: member.displayName, state: state, standing: standing,
            headline: ApplicantWords.headline(state, standing.standing), missing: missing,
            next: ApplicantWords.next(state, standing, isComplete: missing.isEmpty),
            steps: member.accreditation.history.map { ($0.state, $0.at) })
    }

    private func missing(_ member: Member, _ paper: MemberPaper, at now: Timestamp) -> [(code: String, words: BothTongues)] {
        var found: [(code: String, words: BothTongues)] = []
        func add(_ code: String, _ ja: String, _ en: String) { found.append((code, BothTongues(ja: ja, en: en))) }
        let accreditation = member.accreditation
        for language in ["ja", "en"] where member.displayName[language] == nil {
            add("names." + language, language == "ja" ? "日本語の名称" : "英語の名称", "the name in " + (language == "ja" ? "Japanese" : "English"))
        }
        for title in members.documents[member.kind] ?? [] where !accreditation.documents.contains(where: { $0.title == title }) {
            add("documents", "書類「\(title)」", "the document “\(title)”")
        }
        if !paper.contacts.contains(where: { $0.role == .technical }) { add("contacts.technical", "技術担当者の連絡先", "a technical contact") }
        if !paper.contacts.contains(where: { $0.role == .security }) { add("contacts.security", "セキュリティ担当者の連絡先", "a security contact") }
        if federation.registration(member.id) == nil {
            add("protocol", "接続方法（SAMLのメタデータ、またはOpenIDの登録内容）", "how the service connects: SAML metadata, or the OpenID registration")
        }
        if member.kind == .servedFirm, member.operatedBy == nil {
            add("operator", "署名検証を委託するプラットフォーム事業者", "the platform operator that verifies for the firm")
        }
        if let name = member.operatedBy, federation.member(name)?.standing(at: now) != .inForce {
            add("operator.standing", "プラットフォーム事業者の有効な認定", "an operator whose accreditation is in force")
        }
        return found
    }
}

/// The sentences.
private enum ApplicantWords {
    static func headline(_ state: Accreditation.State, _ standing: Standing) -> BothTongues {
        switch (standing, state) {
        case (.inForce, _): BothTongues(ja: "認定は有効です。", en: "The accreditation is in force.")
        case (.notYet, _): BothTongues(ja: "認定されています。有効期間はまだ始まっていません。", en: "Accredited; the term has not begun.")
        case (.expired, _): BothTongues(ja: "認定の有効期限が切れています。", en: "The term of the accreditation is over.")
        case (.suspended, _): BothTongues(ja: "認定は停止中です。", en: "The accreditation is suspended.")
        case (.withdrawn, _): BothTongues(ja: "認定は取り消されました。", en: "The accreditation was withdrawn.")
        case (.operatorNotInForce, _):
            BothTongues(
                ja: "認定されていますが、プラットフォーム事業者の認定が有効ではありません。",
                en: "Accredited, but the platform operator’s accreditation is not in force.")
        case (.notAccredited, .examined):
            BothTongues(ja: "審査が終わりました。決定をお待ちください。", en: "The examination is complete; the decision is awaited.")
        case (.notAccredited, _): BothTongues(ja: "申請を受け付けました。", en: "The application has been received.")
        }
    }

    static func next(_ state: Accreditation.State, _ reason: StandingReason, isComplete: Bool) -> BothTongues {
        let until = reason.until.map(BothTongues.day)
        switch (reason.standing, state) {
        case (.notAccredited, .applied) where !isComplete:
            return BothTongues(
                ja: "不足しているものを提出してください。すべてそろうと、審査を開始します。",
                en: "Please submit what is missing. The examination begins when everything has arrived.")
        case (.notAccredited, .applied):
            return BothTongues(ja: "審査をお待ちください。", en: "The examination is next; nothing is needed from you now.")
        case (.notAccredited, _) where !isComplete:
            return BothTongues(ja: "決定の前に、不足しているものを提出してください。", en: "Please submit what is missing before the decision.")
        case (.notAccredited, _): return BothTongues(ja: "決定をお待ちください。", en: "The decision is next; nothing is needed from you now.")
        case (.inForce, _):
            return BothTongues(
                ja: until.map { "\($0.ja)までに更新を申請してください。" } ?? "現在、必要な手続きはありません。",
                en: until.map { "Apply for renewal before \($0.en)." } ?? "There is nothing to do.")
        case (.notYet, _):
            return BothTongues(
                ja: until.map { "\($0.ja)から利用できます。" } ?? "開始日をお待ちください。",
                en: until.map { "It begins on \($0.en)." } ?? "Wait for the first day.")
        case (.expired, _): return BothTongues(ja: "更新を申請してください。", en: "Apply for renewal.")
        case (.suspended, _):
            return BothTongues(
                ja: "通知に記載された事項を是正し、登録担当に連絡してください。", en: "Please correct what the notice describes, and contact the registrar.")
        case (.withdrawn, _): return BothTongues(ja: "再び利用するには、新たに申請してください。", en: "To use the platform again, please apply anew.")
        case (.operatorNotInForce, _):
            return BothTongues(ja: "プラットフォーム事業者に連絡してください。", en: "Please contact the platform operator.")
        }
    }
}
