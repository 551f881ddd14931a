import ArgumentParser

struct TrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "Whom we believe: judge certificates, explain decisions, look after anchors and lists.",
        subcommands: [
            TrustVerify.self, TrustExplain.self, TrustStatus.self, TrustFeedCommand.self, TrustUnknown.self, TrustAdd.self,
            TrustRemove.self, TrustAccept.self,
        ])
}
