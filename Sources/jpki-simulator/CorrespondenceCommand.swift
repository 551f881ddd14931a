import ArgumentParser
import SimulatedJPKI

struct CorrespondenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correspondence",
        abstract: "Write the public key of the service that knows old and new certificates.",
        discussion: "Into DIR/Keys when DIR is a deployment's folder, else into DIR itself. `serve` answers at /correspondence.")

    @OptionGroup var state: StateOption
    @Argument(help: "A deployment's folder, or any other.") var directory: String

    func run() throws {
        let (file, yaml) = try state.open().correspondence()
        let isDeployment = StateFolder(directory).has("Keys")
        let folder = StateFolder(isDeployment ? directory + "/Keys" : directory)
        try folder.write(file.name, file.bytes, mode: 0o644)
        print("\(folder.path)/\(file.name)\n\nsekisho.yaml should say:\n\n" + yaml)
    }
}
