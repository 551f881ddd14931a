/// What `sekisho init` writes into `Policies/`: the same text as the samples in the repository's own `Policies/`, byte for byte.
enum SamplePolicies {
    static let ladder = #"""
        # All authentication contexts of this deployment, from the lowest to the highest: one ladder for SAML and OpenID.
        # The order is what "minimum", "maximum" and "better" in a request are compared by, and what a rule's `floor` means.
        #
        # proofing-level (身元確認) and authentication-level (当人認証) are the OPERATOR'S READING of DS-511 and of its predecessor DS-500, not
        # facts: check them against the guideline before production. They are told to members whose rules release them.
        contexts:

          # The card was there (かざし利用, mode C, single factor), or its key signed without anybody we know saying how it was unlocked.
          # No statement is needed: without one, this mode only comes from a signature, which is more than presence; a login without a signature
          # (mode C) is accepted from a registered terminal's statement only. A first link never comes from here.
          # amr is `user` (RFC 8176: presence of the user), not `sc`: in mode C the card's key proved nothing.
          - name: card-presence
            saml-classes: [urn:x-sekisho:ac:card-presence]
            acr: [urn:x-sekisho:ac:card-presence, aal1]
            amr: [user]
            proofing-level: 3
            authentication-level: 1
            modes: [presence]
            carriers: [card, phone]
            needs-statement: false

          # The key signed without a PIN at an attended terminal that compared the face (mode B). Only such a terminal can say so.
          - name: card-face
            saml-classes: [urn:x-sekisho:ac:card-face]
            acr: [urn:x-sekisho:ac:card-face, aal2]
            amr: [sc, face]
            proofing-level: 3
            authentication-level: 2
            modes: [face]
            carriers: [card]
            needs-statement: true

          # The key signed after the PIN, or after the phone's biometrics (mode A).
          #
          # The standard class SmartcardPKI stands first, so it is what we assert: it means just this (a smart card's private key, unlocked by a
          # PIN), and service providers that never heard of us understand it. Our own class is accepted in requests.
          # Card and phone are one context, so that `aal3` is answered with either (デジタル認証アプリ does the same); the attribute `carrier` tells
          # them apart. To rank them, split this context in two and give each its own classes and acr values: one value names one context.
          #
          # needs-statement is false, and yet nothing reaches this context unseen: without a statement a door gives its weakest mode
          # (`card.doors.*.weakest-mode` in sekisho.yaml), which is `presence` unless the operator says that every client asks for the PIN.
          # Write true here to close that way for good.
          - name: card-pin
            saml-classes: [urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI, urn:x-sekisho:ac:card-pin]
            acr: [urn:x-sekisho:ac:card-pin, aal3]
            amr: [pin, sc, mfa]
            proofing-level: 3
            authentication-level: 3
            modes: [pin]
            carriers: [card, phone]
            needs-statement: false

        """#

    static let rules = #"""
        # Which member may ask for what, at which assurance, and what it is told. What no rule permits is denied; one forbid overrides every
        # permit; the order of rules and files never matters. A condition that is left out holds for everything.
        rules:

          - id: procedures-of-public-bodies
            effect: permit
            kind: [ministry, local-government]
            purpose: procedure
            floor: card-pin
            maximum-status-age: 36h
            release: [pin-used, card-mode, carrier, proofing-level, authentication-level, revocation-source, revocation-time]
            basis: Public Personal Authentication Act art. 36 and 38; the ministry's own risk assessment under DS-511

          - id: counters-of-local-governments
            effect: permit
            kind: local-government
            purpose: counter
            floor: card-face
            release: [pin-used, card-mode, proofing-level, authentication-level, revocation-source, revocation-time]
            basis: Public Personal Authentication Act art. 38-2 (attended terminals)

          - id: everyday-use-of-private-verifiers
            effect: permit
            kind: [private-verifier, platform-operator, served-firm]
            purpose: [points, customer-login]
            floor: card-presence
            release: [pin-used, card-mode, authentication-level]
            basis: Accreditation under the Public Personal Authentication Act art. 36 (1) (v) and (vi); art. 38-4 for use without the PIN

          - id: identity-checks-of-private-verifiers
            effect: permit
            kind: [private-verifier, platform-operator]
            purpose: identity-check
            floor: card-pin
            maximum-status-age: 36h
            release: [pin-used, card-mode, carrier, proofing-level, authentication-level, revocation-source, revocation-time]
            basis: Accreditation under the Public Personal Authentication Act art. 36 (1) (v) and (vi)

          - id: no-profiling
            effect: forbid
            purpose: profiling
            basis: Public Personal Authentication Act art. 50 ff. (use of certification data for other purposes)

        # What the rules must come to. `sekisho check` decides each case with all rules and reports those that come out otherwise.
        # `login` is the mode of a login with the card and a terminal's statement, or `none`.
        cases:

          - says: a ministry's procedure needs the PIN
            kind: ministry
            purpose: procedure
            login: face
            expect: authenticate
            context: card-pin

          - says: with the PIN it goes through
            kind: ministry
            purpose: procedure
            login: pin
            expect: permit
            context: card-pin

          - says: points are collected with the card alone
            kind: private-verifier
            purpose: points
            login: presence
            expect: permit
            context: card-presence

          - says: a firm that is served by a platform operator does no identity checks itself
            kind: served-firm
            purpose: identity-check
            login: pin
            expect: deny

          - says: nobody profiles, however well the citizen logs in
            kind: ministry
            purpose: profiling
            login: pin
            expect: deny

          - says: what no rule speaks of is denied
            kind: identity-provider
            purpose: procedure
            login: pin
            expect: deny

        """#
}
