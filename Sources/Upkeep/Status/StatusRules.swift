package import Cryptography
package import Trust

/// How the status of a certificate is looked up and what counts as an answer: configuration. Seconds everywhere.
package struct StatusRules: Hashable, Sendable {
    package enum Order: String, Hashable, Sendable, CaseIterable { case listFirst, onlineFirst }

    package enum NonceUse: String, Hashable, Sendable, CaseIterable {
        case off
        /// Sent, and compared when one comes back. Responders that cannot read it are asked again without.
        case sent
        /// An answer without it is none: no answer from stock.
        case required
    }

    package enum Method: String, Hashable, Sendable, CaseIterable {
        case post
        /// So that caches on the way may answer (RFC 5019 §5): without a nonce, and by POST where the request is long or a cache's answer
        /// does not count.
        case get
    }

    /// When a responder that does not answer is left alone.
    package struct Rest: Hashable, Sendable {
        /// Failures in a row before the first rest.
        package let failures: Int
        /// The first rest; each further one is twice as long.
        package let first: Int64
        package let longest: Int64
        /// Requests under way to one responder; a login beyond them does not wait for it.
        package let mostAtOnce: Int

        package init(failures: Int = 3, first: Int64 = 5, longest: Int64 = 300, mostAtOnce: Int = 64) {
            self.failures = max(failures, 1)
            self.first = max(first, 1)
            self.longest = max(longest, self.first)
            self.mostAtOnce = max(mostAtOnce, 1)
        }
    }

    /// Where a decision begins that names no order of its own.
    package let order: Order
    /// Beyond this age a list says nothing, beside its own nextUpdate; nil: nextUpdate alone.
    package let listAge: Int64?
    package let answer: OCSPRules
    /// The digest that names the issuer in the first request (RFC 6960 §4.1.1). A responder that does not know it is asked by the other, and
    /// what it understood is asked first from then on.
    package let digest: DigestAlgorithm
    package let nonce: NonceUse
    /// How the main responder, or the one that a certificate names, is asked.
    package let method: Method
    package let fallBackMethod: Method
    /// What the on-line rungs of one decision may take together; a request that was begun may still run to its own limit.
    package let patience: Int64
    package let rest: Rest
    /// Answers kept at the most, about a kilobyte each.
    package let capacity: Int

    /// `answer.needsNonce` follows `nonce`.
    package init(
        order: Order = .listFirst, listAge: Int64? = nil, answer: OCSPRules, digest: DigestAlgorithm = .sha256, nonce: NonceUse = .sent,
        method: Method = .post, fallBackMethod: Method = .post, patience: Int64 = 6, rest: Rest = Rest(), capacity: Int = 50_000
    ) {
        self.order = order
        self.listAge = listAge
        self.answer = OCSPRules(
            maximumAge: answer.maximumAge, skew: answer.skew, needsNonce: nonce == .required, responderStatus: answer.responderStatus,
            responders: answer.responders)
        self.digest = digest
        self.nonce = nonce
        // What has to have a nonce never comes from a cache.
        self.method = nonce == .required ? .post : method
        self.fallBackMethod = nonce == .required ? .post : fallBackMethod
        self.patience = max(patience, 1)
        self.rest = rest
        self.capacity = max(capacity, 1)
    }
}
