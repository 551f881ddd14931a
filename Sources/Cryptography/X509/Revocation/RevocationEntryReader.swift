import Vocabulary

/// Walks revokedCertificates once (RFC 5280 §5.1.2.6, §5.3), entry by entry, into the collectors of an index, and feeds the bytes it passes
/// to the signature's digest while they are at hand. Never a tree: nothing is kept of an entry but its serial, date and reason.
struct RevocationEntryReader {
    private let list: FixedBytes
    private let isVersionTwo: Bool
    private let issuer: DistinguishedName
    /// Whether the list says that entries of other authorities are among its own.
    private let isIndirect: Bool
    private var position: Int
    private let end: Int

    /// Bytes that are hashed before they are read: they fit into a processor's second cache.
    private static let window = 1 << 18

    init(_ list: FixedBytes, _ range: Range<Int>, issuer: DistinguishedName, isVersionTwo: Bool, isIndirect: Bool) {
        self.list = list
        self.issuer = issuer
        self.isVersionTwo = isVersionTwo
        self.isIndirect = isIndirect
        position = range.lowerBound
        end = range.upperBound
    }

    /// `pass` is told, before they are read, up to where bytes will be read next.
    mutating func readAll(
        into builder: inout RevocationIndexBuilder, _ pass: (_ upTo: Int) -> Void
    ) throws(RevocationListRefusal) {
        // RFC 5280 §5.1.2.6: a list without entries has no revokedCertificates.
        guard position < end else { throw .malformed(.truncated) }
        while position < end {
            let stop = min(end, position + Self.window)
            pass(stop)
            while position < stop {
                if !readUsual(&builder) { try readAny(&builder) }
            }
        }
    }

    /// `SEQUENCE { INTEGER, time [, SEQUENCE { SEQUENCE { reasonCode, OCTET STRING { ENUMERATED } } }] }`, which is nearly every entry
    /// there is. False, with nothing done, for whatever else stands there, well formed or not.
    @inline(__always) private mutating func readUsual(_ builder: inout RevocationIndexBuilder) -> Bool {
        let header = list.word(at: position)
        let length = Int(header >> 8 & 0xff)
        let width = Int(header >> 24 & 0xff)
        let serial = position &+ 4
        let next = position &+ 2 &+ length
        // A SEQUENCE and an INTEGER, both with lengths of one byte.
        guard header & 0x00ff_00ff == 0x0002_0030, length < 0x80, width >= 1, width <= CertificateFields.longestSerial, next <= end else {
            return false
        }
        if width > 1 {
            // Not the shortest form (X.690 §8.3.2): nine equal bits at the top.
            let top = header >> 32 & 0x80ff
            if top == 0x00 || top == 0x80ff { return false }
        }
        guard let date = RevocationTime.read(list, at: serial &+ width) else { return false }
        let behind = serial &+ width &+ (list.byte(at: serial &+ width) == DERTag.utcTime ? 15 : 17)
        var reason: UInt8 = 0
        if behind != next {
            let code = list.word(at: behind &+ 6)
            guard isVersionTwo, behind &+ 14 == next, list.word(at: behind) == Self.reasonHead, code << 8 == Self.reasonTail << 8 else {
                return false
            }
            reason = UInt8(truncatingIfNeeded: code >> 56)
            guard reason <= 10, Self.reasons >> UInt64(reason) & 1 == 1 else { return false }
        }
        position = next
        if width <= 8 {
            let number = Int64(bitPattern: list.word(at: serial).byteSwapped) >> Int64(64 &- 8 &* width)
            builder.add(short: RevocationClass.shortKey(number), date: date, reason: reason)
        } else {
            builder.add(serialAt: serial, width: width, date: date, reason: reason, in: list)
        }
        return true
    }

    /// 30 0c 30 0a 06 03 55 1d | 55 1d 15 04 03 0a 01 and the reason: the two words overlap by two bytes.
    private static let reasonHead: UInt64 = 0x1d55_0306_0a30_0c30
    private static let reasonTail: UInt64 = 0x0001_0a03_0415_1d55
    private static let reasons = RevocationReason.allCases.reduce(UInt64(0)) { $0 | 1 << UInt64($1.rawValue) }

    /// Any entry, read strictly by the general reader from a copy of its own.
    private mutating func readAny(_ builder: inout RevocationIndexBuilder) throws(RevocationListRefusal) {
        let serial: Range<Int>
        let date: Timestamp
        let extensions: [RawExtension]?
        let size: Int
        do {
            var walker = ElementWalker(list, position..<end)
            size = try walker.expect(DERTag.sequence).whole.count
            guard size <= RevocationListFrame.largestPart else { throw DERError.length }
            var fields = try DERReader.whole(list.array(position..<position + size))
            let number = try fields.expect(DERTag.integer)
            _ = try number.integer()
            serial = number.inner
            date = try fields.next().time()
            extensions = try fields.take(DERTag.sequence).map { list throws(DERError) in try RawExtension.list(list) }
            try fields.finish()
        } catch let error as DERError { throw .malformed(error) } catch { throw .malformed(.value) }
        guard extensions == nil || isVersionTwo else { throw .version }
        guard serial.count <= CertificateFields.longestSerial else { throw .malformed(.value) }
        let reason = UInt8(try reason(extensions ?? [], &builder).rawValue)
        let start = position + serial.lowerBound
        if serial.count <= 8 {
            let number = list.number(at: start, width: serial.count) << UInt64(64 - 8 * serial.count)
            let signed = Int64(bitPattern: number) >> Int64(64 - 8 * serial.count)
            builder.add(short: RevocationClass.shortKey(signed), date: date.seconds, reason: reason)
        } else {
            builder.add(serialAt: start, width: serial.count, date: date.seconds, reason: reason, in: list)
        }
        position += size
    }

    /// Reads the extensions of an entry. A certificateIssuer counts from this entry on, until another comes (§5.3.3).
    private func reason(
        _ extensions: [RawExtension], _ builder: inout RevocationIndexBuilder
    ) throws(RevocationListRefusal) -> RevocationReason {
        var reason = RevocationReason.unspecified
        for raw in extensions {
            switch raw.identifier {
            case .reasonCode:
                do {
                    guard let known = RevocationReason(rawValue: try raw.element(DERTag.enumerated).smallInteger()) else {
                        throw DERError.value
                    }
                    reason = known
                } catch { throw .extension(raw.identifier, (error as? DERError) ?? .value) }
            case .certificateIssuer:
                guard isIndirect else { throw .indirect }
                let name = try authority(raw)
                guard builder.begin(name == issuer ? nil : name) else { throw .tooLarge(RevocationIndexBuilder.mostIssuers) }
            // When the key is thought to have been lost: for old signatures, not for logins.
            case .invalidityDate:
                do { _ = try raw.element(DERTag.generalizedTime).time() } catch { throw .extension(raw.identifier, error) }
            default:
                guard !raw.isCritical else { throw .unknownCriticalExtension(raw.identifier) }
            }
        }
        return reason
    }

    /// The one directory name among the names: §5.3.3 asks for the issuer field of the certificate, and with two nobody can say whose
    /// the entry is.
    private func authority(_ raw: RawExtension) throws(RevocationListRefusal) -> DistinguishedName {
        do {
            var found: DistinguishedName?
            for name in try GeneralName.list(raw.sequence()) {
                guard case .directory(let directory) = name else { continue }
                guard found == nil, !directory.isEmpty else { throw DERError.value }
                found = directory
            }
            guard let found else { throw DERError.value }
            return found
        } catch { throw .extension(raw.identifier, (error as? DERError) ?? .value) }
    }
}
