/// Readings above kanji on pages in easy Japanese, as the guideline of 出入国在留管理庁 and 文化庁 asks: whoever cannot read a word can still say
/// it. From a list, not a guess: a run of kanji of which any part is not in the list stays as it is, so that a person's name or a service's never
/// gets a wrong reading. `WordsTests` keep the list complete for all that we say ourselves.
package enum Furigana {
    struct Part: Hashable {
        let text: String
        /// In hiragana; nil for what needs none.
        let reading: String?
    }

    static func parts(of text: String) -> [Part] {
        // Most texts between others are kana or digits only.
        guard text.unicodeScalars.contains(where: isKanji) else { return [Part(text: text, reading: nil)] }
        let letters = Array(text)
        var parts: [Part] = []
        var plain = ""
        func flush() {
            if !plain.isEmpty { parts.append(Part(text: plain, reading: nil)) }
            plain = ""
        }
        var place = 0
        while place < letters.count {
            guard isKanji(letters[place]) else {
                plain.append(letters[place])
                place += 1
                continue
            }
            let end = letters[place...].firstIndex { !isKanji($0) } ?? letters.count
            let number = plain.reversed().prefix { $0.isASCII && $0.isNumber }
            if let found = dated(letters[place], String(number.reversed()), alone: end == place + 1) {
                if found.coversNumber { plain.removeLast(number.count) }
                flush()
                parts.append(found.part)
            } else if let read = readings(Array(letters[place..<end]), before: String(letters[end...].prefix(mostKana))) {
                flush()
                parts += read
            } else {
                plain += String(letters[place..<end])
            }
            place = end
        }
        flush()
        return parts
    }

    /// Runs of kanji that would stand there without a reading.
    package static func unread(in text: String) -> [String] {
        parts(of: text).filter { $0.reading == nil }.flatMap { $0.text.split { !isKanji($0) }.map(String.init) }
    }

    /// What is read otherwise behind a number: days of the month, minutes.
    private static func dated(_ letter: Character, _ number: String, alone: Bool) -> (part: Part, coversNumber: Bool)? {
        guard alone, let last = number.last else { return nil }
        switch letter {
        case "年": return (Part(text: "年", reading: "ねん"), false)
        case "月": return (Part(text: "月", reading: "がつ"), false)
        case "時": return (Part(text: "時", reading: "じ"), false)
        case "回": return (Part(text: "回", reading: "かい"), false)
        case "歳": return (Part(text: "歳", reading: "さい"), false)
        case "分": return (Part(text: "分", reading: "013468".contains(last) ? "ぷん" : "ふん"), false)
        case "日":
            guard let day = days[number] else { return (Part(text: "日", reading: "にち"), false) }
            return (Part(text: number + "日", reading: day), true)
        default: return nil
        }
    }

    private static let days = [
        "1": "ついたち", "2": "ふつか", "3": "みっか", "4": "よっか", "5": "いつか", "6": "むいか", "7": "なのか", "8": "ようか", "9": "ここのか", "10": "とおか",
        "14": "じゅうよっか", "20": "はつか", "24": "にじゅうよっか",
    ]

    /// The whole run, in words of the list, the longest first; nil where a part is not in it, or where it is longer than any text of ours (names
    /// and details are the members'). `before`: the kana behind it, which tell 消す from 消える.
    private static func readings(_ run: [Character], before kana: String) -> [Part]? {
        guard run.count <= longestRun else { return nil }
        // From its end: at each place the longest word behind which the rest can be read. No place is looked at twice.
        var rests: [[Part]?] = Array(repeating: nil, count: run.count) + [[]]
        for start in run.indices.reversed() {
            for end in stride(from: min(run.count, start + longestWord), to: start, by: -1) where rests[start] == nil {
                guard let rest = rests[end] else { continue }
                let word = String(run[start..<end])
                var reading: String?
                if end == run.count {
                    for count in stride(from: kana.count, through: 1, by: -1) where reading == nil {
                        reading = list[word + kana.prefix(count)]
                    }
                }
                if let found = reading ?? list[word] { rests[start] = [Part(text: word, reading: found)] + rest }
            }
        }
        return rests.first ?? nil
    }

    private static let longestRun = 64
    private static let longestWord = list.keys.map(\.count).max() ?? 0

    private static func isKanji(_ letter: Character) -> Bool { letter.unicodeScalars.first.map(isKanji) ?? false }

    private static func isKanji(_ scalar: Unicode.Scalar) -> Bool {
        (0x4E00...0x9FFF).contains(scalar.value) || (0x3400...0x4DBF).contains(scalar.value) || scalar == "々"
    }

    private static let mostKana = 2

    /// Words and their readings. Kana behind a word are only there to choose the reading, which is of the kanji alone.
    private static let list: [String: String] = Dictionary(
        entries.split { $0 == " " || $0 == "\n" }.compactMap { entry in
            let halves = entry.split(separator: "=", maxSplits: 1)
            guard let word = halves.first, let reading = halves.last, halves.count == 2 else { return nil }
            return (String(word), String(reading))
        }, uniquingKeysWith: { first, _ in first })

    private static let entries = """
        一回=いっかい 上=うえ 下=した 中=なか 人=ひと 仕事=しごと 伝=つた 住=す 住所=じゅうしょ 何=なに 何の=なん 作=つく 使=つか 係=かかり 先=さき 入=い
        入り=はい 入る=はい 出=で 出し=だ 出す=だ 分=ふん 分前=ふんまえ 別=べつ 利用者証明用=りようしゃしょうめいよう 前=まえ 動=うご 受付=うけつけ 口座=こうざ
        同=おな 名前=なまえ 回=かい 回数=かいすう 回目=かいめ 変=か 外国=がいこく 大=おお 大阪府=おおさかふ 女=おんな 始=はじ 安全=あんぜん 客様=きゃくさま
        客様番号=きゃくさまばんごう 少=すこ 市=し 市役所=しやくしょ 年=とし 店=みせ 役場=やくば 役所=やくしょ 待=ま 必=かなら 忘=わす 思=おも 意味=いみ 戻=もど
        手紙=てがみ 承認=しょうにん 押=お 教=おし 数字=すうじ 文字=もじ 断=ことわ 新=あたら 日=ひ 日本=にほん 日本語=にほんご 日間=にちかん 時間=じかん
        分間=ふんかん 暗証番号=あんしょうばんごう 書=か 最初=さいしょ 期限=きげん 本人=ほんにん 本文=ほんぶん 来=き 来る=く 来ない=こ 東京都=とうきょうと 機械=きかい
        止=と 正=ただ 歳=さい 残=のこ 法律=ほうりつ 消=け 消え=き 照合文=しょうごうぶん 版=はん 生=う 用=よう 申=もう 男=おとこ 町=まち 画面=がめん
        番号=ばんごう 病院=びょういん 登録=とうろく 直=なお 県=けん 知=し 確=たし 私=わたし 種類=しゅるい 窓口=まどぐち 答=こた 管理=かんり 約束=やくそく 終=お
        置=お 署名用=しょめいよう 聞=き 職員=しょくいん 薬局=やっきょく 行=い 見=み 見分=みわ 言=い 記録=きろく 証明書=しょうめいしょ 読=よ 調=しら 込=こ
        近=ちか 返事=へんじ 送=おく 進=すす 選=えら 避難所=ひなんじょ 金色=きんいろ 銀行=ぎんこう 閉=と 開=ひら 間=あいだ 関所=せきしょ 電話=でんわ 顔=かお
        英語=えいご 毎回=まいかい 場所=ばしょ 説明=せつめい 問題=もんだい 通信=つうしん 相談=そうだん 今=いま 次=つぎ 手=て 月=つき 時=とき 水=みず 自分=じぶん 会社=かいしゃ 国=くに
        地方=ちほう 車=くるま 税金=ぜいきん 申請=しんせい 写真=しゃしん 医者=いしゃ 災害=さいがい 規則=きそく 担当=たんとう 管理者=かんりしゃ 許可=きょか
        同意=どうい 手続=てつづ 理由=りゆう 情報=じょうほう 氏名=しめい 性別=せいべつ 年齢=ねんれい 健康=けんこう 銀行口座=ぎんこうこうざ 結果=けっか 取=と
        持=も 切=き 届=とど 渡=わた 話=はな 買=か 売=う 借=か 貸=か 働=はたら 休=やす 乗=の 降=お 歩=ある 走=はし 立=た 座=すわ 食=た 飲=の 決=き 守=まも
        """
}
