import Credentials
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Cards and phones of the citizen, and the way back for one that was reported and turned up again.
extension Platform {
    /// `GET /me/cards`
    func citizenCards(_ request: Request) async throws -> Response {
        try await atOwnPage(request, .cards) { desk in
            let cards = try await stores.certificates(of: desk.subject)
            return Answer.page(
                CitizenPages.document(.cards, desk) { page in
                    page.paragraph(
                        Words(
                            "ここでのログインに使ったカードとスマートフォンです。4文字の記号は見分けるためのもので、電子証明書の番号ではありません。",
                            "These are the cards and phones you have used to log in here. The four characters only tell them apart; they are not part of a certificate's number.",
                            easy: "あなたが ここで 使った カードと スマートフォンです。4つの 文字は 見分ける ための ものです。"))
                    for card in cards { page.section { page in CitizenPages.card(card, desk, &page) } }
                    page.linkLine(
                        CitizenPlace.lost.rawValue,
                        Words("カードやスマートフォンをなくしたとき", "If you lost a card or phone", easy: "カードや スマートフォンを なくした とき"))
                })
        }
    }

    /// `POST /me/cards/lift`: by the same person, proven by another card or phone and its PIN, a moment ago.
    func blockLifted(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .cards) { desk, form in
            guard let handle = form["card"].flatMap({ CertificateHandle($0) }),
                let card = try await stores.certificates(of: desk.subject).first(where: { $0.handle == handle }), card.block != nil
            else { return desk.redirect(.cards) }
            guard let proof = desk.session.proof(otherThan: card.identity, at: desk.now) else {
                return try await provenAgain(CitizenAim(.cards), desk)
            }
            let lifted = try await stores.lift(
                card.identity, of: desk.subject,
                recording: Record(
                    "care.lifted", at: desk.now,
                    [
                        ("subject", .string(desk.subject.text)), ("certificate", .string(handle.text)), ("by", "citizen"),
                        ("proven-by", .string(CertificateHandle(proof.certificate, of: desk.subject).text)),
                        ("proven-at", .string(proof.facts.authenticatedAt.text)),
                    ]))
            return desk.redirect(.cards, done: lifted ? .lifted : nil)
        }
    }
}

extension Session {
    /// A login of a moment ago, by the PIN of another certificate than this one.
    fileprivate func proof(otherThan certificate: CertificateIdentity, at now: Timestamp) -> SessionAuthentication? {
        authentications.last { $0.certificate != certificate && $0.isProof(within: CitizenAim.proofAge, at: now) }
    }
}

extension CitizenPages {
    fileprivate static func card(_ card: LinkedCertificate, _ desk: CitizenDesk, _ page: inout Markup) {
        page.raw("<h2>")
        page.words(card.name)
        page.raw("</h2>")
        var facts: [(Words, Cell)] = [(Words("初めて使った日", "First used", easy: "はじめて 使った 日"), .day(card.linkedAt))]
        if let last = card.lastUsed { facts.append((Words("最後に使った日", "Last used", easy: "さいごに 使った 日"), .day(last))) }
        if desk.session.authentications.contains(where: { $0.certificate == card.identity }) {
            facts.append(
                (Words("いまのログイン", "This login", easy: "いまの ログイン"), .words(Words("これを使っています", "uses this one", easy: "これを 使っています"))))
        }
        if let ended = card.endedAt {
            facts.append(
                (
                    Words("状態", "Status", easy: "いま"),
                    .words(
                        Words(
                            "新しいものに引き継がれたか、カードの失効に伴って使えなくなりました", "Replaced by a newer one, or ended together with its card",
                            easy: "もう 使いません"))
                ))
            facts.append((Words("日付", "When", easy: "いつ"), .day(ended)))
            return page.facts(facts)
        }
        guard let block = card.block else {
            page.facts(facts)
            page.linkLine(
                CitizenAim(.lost, card: card.handle).address, Words("紛失などの届出をして止める", "Report it lost or have it stopped", easy: "なくした・止めたい")
            )
            return
        }
        facts.append(
            (Words("状態", "Status", easy: "いま"), .words(Words("ここでのログインには使えません", "Cannot be used to log in here", easy: "ここでは 使えません"))))
        facts.append((Words("理由", "Reason", easy: "どうして"), .words(block.reason.words)))
        facts.append((Words("届出の日時", "Reported at", easy: "知らせた 時間"), .time(block.at)))
        facts.append(
            (
                Words("届出をした人", "Reported by", easy: "知らせた 人"),
                .words(
                    block.by == "citizen" ? Words("あなた", "you", easy: "あなた") : Words("窓口の担当者", "an officer at the counter", easy: "窓口の 人"))
            ))
        if block.uses > 0 {
            facts.append((Words("届出後に使用が試みられた回数", "Attempts to use it since then", easy: "そのあと だれかが 使おうと した 回数"), .number(block.uses)))
        }
        page.facts(facts)
        page.paragraph(
            Words(
                "見つかったときは、別のカードまたはスマートフォンと暗証番号で本人確認をすると、解除できます。ほかに使えるものがないときは、窓口にご相談ください。",
                "If it has turned up, you can lift the block after identifying yourself with another card or phone and its PIN. If you have no other, please ask at the counter.",
                easy: "見つかった ときは、ほかの カードか スマートフォンで、もう一回 使えるように できます。ほかに ない ときは、窓口に 行ってください。"))
        page.button(
            to: "/me/cards/lift", fields: [(mark, desk.mark), ("card", card.handle.text)],
            Words("解除して、また使えるようにする", "Lift the block", easy: "また 使えるように します"), kind: .plain)
    }
}
