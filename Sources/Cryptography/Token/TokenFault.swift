/// Why a token did not do what it was asked. No case holds a PIN, nor anything else that may not be logged.
package enum TokenFault: Error, Hashable, Sendable {
    /// The module's file cannot be loaded, or is none.
    case module
    /// No such token in any slot of the module.
    case absent
    /// Several tokens answer to the name.
    case ambiguous
    case pinMissing
    /// Tried once; not again with the same PIN for as long as this process lives.
    case pinRefused
    case pinLocked
    /// One more wrong PIN would lock the token, so none is tried.
    case pinLastTry
    /// The PIN is to be typed at the token itself, where a server has no fingers.
    case pinPad
    case objectMissing
    case objectAmbiguous
    /// The token keeps the private half only.
    case publicMissing
    /// The token's key may not be used so, or wants the PIN for every signature.
    case permission
    case mechanism
    /// The token has another key under this name than the one we publish.
    case mismatch
    /// No answer within the time that others may be kept waiting.
    case silent
    /// What PKCS#11 calls CKR_…, by its number.
    case device(UInt)
    /// The private half was asked for, and never leaves.
    case sealed

    /// Stable, for logs and for people.
    package var code: String {
        switch self {
        case .module: "pkcs11.module"
        case .absent: "pkcs11.absent"
        case .ambiguous: "pkcs11.token-ambiguous"
        case .pinMissing: "pkcs11.pin-missing"
        case .pinRefused: "pkcs11.pin-refused"
        case .pinLocked: "pkcs11.pin-locked"
        case .pinLastTry: "pkcs11.pin-last-try"
        case .pinPad: "pkcs11.pin-pad"
        case .objectMissing: "pkcs11.object-missing"
        case .objectAmbiguous: "pkcs11.object-ambiguous"
        case .publicMissing: "pkcs11.public-missing"
        case .permission: "pkcs11.permission"
        case .mechanism: "pkcs11.mechanism"
        case .mismatch: "pkcs11.mismatch"
        case .silent: "pkcs11.silent"
        case .device: "pkcs11.device"
        case .sealed: "pkcs11.sealed"
        }
    }

    package var text: String {
        switch self {
        case .module: "the PKCS#11 module cannot be loaded"
        case .absent: "the token is not there"
        case .ambiguous: "several tokens answer to this name"
        case .pinMissing: "the token wants a PIN, and there is none to give"
        case .pinRefused: "the token refuses the PIN; it was tried once and will not be tried again"
        case .pinLocked: "the token has locked itself after wrong PINs"
        case .pinLastTry: "one more wrong PIN would lock the token, so none is tried"
        case .pinPad: "the token wants its PIN typed at its own keys"
        case .objectMissing: "there is no such private key in the token"
        case .objectAmbiguous: "several private keys of the token answer to this name"
        case .publicMissing: "the token does not tell the public half of the key"
        case .permission: "the token's key may not be used for this"
        case .mechanism: "the token cannot do this algorithm"
        case .mismatch: "the token's key is another than the one beside it in Keys/"
        case .silent: "the token does not answer in time"
        case .device(let number): "the token reports error 0x" + String(number, radix: 16)
        case .sealed: "the private key is in a token and does not leave it"
        }
    }

    /// Whether it can be over without anybody's change of ours: the token is plugged in again, its network is back.
    package var isPassing: Bool {
        switch self {
        case .absent, .silent, .device: true
        default: false
        }
    }
}
