import JOSE
import TrustFramework
package import Vocabulary

extension VerifiedUserInfoRequest {
    /// `sub` as in the ID token, and what policy released for userinfo at the login, in the form that the client registered (OpenID
    /// Connect Core §5.3.2). `word`: what the citizen's side says, where `record.citizen` asks for it. A client registered for an encrypted answer never gets a plain one.
    package func answer(
        at provider: Provider, at now: Timestamp, hearing word: CitizenWord = .silent, using random: inout some RandomNumberGenerator
    ) throws(ResourceRefusal) -> SealedAnswer {
        if let citizen = record.citizen, !word.upholds(citizen) {
            throw ResourceRefusal(.invalidToken, .consentTakenBack(citizen.consented.map(\.rawValue)), by: .bearer)
        }
        do throws(SealingFault) {
            // §5.3.2 names no `typ`, and clients' libraries refuse one that they do not know; ours of ID tokens is `JWT` (checklist E24).
            return try provider.sealed(
                claims(hearing: word, at: provider), type: nil, signing: client.userInfoSigning, encryption: client.userInfoEncryption,
                for: client, at: now, using: &random)
        } catch {
            throw ResourceRefusal(.serverError, error.explanation, by: .bearer)
        }
    }

    /// What the answer says, in whatever form.
    func claims(hearing word: CitizenWord, at provider: Provider) -> JSON {
        var members: [(String, JSON)] = [("sub", .string(record.pairwise.text))]
        // A JWT names its author and its reader (§5.3.2); plain JSON has them from the connection.
        if client.userInfoSigning != nil || client.userInfoEncryption != nil {
            members = [("iss", .string(provider.issuer)), ("aud", .string(client.id.text))] + members
        }
        return .object(members + IDToken.released(told.userInfoClaims) + word.claims(told.citizen?.userInfo ?? []))
    }
}
