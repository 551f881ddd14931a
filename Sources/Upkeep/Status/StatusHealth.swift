package import Vocabulary

/// How the look-up of status fares, as a value for gauges and the operator's eye. Counts are since the start.
package struct StatusHealth: Hashable, Sendable {
    /// Why a responder gave no word that counts.
    package enum Failure: String, Hashable, Sendable, CaseIterable {
        /// Of the way: it costs logins their time, and the responder is left to rest.
        case slow, unreachable, status, tryLater = "try-later", internalError = "internal-error"
        /// Not asked: our own rules refuse the address (E21).
        case refused
        /// Of the answer: something came that is not believed.
        case tooLarge = "too-large", malformed, unauthorized, malformedRequest = "malformed-request"
        case signatureRequired = "signature-required"
        case signature, weakSignature = "weak-signature", responder, responderRevoked = "responder-revoked"
        case responderUnknown = "responder-unknown"
        case stale, future, time, nonce, otherCertificate = "other-certificate", other

        var isOfTheWay: Bool {
            switch self {
            case .slow, .unreachable, .status, .tryLater, .internalError: true
            default: false
            }
        }
    }

    package enum Role: String, Hashable, Sendable {
        case main
        case fallBack = "fall-back"
        /// Named by certificates.
        case certificate
    }

    package struct Responder: Hashable, Sendable {
        /// The address without its query.
        package let name: String
        package let role: Role
        /// Requests that were sent.
        package internal(set) var asked = 0
        /// Answers that were believed, whatever they said.
        package internal(set) var answered = 0
        package internal(set) var failures: [Failure: Int] = [:]
        /// Logins that went past it while it rested or had too much to do.
        package internal(set) var passedOver = 0
        package internal(set) var lastSuccess: Timestamp?
        package internal(set) var lastFailure: Timestamp?
        package internal(set) var lastFailureCode: Failure?
        /// thisUpdate of the newest answer that was believed: its age is the responder's.
        package internal(set) var newestAnswer: Timestamp?
        /// Past: the next login tries it.
        package internal(set) var restsUntil: Timestamp?
        /// Whether its last believed answer gave our nonce back; nil when none was sent.
        package internal(set) var givesNonce: Bool?

        /// Seconds since the newest answer's thisUpdate.
        package func age(at now: Timestamp) -> Int64? { newestAnswer.map { now.seconds(since: $0) } }
    }

    /// What was decided, and how.
    package struct Counts: Hashable, Sendable {
        package internal(set) var good = 0
        package internal(set) var revoked = 0
        package internal(set) var unknown = 0
        /// Of these: from an answer kept, from another login's fetch, from a stapled answer, from the lists.
        package internal(set) var kept = 0
        package internal(set) var shared = 0
        package internal(set) var stapled = 0
        package internal(set) var listed = 0
        /// Revoked or on hold by memory: nothing was asked, or nothing newer was heard.
        package internal(set) var remembered = 0
        /// Of these: while a list from after the revocation calls the certificate good. An alarm.
        package internal(set) var contradicted = 0
        /// A hold that a later word lifted.
        package internal(set) var lifted = 0
        package internal(set) var stapledRefused = 0
        /// The memory could not be read (the answer was *unknown*) or written (it was *revoked*).
        package internal(set) var memoryFailures = 0
    }

    package internal(set) var responders: [Responder] = []
    package internal(set) var counts = Counts()
    /// Answers held.
    package internal(set) var held = 0

    package init() {}
}
