package io.cardea.oauth.provider;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * An ordinary OAuth 2.0 provider: extend it, hand it a {@link ProviderDefinition}, and override the one or two protected
 * methods where the service departs from the RFCs. It has no state of its own.
 */
public class StandardProvider implements OAuthProvider {

    // A lifetime that no server means; larger ones would overflow the clock.
    private static final long LONGEST_LIFETIME = Duration.ofDays(3650).toSeconds();
    private static final int DEFAULT_POLL_INTERVAL = 5; // RFC 8628, section 3.2
    private static final int DEFAULT_DEVICE_LIFETIME = 900;

    private final ProviderDefinition definition;
    private final ProviderInfo info;
    private final CompletionStage<ServerMetadata> metadata;
    private final TokenEndpoint tokenEndpoint;
    private final Map<String, String> fixedAuthorizationParameters;
    private final Map<String, String> fixedTokenParameters;
    private final Map<String, String> fixedRefreshParameters;

    protected StandardProvider(ProviderDefinition definition) {
        this.definition = definition;
        this.info = definition.info();
        this.metadata = completedFuture(definition.metadata()).minimalCompletionStage();
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
    public CompletionStage<ServerMetadata> metadata(ProviderContext context) {
        return metadata;
    }

    @Override
    public CompletionStage<URI> authorizationUrl(AuthorizationRequest request, ProviderContext context) {
        URI endpoint = required(definition.metadata().authorizationEndpoint(), "authorization_endpoint");
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        definition.clientId().ifPresent(id -> parameters.put("client_id", id));
        parameters.put("redirect_uri", request.redirectUri());
        scope(request.scopes()).ifPresent(scope -> parameters.put("scope", scope));
        parameters.put("state", request.state());
        request.codeChallenge().ifPresent(challenge -> {
            parameters.put("code_challenge", challenge);
            parameters.put("code_challenge_method", "S256");
        });
        fixedAuthorizationParameters.forEach(parameters::putIfAbsent);
        authorizationParameters(request, parameters);
        return completedFuture(
                URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + Form.encode(parameters)));
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
        return tokenRequest(parameters, context);
    }

    @Override
    public CompletionStage<Credential> refresh(Credential credential, ProviderContext context) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "refresh_token");
        parameters.put("refresh_token", required(credential.refreshToken(), "the refresh token"));
        fixedRefreshParameters.forEach(parameters::putIfAbsent);
        refreshParameters(credential, parameters);
        return tokenRequest(parameters, context);
    }

    @Override
    public CompletionStage<Void> revoke(Credential credential, ProviderContext context) {
        Optional<URI> endpoint = definition.metadata().revocationEndpoint();
        if (endpoint.isEmpty()) {
            return OAuthProvider.super.revoke(credential, context);
        }
        // RFC 7009, section 2.1: revoking the refresh token ends the access tokens of the grant as well.
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("token", credential.refreshToken().orElse(credential.accessToken()));
        parameters.put("token_type_hint", credential.refreshToken().isPresent() ? "refresh_token" : "access_token");
        return tokenEndpoint.postForNothing(endpoint.get(), parameters, context);
    }

    @Override
    public CompletionStage<Profile> profile(Credential credential, ProviderContext context) {
        Optional<URI> endpoint = definition.metadata().userinfoEndpoint();
        if (endpoint.isEmpty()) {
            return completedFuture(Profile.UNKNOWN);
        }
        HttpRequest request = HttpRequest.newBuilder(endpoint.get())
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + credential.accessToken())
                .build();
        return context.send(request)
                .thenApply(response ->
                        profile(JsonObject.parse(TokenEndpoint.success(response).body())));
    }

    @Override
    public CompletionStage<DeviceAuthorization> authorizeDevice(List<String> scopes, ProviderContext context) {
        Optional<URI> endpoint = definition.metadata().deviceAuthorizationEndpoint();
        if (endpoint.isEmpty()) {
            return OAuthProvider.super.authorizeDevice(scopes, context);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        scope(scopes).ifPresent(scope -> parameters.put("scope", scope));
        return tokenEndpoint.post(endpoint.get(), parameters, context).thenApply(answer -> {
            long lifetime = bounded(answer.number("expires_in").orElse(DEFAULT_DEVICE_LIFETIME));
            return new DeviceAuthorization(
                    member(answer, "device_code"),
                    member(answer, "user_code"),
                    member(answer, "verification_uri"),
                    answer.text("verification_uri_complete"),
                    context.clock().instant().plusSeconds(lifetime),
                    (int) Math.max(1, bounded(answer.number("interval").orElse(DEFAULT_POLL_INTERVAL))));
        });
    }

    @Override
    public CompletionStage<Credential> pollDevice(DeviceAuthorization authorization, ProviderContext context) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
        parameters.put("device_code", authorization.deviceCode());
        return tokenRequest(parameters, context);
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
        // A lifetime that nobody can read must not make a token immortal.
        Optional<Instant> expiresAt = answer.text("expires_in")
                .map(any -> now.plusSeconds(bounded(answer.number("expires_in").orElse(0))))
                .or(() -> definition.defaultLifetime().map(now::plus));
        return new Credential(
                token(answer, "access_token")
                        .orElseThrow(() -> new ProviderException(
                                ProviderException.PROVIDER_ERROR, "the answer has no access_token")),
                answer.text("token_type").orElse("Bearer"),
                expiresAt,
                token(answer, "refresh_token"),
                answer.text("id_token"),
                answer.text("scope").map(Settings::words).orElse(List.of()),
                Map.of());
    }

    /** Reads the answer of the userinfo endpoint (OpenID Connect Core, section 5.3.2). */
    protected Profile profile(JsonObject userinfo) {
        return new Profile(
                userinfo.text("sub").or(() -> userinfo.text("id")),
                userinfo.text("email")
                        .or(() -> userinfo.text("preferred_username"))
                        .or(() -> userinfo.text("name")));
    }

    private CompletionStage<Credential> tokenRequest(Map<String, String> parameters, ProviderContext context) {
        URI endpoint = required(definition.metadata().tokenEndpoint(), "token_endpoint");
        return tokenEndpoint
                .post(endpoint, parameters, context)
                .thenApply(answer -> credential(answer, context.clock().instant()));
    }

    /** RFC 6749, appendix A.12: printable ASCII, or it could write headers of its own where it is used. */
    private static Optional<String> token(JsonObject answer, String name) {
        Optional<String> token = answer.text(name);
        if (token.isPresent() && !token.get().chars().allMatch(c -> c > 0x1f && c < 0x7f)) {
            throw new ProviderException(ProviderException.PROVIDER_ERROR, "the " + name + " is no token");
        }
        return token;
    }

    private Optional<String> scope(List<String> asked) {
        List<String> scopes = asked.isEmpty() ? definition.scopes() : asked;
        return scopes.isEmpty() ? Optional.empty() : Optional.of(String.join(definition.scopeSeparator(), scopes));
    }

    private static long bounded(long seconds) {
        return Math.max(0, Math.min(seconds, LONGEST_LIFETIME));
    }

    private static String member(JsonObject answer, String name) {
        return answer.text(name)
                .orElseThrow(
                        () -> new ProviderException(ProviderException.PROVIDER_ERROR, "the answer has no " + name));
    }

    private static <T> T required(Optional<T> value, String what) {
        return value.orElseThrow(
                () -> new ProviderException(ProviderException.UNSUPPORTED, "this provider has no " + what));
    }
}
