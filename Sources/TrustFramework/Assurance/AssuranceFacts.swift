package import Vocabulary

/// Where the answer about revocation came from.
package enum StatusSource: String, Sendable, Hashable, CaseIterable {
    case crl
    case ocsp
}

/// What is known about one authentication, each fact by itself: never folded into one number.
package struct AssuranceFacts: Hashable, Sendable {
    package let mode: CardMode
    /// A registered terminal or client signed for the mode; otherwise it is the weakest that the door allows.
    package let modeIsStated: Bool
    package let carrier: Carrier
    package let door: Door
    package let statusSource: StatusSource
    /// The moment the revocation data speaks of (`thisUpdate`).
    package let statusAt: Timestamp
    package let authenticatedAt: Timestamp
    /// The class of the registered terminal that stated the mode (`class` in its file in `Keys/terminals`); nil when none did.
    package let terminalClass: String?
    /// The identity provider that authenticated the citizen in our place; nil when we did.
    package let upstream: MemberID?
    /// A record made from a signature certificate that the citizen presented for the purpose at hand is kept. A fact of one purpose, so it is
    /// never stored with the login: whoever asks for a decision says it, through `presenting`.
    package let signatureCertificate: Bool

    package init(
        mode: CardMode, modeIsStated: Bool, carrier: Carrier, door: Door, statusSource: StatusSource, statusAt: Timestamp,
        authenticatedAt: Timestamp, terminalClass: String? = nil, upstream: MemberID? = nil, signatureCertificate: Bool = false
    ) {
        self.mode = mode
        self.modeIsStated = modeIsStated
        self.carrier = carrier
        self.door = door
        self.statusSource = statusSource
        self.statusAt = statusAt
        self.authenticatedAt = authenticatedAt
        self.terminalClass = terminalClass
        self.upstream = upstream
        self.signatureCertificate = signatureCertificate
    }

    package var pinUsed: Bool { mode == .pin }

    /// The card was used where the session is. A login by another device, whose code may have been relayed, ties no cards together, lifts no
    /// block and opens no console (decision 0063).
    package var isAtOwnDevice: Bool { Door.ownDevice.contains(door) }

    /// How old the revocation data was when the citizen logged in, in seconds; never below 0, for data may be newer than the login's start.
    package var statusAge: Int64 { max(0, authenticatedAt.seconds(since: statusAt)) }

    /// How long ago the login was, in seconds; never below 0.
    package func loginAge(at now: Timestamp) -> Int64 { max(0, now.seconds(since: authenticatedAt)) }

    /// The same login beside a record from a signature certificate, or without one.
    package func presenting(signatureCertificate: Bool) -> AssuranceFacts {
        AssuranceFacts(
            mode: mode, modeIsStated: modeIsStated, carrier: carrier, door: door, statusSource: statusSource, statusAt: statusAt,
            authenticatedAt: authenticatedAt, terminalClass: terminalClass, upstream: upstream, signatureCertificate: signatureCertificate)
    }

    /// The same login, come in by another door.
    package func through(_ door: Door) -> AssuranceFacts {
        AssuranceFacts(
            mode: mode, modeIsStated: modeIsStated, carrier: carrier, door: door, statusSource: statusSource, statusAt: statusAt,
            authenticatedAt: authenticatedAt, terminalClass: terminalClass, upstream: upstream, signatureCertificate: signatureCertificate)
    }

    /// The same login after newer revocation data about its certificate came in.
    package func refreshed(from source: StatusSource, at statusAt: Timestamp) -> AssuranceFacts {
        AssuranceFacts(
            mode: mode, modeIsStated: modeIsStated, carrier: carrier, door: door, statusSource: source, statusAt: statusAt,
            authenticatedAt: authenticatedAt, terminalClass: terminalClass, upstream: upstream, signatureCertificate: signatureCertificate)
    }
}
