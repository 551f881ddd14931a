import CPKCS11
import Glibc
import Synchronization

/// A PKCS#11 module in this process. It is loaded once, and stays: what a module leaves behind when it is unloaded nobody knows.
///
/// Threads of ours call it at the same time and it locks for itself (CKF_OS_LOCKING_OK); one that cannot is entered by one thread at a time.
@safe final class TokenModule: @unchecked Sendable {
    // Points into the module's own memory, for the life of the process.
    let functions: TokenFunctions
    // Many calls, or one initialisation. Allocated once, never freed, as the module is never unloaded.
    private let gate: UnsafeMutablePointer<pthread_rwlock_t>
    private let epoch = Atomic<Int>(0)
    private let isSerial = Atomic<Bool>(false)
    /// PINs that were refused, by the token.
    let refused = Mutex<[String: RefusedPIN]>([:])

    /// One file's module, once it is loaded. A lock for each: a module that hangs while it begins holds up no other.
    private final class Place: Sendable {
        let module = Mutex<TokenModule?>(nil)
    }

    private static let places = Mutex<[String: Place]>([:])

    static func at(_ path: String) throws(TokenFault) -> TokenModule {
        let place = places.withLock { places in
            let place = places[path] ?? Place()
            places[path] = place
            return place
        }
        return try place.module.withLock { (module) throws(TokenFault) in
            if let module { return module }
            let made = try TokenModule(path)
            module = made
            return made
        }
    }

    private init(_ path: String) throws(TokenFault) {
        guard path.hasPrefix("/"), !path.utf8.contains(0), let library = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL),
            let symbol = unsafe dlsym(library, "C_GetFunctionList")
        else { throw .module }
        typealias GetFunctionList = @convention(c) (UnsafeMutablePointer<UnsafePointer<CK_FUNCTION_LIST>?>) -> CK_RV
        let list = unsafe unsafeBitCast(symbol, to: GetFunctionList.self)
        var found: UnsafePointer<CK_FUNCTION_LIST>?
        guard unsafe list(&found) == CKR_OK, let found = unsafe found, let functions = unsafe TokenFunctions(found) else { throw .module }
        self.functions = functions
        unsafe gate = .allocate(capacity: 1)
        unsafe pthread_rwlock_init(gate, nil)
        try initialise()
    }

    /// Changes at each initialisation; sessions and handles of before are gone then.
    var generation: Int { epoch.load(ordering: .acquiring) }

    private func initialise() throws(TokenFault) {
        var arguments = unsafe CK_C_INITIALIZE_ARGS()
        unsafe arguments.flags = CKF_OS_LOCKING_OK
        var answer = unsafe functions.initialize(&arguments)
        if answer == CKR_CANT_LOCK {
            isSerial.store(true, ordering: .releasing)
            answer = functions.initialize(nil)
        }
        guard answer == CKR_OK || answer == CKR_CRYPTOKI_ALREADY_INITIALIZED else { throw .device(answer) }
        epoch.add(1, ordering: .releasing)
    }

    /// Calls of the module happen in here.
    func enter<Answer>(_ body: () throws(TokenFault) -> Answer) throws(TokenFault) -> Answer {
        _ = unsafe isSerial.load(ordering: .acquiring) ? pthread_rwlock_wrlock(gate) : pthread_rwlock_rdlock(gate)
        defer { unsafe pthread_rwlock_unlock(gate) }
        return try body()
    }

    /// Ends and begins the module anew, because many a module (a network's above all) finds a token again only then. Not while any call is
    /// under way; a call that hangs keeps everybody from this until it returns.
    func reinitialise(unlessNewerThan seen: Int) throws(TokenFault) {
        // A second, in steps: others are in the middle of a signature at most.
        for _ in 0..<200 {
            guard unsafe pthread_rwlock_trywrlock(gate) == 0 else {
                usleep(5000)
                continue
            }
            defer { unsafe pthread_rwlock_unlock(gate) }
            guard generation == seen else { return }
            _ = functions.finalize(nil)
            return try initialise()
        }
        throw .silent
    }
}

/// A PIN that a token refused, or would not take without saying why, kept to know it again.
package final class RefusedPIN: Sendable {
    private let secret: Secret
    /// Failures in a row that may have been the PIN's; nil when the token said that it was.
    private let doubts: Int?
    /// In milliseconds of `Monotonic.now`.
    private let since: Int64

    package init(_ pin: borrowing Secret, doubts: Int? = nil, at moment: Int64 = 0) {
        secret = pin.withBytes { Secret(copying: $0) }
        self.doubts = doubts
        since = moment
    }

    package func matches(_ pin: borrowing Secret) -> Bool { pin.withBytes { secret.matches($0) } }

    /// Whether it may be shown to the token: never again once it was refused. After failures that nobody explained one try is left for a device
    /// that was only busy; then ten minutes lie between two, for each may count against a limit of tries that locks the token.
    package func mayTry(at moment: Int64) -> Bool { doubts.map { $0 < 2 || moment - since >= 600_000 } ?? false }

    /// The same PIN after one more failure that nobody explained.
    package static func doubted(_ pin: borrowing Secret, after former: RefusedPIN?, at moment: Int64) -> RefusedPIN {
        let earlier = former.flatMap { $0.matches(pin) ? $0.doubts : nil } ?? 0
        return RefusedPIN(pin, doubts: min(earlier + 1, 2), at: moment)
    }
}

/// What of a module's function list is called here. A module that leaves one of them out is none. Addresses of code, read once.
@safe struct TokenFunctions: @unchecked Sendable {
    typealias Bytes = UnsafeMutablePointer<CK_BYTE>
    typealias Number = UnsafeMutablePointer<CK_ULONG>
    typealias Attributes = UnsafeMutablePointer<CK_ATTRIBUTE>
    typealias Mechanism = UnsafeMutablePointer<CK_MECHANISM>

    let initialize: @convention(c) (UnsafeMutableRawPointer?) -> CK_RV
    let finalize: @convention(c) (UnsafeMutableRawPointer?) -> CK_RV
    let slotList: @convention(c) (CK_BYTE, Number?, Number?) -> CK_RV
    let tokenInfo: @convention(c) (CK_ULONG, UnsafeMutablePointer<CK_TOKEN_INFO>?) -> CK_RV
    let openSession: @convention(c) (CK_ULONG, CK_ULONG, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, Number?) -> CK_RV
    let closeSession: @convention(c) (CK_ULONG) -> CK_RV
    let sessionInfo: @convention(c) (CK_ULONG, UnsafeMutablePointer<CK_SESSION_INFO>?) -> CK_RV
    let login: @convention(c) (CK_ULONG, CK_ULONG, UnsafePointer<CK_BYTE>?, CK_ULONG) -> CK_RV
    let destroyObject: @convention(c) (CK_ULONG, CK_ULONG) -> CK_RV
    let attributeValue: @convention(c) (CK_ULONG, CK_ULONG, Attributes?, CK_ULONG) -> CK_RV
    let findObjectsInit: @convention(c) (CK_ULONG, Attributes?, CK_ULONG) -> CK_RV
    let findObjects: @convention(c) (CK_ULONG, Number?, CK_ULONG, Number?) -> CK_RV
    let findObjectsFinal: @convention(c) (CK_ULONG) -> CK_RV
    let decryptInit: @convention(c) (CK_ULONG, Mechanism?, CK_ULONG) -> CK_RV
    let decrypt: @convention(c) (CK_ULONG, UnsafePointer<CK_BYTE>?, CK_ULONG, Bytes?, Number?) -> CK_RV
    let signInit: @convention(c) (CK_ULONG, Mechanism?, CK_ULONG) -> CK_RV
    let sign: @convention(c) (CK_ULONG, UnsafePointer<CK_BYTE>?, CK_ULONG, Bytes?, Number?) -> CK_RV
    let generateKeyPair: @convention(c) (CK_ULONG, Mechanism?, Attributes?, CK_ULONG, Attributes?, CK_ULONG, Number?, Number?) -> CK_RV
    let deriveKey: @convention(c) (CK_ULONG, Mechanism?, CK_ULONG, Attributes?, CK_ULONG, Number?) -> CK_RV

    init?(_ list: UnsafePointer<CK_FUNCTION_LIST>) {
        guard let initialize = unsafe list.pointee.C_Initialize, let finalize = unsafe list.pointee.C_Finalize,
            let slotList = unsafe list.pointee.C_GetSlotList, let tokenInfo = unsafe list.pointee.C_GetTokenInfo,
            let openSession = unsafe list.pointee.C_OpenSession, let closeSession = unsafe list.pointee.C_CloseSession,
            let sessionInfo = unsafe list.pointee.C_GetSessionInfo, let login = unsafe list.pointee.C_Login,
            let destroyObject = unsafe list.pointee.C_DestroyObject, let attributeValue = unsafe list.pointee.C_GetAttributeValue,
            let findObjectsInit = unsafe list.pointee.C_FindObjectsInit, let findObjects = unsafe list.pointee.C_FindObjects,
            let findObjectsFinal = unsafe list.pointee.C_FindObjectsFinal, let decryptInit = unsafe list.pointee.C_DecryptInit,
            let decrypt = unsafe list.pointee.C_Decrypt, let signInit = unsafe list.pointee.C_SignInit,
            let sign = unsafe list.pointee.C_Sign, let generateKeyPair = unsafe list.pointee.C_GenerateKeyPair,
            let deriveKey = unsafe list.pointee.C_DeriveKey
        else { return nil }
        unsafe self.initialize = initialize
        unsafe self.finalize = finalize
        unsafe self.slotList = slotList
        unsafe self.tokenInfo = tokenInfo
        unsafe self.openSession = openSession
        self.closeSession = closeSession
        unsafe self.sessionInfo = sessionInfo
        unsafe self.login = login
        self.destroyObject = destroyObject
        unsafe self.attributeValue = attributeValue
        unsafe self.findObjectsInit = findObjectsInit
        unsafe self.findObjects = findObjects
        self.findObjectsFinal = findObjectsFinal
        unsafe self.decryptInit = decryptInit
        unsafe self.decrypt = decrypt
        unsafe self.signInit = signInit
        unsafe self.sign = sign
        unsafe self.generateKeyPair = generateKeyPair
        unsafe self.deriveKey = deriveKey
    }
}
