import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// A test login from a member's page: of the member as it is, of a proposal, of a draft that nobody has proposed yet.
extension Platform {
    static let memberTestPath = membersPath + "/test"

    /// `POST /console/members/test`: `id`, or `proposal`, or the fields of the draft; who is invented, and at which level. Shows the answer and
    /// sends it to nobody. A developer tests its own member, and no draft: those come from registrars.
    func consoleMemberTest(_ request: Request) async throws -> Response {
        try await atDesk(posting: request, needs: [.registrar, .developer], limit: Self.mostOfDraft) { desk, posted in
            switch await subject(posted, desk) {
            case .success(let (id, settings, origin)): return try await tested(id, in: settings, origin, posted, desk)
            case .failure(.gone): return Answer.redirect(Console.after(Self.membersPath, done: "gone", desk.settings))
            case .failure(.problems(let problems, let edit)):
                return Answer.page(
                    Console.document(title: MemberTestPages.title, desk: desk, in: Self.membersPath) { page in
                        MemberViews.problems(problems, of: edit, desk, &page)
                    }, status: .badRequest)
            }
        }
    }

    private enum NoSubject: Error {
        case gone
        /// Nil before there is a change: a registrar's draft.
        case problems(SettingsProblems, of: MemberEdit?)
    }

    /// Which member, in which settings, and where from.
    private func subject(
        _ posted: ConsoleForm, _ desk: Desk
    ) async -> Result<(MemberID, Configuration, MemberTestPages.Origin), NoSubject> {
        var about: MemberEdit?
        do throws(SettingsProblems) {
            if let name = posted["proposal"] {
                guard let proposal = proposal(name, desk) else { return .failure(.gone) }
                about = proposal.edit
                return .success((proposal.edit.member, try await outlook(on: proposal.edit, desk).get(), .proposal(name)))
            }
            if posted["protocol"] != nil, desk.may([.registrar]) {
                let form = MemberForm(posted)
                guard case .success(let draft) = form.draft(isDevelopment: desk.settings.mode == .development) else {
                    return .failure(.gone)
                }
                let edit = try await self.edit(by: draft, desk)
                return .success((edit.member, try await outlook(on: edit, desk).get(), .draft(form)))
            }
            guard let member = member(posted["id"], desk) else { return .failure(.gone) }
            return .success((member.id, desk.settings, .member(member.id)))
        } catch { return .failure(.problems(error, of: about)) }
    }

    private func tested(
        _ id: MemberID, in settings: Configuration, _ origin: MemberTestPages.Origin, _ posted: ConsoleForm, _ desk: Desk
    ) async throws -> Response {
        let person = posted.text("person") ?? MemberTest.people.first ?? ""
        guard let party = try await console.rehearse(settings, id, desk.now),
            let test = MemberTest.run(id, as: person, level: posted.text("level"), in: settings, by: party, at: desk.now)
        else {
            return Answer.page(
                Console.document(
                    title: MemberTestPages.title, desk: desk, in: Self.membersPath,
                    fault: Words(
                        "この機関の接続方法が登録されていないか、選んだ利用者が存在しません。", "The member is not registered for a protocol yet, or there is no such person."
                    )
                ) { _ in }, status: .badRequest)
        }
        // Said before it is shown: what cannot be recorded is not done.
        try await stores.append(
            Record(
                "console.member-tested", at: desk.now,
                desk.facts + [
                    ("member", .string(id.text)), ("of", .string(origin.word)), ("person", .string(test.person)),
                    ("level", test.level.map { .string($0) } ?? .null), ("outcome", .string(test.outcome)),
                ]))
        return Answer.page(MemberTestPages.page(test, settings.federation.anyMember(id), from: origin, desk))
    }
}
