import Hummingbird
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Answers that a service did not ask for (SAML Profiles §4.1.5; S8): for portals that list services. Off for each member until its operator
/// says otherwise.
extension Platform {
    /// `GET /saml/unsolicited?providerId=…&target=…`. Any site can send a browser here, so that this only asks: without the button below a
    /// stranger's link would log a citizen in where and as what the stranger likes (checklist H3).
    func unsolicited(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let asked: UnsolicitedRequest
        do {
            asked = try UnsolicitedRequest(Array(request.rawQuery.utf8))
            _ = try verified(asked, settings, at: now)
        } catch let refusal as TongueRefusal {
            return try await refuse(refusal.explanation, at: now)
        } catch let refusal as SAMLRefusal {
            return try await refuse(refusal.explanation, at: now)
        }
        guard let member = settings.federation.member(asked.member) else {
            return try await refuse(SAMLRefusal.Reason.unknownMember(asked.member).explanation, at: now)
        }
        return Answer.page(Pages.unsolicited(member, asked.fields))
    }

    /// `POST /saml/unsolicited`: the button was pressed, on our own page.
    func unsolicitedConfirmed(_ request: Request) async throws -> Response {
        let now = clock()
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard let form = try await request.collected(upTo: 16_384) else {
            return try await refuse(SAMLRefusal.Reason.tooLarge("form", limit: 16_384).explanation, at: now)
        }
        let settings = configuration.current
        do {
            let verified = try unsolicited(form, settings, at: now)
            return try await enter(.saml(verified), origin: .samlUnsolicited, message: form, request, settings, at: now)
        } catch let refusal as TongueRefusal {
            return try await refuse(refusal.explanation, at: now)
        }
    }

    /// Proves it, also once more after a pause.
    func unsolicited(_ form: [UInt8], _ settings: Configuration, at moment: Timestamp) throws -> VerifiedAuthnRequest {
        let asked: UnsolicitedRequest
        do throws(SAMLRefusal) {
            asked = try UnsolicitedRequest(form)
        } catch {
            throw TongueRefusal(
                explanation: error.explanation, response: Answer.page(Pages.refusal(error.explanation), status: .badRequest))
        }
        return try verified(asked, settings, at: moment)
    }

    /// Nobody is waiting for an answer to this: what is wrong is told to the person, on a page.
    private func verified(
        _ asked: UnsolicitedRequest, _ settings: Configuration, at moment: Timestamp
    ) throws -> VerifiedAuthnRequest {
        var random = SystemRandomNumberGenerator()
        do throws(SAMLRefusal) {
            return try asked.verified(
                for: settings.federation.serviceProvider(asked.member), at: settings.identityProvider, at: moment, using: &random)
        } catch {
            throw TongueRefusal(
                explanation: error.explanation, response: Answer.page(Pages.refusal(error.explanation), status: .badRequest))
        }
    }
}

extension Pages {
    /// Does the citizen want to go there?
    static func unsolicited(_ member: Member, _ fields: [(String, String)]) -> Markup {
        document(Words("サービスにログインしますか", "Log in to this service?", easy: "サービスに ログインしますか")) { page in
            page.paragraph { page in
                page.strong(member.words)
                page.words(Words(" にログインします。", ": you are about to log in there.", easy: " に ログインします。"))
            }
            page.button(to: "/saml/unsolicited", fields: fields, Words("ログインする", "Log in", easy: "ログインします"))
            page.paragraph(
                Words("心当たりがないときは、このページを閉じてください。", "If you did not expect this, please close the page.", easy: "知らない ときは、この ページを 閉じてください。"))
        }
    }
}
