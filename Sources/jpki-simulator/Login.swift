import ArgumentParser
import Foundation
import SimulatedJPKI
import Vocabulary

struct Login: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go to a service as a citizen and log in with a card.",
        discussion: "Ends with status 0 only on a page of the service, after the platform took the card.")

    @OptionGroup var state: StateOption
    @Option var card: String
    @Option(help: "Four digits.") var pin: String?
    @Option(help: "Of the signature key: shows the signature certificate when a service asks who you are.") var password: String?
    @Option(help: "What ties the two certificates, at least: journey, keys or card (the terminal's word).") var tie: IdentityTie = .journey
    @Option(help: "pin, face (an attended terminal looks) or presence (nobody does).") var mode: CardMode = .pin
    @Option(help: "kiosk, stb, sekisho-app; `none` makes no statement. Default: the terminal that goes with the mode.") var terminal:
        String?
    @Option(help: "Said where the card is not known there: new, old (with --old-card) or proof (with --password).")
    var unknown: NewcomerAnswer.Choice?
    @Option(help: "The card that was used there before; same PIN.") var oldCard: String?
    @Flag(help: "Show every HTTP hop with decoded messages.") var trace = false
    @Flag(help: "Print where it ended as one line of JSON: status, address, card-used, body.") var json = false
    @Argument(help: "Where the citizen goes.") var url: String

    func run() async throws {
        let simulator = try state.open()
        let usual: [CardMode: String] = [.pin: "sekisho-app", .face: "kiosk", .presence: "stb"]
        let name = terminal ?? usual[mode] ?? "sekisho-app"
        let held = name == "none" ? nil : try simulator.terminal(name)
        let stepUp = held?.modes.contains(.pin) == true ? held : name == "none" ? nil : try simulator.terminal("sekisho-app")
        let holder = CardHolder(
            try simulator.card(card), mode: mode, pin: pin, password: password, tie: tie, terminal: held, stepUpTerminal: stepUp)
        guard unknown != .old || oldCard != nil else { throw ValidationError("--unknown old takes --old-card") }
        let old = try oldCard.map { CardHolder(try simulator.card($0), mode: .pin, pin: pin, terminal: stepUp, stepUpTerminal: stepUp) }
        let newcomer = unknown.map { NewcomerAnswer($0, old: old) }
        let writer = TraceWriter()
        let shows = trace
        var agent = UserAgent(clock: { Clock.now }, trace: { event in if shows { print(writer.text(event)) } })
        let arrival: Arrival
        do throws(UserAgentRefusal) {
            arrival = try await agent.open(url, holding: holder, newcomer: newcomer)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            throw ExitCode(1)
        }
        json ? tellJSON(arrival) : tell(arrival)
        guard arrival.isAtService, !arrival.cardUses.isEmpty else { throw ExitCode(1) }
    }
}

extension Login {
    private func tell(_ arrival: Arrival) {
        print("status: \(arrival.status)")
        print("address: \(arrival.address)")
        print("card used: " + (arrival.cardUses.isEmpty ? "no" : arrival.cardUses.map(\.rawValue).joined(separator: ", then ")))
        if arrival.identitiesShown > 0 { print("signature certificate: shown") }
        if !arrival.title.isEmpty { print("title: \(arrival.title)") }
        print("\n" + arrival.text)
    }

    private func tellJSON(_ arrival: Arrival) {
        let facts: JSON = [
            "status": .integer(Int64(arrival.status)), "address": .string("\(arrival.address)"),
            "signature-certificate-shown": .bool(arrival.identitiesShown > 0),
            "card-used": .array(arrival.cardUses.map { .string($0.rawValue) }),
            "body": .string(String(decoding: arrival.body, as: UTF8.self)),
        ]
        print(facts.text)
    }
}

extension CardMode: ExpressibleByArgument {}
extension IdentityTie: ExpressibleByArgument {}
extension NewcomerAnswer.Choice: ExpressibleByArgument {}
