import SAML
import TrustFramework
import Vocabulary

/// The invented people of the sandbox: the ordinary case, and those whose names and addresses break forms and columns.
struct SandboxPerson: Sendable {
    /// One word, in forms.
    let id: String
    let words: Words
    let name: String
    let birthDate: String
    /// OpenID Connect Core §5.1.
    let gender: String
    let address: String

    static let all = [
        SandboxPerson(
            id: "hanako", words: Words("標準的な利用者", "an ordinary person"), name: "模擬 花子", birthDate: "1985-04-01", gender: "female",
            address: "東京都千代田区霞が関一丁目1番1号"),
        SandboxPerson(
            id: "long", words: Words("氏名と住所がとても長い利用者", "a very long name and address"),
            name: "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処 藪ら柑子", birthDate: "1930-12-31", gender: "male",
            address: "京都府京都市東山区三条通南二筋目白川筋西入ル二丁目北木之元町五百番地 模擬ハイツ東館第二別棟一二〇三号室"),
        SandboxPerson(
            id: "latin", words: Words("氏名がローマ字の利用者", "a name in Latin letters, with an apostrophe"),
            name: "O’BRIEN-ÅSE MARÍA D'ANGELO & SONS",
            birthDate: "2006-02-28", gender: "female", address: "北海道札幌市中央区北一条西二丁目 <sandbox>"),
        SandboxPerson(
            id: "rare", words: Words("氏名に特殊な漢字を含む利用者", "rare characters beyond the basic plane"), name: "𠮷野 𩸽子", birthDate: "2000-02-29",
            gender: "male", address: "沖縄県那覇市泉崎一丁目2番2号"),
    ]

    static func of(_ id: String) -> SandboxPerson? { all.first { $0.id == id } }

    var saml: SandboxCitizen {
        SandboxCitizen(
            id: id,
            attributes: [
                (AttributeSource.name.samlName, name), (AttributeSource.birthDate.samlName, birthDate),
                (AttributeSource.sex.samlName, gender), (AttributeSource.address.samlName, address),
            ])
    }

    var claims: JSON {
        .object([
            ("name", .string(name)), ("birthdate", .string(birthDate)), ("gender", .string(gender)),
            ("address", .object([("formatted", .string(address))])),
        ])
    }
}
