/// A generator from one number, so that no lock is held while a moment is chosen. Spreads further numbers by Knuth's multiplier.
struct Draw: RandomNumberGenerator {
    var word: UInt64

    mutating func next() -> UInt64 {
        defer { word = word &* 6_364_136_223_846_793_005 &+ 1 }
        return word
    }
}
