// Written by .ci/samples from Policies/health-records.yaml; change that file.
extension SamplePolicies {
    static let healthRecords = #"""
        # Looking at one's health record at home, on a television with a set-top box that reads the card (セットトップボックス). A registered box
        # shows the overview without the PIN; details take the PIN there, or on any other device. Logins for health serve nobody else.
        definitions:

          health-services: {kind: [ministry, local-government, private-verifier, platform-operator, served-firm]}

        rules:

          - id: health-record-on-television
            effect: permit
            says:
              ja: 登録されたセットトップボックスでは、カードをかざすだけで、健康記録の概要を閲覧できます。
              en: A registered set-top box shows the overview of the health record when the card is held to it.
              ja-easy: テレビの 機械に カードを 置くと、からだの 記録を 見る ことが できます。
            is: health-services
            purpose: health-record
            mode: presence
            terminal: set-top-box
            maximum-login-age: 15m
            maximum-status-age: 36h
            release: [pin-used, card-mode]
            obligations:
              session: {island: health, lifetime: 15m}
              ledger: true
            basis: Public Personal Authentication Act art. 38-4 (use without the PIN); the service's own risk assessment

          - id: health-record-with-pin
            effect: permit
            says:
              ja: 暗証番号でログインすると、健康記録の概要を閲覧できます。
              en: A login with the PIN shows the overview of the health record.
              ja-easy: 暗証番号で ログインすると、からだの 記録を 見る ことが できます。
            is: health-services
            purpose: health-record
            mode: pin
            maximum-status-age: 36h
            release: [pin-used, card-mode]
            obligations:
              session: {island: health, lifetime: 1h}
              ledger: true
            basis: Public Personal Authentication Act art. 36 and 38; the service's own risk assessment

          - id: health-record-details
            effect: permit
            says:
              ja: 健康記録の詳細の閲覧には、10分以内の暗証番号の入力が必要です。
              en: The details of the health record take the PIN, entered within ten minutes.
              ja-easy: くわしく 見る ときは、もう一回 暗証番号を 入れてください。
            is: health-services
            purpose: health-record-details
            mode: pin
            maximum-status-age: 36h
            release: [pin-used, card-mode, authentication-level]
            obligations:
              authenticate-again: {mode: pin, within: 10m}
              session: {island: health, lifetime: 15m}
              ledger: true
            basis: Public Personal Authentication Act art. 36 and 38; the service's own risk assessment

        cases:

          - says: a registered set-top box shows the overview without the PIN
            kind: platform-operator
            purpose: health-record
            permission: presence-terminals
            terminal: set-top-box
            login: presence
            expect: permit
            context: card-presence
            obligations: {session: {island: health, lifetime: 15m}, ledger: true}

          - says: a box that nobody registered does not
            kind: platform-operator
            purpose: health-record
            permission: presence-terminals
            mode-stated: false
            login: presence
            expect: authenticate

          - says: nor does another kind of terminal
            kind: platform-operator
            purpose: health-record
            permission: presence-terminals
            terminal: public-kiosk
            login: presence
            expect: authenticate

          - says: a member without the permission has its citizens enter the PIN
            kind: served-firm
            purpose: health-record
            permission: face-terminals
            terminal: set-top-box
            login: presence
            expect: authenticate

          - says: with the PIN the overview is shown anywhere
            kind: local-government
            purpose: health-record
            login: pin
            expect: permit
            context: card-pin

          - says: word of the status that is two days old shows nothing
            kind: local-government
            purpose: health-record
            maximum-status-age: 48h
            login: pin
            expect: authenticate

          - says: nor does it at the set-top box
            kind: platform-operator
            purpose: health-record
            permission: presence-terminals
            terminal: set-top-box
            maximum-status-age: 48h
            login: presence
            expect: authenticate

          - says: details take the PIN, at the set-top box too
            kind: platform-operator
            purpose: health-record-details
            permission: presence-terminals
            terminal: set-top-box
            login: presence
            expect: authenticate

          - says: and are shown with it
            kind: platform-operator
            purpose: health-record-details
            terminal: set-top-box
            login: pin
            expect: permit
            obligations: {authenticate-again: {mode: pin, within: 10m}, session: {island: health, lifetime: 15m}, ledger: true}

          - says: an identity provider looks at nobody's record
            kind: identity-provider
            purpose: health-record
            login: pin
            expect: deny

        """#
}
