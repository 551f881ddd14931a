import Vocabulary

/// `Policies/NAME.cases.csv`: cases as a table, one a row, as a spreadsheet writes it. The header names the keys of a case; a cell left empty
/// says nothing. It is the form in which a policy officer sees many cases at once, and in which a review shows one changed line for one
/// changed case.
enum CaseTable {
    static let suffix = ".cases.csv"
    static let mostRows = 2000
    static let mostColumns = 64

    static func read(_ text: String, file: String, to findings: Findings) -> [Case] {
        func refuse(_ code: String, _ line: Int?, _ message: String, _ remedy: String) {
            findings.report(Problem(file: file, line: line, code: code, message: message, remedy: remedy))
        }
        let rows: [CommaSeparated.Row]
        do throws(CommaSeparated.Fault) {
            rows = try CommaSeparated.rows(of: text, most: mostRows + 1)
        } catch {
            switch error {
            case .quote(let line):
                refuse(
                    "cases.quote", line, "a quotation mark is not closed, or text follows it",
                    "write \"…\" around the whole cell and \"\" for a quotation mark inside")
            case .rows:
                refuse("cases.size", nil, "the table has more than \(mostRows) rows", "split it")
            }
            return []
        }
        guard let header = rows.first else {
            refuse("cases.empty", nil, "the table is empty", "begin with a row of keys: says,kind,purpose,login,expect")
            return []
        }
        let keys = header.cells.map(CommaSeparated.trimmed)
        guard keys.count <= mostColumns else {
            refuse("cases.size", header.line, "the table has \(keys.count) columns; at most \(mostColumns) are read", "remove some")
            return []
        }
        for (index, key) in keys.enumerated() {
            if key.isEmpty {
                refuse("cases.header", header.line, "column \(index + 1) has no key", "name it, or remove the column")
            } else if keys[..<index].contains(key) {
                refuse(
                    "cases.header", header.line, "the key `\(Explanation.redacted(key))` stands over two columns", "keep one of them")
            }
        }
        guard !keys.contains(""), Set(keys).count == keys.count else { return [] }
        return rows.dropFirst().compactMap { row in
            guard row.cells.count <= keys.count else {
                refuse(
                    "cases.row", row.line, "the row has \(row.cells.count) cells under \(keys.count) keys",
                    "put \"…\" around cells that contain a comma")
                return nil
            }
            return section(row, keys, file, findings).flatMap { Case($0) }
        }
    }

    /// The row as the mapping that the list form would have.
    private static func section(_ row: CommaSeparated.Row, _ keys: [String], _ file: String, _ findings: Findings) -> Section? {
        var pairs: [YAML.Pair] = []
        for (key, cell) in zip(keys, row.cells) {
            let text = CommaSeparated.trimmed(cell)
            guard !text.isEmpty else { continue }
            guard let value = value(text, of: key, row.line, file, findings) else { return nil }
            pairs.append(YAML.Pair(key: key, line: row.line, value: value))
        }
        return Section(pairs, file: file, line: row.line, path: "", findings: findings)
    }

    /// A cell: one value, or several with semicolons between them; for `obligations` what stands behind the key in a file of rules.
    private static func value(_ text: String, of key: String, _ line: Int, _ file: String, _ findings: Findings) -> YAML? {
        let parts = text.split(separator: ";").map { CommaSeparated.trimmed(String($0)) }.filter { !$0.isEmpty }
        if key == Case.obligationsKey {
            let flow = text == "none" ? "{}" : text.hasPrefix("{") ? text : "{" + parts.joined(separator: ", ") + "}"
            let own = Findings()
            guard let tree = YAML(reading: flow, file: file, to: own) else {
                for problem in own.problems {
                    findings.report(
                        Problem(
                            file: file, line: line, code: problem.code, message: "`obligations`: " + problem.message,
                            remedy: "write them as in a rule, with `;` between: refresh-status: 15m; ledger: true"))
                }
                return nil
            }
            return tree.moved(to: line)
        }
        guard Case.listKeys.contains(key) else { return YAML(line: line, value: .scalar(text, isPlain: true)) }
        if parts == ["none"] { return YAML(line: line, value: .list([])) }
        return YAML(line: line, value: .list(parts.map { YAML(line: line, value: .scalar($0, isPlain: true)) }))
    }
}

extension YAML {
    /// The same value, told of one line: that of the cell it stands in.
    fileprivate func moved(to line: Int) -> YAML {
        switch value {
        case .scalar: YAML(line: line, value: value)
        case .list(let items): YAML(line: line, value: .list(items.map { $0.moved(to: line) }))
        case .map(let pairs):
            YAML(line: line, value: .map(pairs.map { Pair(key: $0.key, line: line, value: $0.value.moved(to: line)) }))
        }
    }
}
