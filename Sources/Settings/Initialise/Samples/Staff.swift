// Written by .ci/samples from Policies/staff.yaml; change that file.
extension SamplePolicies {
    static let staff = #"""
        # Officials who log in to their own systems with the card (社員証としての利用): at the desk's reader or on their own device, in working hours. At
        # other times the PIN is asked for again. The log-ins are no business of the citizen's ledger, and of no other island.
        definitions:

          working-hours: {weekday: [monday, tuesday, wednesday, thursday, friday], hours: 07:00–22:00}

        rules:

          - id: staff-in-working-hours
            effect: permit
            says:
              ja: 勤務時間内は、暗証番号によるログインを1日使えます。
              en: In working hours a staff login with the PIN serves for the day.
              ja-easy: 仕事の 時間は、1回の ログインで 使えます。
            is: working-hours
            kind: [ministry, local-government]
            purpose: staff
            mode: pin
            terminal: [staff-reader, none]
            release: [pin-used, card-mode, carrier, authentication-level]
            obligations:
              session: {island: staff, lifetime: 12h}
            basis: The authority's own rules on information security

          - id: staff-out-of-hours
            effect: permit
            says:
              ja: 勤務時間外は、その都度、暗証番号が必要です。
              en: Out of hours the PIN is asked for each time.
              ja-easy: 仕事の 時間では ない ときは、毎回 暗証番号が いります。
            kind: [ministry, local-government]
            purpose: staff
            mode: pin
            terminal: [staff-reader, none]
            unless:
              - is: working-hours
            release: [pin-used, card-mode, carrier, authentication-level]
            obligations:
              authenticate-again: {mode: pin, within: 2m}
              session: {island: staff, lifetime: 1h}
            basis: The authority's own rules on information security

          - id: no-staff-login-without-the-official
            effect: forbid
            says:
              ja: 職員のログインは、本人がその場でカードを使うときだけ有効です。
              en: A staff login takes the official and the card.
              ja-easy: じぶんで カードを 使う ときだけ できます。
            purpose: staff
            path: [refresh, exchange]
            basis: The authority's own rules on information security

        cases:

          - says: on a working day a login serves until the evening
            kind: ministry
            purpose: staff
            terminal: staff-reader
            maximum-login-age: 3h
            weekday: wednesday
            hours: "10:00"
            login: pin
            expect: permit
            rules: staff-in-working-hours
            obligations: {session: {island: staff, lifetime: 12h}}

          - says: at night the PIN is asked for again
            kind: ministry
            purpose: staff
            terminal: staff-reader
            weekday: wednesday
            hours: "23:30"
            login: pin
            expect: permit
            rules: staff-out-of-hours
            obligations: {authenticate-again: {mode: pin, within: 2m}, session: {island: staff, lifetime: 1h}}

          - says: and on a Sunday
            kind: local-government
            purpose: staff
            weekday: sunday
            hours: "10:00"
            login: pin
            expect: permit
            rules: staff-out-of-hours

          - says: a face is not enough
            kind: ministry
            purpose: staff
            permission: face-terminals
            terminal: staff-reader
            weekday: monday
            hours: "10:00"
            login: face
            expect: authenticate

          - says: nobody logs in as staff at a kiosk in a shop
            kind: ministry
            purpose: staff
            terminal: public-kiosk
            weekday: monday
            hours: "10:00"
            login: pin
            expect: authenticate

          - says: a service does not go on without the official
            kind: ministry
            purpose: staff
            path: refresh
            weekday: monday
            hours: "10:00"
            login: pin
            expect: deny
            rules: no-staff-login-without-the-official

          - says: a company's staff is none of ours
            kind: private-verifier
            purpose: staff
            weekday: monday
            hours: "10:00"
            login: pin
            expect: deny

        """#
}
