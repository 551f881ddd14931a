# ruby-saml and omniauth-saml (both Debian) as service providers behind one small server: `/` is ruby-saml by itself, `/auth/saml` is OmniAuth's
# strategy. Started by rubysaml.py with BASE, IDP (a file), KEY and CERTIFICATE (files) in its environment.
require "json"
require "omniauth-saml"
require "onelogin/ruby-saml"
require "rack"
require "rack/handler/webrick"
require "webrick"

BASE = ENV.fetch("BASE")
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
SHA256 = { digest_method: XMLSecurity::Document::SHA256, signature_method: XMLSecurity::Document::RSA_SHA256 }

# The platform's metadata as it is; read anew for each request, as a scheduled refresh would.
def provider
  OneLogin::RubySaml::IdpMetadataParser.new
end

def settings(by_post: false)
  wanted = by_post ? [OneLogin::RubySaml::Utils::BINDINGS[:post]] : [OneLogin::RubySaml::Utils::BINDINGS[:redirect]]
  found = provider.parse(File.read(ENV.fetch("IDP")), sso_binding: wanted, slo_binding: wanted)
  found.sp_entity_id = BASE + "/metadata"
  found.assertion_consumer_service_url = BASE + "/acs"
  found.single_logout_service_url = BASE + "/sls"
  found.name_identifier_format = PERSISTENT
  found.compress_request = !by_post
  found.certificate = File.read(ENV.fetch("CERTIFICATE"))
  found.private_key = File.read(ENV.fetch("KEY"))
  found.security.merge!(
    SHA256, authn_requests_signed: true, logout_requests_signed: true, logout_responses_signed: true, want_assertions_signed: true,
    want_assertions_encrypted: true, metadata_signed: true, embed_sign: by_post
  )
  found
end

# The session of the one citizen that each test has here.
STATE = { inside: nil, asked: nil }

def page(status, facts, headers = {})
  [status, { "Content-Type" => "application/json" }.merge(headers), [JSON.generate(facts)]]
end

def form(address, fields)
  inputs = fields.compact.map { |name, value| %(<input type="hidden" name="#{name}" value="#{Rack::Utils.escape_html(value)}">) }.join
  [200, { "Content-Type" => "text/html" }, [%(<form method="post" action="#{Rack::Utils.escape_html(address)}">#{inputs}</form>)]]
end

def by_ruby_saml(request)
  case request.path_info
  when "/metadata"
    [200, { "Content-Type" => "text/xml" }, [OneLogin::RubySaml::Metadata.new.generate(settings)]]
  when "/start"
    by_post = request.params["by"] == "post"
    wish = settings(by_post: by_post)
    wish.force_authn = true if request.params["force"]
    wish.passive = true if request.params["passive"]
    if request.params["class"]
      wish.authn_context = request.params["class"]
      wish.authn_context_comparison = request.params["comparison"] || "exact"
    end
    authn = OneLogin::RubySaml::Authrequest.new
    STATE[:asked] = authn.uuid
    if by_post
      form(wish.idp_sso_service_url, authn.create_params(wish, "RelayState" => "start"))
    else
      [303, { "Location" => authn.create(wish, "RelayState" => "start") }, []]
    end
  when "/acs"
    answer = OneLogin::RubySaml::Response.new(
      request.params["SAMLResponse"], settings: settings, matches_request_id: STATE[:asked], allowed_clock_drift: 5
    )
    return page(403, refused: answer.errors, status: answer.status_code, text: answer.status_message) unless answer.is_valid?

    STATE[:inside] = { name: answer.name_id, session: answer.sessionindex }
    page(200, name_id: answer.name_id, format: answer.name_id_format, nq: answer.name_id_namequalifier,
              spnq: answer.name_id_spnamequalifier, attributes: answer.attributes.all, session: answer.sessionindex,
              encrypted: answer.assertion_encrypted?, relay_state: request.params["RelayState"], until: answer.session_expires_at)
  when "/look"
    page(200, in: !STATE[:inside].nil?)
  when "/logout"
    by_post = request.params["by"] == "post"
    wish = settings(by_post: by_post)
    wish.name_identifier_value = STATE[:inside][:name]
    wish.sessionindex = STATE[:inside][:session]
    out = OneLogin::RubySaml::Logoutrequest.new
    STATE[:asked] = out.uuid
    if by_post
      form(wish.idp_slo_service_url, out.create_params(wish, "RelayState" => "out"))
    else
      [303, { "Location" => out.create(wish, "RelayState" => "out") }, []]
    end
  when "/sls"
    if request.params["SAMLRequest"]
      asked = OneLogin::RubySaml::SloLogoutrequest.new(
        request.params["SAMLRequest"], settings: settings, get_params: request.params, allowed_clock_drift: 5
      )
      return page(403, refused: asked.errors) unless asked.is_valid?

      STATE[:inside] = nil
      location = OneLogin::RubySaml::SloLogoutresponse.new.create(settings, asked.id, nil, "RelayState" => request.params["RelayState"])
      return [303, { "Location" => location }, []]
    end
    answer = OneLogin::RubySaml::Logoutresponse.new(
      request.params["SAMLResponse"], settings, matches_request_id: STATE[:asked], get_params: request.params
    )
    return page(403, refused: answer.errors) unless answer.validate

    STATE[:inside] = nil
    page(200, logout: "Success", relay_state: request.params["RelayState"])
  else
    page(404, {})
  end
end

# OmniAuth: its strategy does everything up to the page that asks what it found.
OMNIAUTH = Rack::Builder.new do
  use Rack::Session::Cookie, secret: "only on loopback, only in this test " * 3
  OmniAuth.config.allowed_request_methods = %i[get post]
  OmniAuth.config.silence_get_warning = true
  OmniAuth.config.logger.level = Logger::ERROR
  use OmniAuth::Builder do
    found = OneLogin::RubySaml::IdpMetadataParser.new.parse_to_hash(File.read(ENV.fetch("IDP")))
    provider :saml, found.merge(
      sp_entity_id: BASE + "/auth/saml/metadata", name_identifier_format: PERSISTENT,
      certificate: File.read(ENV.fetch("CERTIFICATE")), private_key: File.read(ENV.fetch("KEY")),
      single_logout_service_url: BASE + "/auth/saml/slo", slo_default_relay_state: "/auth/out",
      idp_slo_session_destroy: proc { |_env, session| session.clear },
      attribute_statements: { pin: ["urn:x-sekisho:attribute:pin-used"] },
      security: SHA256.merge(authn_requests_signed: true, logout_requests_signed: true, logout_responses_signed: true,
                             want_assertions_signed: true, embed_sign: false)
    )
  end
  run(lambda do |env|
    request = Rack::Request.new(env)
    case request.path_info
    when "/auth/saml/callback"
      found = env["omniauth.auth"]
      page(200, name_id: found.uid, pin: found.info["pin"], attributes: found.extra.raw_info.all)
    when "/auth/failure" then page(403, refused: request.params["message"])
    when "/auth/out" then page(200, logout: "Success")
    else page(404, {})
    end
  end)
end.to_app

address = URI.parse(BASE)
Rack::Handler::WEBrick.run(
  ->(env) { env["PATH_INFO"].start_with?("/auth/") ? OMNIAUTH.call(env) : by_ruby_saml(Rack::Request.new(env)) },
  Host: address.host, Port: address.port, AccessLog: [], Logger: WEBrick::Log.new($stderr, WEBrick::Log::WARN)
)
