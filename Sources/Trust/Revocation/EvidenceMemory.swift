import Cryptography
import Synchronization
import Vocabulary

/// How much work the evidence of one verdict may be. Hostile lists and certificates can point at each other without end; what lies beyond
/// a limit does not count, and is refused as `RevocationRefusal.budget`.
package struct RevocationBudget: Hashable, Sendable {
    /// Lists looked at; further ones are passed over.
    package var lists: Int
    /// Names of certificates' points held against names of lists' scopes, and at least one for each such pair.
    package var comparisons: Int
    /// Signatures of lists and answers, some 50 µs each. A path of five authorities with deltas needs ten.
    package var signatures: Int
    /// Searches for the path of a signer that does not stand in the certificate's own path.
    package var signerPaths: Int
    /// What each of those searches may cost.
    package var path: PathBudget

    package init(
        lists: Int = 1_000, comparisons: Int = 2_000_000, signatures: Int = 200, signerPaths: Int = 16,
        path: PathBudget = PathBudget(signatures: 50, candidates: 1_000, statuses: 16)
    ) {
        self.lists = lists
        self.comparisons = comparisons
        self.signatures = signatures
        self.signerPaths = signerPaths
        self.path = path
    }

    package static let standard = RevocationBudget()
}

/// What was found on the way to one verdict, shared by all questions of it: signatures and signers' paths are looked at once.
final class EvidenceMemory: Sendable {
    struct PathQuestion: Hashable {
        let signer: Certificate
        /// Of the certificate in question, from its issuer to the anchor.
        let authorities: [Certificate]
        let now: Timestamp
    }

    private struct SignatureQuestion: Hashable {
        let list: Int
        let key: PublicKey
    }

    private struct State {
        var signatures: [SignatureQuestion: Bool] = [:]
        var paths: [PathQuestion: Result<[Certificate], RevocationRefusal>] = [:]
        var left: RevocationBudget
    }

    let limits: RevocationBudget
    private let state: Mutex<State>

    init(_ limits: RevocationBudget) {
        self.limits = limits
        state = Mutex(State(left: limits))
    }

    /// `position` names the list among those of the evidence.
    func isSigned(_ list: UnverifiedRevocationList, _ position: Int, by signer: Certificate) throws(RevocationRefusal) -> Bool {
        let question = SignatureQuestion(list: position, key: signer.publicKey)
        if let known = state.withLock({ $0.signatures[question] }) { return known }
        try spendSignature()
        let answer = list.isSigned(by: signer)
        state.withLock { $0.signatures[question] = answer }
        return answer
    }

    func spendSignature() throws(RevocationRefusal) {
        try spend("signatures") { left in
            left.signatures -= 1
            return left.signatures
        }
    }

    func spendPath() throws(RevocationRefusal) {
        try spend("signer paths") { left in
            left.signerPaths -= 1
            return left.signerPaths
        }
    }

    func spend(comparisons count: Int) throws(RevocationRefusal) {
        try spend("comparisons") { left in
            left.comparisons -= count
            return left.comparisons
        }
    }

    /// `take` returns what is left, below zero when it was too much; and so it stays.
    private func spend(_ name: String, _ take: (inout RevocationBudget) -> Int) throws(RevocationRefusal) {
        guard state.withLock({ take(&$0.left) }) >= 0 else { throw .budget(name) }
    }

    func path(_ question: PathQuestion) -> Result<[Certificate], RevocationRefusal>? { state.withLock { $0.paths[question] } }

    func keep(_ path: Result<[Certificate], RevocationRefusal>, for question: PathQuestion) {
        state.withLock { $0.paths[question] = path }
    }
}
