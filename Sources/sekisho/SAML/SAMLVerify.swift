import ArgumentParser
import Foundation
import SAML
import Vocabulary

struct SAMLVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Judge a SAML message: a job as JSON in, a verdict as JSON out.",
        discussion: """
            A job is one JSON object. Texts are inline or the names of files. In
            brackets: other names of the same.

              message          what came: XML, the query of a redirect, a form's
                               body or value, a SOAP envelope, metadata; or
                               message_base64, or message_file
              binding          auto, redirect, post, soap, xml, metadata
              role             sp judges Responses and assertions, idp requests;
                               both judge logout messages
              trusted_certs    (certificates, keys) whose signatures count: PEM,
                               DER in Base64, files. Keys inside the message
                               never count
              metadata         idp: the member's, in place of keys and addresses
              decryption_keys  private keys, PEM
              time             RFC 3339 or seconds since 1970; otherwise now
              issuer           the entityID of the sender
              audience         our own entityID
              address          (acs, recipient, destination) where it came to
              in_response_to   the ID of the open request; or unsolicited: true
              unnamed          true: assertions without NameID are taken
              consumers        idp: where the member takes answers
              level            signature (no times, no audiences) or full
              coverage         what is signed: either, response, assertion, both
              signature_due, lifetime, skew, allow_sha1, allow_cbc, id

            What is not given is not compared; `unchecked` in the verdict lists it.

            The verdict: {"id", "valid", "verdict", "layer", "code", "summary",
            "compared", "clause", "remedy", "message", "verified": [{"element",
            "id", "digest", "algorithm", …}], "signed_by", "name_id",
            "attributes", "session_index", …}, or "error" for a job that cannot
            be read. Layers: decode, xml, schema, issuer, signature, encryption,
            destination, status, subject, conditions, authentication, request,
            metadata. docs/protocols/saml.md has the whole format; `sekisho
            explain CODE` explains a code.
            Exit status of a single job: 0 accepted, 1 refused, 2 no job.
            """)

    @Argument(help: "A file with one job; - or nothing reads standard input.") var job: String = "-"
    @Flag(help: "Read many jobs, one to a line; write one verdict to a line.") var jsonl = false
    @Option(help: "Of jobs that name none: sp or idp; otherwise whoever takes such a message.") var role: String?
    @Option(help: "The folder that names of files are relative to; otherwise the job's own, then the current one.") var base: String?

    func run() throws {
        let role = try role.map { text in
            guard let role = MessageJudge.Role(rawValue: text) else { throw ValidationError("--role is sp or idp") }
            return role
        }
        let input = try JobInput(job, base: base)
        let door = try MessageDoor(material: MessageMaterial(folders: input.folders), role: role, now: SystemClock.now())
        try input.answer(jsonl: jsonl) { door.answer($0) }
    }
}
