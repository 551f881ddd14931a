/// Why a document or an operation on it was refused. There is no partial result: after a refusal no tree exists (A10, A17).
package enum XMLRefusal: Error, Hashable, Sendable {
    case tooLarge
    case tooDeep
    case tooManyElements
    case tooManyAttributes
    case tooManyNamespaces
    case textTooLong
    /// Of a document read as a stream, where names are kept to the end.
    case nameTooLong
    case tooManyNames
    /// Any document type declaration, with or without a subset (C1–C3, A12).
    case doctype
    /// A general entity reference other than the five predefined ones.
    case entity
    case processingInstruction
    /// An element of the XInclude namespace (C3).
    case inclusion
    /// Not UTF-8: a UTF-16, UTF-32, UTF-7 or EBCDIC start, another declared encoding, or malformed UTF-8.
    case unsupportedEncoding
    /// The XML declaration asks for something other than version 1.0.
    case unsupportedVersion
    /// Not well-formed, or not namespace-well-formed. The line counts from 1; 0 when unknown.
    case notWellFormed(line: Int)
    /// The canonical form does not exist (relative namespace name) or could not be computed.
    case canonicalization
}
