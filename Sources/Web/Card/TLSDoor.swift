import Credentials
import Hummingbird
import NIOCore
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

extension Response {
    /// Asks the browser to let go of the connection: one handshake, one login.
    fileprivate var closing: Response {
        var response = self
        response.headers[.connection] = "close"
        return response
    }
}

/// The TLS door: a listener of its own asks the browser for the card's certificate, then hands over to the journey on the main host.
extension Platform {
    /// `GET /card/{transaction}` on the TLS listener. The handshake has proven the key; whether the certificate is worth anything is
    /// judged on the main host, where the browser shows that the journey is its own.
    func presentCertificate(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard let id = context.parameters.get("transaction").flatMap({ TransactionID($0) }),
            let transaction = try await stores.transaction(id, at: now)
        else { return try await refuse(Self.noJourney, at: now).closing }
        guard let certificate = try await context.channel.pipeline.handler(type: FreshHandshake.self).map({ $0.take() }).get() else {
            return try await refuse(Self.noCertificate, at: now, member: transaction.member).closing
        }
        var random = SystemRandomNumberGenerator()
        let code = Ticket.fresh(using: &random)
        try await stores.issue(
            Handover(
                code: code.digest, transaction: id, certificate: certificate, presentedAt: now,
                expiresAt: now.adding(seconds: 60)))
        return Answer.redirect(settings.baseURL + "/journey/" + id.text + "/handover?code=" + code.text).closing
    }

    /// `GET /journey/{transaction}/handover?code=…` on the main host.
    func handover(_ request: Request, _ context: DoorContext) async throws -> Response {
        let visit: Visit
        switch try await self.visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let found): visit = found
        }
        let query = request.rawQuery
        guard query.hasPrefix("code="), query.utf8.count <= 64,
            let handover = try await stores.consume(handover: Ticket.digest(of: String(query.dropFirst(5))), at: visit.now),
            handover.transaction == visit.transaction.id
        else { return try await refuse(Self.noHandover, at: visit.now, member: visit.member.id) }
        do {
            let login = try cards.recognise(handover.certificate, handover.presentedAt)
            let authentication = try await cards.acceptHandshake(login, handover.presentedAt)
            switch try await admit(authentication, showing: handover.certificate, to: visit) {
            case .admitted(let cookie):
                await forgetNews(of: visit.transaction.id, at: visit.now)
                return Self.onwards(visit).setting(cookie)
            case .refused(let refusal): return try await refuseCard(refusal.explanation, visit)
            }
        } catch let refusal as CredentialRefusal {
            return try await refuseCard(refusal.explanation, visit)
        }
    }

    /// The login page again, with what happened in plain words: the way to another try stays open.
    private func refuseCard(_ explanation: Explanation, _ visit: Visit) async throws -> Response {
        try await recordRefusedCard(explanation, visit, .tls)
        try await trouble(explanation, visit)
        guard case .authenticate(let need) = visit.step else { return Answer.page(Pages.refusal(explanation), status: .forbidden) }
        return Answer.page(try await loginPage(need, visit, refused: explanation).markup, status: .forbidden)
    }

    private static let noJourney = Explanation(
        "journey.unknown", "this login is finished or has expired", clause: "checklist H1",
        remedy: "start again from the service you want to use")
    private static let noCertificate = Explanation(
        "card.tls.no-certificate", "the browser showed no certificate on this connection, or it was used already",
        clause: "RFC 8446 §4.4.2.4",
        remedy: "check the card reader and choose the user-authentication certificate when the browser asks")
    private static let noHandover = Explanation(
        "card.handover.unknown", "the hand-over from the card listener was used, has expired, or belongs to another login",
        clause: "checklist H7", remedy: "use the card again")
}
