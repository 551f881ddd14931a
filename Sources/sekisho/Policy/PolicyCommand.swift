import ArgumentParser

/// The policy officer's door: look at rules, try them, see what a change does, put it in force, take it back.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Check, test, compare and explain the rules of the federation.",
        subcommands: [
            // Reading rules: what is wrong, what the cases say, what a change does.
            PolicyCheck.self, PolicyTest.self, PolicyImpact.self,
            PolicyMeasure.self,
            // Putting a version in force, taking it back, and saying later what it decided.
            PolicyExplain.self, PolicyStatus.self, PolicyBundleCommand.self, PolicySign.self, PolicyActivate.self, PolicyRollback.self,
        ])
}
