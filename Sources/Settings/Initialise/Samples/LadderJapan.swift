// Written by .ci/samples from Policies/ladder.yaml; change that file.
extension SampleLadder {
    static let japan = #"""
        # All authentication contexts of this deployment, from the lowest to the highest: one ladder for SAML and OpenID. This one speaks of levels
        # as Japan's guideline does; `sekisho init --ladder eidas` or `nist` begins with another. docs/assurance.md says what each level means.
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
            says:
              ja: カードがその場にあることを確認しました（暗証番号なし）
              en: the card was there; nobody was asked for the PIN
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
            says:
              ja: 係員のいる端末で、カードの顔写真と本人の顔を照合しました（暗証番号なし）
              en: an attended terminal compared the face with the card; nobody was asked for the PIN
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
            says:
              ja: 暗証番号（またはスマートフォンの生体認証）により、利用者証明用電子証明書を使用しました
              en: the user-authentication certificate was used with its PIN, or with the phone's biometrics
            saml-classes: [urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI, urn:x-sekisho:ac:card-pin]
            acr: [urn:x-sekisho:ac:card-pin, aal3]
            amr: [pin, sc, mfa]
            proofing-level: 3
            authentication-level: 3
            modes: [pin]
            carriers: [card, phone]
            needs-statement: false

        # The most that a class of terminals can reach, whatever it states. `class` is what a terminal's file in Keys/terminals says it is, and what
        # rules may name (`terminal: set-top-box`). Classes that are not listed here are refused; a terminal without a class is `unclassified`.
        terminals:
          - {class: counter, highest: card-pin}  # at a municipal counter, a clerk stands by
          - {class: clinic-kiosk, highest: card-pin}  # face by machine, PIN where the machine fails
          - {class: set-top-box, highest: card-pin}  # in a living room: presence, or the PIN by remote control
          - {class: public-kiosk, highest: card-pin}  # in shops and banks; portal.yaml and e-filing.yaml keep sessions short there
          - {class: staff-reader, highest: card-pin}  # at an official's desk
          - {class: shelter-desk, highest: card-presence}  # set up in a hurry, by whoever is there

        # The most that another identity provider can reach when it authenticates citizens in our place. Not listed: nothing.
        # upstreams:
        #   - {member: https://verifier.example/idp, highest: card-face}

        # What the ladder must come to: `sekisho check` looks at each. A login is stated by a terminal, at the challenge door, with the card and
        # fresh revocation data, unless its case says otherwise.
        cases:

          - says: the PIN reaches the highest level
            login: pin
            reaches: card-pin

          - says: a phone reaches it too
            login: pin
            carrier: phone
            reaches: card-pin

          - says: a face counts for no more than a face
            login: face
            terminal: clinic-kiosk
            reaches: card-face

          - says: nobody but an attended terminal says that a face was compared
            login: face
            stated: false
            reaches: none

          - says: no phone shows its face to a terminal
            login: face
            carrier: phone
            reaches: none

          - says: a card that is held to a reader reaches the lowest level
            login: presence
            terminal: set-top-box
            reaches: card-presence

          - says: what a shelter's desk says of a PIN is not believed
            login: pin
            terminal: shelter-desk
            reaches: none

          - says: the PIN of a login that is a day old is still a PIN
            login: pin
            login-age: 24h
            reaches: card-pin

          - says: who asks for at least aal2 is satisfied by a face and by the PIN
            asks: {minimum: [aal2]}
            satisfied-by: [card-face, card-pin]

          - says: who asks for a smart card's key behind a PIN gets just that
            asks: {exact: ["urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"]}
            satisfied-by: card-pin

          - says: nothing is better than the PIN
            asks: {better: [aal3]}
            satisfied-by: none

          - says: who asks for no more than aal1 gets no more
            asks: {maximum: [aal1]}
            satisfied-by: card-presence

        """#
}
