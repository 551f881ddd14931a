# Perl from Debian: Mojolicious::Plugin::OAuth2 with its OpenID Connect, Crypt::JWT as an independent reader, LWP::Authen::OAuth2.
use Mojo::Base -strict, -signatures;
use Crypt::JWT qw(decode_jwt);
use Mojo::File;
use Mojo::JSON qw(decode_json);
use Mojo::UserAgent;
use Mojo::Util qw(b64_encode);
use Mojo::Server::Daemon;
use Mojolicious;

my $world  = decode_json(Mojo::File->new($ARGV[0])->slurp);
my $told   = $world->{clients}{perl};
my $failed = 0;

sub check ($name, $condition, $evidence = '') {
  say(($condition ? 'ok    ' : 'FAIL  ') . $name . ($condition ? '' : "\n      $evidence"));
  $failed++ unless $condition;
}

sub landed ($url, $callback) {
  my $said = Mojo::UserAgent->new->request_timeout(60)->post("$world->{citizen}/visit" => json => {url => "$url", expected => [$callback]})->res->json;
  die 'the browser did not come back: ' . ($said->{said} // $said->{error}) unless $said->{callback};
  return $said->{url};
}

my $app = Mojolicious->new(secrets => ['s' x 40]);
$app->log->level('fatal');
$app->plugin(OAuth2 => {providers => {sekisho => {
  key => $told->{id}, secret => $told->{secret}, well_known_url => "$world->{issuer}/.well-known/openid-configuration"}}});
$app->routes->get('/callback' => sub ($c) {
  $c->render_later;
  $c->oauth2->get_token_p('sekisho', {scope => 'openid', redirect_uri => $told->{redirect}, authorize_query => {response_type => 'code', nonce => 'n-1'}})
    ->then(sub ($tokens) { $c->render(json => $tokens) if $tokens })->catch(sub ($error) { $c->render(json => {error => "$error"}, status => 403) });
});

my $daemon = Mojo::Server::Daemon->new(app => $app, listen => ['http://127.0.0.1?fd=0'], silent => 1);
my ($port) = $told->{redirect} =~ /:(\d+)/;
$daemon->listen(["http://127.0.0.1:$port"])->start;
my $browser = Mojo::UserAgent->new(max_redirects => 0);

my ($away, $tokens);
$browser->get_p($told->{redirect})->then(sub ($tx) { $away = $tx->res->headers->location })->wait;
my $back = landed($away, $told->{redirect});
$browser->get_p($back)->then(sub ($tx) { $tokens = $tx->res->json })->wait;
check('Mojolicious::Plugin::OAuth2: discovery, code, state, client_secret_post', $tokens->{id_token}, Mojo::JSON::encode_json($tokens));

my $keys   = Mojo::UserAgent->new->get("$world->{issuer}/openid/jwks")->res->json;
my $claims = eval { decode_jwt(token => $tokens->{id_token}, kid_keys => $keys, verify_iss => sub { $_[0] eq $world->{issuer} },
  verify_aud => sub { $_[0] eq $told->{id} }, verify_exp => 1, verify_iat => 1, accepted_alg => 'ES256') };
check('Crypt::JWT: verifies the ID token with the published keys', $claims && $claims->{nonce} eq 'n-1', $@);
my $info = Mojo::UserAgent->new->get("$world->{issuer}/openid/userinfo", {Authorization => "Bearer $tokens->{access_token}"})->res->json;
check('Mojo::UserAgent: userinfo is of the same citizen', $info->{sub} && $info->{sub} eq $claims->{sub});
exit($failed ? 1 : 0);
