package import Vocabulary

/// How often codes may be guessed (RFC 8628 §5.1; checklist H8). Three allowances, each of which fills up again with time: one for a network
/// address, one for everybody who has not logged in, one for a citizen who has. The second is what makes guessing hopeless from many
/// addresses; when it is used up nobody is locked out, but has to show a card first, and is then counted as that citizen.
///
/// What it comes to: a letter code has 20^8 (2.56e10) values and lives ten minutes, in which strangers together have at most 600 tries. With
/// a thousand codes waiting at once, the chance that any of them is hit in ten minutes is below 3 in 100,000; and what is won is to log in
/// somebody else's television as oneself, by name and card.
///
/// Memory is fixed: allowances are in a table of 4,096 places each; two whose names fall together share one.
package struct CodeAttempts: Sendable {
    package enum Guesser: Hashable, Sendable {
        /// Not logged in, at this network address; nil where the address is a proxy's or not known.
        case stranger(address: String?)
        case citizen(SubjectID)
    }

    package enum Verdict: Hashable, Sendable {
        case go
        /// Too many wrong ones: seconds to wait.
        case wait(Int64)
        /// Strangers have guessed too much: only with a card.
        case card
    }

    /// `burst` tries at once, and one more every `refill` seconds.
    struct Allowance: Sendable {
        let burst: Int64
        let refill: Int64
        static let address = Allowance(burst: 10, refill: 30)
        static let everybody = Allowance(burst: 300, refill: 2)
        static let citizen = Allowance(burst: 10, refill: 60)
    }

    /// Until when a place's tries reach: each try moves it on by `refill`, and it may lie `burst * refill` ahead. Milliseconds.
    private var addresses: [Int64]
    private var citizens: [Int64]
    private var strangers: Int64 = .min

    package init(places: Int = 4_096) {
        addresses = [Int64](repeating: .min, count: max(places, 1))
        citizens = addresses
    }

    /// Takes one try. A right code gives it back by `returned`.
    package mutating func taken(by guesser: Guesser, at now: Timestamp) -> Verdict {
        switch guesser {
        case .citizen(let subject):
            let place = Self.place(subject.text, citizens.count)
            if let wait = Self.take(.citizen, from: &citizens[place], at: now) { return .wait(wait) }
        case .stranger(let address):
            if let address {
                let place = Self.place(address, addresses.count)
                if let wait = Self.take(.address, from: &addresses[place], at: now) { return .wait(wait) }
            }
            if Self.take(.everybody, from: &strangers, at: now) != nil { return .card }
        }
        return .go
    }

    /// The code was right: the try counts for nothing.
    package mutating func returned(by guesser: Guesser) {
        switch guesser {
        case .citizen(let subject): Self.giveBack(.citizen, to: &citizens[Self.place(subject.text, citizens.count)])
        case .stranger(let address):
            if let address { Self.giveBack(.address, to: &addresses[Self.place(address, addresses.count)]) }
            Self.giveBack(.everybody, to: &strangers)
        }
    }

    /// Two citizens turned out to be one, or two after all: each has tried as often as the one of them that tried more.
    package mutating func carry(between one: SubjectID, _ other: SubjectID) {
        let places = (Self.place(one.text, citizens.count), Self.place(other.text, citizens.count))
        let most = max(citizens[places.0], citizens[places.1])
        citizens[places.0] = most
        citizens[places.1] = most
    }

    /// Nil when there was one; else the seconds until there is.
    private static func take(_ allowance: Allowance, from place: inout Int64, at now: Timestamp) -> Int64? {
        let moved = max(place, now.milliseconds) + allowance.refill * 1000
        let ahead = moved - now.milliseconds
        guard ahead <= allowance.burst * allowance.refill * 1000 else { return allowance.refill }
        place = moved
        return nil
    }

    private static func giveBack(_ allowance: Allowance, to place: inout Int64) {
        if place > .min { place -= allowance.refill * 1000 }
    }

    /// The hash has a seed of this process: nobody can choose whom he shares a place with.
    private static func place(_ name: String, _ count: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(name)
        return Int(UInt(bitPattern: hasher.finalize()) % UInt(count))
    }
}
