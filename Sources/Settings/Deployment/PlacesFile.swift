import Credentials
import Vocabulary

/// The names of places at the heads of addresses. Prefectures are known; municipalities are the operator's list, since they merge and are
/// renamed: one to a line, the prefecture, a space, the municipality as addresses write it, its district (郡) included.
enum PlacesFile {
    /// There are 1,700 municipalities; a list with every former one has fewer than this many.
    static let mostLines = 50_000
    static let largest = 4 << 20

    /// 地方自治法: the forty-seven.
    static let prefectures = [
        "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
        "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
        "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
    ]

    /// Where the simulated citizens live.
    static let simulated: [String: Set<String>] = ["見本県": ["関町市", "川端市", "山辺村"]]

    static func gazetteer(_ path: String?, in folder: Folder, allowSimulated: Bool) -> Gazetteer {
        var places = Dictionary(prefectures.map { ($0, Set<String>()) }) { first, _ in first }
        if allowSimulated { places.merge(simulated) { first, _ in first } }
        func made() -> Gazetteer { Gazetteer(places.mapValues { $0.sorted() }) }
        guard let path, let bytes = folder.bytes(path, limit: largest, required: true) else { return made() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            folder.report(path, "card.identity.places", "the list of places is not UTF-8", "save it as UTF-8 text")
            return made()
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(mostLines).enumerated() {
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }.map(String.init)
            guard let prefecture = words.first, !prefecture.hasPrefix("#") else { continue }
            guard words.count == 2, BasicAttributes.isText(words[1]), places[prefecture] != nil else {
                folder.findings.report(
                    Problem(
                        file: path, line: index + 1, code: "card.identity.places",
                        message: "`" + Explanation.redacted(String(line)) + "` is no prefecture and municipality",
                        remedy: "write `東京都 千代田区`: one of the forty-seven, a space, the name as addresses write it"))
                continue
            }
            places[prefecture]?.insert(words[1])
        }
        return made()
    }
}
