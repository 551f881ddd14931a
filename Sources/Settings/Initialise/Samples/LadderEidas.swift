// Written by .ci/samples from docs/ladders/eidas.yaml; change that file.
extension SampleLadder {
    static let eidas = #"""
        # All authentication contexts of this deployment, from the lowest to the highest: one ladder for SAML and OpenID. This one speaks of levels
        # as eIDAS does (Regulation (EU) 910/2014 art. 8; Implementing Regulation (EU) 2015/1502): low, substantial, high. It is for a deployment
        # whose members are European or speak of levels that way. docs/assurance.md says what each level means.
        # The order is what "minimum", "maximum" and "better" in a request are compared by, and what a rule's `floor` means.
        #
        # WHICH LOGIN REACHES WHICH LEVEL IS YOUR READING, NOT A FACT: the card is no notified eID scheme of a member state, nobody has reviewed it
        # against the Implementing Regulation, and none of what stands here was confirmed by a primary source. The names of the three levels are
        # those that eIDAS nodes use in SAML. The names of the contexts are the ones that rules call, the same in every ladder that we ship.
        contexts:

          # One factor, and no cryptographic proof by the key: low, and below it if your members see it so.
          - name: card-presence
            says:
              ja: カードがその場にあることを確認しました（暗証番号なし）
              en: the card was there; nobody was asked for the PIN
            saml-classes: ["http://eidas.europa.eu/LoA/low", "urn:x-sekisho:ac:card-presence"]
            acr: ["http://eidas.europa.eu/LoA/low", low, "urn:x-sekisho:ac:card-presence"]
            amr: [user]
            proofing-level: 3
            authentication-level: 1
            modes: [presence]
            carriers: [card, phone]

          # Two factors of different kinds and a signed challenge, but only where somebody stands by.
          - name: card-face
            says:
              ja: 係員のいる端末で、カードの顔写真と本人の顔を照合しました（暗証番号なし）
              en: an attended terminal compared the face with the card; nobody was asked for the PIN
            saml-classes: ["urn:x-sekisho:ac:card-face"]
            acr: ["urn:x-sekisho:ac:card-face"]
            amr: [sc, face]
            proofing-level: 3
            authentication-level: 2
            modes: [face]
            carriers: [card]
            needs-statement: true

          # Two factors and a signed challenge. A phone's key may lie in less than the card's certified chip, so it stays here.
          - name: phone-pin
            says:
              ja: スマートフォンの暗証番号または生体認証で、電子証明書を使いました
              en: the certificate on the phone was used with its PIN or with biometrics
            saml-classes: ["http://eidas.europa.eu/LoA/substantial", "urn:x-sekisho:ac:phone-pin"]
            acr: ["http://eidas.europa.eu/LoA/substantial", substantial, "urn:x-sekisho:ac:phone-pin"]
            amr: [pin, hwk, mfa]
            proofing-level: 3
            authentication-level: 2
            modes: [pin]
            carriers: [phone]

          # Issued face to face, the key in a certified chip, opened by a PIN that only the holder knows, revocation data of today.
          - name: card-pin
            says:
              ja: 暗証番号で、カードの利用者証明用電子証明書を使いました
              en: the user-authentication certificate on the card was used with its PIN
            saml-classes: ["http://eidas.europa.eu/LoA/high", "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI", "urn:x-sekisho:ac:card-pin"]
            acr: ["http://eidas.europa.eu/LoA/high", high, "urn:x-sekisho:ac:card-pin"]
            amr: [pin, sc, mfa]
            proofing-level: 3
            authentication-level: 3
            modes: [pin]
            carriers: [card]
            maximum-status-age: 36h

        # The most that a class of terminals can reach, whatever it states. `class` is what a terminal's file in Keys/terminals says it is, and what
        # rules may name (`terminal: set-top-box`). Classes that are not listed here are refused; a terminal without a class is `unclassified`.
        terminals:
          - {class: counter, highest: card-pin}
          - {class: clinic-kiosk, highest: card-pin}
          - {class: set-top-box, highest: card-pin}
          - {class: public-kiosk, highest: card-pin}
          - {class: staff-reader, highest: card-pin}
          - {class: shelter-desk, highest: card-presence}

        # The most that another identity provider can reach when it authenticates citizens in our place. Not listed: nothing. For a notified scheme
        # behind an eIDAS node, write the level at which it is notified.
        # upstreams:
        #   - {member: https://connector.example/eidas, highest: phone-pin}

        # What the ladder must come to: `sekisho check` looks at each.
        cases:

          - says: the card with its PIN is high
            login: pin
            reaches: card-pin

          - says: with revocation data of last week it is not
            login: pin
            status-age: 7d
            reaches: none

          - says: a phone is substantial, however it was unlocked
            login: pin
            carrier: phone
            reaches: phone-pin

          - says: a compared face has no eIDAS name of its own
            login: face
            reaches: card-face

          - says: a card that is held to a reader is low
            login: presence
            terminal: set-top-box
            reaches: card-presence

          - says: what a shelter's desk says of a PIN is not believed
            login: pin
            terminal: shelter-desk
            reaches: none

          - says: at least substantial is the phone or the card with its PIN, and never a face
            asks: {minimum: ["http://eidas.europa.eu/LoA/substantial"]}
            satisfied-by: [phone-pin, card-pin]

          - says: at least low is everything
            asks: {minimum: ["http://eidas.europa.eu/LoA/low"]}
            satisfied-by: [card-presence, card-face, phone-pin, card-pin]

          - says: better than substantial is high
            asks: {better: [substantial]}
            satisfied-by: card-pin

          - says: nothing is better than high
            asks: {better: ["http://eidas.europa.eu/LoA/high"]}
            satisfied-by: none

        """#
}
