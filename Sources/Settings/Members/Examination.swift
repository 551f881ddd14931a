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
        if !paper.contacts.contains(where: { $0.role == .technical }) { add("contacts.technical", "技術担当の連絡先", "a technical contact") }
        if !paper.contacts.contains(where: { $0.role == .security }) { add("contacts.security", "安全管理担当の連絡先", "a contact for security") }
        if federation.registration(member.id) == nil {
            add("protocol", "接続方法(SAMLのメタデータ、またはOpenIDの登録内容)", "how the service connects: SAML metadata, or the OpenID registration")
        }
        if member.kind == .servedFirm, member.operatedBy == nil {
            add("operator", "署名検証を委託するプラットフォーム事業者", "the platform operator that verifies for the firm")
        }
        if let name = member.operatedBy, federation.member(name)?.standing(at: now) != .inForce {
            add("operator.standing", "プラットフォーム事業者の認定が有効であること", "an operator whose accreditation is in force")
        }
        return found
    }
}

/// The sentences.
private enum ApplicantWords {
    static func headline(_ state: Accreditation.State, _ standing: Standing) -> BothTongues {
        switch (standing, state) {
        case (.inForce, _): BothTongues(ja: "認定は有効です。", en: "The accreditation is in force.")
        case (.notYet, _): BothTongues(ja: "認定されました。開始日前です。", en: "Accredited; the term has not begun.")
        case (.expired, _): BothTongues(ja: "認定の期間が終わりました。", en: "The term of the accreditation is over.")
        case (.suspended, _): BothTongues(ja: "認定は停止中です。", en: "The accreditation is suspended.")
        case (.withdrawn, _): BothTongues(ja: "認定は取り消されました。", en: "The accreditation was withdrawn.")
        case (.operatorNotInForce, _):
            BothTongues(
                ja: "認定されていますが、プラットフォーム事業者の認定が有効ではありません。",
                en: "Accredited, but the platform operator’s accreditation is not in force.")
        case (.notAccredited, .examined): BothTongues(ja: "審査が終わり、決定を待っています。", en: "Examined; the decision is awaited.")
        case (.notAccredited, _): BothTongues(ja: "申請を受け付けました。", en: "The application was received.")
        }
    }

    static func next(_ state: Accreditation.State, _ reason: StandingReason, isComplete: Bool) -> BothTongues {
        let until = reason.until.map { String($0.adding(seconds: 9 * 3600).text.prefix(10)) }
        switch (reason.standing, state) {
        case (.notAccredited, .applied) where !isComplete:
            return BothTongues(
                ja: "不足しているものを提出してください。そろうと審査が始まります。", en: "Hand in what is missing; the examination begins when all is there.")
        case (.notAccredited, .applied): return BothTongues(ja: "審査をお待ちください。", en: "The examination is next; there is nothing to do.")
        case (.notAccredited, _) where !isComplete:
            return BothTongues(ja: "決定の前に、不足しているものを提出してください。", en: "Hand in what is missing before the decision.")
        case (.notAccredited, _): return BothTongues(ja: "決定をお待ちください。", en: "The decision is next; there is nothing to do.")
        case (.inForce, _):
            return BothTongues(
                ja: until.map { "\($0)までに更新を申請してください。" } ?? "手続きはありません。",
                en: until.map { "Apply for renewal before \($0)." } ?? "There is nothing to do.")
        case (.notYet, _):
            return BothTongues(
                ja: until.map { "\($0)から利用できます。" } ?? "開始日をお待ちください。", en: until.map { "It begins on \($0)." } ?? "Wait for the first day.")
        case (.expired, _): return BothTongues(ja: "更新を申請してください。", en: "Apply for renewal.")
        case (.suspended, _):
            return BothTongues(ja: "通知に書かれた是正を行い、登録機関に連絡してください。", en: "Put right what the notice names, and call the registrar.")
        case (.withdrawn, _): return BothTongues(ja: "再び利用するには、新しく申請してください。", en: "To come back, apply anew.")
        case (.operatorNotInForce, _):
            return BothTongues(ja: "プラットフォーム事業者に連絡してください。", en: "Call the platform operator.")
        }
    }
}
