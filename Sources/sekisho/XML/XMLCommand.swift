import ArgumentParser

struct XMLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "xml", abstract: "Plain XML: canonical forms, signatures, encryption. SAML is stricter: see `sekisho saml`.",
        subcommands: [XMLCanonicalize.self, XMLVerify.self, XMLDecrypt.self])
}
