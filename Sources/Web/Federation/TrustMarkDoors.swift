import HTTPTypes
import Hummingbird
import OpenID
import Settings
import TrustFramework
import Vocabulary

/// Accreditation shown to others as signed trust marks (OpenID Federation 1.0 §7, §8.4–8.6, §9).
extension Platform {
    /// `GET /.well-known/openid-federation`: the issuer of the marks, its keys and these addresses.
    func entityConfiguration() -> Response {
        let (settings, now) = (configuration.current, clock())
        return answering { () throws(TrustMarkRefusal) in
            let text = try marks.text("entity", settings, at: now) { () throws(TrustMarkRefusal) in
                (try settings.openIDProvider.entityConfiguration(at: now), now.adding(seconds: 3600))
            }
            return Answer.published(Array(text.utf8), type: "application/" + Provider.entityStatementType, seconds: 3600)
        }
    }

    /// `GET /federation/trust-mark?trust_mark_type=…&sub=…`: the mark of a member in force, at any time anew.
    func trustMark(_ request: Request) -> Response {
        let (settings, now) = (configuration.current, clock())
        let provider = settings.openIDProvider
        return answering { () throws(TrustMarkRefusal) in
            let question = try TrustMarkQuestion(query: Array(request.rawQuery.utf8), needsSubject: true, at: provider)
            let member = question.subject.flatMap(settings.federation.member)
            // Before the shelf is looked at: what is there may be of a member that has been suspended since.
            guard let member, member.kind == question.type.kind, member.standing(at: now) == .inForce else {
                throw .notFound(TrustMarkRefusal.unmarked)
            }
            let lifetime = settings.members.trustMarkLifetime
            let text = try marks.text("mark " + question.type.kind.rawValue + " " + member.id.text, settings, at: now) {
                () throws(TrustMarkRefusal) in
                let mark = try provider.trustMark(for: member, as: question.type, lifetime: lifetime, at: now)
                // Whoever gets one shall have half its life before it.
                return (mark.text, now.adding(seconds: mark.expiresAt.seconds(since: now) / 2))
            }
            return Answer.bytes(Array(text.utf8), type: "application/" + TrustMark.type)
        }
    }

    /// `POST /federation/trust-mark-status`: what is to be thought of a mark at this moment.
    func trustMarkStatus(_ request: Request) async throws -> Response {
        let (settings, now) = (configuration.current, clock())
        let provider = settings.openIDProvider
        guard Self.isForm(request), let body = try await request.collected(upTo: 8192) else {
            return Self.answer(.invalidRequest(TrustMarkRefusal.unreadable))
        }
        return answering { () throws(TrustMarkRefusal) in
            let mark = try PresentedTrustMark(form: body, at: provider)
            let status = mark.status(of: settings.federation.member(mark.subject), at: now)
            let text = try marks.text("status " + status.rawValue + " " + mark.text, settings, at: now) { () throws(TrustMarkRefusal) in
                (try mark.response(status, from: provider, at: now), now.adding(seconds: 30))
            }
            return Answer.bytes(Array(text.utf8), type: "application/" + PresentedTrustMark.responseType)
        }
    }

    /// `GET /federation/trust-mark-list?trust_mark_type=…`: members of the folder that have one now. Those of metadata sources have marks too
    /// and are too many to list; `sub` finds them.
    func trustMarkList(_ request: Request) -> Response {
        let (settings, now) = (configuration.current, clock())
        return answering { () throws(TrustMarkRefusal) in
            let question = try TrustMarkQuestion(query: Array(request.rawQuery.utf8), needsSubject: false, at: settings.openIDProvider)
            let members = question.subject.map { settings.federation.member($0).map { [$0] } ?? [] } ?? settings.federation.members
            let marked = members.filter { $0.kind == question.type.kind && $0.standing(at: now) == .inForce }
            return Answer.json(.array(marked.map { .string($0.id.text) }))
        }
    }

    /// `GET /trust-marks/{kind}`: what a mark of this type says, for people.
    func trustMarkMeaning(_ context: DoorContext) -> Response {
        guard let kind = context.parameters.get("kind").flatMap({ MemberKind(rawValue: $0) }) else {
            return Answer.page(Pages.nothingHere(), status: .notFound)
        }
        return Answer.page(Pages.trustMark(kind, configuration.current.openIDProvider))
    }

    private func answering(_ work: () throws(TrustMarkRefusal) -> Response) -> Response {
        do { return try work() } catch { return Self.answer(error) }
    }

    private static func answer(_ refusal: TrustMarkRefusal) -> Response {
        Answer.json(refusal.body, status: .init(code: refusal.status))
    }
}

extension Pages {
    static func trustMark(_ kind: MemberKind, _ provider: Provider) -> Markup {
        document(Words("トラストマーク", "Trust mark")) { page in
            page.paragraph { $0.strong(kind.words) }
            page.paragraph(
                Words(
                    "このトラストマークは、その事業者・機関の認定が、発行の時点で有効であることを示します。",
                    "This mark says that the accreditation of its subject is in force when the mark is issued."))
            page.paragraph { page in
                page.words(
                    Words(
                        "認定が停止されると、直ちに失効します。現在の状態の確認先：",
                        "It ends at once when the accreditation is suspended. Its present status can be asked at: "))
                page.code(provider.trustMarkStatusEndpoint)
            }
        }
    }
}
