/// The one style sheet of the platform, in every page and named by its digest in the policy: no second request before the first paint,
/// and nothing that another origin could change. Large type (R25), 4.5 : 1 and more in both colour schemes, targets of 48 pixels,
/// a focus that cannot be overlooked (WCAG 2.2, 1.4.3, 1.4.11, 2.4.7, 2.4.11, 2.5.8).
enum Style {
    // SHA-256 of the text between the tags; `PageTests` computes it again from the page.
    static let digest = "a85aEBvLQ9jMR0bewnM+U1lgxu9boD6EB1w0ZgLAiwE="

    static let sheet: StaticString = """
        <style>:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--soft:#f1f4f8;--line:#6b7280;--link:#0a4a9b;--act:#0a4a9b;\
        --on:#fff;--bad:#a3061a;--good:#10602a;--ring:#9a4a00}\
        @media(prefers-color-scheme:dark){:root{--ink:#f2f2f2;--paper:#111418;--soft:#1f252d;--line:#a0a7b0;--link:#a6c8ff;--act:#a6c8ff;\
        --on:#0a1522;--bad:#ffb4ab;--good:#9ddcab;--ring:#ffc069}}\
        *{box-sizing:border-box}\
        html{scroll-padding-top:1rem}\
        body{margin:0;color:var(--ink);background:var(--paper);font:1.25rem/1.75 system-ui,"Noto Sans JP","Hiragino Sans",sans-serif;\
        overflow-wrap:anywhere}\
        header,main,footer{max-width:44rem;margin:0 auto;padding:.5rem 1rem}\
        header{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;justify-content:space-between;align-items:center}\
        header ul,.tabs{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:0;padding:0}\
        header a,footer a,.tabs a{display:inline-block;padding:.375rem .25rem;min-height:2.75rem;min-width:2.75rem}\
        header .brand{font-weight:700;text-decoration:none}\
        [aria-current]{font-weight:700;color:var(--ink);text-decoration-thickness:.2rem}\
        main{padding-bottom:2rem}footer{border-top:1px solid var(--line);font-size:1rem}\
        h1{font-size:1.75rem;line-height:1.4;margin:1rem 0}h2{font-size:1.375rem;line-height:1.5;margin:2rem 0 .5rem}\
        h3{font-size:1.25rem;margin:1.5rem 0 .5rem}\
        a{color:var(--link)}code{font-family:ui-monospace,"Noto Sans Mono",monospace;font-size:.9em}\
        :focus-visible,[type=date]:focus-within{outline:.25rem solid var(--ring);outline-offset:.2rem}main:focus{outline:0}\
        .skip{position:absolute;left:-99rem}.skip:focus{position:static;display:block;padding:.75rem 1rem}\
        button,.button,input,select,textarea{font:inherit;border-radius:.375rem}\
        button,.button{display:inline-block;min-height:3rem;min-width:8rem;padding:.5rem 1.5rem;margin:.25rem .5rem .25rem 0;border:.125rem solid var(--act);\
        background:var(--paper);color:var(--act);cursor:pointer;text-align:center;text-decoration:none;font-weight:700}\
        .primary{background:var(--act);color:var(--on)}\
        .danger{border-color:var(--bad);color:var(--bad)}\
        form{margin:.75rem 0}\
        label,legend{font-weight:700}.hint{margin:0}.error{color:var(--bad);font-weight:700;margin:0}\
        input,select,textarea{min-height:3rem;padding:.375rem .75rem;border:.125rem solid var(--line);background:var(--paper);color:var(--ink);\
        max-width:100%}\
        textarea{width:100%}[aria-invalid=true]{border-color:var(--bad)}\
        input[type=checkbox],input[type=radio]{min-height:1.5rem;width:1.5rem;height:1.5rem;margin-right:.5rem;vertical-align:-.25rem}\
        .choice{display:block;padding:.5rem 0 .5rem 2.25rem;text-indent:-2.25rem;font-weight:400}.choice input{text-indent:0}.code{font-family:ui-monospace,"Noto Sans Mono",monospace;letter-spacing:.2em}\
        fieldset{border:1px solid var(--line);border-radius:.375rem;margin:1rem 0}\
        .note,.alert,.good,main section{border:.125rem solid var(--line);border-left-width:.5rem;border-radius:.375rem;background:var(--soft);\
        padding:.5rem 1rem;margin:1rem 0}\
        .alert{border-color:var(--bad)}.good{border-color:var(--good)}\
        .wide{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:700;padding:.5rem 0}\
        th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid var(--line)}thead th{overflow-wrap:normal;word-break:keep-all}\
        .number{text-align:right}\
        dt{font-weight:700}dd{margin:0 0 .75rem 1rem}\
        summary{padding:.5rem 0;min-height:2.75rem;cursor:pointer}\
        .ways>li{margin:0 0 1.5rem}.qr{width:min(16rem,100%);height:auto;background:#fff;display:block;margin:.5rem 0}\
        .note>p,.alert>p,.good>p{margin:.25rem 0}.pair{display:flex;flex-wrap:wrap;gap:1rem 3rem;align-items:center}\
        .row{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center}.row form{margin:0}\
        .tv{font-size:clamp(1.75rem,2.6vw,3rem);line-height:1.5}.tv header,.tv main,.tv footer{max-width:88vw;padding:.5rem 2vw}\
        .tv h1{font-size:1.5em}.tv h2{font-size:1.2em}.tv button,.tv .button{min-height:2.5em;min-width:10em}\
        .tv footer{font-size:.75em}.tv .code{font-size:1.75em;font-weight:700}.tv .qr{width:min(40vh,100%)}\
        .tv :focus-visible{outline-width:.5rem;outline-offset:.25rem}\
        .console{font-size:1rem;line-height:1.6}.console header,.console main,.console footer{max-width:76rem}\
        .console button,.console .button,.console input,.console select{min-height:2.5rem;min-width:3rem;padding:.25rem .75rem}\
        .console input[type=checkbox],.console input[type=radio]{min-height:1.5rem;min-width:1.5rem;padding:0}\
        .console input[type=text]{width:min(100%,36rem)}\
        rt{font-size:.6em}del{background:#ffd7d5;color:#6b0011}ins{background:#d2f4d9;color:#0b4420}\
        @media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}\
        @media print{header,footer,form,.skip{display:none}}</style>
        """

    /// The page that carries a message away at once is seen by nobody but those without JavaScript: it has the least.
    static let carrierDigest = "xt9V1n4c3kO7uZE12U3HNH09S3LMijRDn3rUsFcyYxw="
    static let carrier: StaticString =
        "<style>body{font:1.125rem/1.7 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}a,button{font-size:1.125rem}</style>"
}
