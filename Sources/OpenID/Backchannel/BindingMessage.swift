import Vocabulary

/// The few words that stand on both screens, so that the citizen sees that they belong together (CIBA Core §7.1 `binding_message`).
enum BindingMessage {
    /// Characters: what fits on a line of large type.
    static let longest = 64

    /// Why it is not shown, or nil. A message that two screens could show differently compares nothing: letters, digits, marks, punctuation
    /// and plain spaces, no control, nothing invisible, nothing that turns the direction of reading, no pictures.
    static func fault(in text: String) -> String? {
        guard text.unicodeScalars.count <= longest else { return "it has more than \(longest) characters" }
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last, !isSpace(first), !isSpace(last) else {
            return "it begins or ends with a space"
        }
        return text.unicodeScalars.allSatisfy { isSpace($0) || isShown($0) } ? nil : "it has a character that is not shown alike everywhere"
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar.value == 0x3000 }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        guard !properties.isDefaultIgnorableCodePoint else { return false }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber,
            .nonspacingMark, .spacingMark, .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol:
            return true
        // №, 〒, and what Japanese printers have in one character, such as ㈱.
        default: return [0x2116, 0x3012].contains(scalar.value) || (0x3200...0x33ff).contains(scalar.value)
        }
    }
}
