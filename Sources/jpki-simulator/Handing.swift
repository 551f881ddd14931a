import ArgumentParser
import Foundation
import SimulatedJPKI

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write a card's key and certificate as PKCS#12 and PEM.")

    @OptionGroup var state: StateOption
    @Option var card: String
    @Flag(help: "The signature certificate instead of the login one.") var signature = false
    @Option(help: "Of the PKCS#12 file.") var password = "sekisho"
    @Argument(help: "Where to write.") var directory = "."

    func run() throws {
        let folder = StateFolder(directory)
        for file in try state.open().export(card, signature ? .sign : .user, password: password) {
            try folder.write(file.name, file.bytes, mode: file.isSecret ? 0o600 : 0o644)
            print("\(directory)/\(file.name)" + (file.name.hasSuffix(".p12") ? " (password: \(password))" : ""))
        }
    }
}

struct Anchors: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the authorities' certificates and the terminals' registrations for a deployment.",
        discussion: "Into DIR/Keys when DIR is a deployment's folder, else into DIR itself.")

    @OptionGroup var state: StateOption
    @Flag(help: "The signature authority's certificates as well.") var signature = false
    @Argument(help: "A deployment's folder, or any other.") var directory: String

    func run() throws {
        let simulator = try state.open()
        let isDeployment = StateFolder(directory).has("Keys")
        let folder = StateFolder(isDeployment ? directory + "/Keys" : directory)
        let purposes: [Purpose] = signature ? [.user, .sign] : [.user]
        for file in try simulator.deployment(purposes) {
            try folder.write(file.name, file.bytes, mode: 0o644)
            print("\(folder.path)/\(file.name)")
        }
        print("\nsekisho.yaml should say:\n\n" + simulator.deploymentYAML(purposes))
    }
}
