import Cryptography
import TrustFramework
import Vocabulary

/// The code of a request and what must come with it (RFC 6749 §4.1.3, RFC 7636 §4.5).
struct CodeRedemption: Hashable, Sendable {
    let codeDigest: [UInt8]
    let redirectURI: String
    let verifier: String
}

/// A rule for redeeming a code. The list in its order is the specification.
struct RedemptionCheck: Sendable {
    struct Question: Sendable {
        let redemption: CodeRedemption
        let code: CodeRecord
        let client: Client
        let member: Member
        let now: Timestamp
    }

    let name: String
    let fault: @Sendable (Question) -> Explanation?
}

extension RedemptionCheck {
    static let inOrder = [
        RedemptionCheck(name: "the code that was sent") { question in
            ConstantTime.equal(question.redemption.codeDigest, question.code.codeDigest) ? nil : .codeUnknown
        },
        RedemptionCheck(name: "the code's own client") { question in
            question.code.client.text.hasSameBytes(as: question.client.id.text)
                ? nil : .grantFault("client", "the code was issued to another client", "RFC 6749 §4.1.3", "redeem only your own codes")
        },
        RedemptionCheck(name: "the code still lives") { question in
            question.now < question.code.expiresAt
                ? nil
                : .grantFault(
                    "expired", "the code has expired", "RFC 6749 §4.1.2", "redeem a code at once",
                    [.init("expired-at", question.code.expiresAt.text), .init("now", question.now.text)])
        },
        RedemptionCheck(name: "the same redirect_uri") { question in
            question.redemption.redirectURI.hasSameBytes(as: question.code.redirectURI)
                ? nil
                : .grantFault(
                    "redirect-uri", "the redirect_uri is not the one of the authorization request", "RFC 6749 §4.1.3",
                    "send the same redirect_uri in both requests", [.init("redirect_uri", question.redemption.redirectURI)])
        },
        RedemptionCheck(name: "the PKCE verifier") { question in
            let digest = Digest.sha256(Array(question.redemption.verifier.utf8))
            return ConstantTime.equal(Array(Base64url.encode(digest).utf8), Array(question.code.codeChallenge.utf8))
                ? nil
                : .grantFault(
                    "code-verifier", "the code_verifier does not belong to the code_challenge", "RFC 7636 §4.6",
                    "send the verifier whose SHA-256 the authorization request had",
                    [.init("code_challenge", question.code.codeChallenge)])
        },
        RedemptionCheck(name: "the member in force") { question in .memberFault(question.member, question.client.id, question.now) },
    ]
}

extension Explanation {
    static func grantFault(
        _ code: String, _ summary: String, _ clause: String, _ remedy: String, _ compared: [Compared] = []
    ) -> Explanation {
        Explanation("openid.token." + code, summary, compared: compared, clause: clause, remedy: remedy)
    }

    /// A member whose accreditation ended since the login gets nothing more.
    static func memberFault(_ member: Member, _ client: MemberID, _ now: Timestamp) -> Explanation? {
        guard member.id.text.hasSameBytes(as: client.text) else {
            return grantFault("member", "the client is no member", "trust framework: members", "register the client")
        }
        let standing = member.standing(at: now)
        guard standing != .inForce else { return nil }
        return grantFault(
            "member." + standing.rawValue, "the member's accreditation is not in force", "trust framework: accreditation",
            "the member's administrator renews or reinstates its accreditation", [.init("standing", standing.rawValue)])
    }
}
