import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The form that starts a test login, and the page that shows its answer.
enum MemberTestPages {
    static let title = Words("テストログイン", "Test login")

    /// `fields` say which member, proposal or draft; `settings` are those it would be answered under.
    static func form(_ fields: [(String, String)], for member: Member, _ settings: Configuration, _ desk: Desk, _ page: inout Markup) {
        guard let speech = settings.federation.speech(of: member.id) else { return }
        page.heading(2, title, id: "test")
        page.paragraph(
            Words(
                "架空の利用者がログインしたときにこの機関が受け取る応答を作成し、内容を説明します。保存も送信もしません。",
                "Creates the answer this member would receive when an invented person logs in, and explains it. Nothing is stored or sent.")
        )
        let levels = TrialLogin.levels(of: member, RequestFacts(protocol: speech), settings.policy, at: desk.now)
        Console.form(to: Platform.memberTestPath, fields, desk, &page) { page in
            page.field(
                FormField(
                    "person", Words("架空の利用者", "Invented person"),
                    kind: .choice(
                        SandboxPerson.all.map { (value: $0.id, label: $0.words + Words("（" + $0.name + "）", "")) }, isOpen: false),
                    value: SandboxPerson.all.first?.id ?? ""))
            page.field(
                FormField(
                    "level", Words("認証の水準", "Level of authentication"),
                    kind: .choice(
                        [(value: "", label: Words("受け入れる最も低い水準", "the lowest that is accepted"))]
                            + levels.map { (value: $0.name, label: Words(verbatim: $0.name)) }, isOpen: false)))
            page.submit(Words("応答を作成して確認する", "Create the answer"), kind: .plain)
        }
    }

    /// What was tested, and so where the way back leads.
    enum Origin {
        case member(MemberID)
        /// By its name.
        case proposal(String)
        /// Nothing of it is kept: the way back takes it along.
        case draft(MemberForm)

        /// For the trail.
        var word: String {
            switch self {
            case .member: "member"
            case .proposal: "proposal"
            case .draft: "draft"
            }
        }
    }

    static func page(_ test: MemberTest, _ member: Member?, from origin: Origin, _ desk: Desk) -> Markup {
        Console.document(title: title, desk: desk, in: Platform.membersPath) { page in
            page.note(
                Words(
                    "試験用の応答です。発行者の名前は試験用です。署名の鍵はこの1回のために作成し、すでに破棄しました。この応答を信頼するサービスはありません。",
                    "This is a test answer. Its issuer is the test's own, and the key that signed it was made for this one answer and has been destroyed. No service trusts it."
                ))
            outcome(test, member, &page)
            decoded(test, &page)
            checks(test, &page)
            if !test.raw.isEmpty {
                page.heading(2, Words("応答の原文", "The answer itself"), id: "raw")
                for one in test.raw {
                    page.heading(3, words(one.title))
                    page.open("pre", [("class", "wide"), ("tabindex", "0")])
                    page.text(one.text)
                    page.close("pre")
                }
            }
            back(to: origin, desk, &page)
        }
    }

    private static func back(to origin: Origin, _ desk: Desk, _ page: inout Markup) {
        switch origin {
        case .member(let id):
            page.linkLine(
                Platform.membersPath + "/show?id=" + PercentEncoding.encode(id.text), Words("機関のページに戻る", "Back to the member's page"))
        case .proposal(let name):
            page.linkLine(Platform.membersPath + "/proposals/" + name, Words("変更の提案に戻る", "Back to the proposed change"))
        case .draft(let form):
            Console.form(to: Platform.membersPath + "/check", form.fields, desk, &page) { page in
                page.submit(Words("登録前の確認に戻る", "Back to the draft"), kind: .plain)
            }
        }
    }

    private static func outcome(_ test: MemberTest, _ member: Member?, _ page: inout Markup) {
        page.heading(2, Words("結果", "Outcome"), id: "outcome")
        if let refusal = test.refusal {
            page.note(.fault) { page in
                page.paragraph(Words("この利用者はログインできません。", "This person could not log in."))
                page.paragraph(Words(Catalogue.entry(refusal.code)?.japanese ?? refusal.summary, refusal.summary))
                page.paragraph { page in page.code(refusal.code) }
            }
        } else {
            page.paragraph(Words("ログインできます。この機関が受け取る応答は、次のとおりです。", "The person can log in. The member receives this answer."))
        }
        var facts: [(Words, Cell)] = [
            (Words("参加機関", "Member"), .code(test.member.text)),
            (Words("架空の利用者", "Invented person"), .words(SandboxPerson.of(test.person)?.words ?? Words(verbatim: test.person))),
            (Words("認証の水準", "Level"), test.level.map { .code($0) } ?? .words(Words("なし", "none"))),
        ]
        if let isAccepted = test.isAccepted {
            facts.append(
                (
                    Words("サービス側での検証の結果", "Checked as the service would"),
                    .words(isAccepted ? Words("受入れ", "accepted") : Words("拒否", "refused"))
                ))
        }
        page.facts(facts + test.facts.map { (words($0.what), .code($0.value)) })
        guard !test.steps.isEmpty else { return }
        page.paragraph(Words("利用者に求める手続き", "What the person is asked for on the way"))
        page.list(test.steps.map(words))
    }

    private static func decoded(_ test: MemberTest, _ page: inout Markup) {
        guard !test.parts.isEmpty else { return }
        page.heading(2, Words("応答の内容", "Contents of the answer"), id: "decoded")
        var places: [String] = []
        for part in test.parts where !places.contains(part.place) { places.append(part.place) }
        for place in places {
            page.heading(3, Words(verbatim: place))
            page.table(
                caption: Words(verbatim: place), head: [Words("項目", "Item"), Words("値", "Value"), Words("意味", "Meaning")],
                rows: test.parts.filter { $0.place == place }.map { [.code($0.name), .text($0.value), .words(words($0.meaning))] })
        }
    }

    private static func checks(_ test: MemberTest, _ page: inout Markup) {
        guard !test.checks.isEmpty else { return }
        page.heading(2, Words("サービスが検証する事項", "What the service has to check"), id: "checks")
        page.table(
            caption: Words("サービスが検証する事項", "What the service has to check"),
            head: [Words("検証する事項", "Check"), Words("本番の応答での値", "Value in a real answer"), Words("根拠", "Clause")],
            rows: test.checks.map { [.words(words($0.what)), .code($0.expected), .text($0.clause)] })
    }

    private static func words(_ words: BothTongues) -> Words { Words(words.ja, words.en) }
}
