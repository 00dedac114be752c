package io.cardea.oauth.provider;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * An ordinary OAuth 2.0 provider: extend it, hand it a {@link ProviderDefinition}, and override the one or two protected
 * methods where the service departs from the RFCs. It has no state of its own; what its issuer publishes is remembered by
 * the context.
 */
public class StandardProvider implements OAuthProvider {

    private static final int DEFAULT_POLL_INTERVAL = 5; // RFC 8628, section 3.2
    private static final int DEFAULT_DEVICE_LIFETIME = 900;

    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern SCOPE = Pattern.compile("[\\x21-\\x7e]{1,500}");
    private static final Pattern TOKEN_TYPE = Pattern.compile("[A-Za-z0-9._~:/-]{1,100}"); // RFC 6749, appendix A.13

    private final ProviderDefinition definition;
    private final ProviderInfo info;
    private final ServerMetadata metadata;
    private final CompletionStage<ServerMetadata> known;
    private final TokenEndpoint tokenEndpoint;
    private final Map<String, String> fixedAuthorizationParameters;
    private final Map<String, String> fixedTokenParameters;
    private final Map<String, String> fixedRefreshParameters;

    protected StandardProvider(ProviderDefinition definition) {
        this.definition = definition;
        this.info = definition.info();
        this.metadata = definition.metadata();
        this.known = completedFuture(metadata).minimalCompletionStage();
        this.tokenEndpoint = new TokenEndpoint(definition);
        this.fixedAuthorizationParameters = definition.parameters("authorization_parameter.");
        this.fixedTokenParameters = definition.parameters("token_parameter.");
        this.fixedRefreshParameters = definition.parameters("refresh_parameter.");
    }

    /** What this provider was made of. */
    protected final ProviderDefinition definition() {
        return definition;
    }

    @Override
    public ProviderInfo info() {
        return info;
    }

    @Override
    public Optional<String> redirectUri() {
        return definition.redirectUri();
    }

    @Override
    public Optional<String> manualRedirectUri() {
        return definition.manualRedirectUri();
    }

    @Override
    public Set<String> allowedHosts() {
        return definition.allowedHosts();
    }

    @Override
    public String idTokenSignedResponseAlg() {
        return definition.idTokenSignedResponseAlg();
    }

    @Override
    public CompletionStage<ServerMetadata> metadata(ProviderContext context) {
        return definition.isDiscovered()
                ? context.discover(metadata.issuer().orElseThrow()).thenApply(metadata::or)
                : known;
    }

    @Override
    public CompletionStage<String> authorizationUrl(AuthorizationRequest request, ProviderContext context) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        definition.clientId().ifPresent(id -> parameters.put("client_id", id));
        parameters.put("redirect_uri", request.redirectUri());
        List<String> scopes = request.scopes().isEmpty() ? definition.scopes() : request.scopes();
        scope(scopes).ifPresent(scope -> parameters.put("scope", scope));
        parameters.put("state", request.state());
        if (scopes.contains("openid")) {
            parameters.put("nonce", request.nonce());
        }
        request.codeChallenge().ifPresent(challenge -> {
            parameters.put("code_challenge", challenge);
            parameters.put("code_challenge_method", "S256");
        });
        if (definition.formPost()) {
            parameters.put("response_mode", "form_post");
        }
        fixedAuthorizationParameters.forEach(parameters::putIfAbsent);
        authorizationParameters(request, parameters);
        return metadata(context).thenApply(server -> {
            URI endpoint = required(server.authorizationEndpoint(), "authorization_endpoint");
            return Form.append(endpoint, parameters);
        });
    }

    @Override
    public CompletionStage<Credential> exchange(AuthorizationCode code, ProviderContext context) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "authorization_code");
        parameters.put("code", code.code());
        parameters.put("redirect_uri", code.redirectUri());
        code.codeVerifier().ifPresent(verifier -> parameters.put("code_verifier", verifier));
        fixedTokenParameters.forEach(parameters::putIfAbsent);
        tokenParameters(code, parameters);
        return tokenRequest(Optional.empty(), parameters, context);
    }

    @Override
    public CompletionStage<Credential> refresh(Credential credential, ProviderContext context) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "refresh_token");
        parameters.put("refresh_token", required(credential.refreshToken(), "refresh token for this connection"));
        fixedRefreshParameters.forEach(parameters::putIfAbsent);
        refreshParameters(credential, parameters);
        return tokenRequest(definition.refreshEndpoint(), parameters, context);
    }

    @Override
    public CompletionStage<Void> revoke(Credential credential, ProviderContext context) {
        // RFC 7009, section 2.1: revoking the refresh token ends the access tokens of the grant as well.
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("token", credential.refreshToken().orElse(credential.accessToken()));
        parameters.put("token_type_hint", credential.refreshToken().isPresent() ? "refresh_token" : "access_token");
        return metadata(context)
                .thenCompose(server -> server.revocationEndpoint().isPresent()
                        ? tokenEndpoint.postForNothing(
                                server, server.revocationEndpoint().get(), parameters, context, this::isRevoked)
                        : OAuthProvider.super.revoke(credential, context));
    }

    @Override
    public CompletionStage<Profile> profile(Credential credential, ProviderContext context) {
        return metadata(context)
                .thenCompose(server -> server.userinfoEndpoint()
                        .map(endpoint -> userinfo(endpoint, credential, context))
                        .orElseGet(() -> completedFuture(Profile.UNKNOWN)));
    }

    private CompletionStage<Profile> userinfo(URI endpoint, Credential credential, ProviderContext context) {
        return get(endpoint, credential.accessToken(), context)
                .thenApply(response ->
                        profile(JsonObject.parse(success(response, context).body())));
    }

    @Override
    public CompletionStage<DeviceAuthorization> authorizeDevice(List<String> scopes, ProviderContext context) {
        Map<String, String> parameters = new LinkedHashMap<>();
        scope(scopes.isEmpty() ? definition.scopes() : scopes).ifPresent(scope -> parameters.put("scope", scope));
        return metadata(context)
                .thenCompose(server -> server.deviceAuthorizationEndpoint()
                        .map(endpoint -> tokenEndpoint.postForm(
                                server,
                                endpoint,
                                parameters,
                                context,
                                answer -> deviceAuthorization(
                                        answer, context.clock().instant())))
                        .orElseGet(() -> OAuthProvider.super.authorizeDevice(scopes, context)));
    }

    @Override
    public CompletionStage<Credential> pollDevice(DeviceAuthorization authorization, ProviderContext context) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
        parameters.put("device_code", authorization.deviceCode());
        return tokenRequest(Optional.empty(), parameters, context);
    }

    /** Changes the authorization request's parameters where the service wants something of its own. */
    protected void authorizationParameters(AuthorizationRequest request, Map<String, String> parameters) {}

    /** Changes the token request's parameters where the service wants something of its own. */
    protected void tokenParameters(AuthorizationCode code, Map<String, String> parameters) {}

    /** Changes the refresh request's parameters where the service wants something of its own. */
    protected void refreshParameters(Credential credential, Map<String, String> parameters) {}

    /**
     * Reads a token answer (RFC 6749, section 5.1).
     *
     * @throws ProviderException when there is no access token in it
     */
    protected Credential credential(JsonObject answer, Instant now) {
        TokenDialect dialect = definition.tokenDialect();
        String accessToken = dialect.field("access_token");
        return new Credential(
                token(answer, accessToken).orElseThrow(() -> missing(accessToken)),
                tokenType(answer, dialect.field("token_type")),
                dialect.expiresAt(answer, now),
                token(answer, dialect.field("refresh_token")),
                token(answer, dialect.field("id_token")),
                grantedScopes(answer, dialect.field("scope")),
                Map.of());
    }

    /**
     * Reads the answer that begins a device authorization (RFC 8628, section 3.2).
     *
     * @throws ProviderException when a code or the verification URI is missing
     */
    protected DeviceAuthorization deviceAuthorization(JsonObject answer, Instant now) {
        long lifetime = TokenDialect.bounded(answer.number("expires_in").orElse(DEFAULT_DEVICE_LIFETIME));
        return new DeviceAuthorization(
                member(answer, "device_code"),
                member(answer, "user_code"),
                member(answer, "verification_uri"),
                answer.text("verification_uri_complete"),
                now.plusSeconds(lifetime),
                (int) Math.max(1, TokenDialect.bounded(answer.number("interval").orElse(DEFAULT_POLL_INTERVAL))));
    }

    /**
     * Whether this error of the revocation endpoint means that nothing is left to revoke, which servers tell by a success
     * (RFC 7009, section 2.2).
     */
    protected boolean isRevoked(String error) {
        return false;
    }

    /** Reads the answer of the userinfo endpoint (OpenID Connect Core, section 5.3.2). */
    protected Profile profile(JsonObject userinfo) {
        return new Profile(
                userinfo.text("sub").or(() -> userinfo.text("id")),
                userinfo.text("email")
                        .or(() -> userinfo.text("preferred_username"))
                        .or(() -> userinfo.text("name")),
                userinfo.text("email"),
                Optional.empty());
    }

    /** Asks an endpoint of the service's own for JSON, showing a bearer token (RFC 6750, section 2.1). */
    protected static CompletionStage<HttpResponse<byte[]>> get(URI endpoint, String token, ProviderContext context) {
        return context.send(HttpRequest.newBuilder(endpoint)
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token)
                .build());
    }

    /**
     * Has an endpoint of the service's own delete what a JSON object of texts names: the way in which some revoke.
     *
     * @param authorization the header that says who wants it (RFC 9110, section 11.6.2)
     */
    protected static CompletionStage<HttpResponse<byte[]>> delete(
            URI endpoint, String authorization, Map<String, String> members, ProviderContext context) {
        return context.send(HttpRequest.newBuilder(endpoint)
                .header("Accept", "application/json")
                .header("Authorization", authorization)
                .header("Content-Type", "application/json")
                .method("DELETE", HttpRequest.BodyPublishers.ofString(JsonObject.write(members)))
                .build());
    }

    /**
     * The same answer, if its status says that it is one.
     *
     * @throws ProviderException otherwise, with the error that it names, or the one that its status stands for
     */
    protected static HttpResponse<byte[]> success(HttpResponse<byte[]> response, ProviderContext context) {
        return TokenEndpoint.success(response, context);
    }

    /** @param instead of the token endpoint */
    private CompletionStage<Credential> tokenRequest(
            Optional<URI> instead, Map<String, String> parameters, ProviderContext context) {
        return metadata(context)
                .thenCompose(server -> tokenEndpoint.post(
                        server,
                        instead.orElseGet(() -> required(server.tokenEndpoint(), "token_endpoint")),
                        parameters,
                        context,
                        answer -> credential(answer, context.clock().instant())));
    }

    /**
     * A token in an answer of the service; absent when there is none.
     *
     * @throws ProviderException when it is no printable ASCII (RFC 6749, appendix A.12): it could write headers of its own
     *     where it is used
     */
    protected static Optional<String> token(JsonObject answer, String name) {
        Optional<String> token = answer.text(name);
        if (token.isPresent() && !token.get().chars().allMatch(c -> c > 0x1f && c < 0x7f)) {
            throw new UnusableAnswer("the " + name + " is no token");
        }
        return token;
    }

    private static String tokenType(JsonObject answer, String name) {
        String type = answer.text(name).orElse("Bearer");
        if (!TOKEN_TYPE.matcher(type).matches()) {
            throw new UnusableAnswer("the " + name + " is none");
        }
        return type;
    }

    /** RFC 6749, section 3.3: separated by spaces, unless this server separates them otherwise. */
    private List<String> grantedScopes(JsonObject answer, String name) {
        String text = answer.text(name).orElse("");
        if (!definition.scopeSeparator().isBlank()) {
            text = text.replace(definition.scopeSeparator(), " ");
        }
        return SPACES.splitAsStream(text)
                .filter(scope -> SCOPE.matcher(scope).matches())
                .toList();
    }

    private Optional<String> scope(List<String> scopes) {
        return scopes.isEmpty() ? Optional.empty() : Optional.of(String.join(definition.scopeSeparator(), scopes));
    }

    private static String member(JsonObject answer, String name) {
        return answer.text(name).orElseThrow(() -> missing(name));
    }

    private static UnusableAnswer missing(String name) {
        return new UnusableAnswer("the answer has no " + name);
    }

    private static <T> T required(Optional<T> value, String what) {
        return value.orElseThrow(
                () -> new ProviderException(ProviderException.UNSUPPORTED, "this provider has no " + what));
    }
}
