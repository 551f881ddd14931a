import Testing
import TrustFramework
import Vocabulary

@Suite struct `A member's standing` {
    static let day: Int64 = 86_400

    @Test(arguments: Accreditation.State.allCases, [-2, -1, 0, 1, 2] as [Int64])
    func `follows from its state and the date together`(state: Accreditation.State, days: Int64) throws {
        // Accredited from one day before to one day after; the question is asked `days` from now.
        let member = try Fixture.member(state: state)
        let standing = member.standing(at: Fixture.now.adding(seconds: days * Self.day))
        let expected: Standing =
            switch state {
            case .applied, .examined: .notAccredited
            case .suspended: .suspended
            case .withdrawn: .withdrawn
            case .accredited: days < -1 ? .notYet : days > 1 ? .expired : .inForce
            }
        #expect(standing == expected)
    }

    @Test(arguments: [(Int64(-1), Standing.notYet), (0, .inForce), (1, .inForce)])
    func `begins with the first moment`(milliseconds: Int64, standing: Standing) throws {
        let member = try Fixture.member(from: Fixture.now)
        #expect(member.standing(at: Fixture.now.adding(milliseconds: milliseconds)) == standing)
    }

    @Test(arguments: [(Int64(-1), Standing.inForce), (0, .inForce), (1, .expired)])
    func `ends after the last moment`(milliseconds: Int64, standing: Standing) throws {
        let member = try Fixture.member(until: Fixture.now)
        #expect(member.standing(at: Fixture.now.adding(milliseconds: milliseconds)) == standing)
    }

    @Test func `is never in force when the dates are the wrong way round`() throws {
        let member = try Fixture.member(from: Fixture.now.adding(seconds: 10), until: Fixture.now.adding(seconds: -10))
        for offset in [-20, -10, 0, 10, 20] as [Int64] {
            #expect(member.standing(at: Fixture.now.adding(seconds: offset)) != .inForce)
        }
    }
}

@Suite struct `A member` {
    @Test func `is a sector of its own unless it shares one`() throws {
        #expect(try Fixture.member(id: "https://a.example").sector == "https://a.example")
        #expect(try Fixture.member(id: "https://a.example", sector: "group").sector == "group")
    }
}

@Suite struct `A purpose` {
    @Test(arguments: ["procedure", "identity-check", "points2", "a", String(repeating: "a", count: 64)])
    func `is a short word`(text: String) { #expect(Purpose(text)?.text == text) }

    @Test(arguments: ["", "Procedure", "a b", "a_b", "手続", "a\n", String(repeating: "a", count: 65)])
    func `is nothing else`(text: String) { #expect(Purpose(text) == nil) }
}
