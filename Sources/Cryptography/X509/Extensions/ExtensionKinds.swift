/// A set of the certificate extensions whose mere presence, or being critical, is ruled by RFC 5280 §4.2.
package struct ExtensionKinds: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let authorityKeyIdentifier = ExtensionKinds(rawValue: 1 << 0)
    package static let subjectKeyIdentifier = ExtensionKinds(rawValue: 1 << 1)
    package static let keyUsage = ExtensionKinds(rawValue: 1 << 2)
    package static let policyMappings = ExtensionKinds(rawValue: 1 << 3)
    package static let subjectAlternativeName = ExtensionKinds(rawValue: 1 << 4)
    package static let basicConstraints = ExtensionKinds(rawValue: 1 << 5)
    package static let nameConstraints = ExtensionKinds(rawValue: 1 << 6)
    package static let policyConstraints = ExtensionKinds(rawValue: 1 << 7)
    package static let inhibitAnyPolicy = ExtensionKinds(rawValue: 1 << 8)
    package static let freshestCRL = ExtensionKinds(rawValue: 1 << 9)
    package static let authorityInformationAccess = ExtensionKinds(rawValue: 1 << 10)
    package static let subjectInformationAccess = ExtensionKinds(rawValue: 1 << 11)

    init?(_ identifier: ObjectIdentifier) {
        switch identifier {
        case .authorityKeyIdentifier: self = .authorityKeyIdentifier
        case .subjectKeyIdentifier: self = .subjectKeyIdentifier
        case .keyUsage: self = .keyUsage
        case .policyMappings: self = .policyMappings
        case .subjectAlternativeName: self = .subjectAlternativeName
        case .basicConstraints: self = .basicConstraints
        case .nameConstraints: self = .nameConstraints
        case .policyConstraints: self = .policyConstraints
        case .inhibitAnyPolicy: self = .inhibitAnyPolicy
        case .freshestCRL: self = .freshestCRL
        case .authorityInformationAccess: self = .authorityInformationAccess
        case .subjectInformationAccess: self = .subjectInformationAccess
        default: return nil
        }
    }
}
