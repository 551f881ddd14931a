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
                            "ここでのログインに使ったカードとスマートフォンです。4けたの文字は見分けるための印で、証明書の番号ではありません。",
                            "The cards and phones that you have used to log in here. The four letters tell them apart; they are no number of the certificate.",
                            easy: "あなたが 使った カードと スマートフォンです。"))
                    for card in cards { page.section { page in CitizenPages.card(card, desk, &page) } }
                    page.linkLine(
                        CitizenPlace.lost.rawValue,
                        Words("カードやスマートフォンをなくしたとき", "If you lost a card or phone", easy: "カードや スマートフォンを なくしたとき"))
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
        let wanted = AuthenticateAgain(mode: .pin, within: CitizenAim.proofAge)
        return authentications.last { !$0.isSpent && $0.certificate != certificate && wanted.isMet(by: $0.facts, at: now) }
    }
}

extension CitizenPages {
    fileprivate static func card(_ card: LinkedCertificate, _ desk: CitizenDesk, _ page: inout Markup) {
        page.raw("<h2>")
        page.words(card.name)
        page.raw("</h2>")
        var facts: [(Words, Cell)] = [(Words("はじめて使った日", "First used"), .day(card.linkedAt))]
        if let last = card.lastUsed { facts.append((Words("最後に使った日", "Last used"), .day(last))) }
        if desk.session.authentications.contains(where: { $0.certificate == card.identity }) {
            facts.append((Words("いまのログイン", "This login"), .words(Words("これを使っています", "uses this one"))))
        }
        if let ended = card.endedAt {
            facts.append(
                (
                    Words("状態", "State"),
                    .words(Words("新しいものに替わったか、カードとともに終わりました", "Replaced by a newer one, or ended with its card", easy: "もう 使いません"))
                ))
            facts.append((Words("いつ", "When"), .day(ended)))
            return page.facts(facts)
        }
        guard let block = card.block else {
            page.facts(facts)
            page.linkLine(
                CitizenAim(.lost, card: card.handle).address, Words("これをなくした・止めたい", "I lost it, or want it stopped", easy: "これを 止めたい"))
            return
        }
        facts.append((Words("状態", "State"), .words(Words("ここでは使えません", "Logs nobody in here", easy: "ここでは 使えません"))))
        facts.append((Words("理由", "Reason"), .words(block.reason.words)))
        facts.append((Words("届け出", "Reported"), .time(block.at)))
        facts.append(
            (
                Words("届け出た人", "By"),
                .words(block.by == "citizen" ? Words("あなた", "you") : Words("窓口の担当者", "an officer at the counter"))
            ))
        if block.uses > 0 { facts.append((Words("そのあと使おうとした回数", "Attempts to use it since"), .number(block.uses))) }
        page.facts(facts)
        page.paragraph(
            Words(
                "見つかったときは、別のカードかスマートフォンと暗証番号で、あなた本人であることを確かめてから解除できます。ほかに使えるものがないときは、窓口にお申し出ください。",
                "If it turned up again, you can lift this after proving that it is you, with another card or phone and its PIN. If you have no other, ask at the counter.",
                easy: "見つかったら、ほかの カードか スマートフォンで もう一回 使えるように できます。ないときは 窓口へ 行ってください。"))
        page.button(
            to: "/me/cards/lift", fields: [(mark, desk.mark), ("card", card.handle.text)],
            Words("また使えるようにする", "Let it log in again", easy: "また 使う"), kind: .plain)
    }
}
