// Written by .ci/samples from docs/ladders/nist.yaml; change that file.
extension SampleLadder {
    static let nist = #"""
        # All authentication contexts of this deployment, from the lowest to the highest: one ladder for SAML and OpenID. This one speaks of levels
        # as NIST SP 800-63 does: authenticator assurance levels AAL1 to AAL3. It is for a deployment whose members speak of levels that way.
        # docs/assurance.md says what each level means.
        # The order is what "minimum", "maximum" and "better" in a request are compared by, and what a rule's `floor` means.
        #
        # WHICH LOGIN REACHES WHICH LEVEL IS YOUR READING, NOT A FACT: nobody has assessed the card against SP 800-63, the validation of its chip
        # under FIPS 140 is not public, and none of what stands here was confirmed by a primary source. NIST names no URIs; those below are the ones
        # that login.gov uses. The names of the contexts are the ones that rules call, the same in every ladder that we ship.
        #
        # Identity assurance (IAL) is no rung of this ladder: every card was issued face to face, so all contexts share one proofing-level, and one
        # value names one context only. Members who need it are told `proofing-level` by a rule.
        contexts:

          # The card's key signed nothing, so SP 800-63B has no level for it.
          - name: card-presence
            says:
              ja: カードがその場にあることを確認しました（暗証番号なし）
              en: the card was there; nobody was asked for the PIN
            saml-classes: ["urn:x-sekisho:ac:card-presence"]
            acr: ["urn:x-sekisho:ac:card-presence"]
            amr: [user]
            proofing-level: 2
            authentication-level: 0
            modes: [presence]
            carriers: [card, phone]

          # A single-factor cryptographic device. A face that somebody else's machine compares is no factor of the card.
          - name: card-face
            says:
              ja: 係員のいる端末で、カードの顔写真と本人の顔を照合しました（暗証番号なし）
              en: an attended terminal compared the face with the card; nobody was asked for the PIN
            saml-classes: ["http://idmanagement.gov/ns/assurance/aal/1", "urn:x-sekisho:ac:card-face"]
            acr: ["http://idmanagement.gov/ns/assurance/aal/1", aal1, "urn:x-sekisho:ac:card-face"]
            amr: [sc, face]
            proofing-level: 2
            authentication-level: 1
            modes: [face]
            carriers: [card]
            needs-statement: true
            maximum-login-age: 30d

          # A multi-factor cryptographic device. Whoever relays the challenge relays the answer too: not phishing-resistant, hence AAL2. That NIST
          # has AAL2 used again after hours is left to the rules of each situation (`maximum-login-age`): a floor here would end grants that are
          # meant to go on, such as an insurer's watch.
          - name: card-pin
            says:
              ja: 暗証番号（またはスマートフォンの生体認証）により、利用者証明用電子証明書を使用しました
              en: the user-authentication certificate was used with its PIN, or with the phone's biometrics
            saml-classes: ["http://idmanagement.gov/ns/assurance/aal/2", "urn:x-sekisho:ac:card-pin"]
            acr: ["http://idmanagement.gov/ns/assurance/aal/2", aal2, "urn:x-sekisho:ac:card-pin"]
            amr: [pin, sc, mfa]
            proofing-level: 2
            authentication-level: 2
            modes: [pin]
            carriers: [card, phone]

          # The same within a TLS handshake, which nobody in between can relay (client-authenticated TLS). Only where the door counts the PIN as used
          # (`card.doors.tls.weakest-mode: pin` in sekisho.yaml).
          - name: card-pin-tls
            says:
              ja: 暗証番号を使った電子証明書で、この通信そのものを認証しました
              en: the certificate was used with its PIN within the connection itself
            saml-classes:
              - "http://idmanagement.gov/ns/assurance/aal/3"
              - "http://idmanagement.gov/ns/assurance/aal/2?phishing_resistant=true"
              - "urn:x-sekisho:ac:card-pin-tls"
            acr:
              - "http://idmanagement.gov/ns/assurance/aal/3"
              - "http://idmanagement.gov/ns/assurance/aal/2?phishing_resistant=true"
              - aal3
              - "urn:x-sekisho:ac:card-pin-tls"
            amr: [pin, sc, mfa]
            proofing-level: 2
            authentication-level: 3
            modes: [pin]
            carriers: [card]
            doors: [tls]
            maximum-login-age: 12h

        # The most that a class of terminals can reach, whatever it states. `class` is what a terminal's file in Keys/terminals says it is, and what
        # rules may name (`terminal: set-top-box`). Classes that are not listed here are refused; a terminal without a class is `unclassified`.
        terminals:
          - {class: counter, highest: card-pin}
          - {class: clinic-kiosk, highest: card-pin}
          - {class: set-top-box, highest: card-pin}
          - {class: public-kiosk, highest: card-pin}
          - {class: staff-reader, highest: card-pin}
          - {class: shelter-desk, highest: card-presence}

        # The most that another identity provider can reach when it authenticates citizens in our place. Not listed: nothing.
        # upstreams:
        #   - {member: https://verifier.example/idp, highest: card-pin}

        # What the ladder must come to: `sekisho check` looks at each.
        cases:

          - says: the card with its PIN is AAL2 when its answer was carried by a program
            login: pin
            reaches: card-pin

          - says: in the handshake it is AAL3
            login: pin
            door: tls
            reaches: card-pin-tls

          - says: after twelve hours that is AAL2
            login: pin
            door: tls
            login-age: 13h
            reaches: card-pin

          - says: a phone is AAL2 at either door
            login: pin
            carrier: phone
            door: tls
            reaches: card-pin

          - says: a face is AAL1
            login: face
            reaches: card-face

          - says: a card that is held to a reader has no AAL
            login: presence
            reaches: card-presence

          - says: what a shelter's desk says of a PIN is not believed
            login: pin
            terminal: shelter-desk
            reaches: none

          - says: at least AAL2 is the PIN
            asks: {minimum: ["http://idmanagement.gov/ns/assurance/aal/2"]}
            satisfied-by: [card-pin, card-pin-tls]

          - says: phishing-resistant is the handshake
            asks: {exact: ["http://idmanagement.gov/ns/assurance/aal/2?phishing_resistant=true"]}
            satisfied-by: card-pin-tls

          - says: no more than AAL1 is a face, or the card alone
            asks: {maximum: [aal1]}
            satisfied-by: [card-presence, card-face]

        """#
}
