import Credentials
import Outbound
import Vocabulary

/// The page at which a platform asks for the signature certificate: `{base}/journey/{transaction}/identity`.
struct IdentityPage {
    let page: WebAddress
    let journey: JourneyPage

    init?(_ address: WebAddress) {
        // A service asks who the citizen is, or the platform itself asks whether he is somebody it knows.
        guard let door = ["/newcomer/identity", "/identity"].first(where: address.path.hasSuffix),
            let above = WebAddress(address.origin + address.path.dropLast(door.count)),
            let journey = JourneyPage(above)
        else { return nil }
        page = address
        self.journey = journey
    }
}

extension UserAgent {
    /// The citizen reads who asks, and types the password.
    mutating func show(_ holder: CardHolder, at identity: IdentityPage) async throws(UserAgentRefusal) -> Navigation {
        let asked = try await call(identity.page, "challenge", .object([]))
        guard let id = asked["challenge"]?.string, let text = asked["text"]?.string,
            let declaration = DeclarationText(text, id: id, base: identity.journey.base, transaction: identity.journey.transaction),
            declaration.service == asked["service"]?.string
        else { throw .challengeNotForHere }
        let asks = asked["tie"]?.string.flatMap { IdentityTie(rawValue: $0) } ?? .journey
        let tie = max(asks, asked["login"]?.string == "needed" ? .keys : .journey, holder.tie)
        note("the platform asks for the signature certificate, for \(declaration.service), purpose \(declaration.purpose)")
        let presented: CardHolder.Presented
        do throws(UseRefusal) {
            presented = try holder.present(
                declaration, tie: tie, wished: asked["tie_wished"]?.string.flatMap { IdentityTie(rawValue: $0) } ?? tie,
                algorithms: asked["algorithms"]?.strings ?? [], at: now)
        } catch {
            throw .card(error)
        }
        for step in presented.did { note("card: " + step) }
        let done = try await call(identity.page, "answer", presented.json(for: declaration))
        guard let url = done["continue"]?.string, let address = WebAddress(url), address.origin == identity.page.origin else {
            throw .cardAPI("the answer has no `continue` on the platform's own origin")
        }
        return Navigation(request: .get(address), initiator: identity.page)
    }
}
