import Cryptography

/// The signatures checked for one verdict: each certificate is held against each key once, however many paths cross there.
struct SignatureMemory {
    private struct Question: Hashable {
        let certificate: Certificate
        /// SubjectPublicKeyInfo: certificates of one key are one answer.
        let key: [UInt8]
    }

    private var answers: [Question: Bool] = [:]

    mutating func isSigned(_ certificate: Certificate, by key: PublicKey, _ budget: inout PathBudget) throws(PathStop) -> Bool {
        let question = Question(certificate: certificate, key: key.spki)
        if let known = answers[question] { return known }
        try budget.spend(.signatures)
        let answer = certificate.isSigned(by: key)
        answers[question] = answer
        return answer
    }
}
