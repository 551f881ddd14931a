// Written by .ci/samples from Policies/rules.yaml; change that file.
extension SamplePolicies {
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

          - says: at a counter of a city the face is compared
            kind: local-government
            purpose: counter
            permission: face-terminals
            terminal: counter
            login: face
            expect: permit
            context: card-face

          - says: a card that is held to the reader of a counter is not enough
            kind: local-government
            purpose: counter
            permission: [face-terminals, presence-terminals]
            terminal: counter
            login: presence
            expect: authenticate

          - says: a ministry has no counters
            kind: ministry
            purpose: counter
            login: pin
            expect: deny

          - says: a private verifier checks identities with the PIN
            kind: private-verifier
            purpose: identity-check
            login: pin
            expect: permit
            context: card-pin

          - says: and with nothing less
            kind: platform-operator
            purpose: identity-check
            login: presence
            expect: authenticate
            context: card-pin

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
