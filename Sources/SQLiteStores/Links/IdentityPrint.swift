import Credentials
import Cryptography
import Foundation
import GRDB
import SignOn
import Vocabulary

/// What a record of a signature certificate is found by, without saying what it says: a keyed digest over the four attributes and the marks of
/// substituted characters. Whoever has the file alone can neither read it nor try names at it.
extension IdentitySeal {
    func print(of attributes: BasicAttributes) -> [UInt8] {
        func number(_ value: Int64?) -> String { value.map { String($0) } ?? "-" }
        func marks(_ marks: [Bool]) -> String { String(marks.map { $0 ? "1" : "0" }) }
        let parts = [
            attributes.name, marks(attributes.nameSubstitutes), number(attributes.birth.year), number(attributes.birth.month),
            number(attributes.birth.day), attributes.sex.rawValue, attributes.address, marks(attributes.addressSubstitutes),
        ]
        return keyed("print 1", parts.flatMap { Array($0.utf8) + [0] })
    }

    func label(of certificate: CertificateIdentity) -> String {
        Hexadecimal.encode(Array(keyed("certificate label 1", Array((certificate.issuer + " " + certificate.serial).utf8)).prefix(8)))
    }
}

extension SQLiteStore {
    /// Beside a record that was just written, in its commit.
    static func note(_ print: [UInt8], of slot: [UInt8], _ database: Database) throws {
        try database.cachedStatement(sql: "UPDATE identity_records SET print = ? WHERE slot = ?")
            .execute(arguments: [Data(print), Data(slot)])
    }
}

extension SQLiteStore {
    /// What codes of letters are made with; the same wherever the store is opened with the deployment's key.
    var linkSecret: [UInt8] { identitySeal.keyed("link codes 1", []) }
}
