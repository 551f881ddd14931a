import Cryptography
import Vocabulary

/// The names of a distribution point in the making.
enum NamesDraft {
    case directory([DistinguishedName])
    case uri(String)
    /// A common name behind the name of the list's issuer.
    case relative(String)

    static func directory(_ commonName: String) -> NamesDraft { .directory([.named(commonName)]) }

    /// DistributionPointName in its `[0]`.
    func write(to writer: inout DERWriter) {
        writer.context(0) { writer in
            switch self {
            case .directory(let names):
                writer.context(0) { writer in for name in names { writer.context(4) { $0.raw(name.der) } } }
            case .uri(let text): writer.context(0) { $0.context(6, content: Array(text.utf8)) }
            case .relative(let text):
                writer.context(1) { writer in
                    writer.sequence {
                        $0.objectIdentifier(NameAttribute.Kind.commonName.objectIdentifier)
                        $0.utf8String(text)
                    }
                }
            }
        }
    }
}

/// A certificate's distribution point in the making.
struct PointDraft {
    var names: NamesDraft?
    var reasons: ReasonFlags?
    var issuers: [DistinguishedName] = []

    func write(to writer: inout DERWriter) {
        names?.write(to: &writer)
        if let reasons { writer.context(1, content: Self.content(reasons)) }
        if !issuers.isEmpty {
            writer.context(2) { writer in for name in issuers { writer.context(4) { $0.raw(name.der) } } }
        }
    }

    static func content(_ reasons: ReasonFlags) -> [UInt8] {
        var element = DERReader(DERWriter.build { $0.namedBits(reasons.rawValue) })
        return (try? element.next().content) ?? []
    }
}

/// A list's issuingDistributionPoint in the making.
struct ScopeDraft {
    var names: NamesDraft?
    var onlyUsers = false
    var onlyAuthorities = false
    var reasons: ReasonFlags?
    var isIndirect = false

    var der: [UInt8] {
        Extension.issuingPoint { writer in
            names?.write(to: &writer)
            if onlyUsers { writer.context(1, content: [0xff]) }
            if onlyAuthorities { writer.context(2, content: [0xff]) }
            if let reasons { writer.context(3, content: PointDraft.content(reasons)) }
            if isIndirect { writer.context(4, content: [0xff]) }
        }
    }
}

extension Extension {
    static func points(_ points: [PointDraft]) -> [UInt8] { distributionPoints(points.map { point in { point.write(to: &$0) } }) }

    /// The authority an entry of an indirect list belongs to, from this entry on.
    static func certificateIssuer(_ name: DistinguishedName) -> [UInt8] {
        raw(.certificateIssuer, critical: true) { $0.sequence { $0.context(4) { $0.raw(name.der) } } }
    }

    static func delta(from base: Int) -> [UInt8] { raw(.deltaCRLIndicator, critical: true) { $0.integer(base) } }
}

extension ListDraft.Entry {
    static func revoked(_ serial: [UInt8] = [0x07], _ reason: RevocationReason? = .keyCompromise, of issuer: DistinguishedName? = nil)
        -> Self
    {
        ListDraft.Entry(
            serial: serial, reason: reason.map { UInt8($0.rawValue) }, at: Moment.days(-3),
            extensions: issuer.map { [Extension.certificateIssuer($0)] } ?? [])
    }
}

extension DistinguishedName {
    static func named(_ commonName: String) -> DistinguishedName {
        DistinguishedName([(.country, "JP"), (.commonName, commonName)])
    }

    /// A name relative to an authority of the imaginary world, in full.
    static func named(_ commonName: String, below authority: String) -> DistinguishedName {
        DistinguishedName([(.country, "JP"), (.commonName, authority), (.commonName, commonName)])
    }
}
