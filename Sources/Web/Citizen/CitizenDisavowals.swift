import Hummingbird
import Logging
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// "This was not me": ends what can be ended, writes it down once, tells the auditor. It accuses nobody, and asks for no reason.
extension Platform {
    /// `POST /me/sessions/not-me`: another session of this citizen.
    func sessionDisavowed(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .sessions) { desk, form in
            guard let thread = form["thread"].flatMap(Hexadecimal.decode).flatMap({ SessionThread($0) }), thread != desk.session.thread,
                let visit = try await stores.visits(of: desk.subject, at: desk.now).first(where: { $0.session.thread == thread })
            else { return desk.redirect(.sessions) }
            var random = SystemRandomNumberGenerator()
            guard let id = LogoutID.fresh(using: &random) else { throw StoreRefusal() }
            let card = visit.session.authentications.last.map { CertificateHandle($0.certificate, of: desk.subject) }
            let said = Disavowal(of: desk.subject, .session(thread), happenedAt: visit.session.createdAt, logout: id, at: desk.now)
            let members = JSON.array(Set(visit.participations.map(\.member.text)).sorted().map { .string($0) })
            guard
                try await stores.disavow(
                    said,
                    recording: { families in
                        Record(
                            "care.disavowed", at: said.at,
                            Self.facts(of: said) + [
                                ("members", members), ("certificate", card.map { .string($0.text) } ?? .null),
                                ("refresh-families", .integer(Int64(families))), ("logout", .string(id.text)),
                            ])
                    })
            else { return desk.redirect(.sessions) }
            tellAuditor(of: said)
            let progress = try await begin(fromAfar: [thread], desk, order: id)
            return desk.redirect(
                .sessions, done: .disavowed, [("logout", progress.logout.id.text)] + (card.map { [("card", $0.text)] } ?? []))
        }
    }

    /// `POST /me/told/not-me`: one line of the ledger, by `entry`.
    func entryDisavowed(_ request: Request) async throws -> Response {
        try await atOwnPage(posting: request, .told) { desk, form in
            guard let reference = form["entry"].flatMap({ LedgerReference($0) }), let entry = try await stores.entry(reference),
                entry.subject == desk.subject
            else { return desk.redirect(.told) }
            let said = Disavowal(of: desk.subject, .entry(reference), happenedAt: entry.at, at: desk.now)
            let isNew = try await stores.disavow(
                said,
                recording: { families in
                    Record(
                        "care.disavowed", at: said.at,
                        Self.facts(of: said) + [
                            ("members", .array([.string(entry.member.text)])), ("refresh-families", .integer(Int64(families))), entry.fact,
                        ])
                })
            if isNew { tellAuditor(of: said) }
            return desk.redirect(.told, done: .disavowed)
        }
    }

    private static func facts(of said: Disavowal) -> [(name: String, value: JSON)] {
        [
            ("subject", .string(said.subject.text)), ("kind", .string(said.what.kind)), ("name", .string(said.what.name)),
            ("happened", .string(said.happenedAt.text)),
        ]
    }

    /// A line in the log beside the record in the trail, for those who watch logs; it names nobody. `sekisho care list` shows the rest.
    private func tellAuditor(of said: Disavowal) {
        logger.notice("a citizen says: this was not me", metadata: ["kind": "\(said.what.kind)"])
    }
}

extension CitizenPages {
    /// Whoever was in could come again: the way to stop card or phone, with the one that was used chosen already.
    static func afterDisavowal(_ card: CertificateHandle?, _ page: inout Markup) {
        page.note(.plain) { page in
            page.paragraph(
                Words(
                    "ほかの人にカードやスマートフォンを使われたおそれがあるときは、すぐに止めてください。", "If you think that somebody else used your card or phone, stop it now.",
                    easy: "だれかが あなたの カードを 使ったと 思ったら、すぐに 止めてください。"))
            page.link(
                CitizenAim(.lost, card: card, reason: .misused).address,
                Words("カード・スマートフォンを止める", "Stop a card or phone", easy: "カードや スマートフォンを 止めます"), class: "button")
        }
    }
}
