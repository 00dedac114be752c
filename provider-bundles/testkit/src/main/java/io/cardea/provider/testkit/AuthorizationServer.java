package io.cardea.provider.testkit;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * An authorization server for tests, with real HTTP on a free port of this machine. It does what the RFCs say and lets
 * nothing pass that they forbid; each refusal has its reason in words, see {@link #requests()}.
 *
 * <p>What a service does differently is written by extending this class: each protected method is one quirk.
 *
 * <pre>{@code
 * final class AcmeServer extends AuthorizationServer {
 *     @Override
 *     protected String clientAuthentication() {
 *         return "client_secret_basic";
 *     }
 *
 *     @Override
 *     protected Answer tokenAnswer(ReceivedRequest request, Map<String, Object> members) {
 *         return Answer.json(200, Map.of("data", members));
 *     }
 * }
 * }</pre>
 *
 * <p>A quirk that refuses throws a {@link Refusal}. {@link #configuration()} points a provider at the server, {@link
 * #person()} decides about logins, {@link #faults()} makes it misbehave. It begins to listen when it is first asked for
 * its URL, and may be used by many threads.
 */
public class AuthorizationServer implements AutoCloseable {

    private static final Duration LIFETIME = Duration.ofHours(1);

    private final Grants grants = new Grants();
    private final Person person = new Person(grants);
    private final Faults faults = new Faults();
    private final Client client = new Client(grants);
    private final Set<String> redirectUris = ConcurrentHashMap.newKeySet();
    private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
    private Optional<LocalHttp> http = Optional.empty();

    /** Where it is; also its issuer identifier. */
    public final synchronized String url() {
        if (http.isEmpty()) {
            http = Optional.of(new LocalHttp(new Endpoints(this, grants, redirectUris, requests)::serve));
        }
        return http.get().url();
    }

    /**
     * What an operator would write into the provider's configuration to point it here: the endpoints and the client's
     * registration. May be changed.
     */
    public Map<String, String> configuration() {
        Map<String, String> configuration = new LinkedHashMap<>(endpoints());
        if (isOpenIdProvider()) {
            configuration.put("issuer", url());
            // Which takes a while the first time; nobody should wait for it in the middle of a login.
            IdTokens.keys();
        }
        configuration.put("client_id", Client.ID);
        switch (clientAuthentication()) {
            case "none" -> {}
            case "private_key_jwt" ->
                configuration.put("private_key", client.key().toJSONString());
            default -> configuration.put("client_secret", client.secret());
        }
        return configuration;
    }

    /** Adds a redirect URI to those that the client was registered with; any other is refused. */
    public final void register(String redirectUri) {
        redirectUris.add(redirectUri);
    }

    /** Opens an authorization URL as a browser does, for the person to decide, and says where that is sent. */
    public final Redirect open(String authorizationUrl) {
        return Browser.open(authorizationUrl)
                .orElseThrow(() -> new AssertionError("The server did not send the browser back: "
                        + (requests.isEmpty() ? "it was asked nothing" : requests.get(requests.size() - 1))));
    }

    /** The person who logs in. */
    public final Person person() {
        return person;
    }

    /** What goes wrong on demand. */
    public final Faults faults() {
        return faults;
    }

    /** All that it was asked so far, in order, with the reason for each refusal. */
    public final List<ReceivedRequest> requests() {
        return List.copyOf(requests);
    }

    /** What it was asked so far at one of its {@link #endpoints()}. */
    public final List<ReceivedRequest> requests(String endpoint) {
        String path = URI.create(endpoints().getOrDefault(endpoint, url())).getPath();
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** All that nobody else may know: codes, tokens, verifiers, the client secret. */
    public final Set<String> secrets() {
        return grants.secrets();
    }

    /** Whether an access token is one that it gave out, and still good. */
    public final boolean accepts(String accessToken) {
        return grants.ofAccessToken(accessToken).isPresent();
    }

    /** Whether a refresh token is one that it gave out, and still good. */
    public final boolean acceptsRefreshToken(String refreshToken) {
        return grants.ofRefreshToken(refreshToken).isPresent();
    }

    /** What the person granted last. */
    public final Optional<Grant> lastGrant() {
        return grants.last();
    }

    @Override
    public final synchronized void close() {
        faults.release();
        http.ifPresent(LocalHttp::stop);
    }

    // What quirks are made with.

    /** Gives out an access token, for an endpoint of the service's own. */
    protected final String issueAccessToken(Grant grant) {
        return grants.accessToken(grant);
    }

    /**
     * What an access token stands for.
     *
     * @throws Refusal when it is not good
     */
    protected final Grant granted(String accessToken) {
        return grants.ofAccessToken(accessToken)
                .orElseThrow(() -> new Refusal(
                        "invalid_token", "The access token is none that was given out, or it has been revoked."));
    }

    /**
     * Revokes a token: an access token alone, or with a refresh token its whole grant (RFC 7009, section 2.1); see {@link
     * Grant#end} for a service that ends all with an access token. False when there was nothing to revoke.
     */
    protected final boolean revoke(String token) {
        return grants.revoke(token);
    }

    /**
     * Lets the client through that authenticates by one of {@code none}, {@code client_secret_basic}, {@code
     * client_secret_post}, {@code private_key_jwt} and by no other.
     *
     * @throws Refusal otherwise
     */
    protected final void authenticate(String method, ReceivedRequest request, Map<String, String> parameters) {
        client.authenticate(method, request, parameters, endpoints().getOrDefault("token_endpoint", url()));
    }

    // The quirks.

    /** Its endpoints by the names of RFC 8414, to be changed: taken away, moved, {@code refresh_endpoint} added. */
    protected Map<String, String> endpoints() {
        Map<String, String> endpoints = new LinkedHashMap<>();
        endpoints.put("authorization_endpoint", url() + "/authorize");
        endpoints.put("token_endpoint", url() + "/token");
        endpoints.put("revocation_endpoint", url() + "/revoke");
        endpoints.put("userinfo_endpoint", url() + "/userinfo");
        endpoints.put("device_authorization_endpoint", url() + "/device_authorization");
        // Taken away, it is no OpenID provider any more.
        endpoints.put("jwks_uri", url() + "/jwks");
        return endpoints;
    }

    /** How the client authenticates: {@code client_secret_post}, or another that {@link #authenticate} knows. */
    protected String clientAuthentication() {
        return "client_secret_post";
    }

    /** Lets a client through, at the token endpoint and its neighbours, or throws a {@link Refusal}. */
    protected void requireClient(ReceivedRequest request, Map<String, String> parameters) {
        authenticate(clientAuthentication(), request, parameters);
    }

    /** Whether each login must have an S256 challenge (RFC 7636); if not, one that has it is refused. */
    protected boolean usesPkce() {
        return true;
    }

    /** Whether the answer to a login says in {@code iss} who gives it (RFC 9207). */
    protected boolean namesIssuer() {
        return true;
    }

    /** What stands between two scopes, in requests and answers. */
    protected String scopeSeparator() {
        return " ";
    }

    /** What is granted when nothing is asked for. */
    protected List<String> defaultScopes() {
        return List.of("basic");
    }

    /** How long access tokens live; absent when they live for ever. */
    protected Optional<Duration> lifetime() {
        return Optional.of(LIFETIME);
    }

    /** Whether there are refresh tokens. */
    protected boolean grantsRefreshTokens() {
        return true;
    }

    /** Whether a refresh token is good once, and brings the next (RFC 9700, section 4.14.2). */
    protected boolean rotatesRefreshTokens() {
        return true;
    }

    /** Further checks of an authorization request; throws a {@link Refusal}. */
    protected void checkAuthorizationRequest(ReceivedRequest request, Map<String, String> parameters) {}

    /** The parameters of a token request: those of its form; {@link ReceivedRequest#json} for a service that takes JSON. */
    protected Map<String, String> parameters(ReceivedRequest request) {
        return request.form();
    }

    /** Further checks of a token request, such as parameters or headers it must have; throws a {@link Refusal}. */
    protected void checkTokenRequest(ReceivedRequest request, Map<String, String> parameters) {}

    /** The answer that grants tokens (RFC 6749, section 5.1). */
    protected Answer tokenAnswer(ReceivedRequest request, Map<String, Object> members) {
        return Answer.json(200, members);
    }

    /** The answer that begins the login of a device (RFC 8628, section 3.2). */
    protected Answer deviceAnswer(ReceivedRequest request, Map<String, Object> members) {
        return Answer.json(200, members);
    }

    /** What the service calls an error. */
    protected String error(ReceivedRequest request, Refusal refusal) {
        return refusal.error();
    }

    /** The answer that refuses (RFC 6749, section 5.2; RFC 6750, section 3), with what {@link #error} calls it. */
    protected Answer refusalAnswer(ReceivedRequest request, Refusal refusal) {
        Answer answer = Answer.json(400, Map.of("error", refusal.error(), "error_description", refusal.reason()));
        return switch (refusal.error()) {
            case "invalid_token" -> answer.withStatus(401).withHeader("WWW-Authenticate", "Bearer error=invalid_token");
            case "invalid_client" -> answer.withStatus(401).withHeader("WWW-Authenticate", "Basic realm=tokens");
            default -> answer;
        };
    }

    /** Adds claims to an ID token, or takes some away. */
    protected void idTokenClaims(Grant grant, Map<String, Object> claims) {}

    /** Whose account it is: what the provider's profile must have as its subject. */
    protected String subject() {
        return "1815-12-10";
    }

    /** How the person knows the account: what the provider's profile must have as its account. */
    protected String account() {
        return "ada@acme.example";
    }

    /** The answer of the userinfo endpoint to whoever has a good access token (OpenID Connect Core, section 5.3.2). */
    protected Answer userinfo(ReceivedRequest request, Grant grant) {
        return Answer.json(200, Map.of("sub", subject(), "email", account()));
    }

    /** The revocation endpoint (RFC 7009); what is unknown counts as revoked. */
    protected Answer revocation(ReceivedRequest request) {
        if (!request.method().equals("POST")) {
            throw new Refusal("invalid_request", "A revocation request must be a POST.");
        }
        Map<String, String> form = request.form();
        requireClient(request, form);
        revoke(TokenEndpoint.required(form, "token"));
        return Answer.empty(200);
    }

    /** Any other path; absent when there is nothing. */
    protected Optional<Answer> further(ReceivedRequest request) {
        return Optional.empty();
    }

    // What the kit itself asks.

    final String remember(String secret) {
        return grants.remember(secret);
    }

    final boolean isOpenIdProvider() {
        return endpoints().containsKey("jwks_uri");
    }

    final Answer refused(ReceivedRequest request, Refusal refusal) {
        Refusal named = new Refusal(error(request, refusal), refusal.reason());
        request.refuse(named);
        return refusalAnswer(request, named);
    }

    final List<String> scopes(Map<String, String> parameters) {
        List<String> asked = split(parameters.getOrDefault("scope", ""));
        return asked.isEmpty() ? defaultScopes() : asked;
    }

    final List<String> split(String scopes) {
        return Pattern.compile(scopeSeparator(), Pattern.LITERAL)
                .splitAsStream(scopes)
                .filter(scope -> !scope.isEmpty())
                .toList();
    }
}
