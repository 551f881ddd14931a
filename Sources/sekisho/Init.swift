import ArgumentParser
import Outbound
import Settings

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a fresh deployment folder with keys of its own, a ladder, rules and a commented sekisho.yaml.")

    @Argument(help: "The folder; must not exist or be empty.") var folder: String
    @Option(help: "development or production.") var mode: Mode = .production
    @Option(help: "The public origin, such as https://login.example.go.jp.") var baseURL: String = "http://127.0.0.1:8080"
    @Option(help: "Open the TLS door on this port.") var tlsPort: Int?
    @Option(help: "A certificate policy of logins by phone; may be given several times.") var phonePolicy: [String] = []
    @Option(help: "Whose levels of assurance it speaks of: japan, eidas, nist; see docs/assurance.md.") var ladder: LadderChoice = .japan
    @Option(help: "Address or file of a revocation list; may be given several times.") var revocationList: [String] = []

    func run() throws {
        guard let base = WebAddress(baseURL) else { throw ValidationError("`\(baseURL)` is no address") }
        let plan = DeploymentPlan(
            mode: mode, baseURL: baseURL, listen: Endpoint(host: "127.0.0.1", port: mode == .development ? base.port : 8080),
            tlsDoor: tlsPort.map {
                DeploymentPlan.Door(
                    origin: "https://\(base.host):\($0)", listen: Endpoint(host: "127.0.0.1", port: $0),
                    everyClientAsksForThePIN: mode == .development)
            }, revocationLists: revocationList, phonePolicies: phonePolicy, ladder: ladder)
        do throws(SettingsProblems) {
            for file in try Settings.initialise(folder, plan, at: SystemClock.now()) { print("wrote \(folder)/\(file)") }
            print("see \(folder)/sekisho.yaml, then `sekisho check \(folder)` and `sekisho serve \(folder)`")
        } catch {
            for problem in error.problems { Console.error(problem.description) }
            throw ExitCode(1)
        }
    }
}

extension Mode: ExpressibleByArgument {}
extension LadderChoice: ExpressibleByArgument {}
