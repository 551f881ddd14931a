import ArgumentParser

struct SAMLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "saml", abstract: "SAML messages: decode and explain one, judge many.",
        subcommands: [SAMLDecode.self, SAMLVerify.self])
}
