import SAML
import Vocabulary

/// `Metadata/sources/`: one YAML file per source, and the certificates beside them. The folder may be missing.
struct SourceFolder {
    let folder: Folder
    let terms: SourceFile.Terms

    func read() -> [MetadataSource] {
        guard let names = folder.names(in: SourceFile.folder, required: false) else { return [] }
        let reader = SourceFile(terms: terms, findings: folder.findings) { name in
            folder.bytes(SourceFile.folder + "/" + name, limit: Folder.key, required: true)
        }
        var sources: [MetadataSource] = []
        var companions: Set<String> = []
        var isComplete = true
        for file in names where file.hasSuffix(SourceFile.suffix) {
            let path = SourceFile.folder + "/" + file
            guard let name = SourceFile.name(of: file) else {
                folder.report(path, "source.name", "the name of a source has letters, digits, `-` and `_`, at most 64", "rename the file")
                continue
            }
            guard let text = folder.text(path, limit: Folder.yaml, required: true),
                let (source, beside) = reader.read(text, name: name, file: path)
            else {
                isComplete = false
                continue
            }
            sources.append(source)
            companions.formUnion(beside)
        }
        for name in names where !name.hasSuffix(SourceFile.suffix) && isComplete && !companions.contains(name) {
            folder.report(
                SourceFile.folder + "/" + name, "file.unexpected", "no source's file names this one",
                name.hasSuffix(".yml")
                    ? "rename it: sources are read from files that end in .yaml" : "name it in a source's file, or remove it")
        }
        return sources
    }
}

extension Settings {
    /// One source by itself, as `Metadata/sources/NAME.yaml` would be read. `beside` gives the files it names.
    package static func source(
        reading text: String, named name: String, beside: @escaping (String) -> [UInt8]?, development: Bool, base: String = "/"
    ) throws(SettingsProblems) -> MetadataSource {
        let findings = Findings()
        let file = SourceFile.folder + "/" + name + SourceFile.suffix
        let reader = SourceFile(
            terms: SourceFile.Terms(isDevelopment: development, sign: .both, base: base), findings: findings, companion: beside)
        let source = reader.read(text, name: name, file: file)?.source
        try findings.throwIfAny()
        guard let source else { throw .one(file, "source.incomplete", "the file is no source", "see Metadata/README.md") }
        return source
    }
}
