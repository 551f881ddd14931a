import ArgumentParser

struct JOSECommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jose", abstract: "JSON Web Tokens: decode and explain one, verify and decrypt many, sign and encrypt.",
        subcommands: [JOSEDecode.self, JOSEVerify.self, JOSEDecrypt.self, JOSESign.self, JOSEEncrypt.self])
}
