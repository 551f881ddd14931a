# Ruby from Debian: OmniAuth with its OpenID Connect strategy (as GitLab uses it), and the library openid_connect beneath it.
require "json"
require "net/http"
require "omniauth"
require "omniauth_openid_connect"
require "rack"
require "rack/mock"

WORLD = JSON.parse(File.read(ARGV[0]))
FAILED = []
# Both insist on https, which the tests' server on this machine does not speak.
SWD.url_builder = URI::HTTP
OmniAuth.config.logger = Logger.new(IO::NULL)
OmniAuth.config.allowed_request_methods = [:get]
OmniAuth.config.silence_get_warning = true
OmniAuth.config.on_failure = proc { |env| [403, {}, [env["omniauth.error.type"].to_s]] }

def check(name, condition, evidence = "")
  puts((condition ? "ok    " : "FAIL  ") + name + (condition ? "" : "\n      #{evidence}"))
  FAILED << name unless condition
end

def landed(url, callback, **more)
  answer = Net::HTTP.post(URI(WORLD["citizen"] + "/visit"), JSON.dump(url: url, expected: [callback], **more))
  said = JSON.parse(answer.body)
  raise "the browser did not come back: #{said}" unless said["callback"]
  said["url"]
end

# An application of one page, behind the strategy; `jar` is the browser's cookies there.
def application(told, **more)
  inside = proc { |env| [200, {}, [JSON.dump(env["omniauth.auth"] ? { uid: env["omniauth.auth"].uid, raw: env["omniauth.auth"].extra.raw_info } : {})]] }
  app = Rack::Builder.new do
    use Rack::Session::Cookie, secret: "s" * 64
    use OmniAuth::Builder do
      provider :openid_connect, name: "sekisho", issuer: WORLD["issuer"], discovery: true, scope: [:openid],
               client_options: { identifier: told["id"], secret: told["secret"], redirect_uri: told["redirect"] }, **more
    end
    run inside
  end
  Rack::MockRequest.new(app.to_app)
end

def login(told, prompt: nil, fresh: false, **more)
  visitor = application(told, **more)
  away = visitor.get("/auth/sekisho")
  jar = Array(away["Set-Cookie"]).join("\n").split("\n").map { |each| each.split(";").first }.join("; ")
  url = away["Location"] + (prompt ? "&prompt=" + prompt : "")
  back = URI(landed(url, told["redirect"], fresh: fresh))
  visitor.get(back.request_uri, "HTTP_COOKIE" => jar)
end

begin
  told = WORLD["clients"]["ruby"]
  done = login(told)
  said = JSON.parse(done.body) rescue {}
  check("OmniAuth: discovery, code, state, nonce, client_secret_basic, ID token, userinfo", done.status == 200 && said["uid"], done.body[0, 600])
  check("OmniAuth: what the ID token said is there", said.dig("raw", "pin_used") == true, said)
  post = login(told.merge(WORLD["clients"]["ruby-post"]), client_auth_method: :body, send_scope_to_token_endpoint: false, acr_values: "aal3")
  check("OmniAuth: client_secret_post, acr_values", post.status == 200 && JSON.parse(post.body).dig("raw", "acr") == "aal3", post.body[0, 600])
  form = login(told, response_mode: "query")
  check("OmniAuth: a second login is the same citizen", JSON.parse(form.body)["uid"] == said["uid"], form.body[0, 300])
  refused = login(told, prompt: "none", fresh: true)
  check("OmniAuth: login_required is a failure with its name", refused.status == 403 && refused.body == "login_required", [refused.status, refused.body])
  config = OpenIDConnect::Discovery::Provider::Config.discover!(WORLD["issuer"])
  check("openid_connect: the discovery document is valid by its own rules", config.valid? && config.issuer == WORLD["issuer"], config.errors.full_messages)
rescue StandardError => error
  check("ruby", false, error.full_message(highlight: false)[0, 2500])
end
exit(FAILED.empty? ? 0 : 1)
