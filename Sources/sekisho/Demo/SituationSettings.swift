import Foundation

/// The parts of a deployment's `sekisho.yaml` that the demonstration adds and changes, as its operator would with an editor.
struct SituationSettings {
    private let deployment: String

    init(_ deployment: String) { self.deployment = deployment }

    private var file: URL { URL(fileURLWithPath: deployment + "/sekisho.yaml") }
    private static let mark = "\ncircumstances: {load: "

    /// A part of its own at the end.
    func add(_ part: String) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        try Data((text + "\n" + part).utf8).write(to: file, options: .atomic)
    }

    /// The operator's word on how things are, and the signal that has it taken up.
    func set(load: String) async throws {
        var text = try String(contentsOf: file, encoding: .utf8)
        if let old = text.range(of: Self.mark) { text = String(text[..<old.lowerBound]) }
        try Data((text + Self.mark + load + "}\n").utf8).write(to: file, options: .atomic)
        guard let running = RunningServer(deployment), try await running.reload(within: 10) else {
            throw DemoRefusal(what: "the running server did not take over sekisho.yaml")
        }
    }
}
