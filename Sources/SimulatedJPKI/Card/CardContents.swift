package import Cryptography
package import Vocabulary

/// What is written into a chip when it is made and personalised.
package struct CardContents: Sendable {
    /// A key with the certificate that an authority issued for it.
    package struct Identity: Sendable {
        package let key: PrivateKey
        package let certificate: Certificate

        package init(key: PrivateKey, certificate: Certificate) {
            self.key = key
            self.certificate = certificate
        }
    }

    package let carrier: Carrier
    /// EF 000A and 0017.
    package let user: Identity
    /// EF 0001 and 001A; nil for a citizen under 15.
    package let signature: Identity?
    /// The chip's own key, with which INTERNAL AUTHENTICATE proves a genuine card without a PIN.
    package let chip: PrivateKey
    package let chipEndorsement: Endorsement
    /// EF 0016: whoever this key endorses may open the user key without a PIN.
    package let terminalAuthority: PublicKey

    package init(
        carrier: Carrier, user: Identity, signature: Identity?, chip: PrivateKey, chipEndorsement: Endorsement, terminalAuthority: PublicKey
    ) {
        self.carrier = carrier
        self.user = user
        self.signature = signature
        self.chip = chip
        self.chipEndorsement = chipEndorsement
        self.terminalAuthority = terminalAuthority
    }
}
