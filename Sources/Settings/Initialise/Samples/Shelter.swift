// Written by .ci/samples from Policies/shelter.yaml; change that file.
extension SamplePolicies {
    static let shelter = #"""
        # Check-in at a shelter after a disaster (避難所の受付): many people, a poor network, no time for PINs. The card is held to the desk's reader
        # (mode C) and the municipality learns that this known citizen is there. Only while the operator says `load: emergency` in sekisho.yaml; at
        # other times the desk has to ask for more. A citizen whom this municipality never met with the PIN is not known by holding a card: no rule
        # can lift that (docs/policies.md).
        rules:

          - id: shelter-check-in
            effect: permit
            says:
              ja: 災害時は、避難所の端末にカードをかざすだけで受付ができます（以前に暗証番号で本人確認をした方に限ります）。
              en: In an emergency, holding the card to the shelter's reader checks in whoever was confirmed with the PIN before.
              ja-easy: 災害の ときは、避難所で カードを 置くだけで いいです。
            kind: local-government
            purpose: shelter
            load: emergency
            mode: presence
            terminal: shelter-desk
            maximum-login-age: 10m
            # Revocation data of the last day and a half: older ones the doors refuse. Where the lines may be down for three days, raise
            # `card.revocation.list-maximum-age` in sekisho.yaml to 72h and write 72h in both rules here; `sekisho check` says where only the rules
            # were changed. Rules that name no age then take older lists too, and a list past its own nextUpdate is refused all the same.
            maximum-status-age: 36h
            release: [card-mode, revocation-time]
            obligations:
              session: {island: shelter, lifetime: 10m, once: true}
              ledger: true
            basis: Public Personal Authentication Act art. 38-4 (use without the PIN); Basic Act on Disaster Management

          # For drills, and for people whom the municipality does not know yet.
          - id: shelter-check-in-with-proof
            effect: permit
            says:
              ja: 顔認証または暗証番号により、避難所の受付をします。
              en: The face, or the PIN, checks in at a shelter at any time.
              ja-easy: 顔か 暗証番号で、避難所の 受付を します。
            kind: local-government
            purpose: shelter
            mode: [face, pin]
            maximum-status-age: 36h
            release: [card-mode, revocation-time]
            obligations:
              session: {island: shelter, lifetime: 10m, once: true}
              ledger: true
            basis: Public Personal Authentication Act art. 38 and 38-2

        cases:

          - says: in an emergency a card that is held to the desk's reader checks in
            kind: local-government
            purpose: shelter
            permission: presence-terminals
            terminal: shelter-desk
            load: emergency
            login: presence
            expect: permit
            context: card-presence
            release: [card-mode, revocation-time]
            obligations: {session: {island: shelter, lifetime: 10m, once: true}, ledger: true}

          - says: with lines that have been down for a day too
            kind: local-government
            purpose: shelter
            permission: presence-terminals
            terminal: shelter-desk
            maximum-status-age: 30h
            load: emergency
            login: presence
            expect: permit

          # Where the doors and both rules were raised to 72h, expect a permit here.
          - says: with lines that have been down for two days the desk has no word of the card
            kind: local-government
            purpose: shelter
            permission: presence-terminals
            terminal: shelter-desk
            maximum-status-age: 48h
            load: emergency
            login: presence
            expect: authenticate

          - says: on any other day the citizen is asked for more
            kind: local-government
            purpose: shelter
            permission: presence-terminals
            terminal: shelter-desk
            login: presence
            expect: authenticate

          - says: nor at another kind of terminal
            kind: local-government
            purpose: shelter
            permission: presence-terminals
            terminal: public-kiosk
            load: emergency
            login: presence
            expect: authenticate

          - says: a municipality without the permission asks for a face or the PIN
            kind: local-government
            purpose: shelter
            permission: face-terminals
            load: emergency
            login: none
            expect: authenticate

          - says: a drill takes a face
            kind: local-government
            purpose: shelter
            permission: face-terminals
            terminal: counter
            login: face
            expect: permit
            context: card-face

          - says: a company runs no shelter
            kind: private-verifier
            purpose: shelter
            permission: presence-terminals
            terminal: shelter-desk
            load: emergency
            login: presence
            expect: deny

        """#
}
