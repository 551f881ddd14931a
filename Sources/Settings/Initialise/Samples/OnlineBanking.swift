// Written by .ci/samples from Policies/online-banking.yaml; change that file.
extension SamplePolicies {
    static let onlineBanking = #"""
        # On-line banking for a customer whom the bank linked to this card before (資格確認): the PIN, each time, and nothing about the person. The bank
        # knows its customer by the pairwise identifier of this login.
        rules:

          - id: online-banking
            effect: permit
            says:
              ja: オンラインバンキングには、その都度、暗証番号によるログインが必要です。銀行に氏名などは伝えません。
              en: On-line banking takes the PIN each time; the bank is told nothing about the person.
              ja-easy: 毎回 暗証番号が いります。銀行に 名前などは 伝えません。
            kind: [private-verifier, platform-operator, served-firm]
            purpose: online-banking
            asks-for: {only: [pin-used, card-mode, carrier, authentication-level, revocation-time]}
            mode: pin
            maximum-status-age: 36h
            release: [pin-used, card-mode, carrier, authentication-level, revocation-time]
            obligations:
              authenticate-again: {mode: pin, within: 5m}
              session: {island: finance, lifetime: 15m}
              ledger: true
            basis: Accreditation under the Public Personal Authentication Act art. 36 (1) (v) and (vi); the bank's own risk assessment

          # Nobody enters a bank's PIN pad on a screen that others share.
          - id: no-banking-on-shared-screens
            effect: forbid
            says:
              ja: 共用の端末では、オンラインバンキングを利用できません。
              en: On-line banking is not offered on shared screens.
              ja-easy: みんなが 使う 機械では、銀行を 使えません。
            purpose: online-banking
            terminal: [public-kiosk, shelter-desk]
            basis: The bank's own risk assessment

        cases:

          - says: a customer enters the PIN
            kind: private-verifier
            purpose: online-banking
            login: pin
            expect: permit
            context: card-pin
            obligations: {authenticate-again: {mode: pin, within: 5m}, session: {island: finance, lifetime: 15m}, ledger: true}

          - says: a firm that is served by an operator may ask too
            kind: served-firm
            purpose: online-banking
            operator: https://operator.example
            login: pin
            expect: permit

          - says: a card that is held to a reader is not enough
            kind: private-verifier
            purpose: online-banking
            permission: presence-terminals
            terminal: set-top-box
            login: presence
            expect: authenticate

          - says: a set-top box in the living room takes the PIN
            kind: private-verifier
            purpose: online-banking
            terminal: set-top-box
            login: pin
            expect: permit

          - says: a kiosk in a shop does not
            kind: private-verifier
            purpose: online-banking
            terminal: public-kiosk
            login: pin
            expect: authenticate

          # The PIN was entered there: what is asked for is another login, at another screen.
          - says: nor does it help to say on the way that nothing will be told
            kind: private-verifier
            purpose: online-banking
            asks-for: []
            terminal: shelter-desk
            login: pin
            expect: authenticate

          - says: a bank does not ask for the name that it knows
            kind: private-verifier
            purpose: online-banking
            asks-for: [name]
            login: pin
            expect: deny

          - says: a ministry is no bank
            kind: ministry
            purpose: online-banking
            login: pin
            expect: deny

        """#
}
