import CPKCS11
import Synchronization

/// One session of one worker, with what it has found in the token. Used by one thread at a time, inside `TokenModule.enter`.
final class TokenSession {
    let module: TokenModule
    let handle: CK_ULONG
    let generation: Int
    private var found: [TokenObject: CK_ULONG] = [:]
    private var proven: [TokenObject: PublicKey] = [:]

    /// Finds the token, opens a session and logs in where nobody of this process has.
    init(_ module: TokenModule, _ token: TokenURI, canWrite: Bool = false, pin: TokenPIN) throws(TokenFault) {
        self.module = module
        generation = module.generation
        let (slot, info) = try Self.slot(of: token, in: module)
        var session: CK_ULONG = 0
        let flags = CKF_SERIAL_SESSION | (canWrite ? CKF_RW_SESSION : 0)
        try check(unsafe module.functions.openSession(slot, flags, nil, nil, &session))
        handle = session
        do throws(TokenFault) {
            try logIn(info, pin)
        } catch {
            close()
            throw error
        }
    }

    func close() {
        guard generation == module.generation else { return }
        _ = module.functions.closeSession(handle)
    }

    /// Whether the token still knows us: tells a question it cannot answer from a token that is gone.
    var isAlive: Bool {
        var info = CK_SESSION_INFO()
        return unsafe module.functions.sessionInfo(handle, &info) == CKR_OK
            && (info.state == CKS_RO_USER_FUNCTIONS || info.state == CKS_RW_USER_FUNCTIONS || !needsLogin)
    }

    private var needsLogin = true

    // MARK: The token

    struct Facts {
        let identity: String
        let flags: CK_ULONG
    }

    private static func slot(of token: TokenURI, in module: TokenModule) throws(TokenFault) -> (CK_ULONG, Facts) {
        var slots = [CK_ULONG](repeating: 0, count: 256)
        var count = CK_ULONG(slots.count)
        try check(unsafe module.functions.slotList(1, &slots, &count))
        var matching: [(CK_ULONG, Facts)] = []
        for slot in slots.prefix(Int(clamping: count)) where token.slot.map({ $0 == slot }) ?? true {
            var info = CK_TOKEN_INFO()
            // Another token's fault is not ours.
            guard unsafe module.functions.tokenInfo(slot, &info) == CKR_OK else { continue }
            let (label, serial) = (text(info.label), text(info.serialNumber))
            guard token.token.map({ $0 == label }) ?? true, token.serial.map({ $0 == serial }) ?? true,
                token.manufacturer.map({ $0 == text(info.manufacturerID) }) ?? true,
                token.model.map({ $0 == text(info.model) }) ?? true
            else { continue }
            matching.append((slot, Facts(identity: serial + "/" + label, flags: info.flags)))
        }
        guard let first = matching.first else { throw .absent }
        guard matching.count == 1 else { throw .ambiguous }
        return first
    }

    /// Padded with blanks, in an array that Swift knows as a tuple.
    private static func text<Field>(_ field: Field) -> String {
        let bytes = unsafe withUnsafeBytes(of: field) { unsafe Array($0) }
        let end = bytes.lastIndex { $0 != 0x20 && $0 != 0 }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// A login holds for all sessions of the process. The lock keeps a second worker from trying a PIN that a first one is just being refused.
    private func logIn(_ token: Facts, _ pin: TokenPIN) throws(TokenFault) {
        needsLogin = token.flags & CKF_LOGIN_REQUIRED != 0
        guard needsLogin else { return }
        try module.refused.withLock { (refused) throws(TokenFault) in
            guard !isAlive else { return }
            guard token.flags & CKF_USER_PIN_LOCKED == 0 else { throw .pinLocked }
            guard let secret = pin() else {
                throw token.flags & CKF_PROTECTED_AUTHENTICATION_PATH == 0 ? .pinMissing : .pinPad
            }
            let former = refused[token.identity]
            if let former, former.matches(secret), !former.mayTry(at: Monotonic.now) { throw .pinRefused }
            guard token.flags & CKF_USER_PIN_FINAL_TRY == 0 else { throw .pinLastTry }
            let answer = secret.withBytes { span in
                unsafe span.withUnsafeBufferPointer { unsafe module.functions.login(handle, CKU_USER, $0.baseAddress, CK_ULONG($0.count)) }
            }
            switch answer {
            case CKR_OK, CKR_USER_ALREADY_LOGGED_IN: refused[token.identity] = nil
            case CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_EXPIRED:
                refused[token.identity] = RefusedPIN(secret)
                throw .pinRefused
            case CKR_PIN_LOCKED: throw .pinLocked
            // What is about the device or the session never came to the PIN.
            case CKR_DEVICE_ERROR, CKR_DEVICE_REMOVED, CKR_DEVICE_MEMORY, CKR_HOST_MEMORY, CKR_TOKEN_NOT_PRESENT, CKR_SESSION_CLOSED,
                CKR_SESSION_HANDLE_INVALID, CKR_CRYPTOKI_NOT_INITIALIZED:
                throw .device(answer)
            default:
                refused[token.identity] = .doubted(secret, after: former, at: Monotonic.now)
                throw .device(answer)
            }
        }
    }

    // MARK: Objects

    /// The one private key of that name. `anew`: looked for once more, for others may have made a second one.
    func privateKey(_ object: TokenObject, anew: Bool = false) throws(TokenFault) -> CK_ULONG {
        if let known = found[object], !anew { return known }
        guard let key = try one(CKO_PRIVATE_KEY, object) else { throw .objectMissing }
        if flag(CKA_ALWAYS_AUTHENTICATE, of: key) == true { throw .permission }
        found[object] = key
        return key
    }

    func isProven(_ object: TokenObject, _ key: PublicKey) -> Bool { proven[object] == key }

    func noteProven(_ object: TokenObject, _ key: PublicKey) { proven[object] = key }

    /// Nil when there is none.
    func one(_ kind: CK_ULONG, _ object: TokenObject) throws(TokenFault) -> CK_ULONG? {
        var values: [(CK_ULONG, [UInt8])] = [(CKA_CLASS, Self.number(kind))]
        if let label = object.label { values.append((CKA_LABEL, Array(label.utf8))) }
        if let id = object.id { values.append((CKA_ID, id)) }
        try unsafe check(Self.attributes(values) { unsafe module.functions.findObjectsInit(handle, $0, $1) })
        var keys: [CK_ULONG] = [0, 0]
        var count: CK_ULONG = 0
        let answer = unsafe module.functions.findObjects(handle, &keys, 2, &count)
        try check(module.functions.findObjectsFinal(handle))
        try check(answer)
        guard count < 2 else { throw .objectAmbiguous }
        return count == 1 ? keys[0] : nil
    }

    /// Nil for a value that the token does not tell.
    func value(_ type: CK_ULONG, of object: CK_ULONG) -> [UInt8]? {
        // A modulus of 8192 bits, and room.
        var bytes = [UInt8](repeating: 0, count: 2048)
        let length = unsafe bytes.withUnsafeMutableBytes { buffer -> CK_ULONG? in
            var attribute = unsafe CK_ATTRIBUTE(type: type, pValue: buffer.baseAddress, ulValueLen: CK_ULONG(buffer.count))
            guard unsafe module.functions.attributeValue(handle, object, &attribute, 1) == CKR_OK else { return nil }
            return unsafe attribute.ulValueLen
        }
        guard let length, length != CK_UNAVAILABLE_INFORMATION, length <= 2048 else { return nil }
        defer { erase(&bytes) }
        return Array(bytes.prefix(Int(length)))
    }

    func flag(_ type: CK_ULONG, of object: CK_ULONG) -> Bool? { value(type, of: object).flatMap { $0.first.map { $0 != 0 } } }

    static func number(_ value: CK_ULONG) -> [UInt8] { unsafe withUnsafeBytes(of: value) { unsafe Array($0) } }

    /// Attributes whose bytes stay where they are for as long as `body` runs.
    static func attributes(
        _ values: [(type: CK_ULONG, bytes: [UInt8])], _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) -> CK_RV
    ) -> CK_RV {
        // One piece of memory for all: pointers into it hold while the closure runs. Each begins where a number may.
        var memory = values.flatMap { $0.bytes + [UInt8](repeating: 0, count: Self.gap(behind: $0.bytes)) }
        defer { erase(&memory) }
        return unsafe memory.withUnsafeMutableBytes { buffer in
            var offset = 0
            var attributes: [CK_ATTRIBUTE] = unsafe []
            for (type, bytes) in values {
                unsafe attributes.append(
                    CK_ATTRIBUTE(type: type, pValue: buffer.baseAddress.map { unsafe $0 + offset }, ulValueLen: CK_ULONG(bytes.count)))
                offset += bytes.count + Self.gap(behind: bytes)
            }
            let count = unsafe CK_ULONG(attributes.count)
            return unsafe attributes.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress, count) }
        }
    }
}

extension TokenSession {
    private static func gap(behind bytes: [UInt8]) -> Int { (8 - bytes.count % 8) % 8 }
}

/// Which object of a token.
struct TokenObject: Hashable, Sendable {
    let label: String?
    let id: [UInt8]?
}

/// Asked when a login is to be made, and only then; nil when there is no PIN.
package typealias TokenPIN = @Sendable () -> Secret?

func check(_ answer: CK_RV) throws(TokenFault) {
    switch answer {
    case CKR_OK: return
    case CKR_TOKEN_NOT_PRESENT: throw .absent
    case CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID, CKR_FUNCTION_NOT_SUPPORTED: throw .mechanism
    case CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_TYPE_INCONSISTENT: throw .permission
    default: throw .device(answer)
    }
}
