import ArgumentParser
import Cryptography
import JOSE
import Settings
import Vocabulary

/// Who blocks or lifts: an officer, who shows the key of the file in Keys/officers. Where a deployment has no officers, whoever keeps the
/// machine says a name, and the trail says so too.
struct CareOfficer: ParsableArguments {
    @Option(name: .customLong("as"), help: "The officer: the file's name in Keys/officers, without .yaml.") var officer: String?
    @Option(name: .customLong("key"), help: "The officer's private key, PEM (PKCS#8); its passphrase in SEKISHO_OFFICER_PASSPHRASE.")
    var key: String?
    @Option(help: "Only where there are no officers: who is at the keyboard.") var by: String?

    /// Who may be at a counter.
    private static let roles: Set<OfficerRole> = [.registrar, .trustOfficer, .operator]

    /// For the record: `officer:ID` or `operator:NAME`.
    func author(under settings: Configuration, at now: Timestamp) throws -> String {
        guard let officer else {
            guard settings.officers.all.isEmpty else {
                throw ValidationError("this deployment has officers: say --as and --key")
            }
            guard let by, (1...64).contains(by.utf8.count), by.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
                throw ValidationError("say --by NAME: who is at the keyboard, without spaces")
            }
            return "operator:" + by
        }
        guard let key else { throw ValidationError("say --key: the officer's private key") }
        guard let known = settings.officers[officer] else { throw ValidationError("there is no officer `\(officer)` in Keys/officers") }
        guard !known.isRevoked, known.isInOffice(at: now) else { throw ValidationError("`\(officer)` is not in office") }
        guard !known.roles.isDisjoint(with: Self.roles) else {
            throw ValidationError("`\(officer)` is no \(Self.roles.map(\.rawValue).sorted().joined(separator: ", nor "))")
        }
        let shown = JWK(unnamed: try OfficerKey.read(key).publicKey)
        guard let own = known.key, own.thumbprint == shown.thumbprint else {
            throw ValidationError("this is not the key of `\(officer)`")
        }
        return "officer:" + known.id
    }
}
