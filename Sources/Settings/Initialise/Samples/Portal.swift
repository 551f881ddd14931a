// Written by .ci/samples from Policies/portal.yaml; change that file.
extension SamplePolicies {
    static let portal = #"""
        # A portal of the administration (行政ポータル): one login with the PIN opens the services behind it for a working day.
        rules:

          - id: portal
            effect: permit
            says:
              ja: ポータルの利用には、暗証番号によるログインが必要です。8時間は、ほかの行政サービスも再度ログインせずに利用できます。
              en: The portal takes a login with the PIN, which opens the services behind it for eight hours.
              ja-easy: 暗証番号で ログインしてください。8時間は ほかの サービスも 使えます。
            kind: [ministry, local-government]
            purpose: portal
            mode: pin
            maximum-login-age: 8h
            maximum-status-age: 36h
            release: [pin-used, carrier, proofing-level, authentication-level]
            obligations: {ledger: true}
            basis: Public Personal Authentication Act art. 36 and 38; the authority's own risk assessment under DS-511

          # At a counter the clerk sees the face.
          - id: portal-at-a-counter
            effect: permit
            says:
              ja: 窓口の端末では、顔認証によりポータルを利用できます。
              en: At a counter's terminal the portal opens after the face was compared.
              ja-easy: 窓口の 機械では、顔を 見せると 使えます。
            kind: local-government
            purpose: portal
            mode: face
            terminal: counter
            maximum-login-age: 15m
            maximum-status-age: 36h
            release: [pin-used, carrier, proofing-level, authentication-level]
            obligations:
              session: {lifetime: 15m, once: true}
              ledger: true
            basis: Public Personal Authentication Act art. 38-2 (attended terminals)

          # Adds to the first rule, and holds wherever that one does: obligations of all permits that hold are joined. Who walks away from a shared
          # screen leaves nothing behind. What ends the login is `lifetime`; as a condition the five minutes would only end this rule.
          - id: portal-at-a-shared-screen
            effect: permit
            says:
              ja: 共用の端末では、1回利用するか5分経過すると、自動的にログアウトします。
              en: On a shared screen the login is forgotten after one use, or after five minutes.
              ja-easy: みんなが 使う 機械では、5分で ログアウトします。
            kind: [ministry, local-government]
            purpose: portal
            mode: pin
            terminal: [public-kiosk, set-top-box]
            maximum-login-age: 8h
            maximum-status-age: 36h
            obligations:
              session: {lifetime: 5m, once: true}
            basis: The authority's own risk assessment under DS-511

        cases:

          - says: the PIN opens the portal
            kind: ministry
            purpose: portal
            login: pin
            expect: permit
            context: card-pin
            rules: portal

          - says: it is still open in the afternoon
            kind: ministry
            purpose: portal
            maximum-login-age: 7h
            login: pin
            expect: permit

          - says: the next day the PIN is asked for again
            kind: ministry
            purpose: portal
            maximum-login-age: 9h
            login: pin
            expect: authenticate

          - says: word of the status that is two days old does not do
            kind: local-government
            purpose: portal
            maximum-status-age: 48h
            login: pin
            expect: authenticate

          - says: a face opens it at a counter
            kind: local-government
            purpose: portal
            permission: face-terminals
            terminal: counter
            login: face
            expect: permit
            obligations: {session: {lifetime: 15m, once: true}, ledger: true}

          - says: and at no other terminal
            kind: local-government
            purpose: portal
            permission: face-terminals
            terminal: public-kiosk
            login: face
            expect: authenticate

          - says: on a shared screen the login is forgotten after one use
            kind: ministry
            purpose: portal
            terminal: public-kiosk
            login: pin
            expect: permit
            rules: [portal, portal-at-a-shared-screen]
            obligations: {session: {lifetime: 5m, once: true}, ledger: true}

          - says: after six minutes the same holds, so the login of five minutes is over
            kind: ministry
            purpose: portal
            terminal: public-kiosk
            maximum-login-age: 6m
            login: pin
            expect: permit
            rules: [portal, portal-at-a-shared-screen]
            obligations: {session: {lifetime: 5m, once: true}, ledger: true}

          - says: a shared screen takes no older login than any other
            kind: ministry
            purpose: portal
            terminal: public-kiosk
            maximum-login-age: 9h
            login: pin
            expect: authenticate

          - says: nor an older word of the status
            kind: local-government
            purpose: portal
            terminal: set-top-box
            maximum-status-age: 48h
            login: pin
            expect: authenticate

          - says: a company has no part in the portal
            kind: platform-operator
            purpose: portal
            login: pin
            expect: deny

        """#
}
