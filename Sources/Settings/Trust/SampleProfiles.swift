/// The profiles that `sekisho init` writes.
enum SampleProfiles {
    static let all: [(name: String, text: String)] = [
        ("login", login), ("government-bridge", governmentBridge), ("tls-peer", tlsPeer),
    ]

    static let login = """
        # How a card's certificate is believed when a citizen logs in. Fixed: this file says what the platform does, and `sekisho check`
        # refuses one that says otherwise. What differs between deployments stands in sekisho.yaml under `card:`.
        name: login
        anchors: [anchors]             # every authority in Keys/anchors; card.login-authorities says which of them log citizens in
        policies: [card]               # those of card.login-policies
        explicit-policy: true
        mapping-depth: 0               # no authority's policy stands for another's
        key-usage: [digitalSignature]
        anchor-rules: [validity, constraints]
        issuer-rules: [authority, criticality]
        status: {demand: required}     # in the order of card.revocation

        """

    static let governmentBridge = """
        # Certificates of members and officials, through a government bridge: our anchor certified the bridge, the bridge certified the
        # authority of the other government, and each of them maps its policies to the next. A member's file asks for this profile with
        # `certificate-profile: government-bridge`. Put the anchor into Keys/anchors-of/government-bridge/: no card's login believes it.
        name: government-bridge
        anchors: [anchors-of/government-bridge]
        policies: [any]                # better: the policies of your own authority, once you know them; then also
        explicit-policy: false         # true, so that a path without one of them is refused
        any-policy: false              # anyPolicy in a certificate stands for no policy
        mapping-depth: 2               # into the bridge and out of it, and no further
        longest-path: 4                # certificates between the anchor and the member's own
        algorithms: {rsa-bits: 2048, digests: [SHA-256, SHA-384, SHA-512], curves: [P-256, P-384, P-521]}
        #algorithms-by-authority:      # in place of `algorithms` for what one generation of an authority issues
        #  - authority: 64 hexadecimal digits   # SHA-256 of the authority's certificate
        #    rsa-bits: 3072
        key-usage: [digitalSignature]
        issuer-rules: [authority]
        status: {demand: if-present, order: list-first}   # required, once the lists of all authorities of the bridge are fetched

        """

    static let tlsPeer = """
        # Servers we connect to and peers that connect to us over TLS. The name is held against the certificate by whoever connects.
        name: tls-peer
        anchors: [anchors-of/tls-peer]
        policies: [any]
        mapping-depth: 0
        longest-path: 3
        algorithms: {rsa-bits: 2048, ed25519: true, pss: true}
        key-usage: [digitalSignature]
        purposes: [serverAuth, clientAuth]
        issuer-rules: [authority, criticality]
        status: {demand: if-present, order: ocsp-first}

        """
}
