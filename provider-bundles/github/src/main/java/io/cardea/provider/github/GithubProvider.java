package io.cardea.provider.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.JsonObject;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.StandardProvider;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * GitHub, for OAuth apps (whose tokens do not expire) and GitHub apps (whose tokens do, and can be refreshed). A GitHub
 * Enterprise server is reached by configuring the endpoints.
 */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.github")
public final class GithubProvider extends StandardProvider {

    private static final Set<Integer> NO_SUCH_TOKEN = Set.of(404, 422);

    @Activate
    public GithubProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("github")
                .displayName("GitHub")
                .description("Repositories, issues and the API of GitHub")
                .authorizationEndpoint("https://github.com/login/oauth/authorize")
                .tokenEndpoint("https://github.com/login/oauth/access_token")
                .deviceAuthorizationEndpoint("https://github.com/login/device/code")
                .userinfoEndpoint("https://api.github.com/user")
                .revocationEndpoint("https://api.github.com/applications/{client_id}/grant")
                .clientAuth("client_secret_post")
                // By which alone a connection ends.
                .set("token_error.invalid_grant", "bad_refresh_token")
                .set("token_error.invalid_client", "incorrect_client_credentials")
                .configure(configuration)
                .build());
    }

    /** GitHub separates the scopes that it granted by commas, though those that it is asked for by spaces. */
    @Override
    protected Credential credential(JsonObject answer, Instant now) {
        Credential credential = super.credential(answer, now);
        return credential.withScopes(credential.scopes().stream()
                .flatMap(scopes -> Stream.of(scopes.split(",")))
                .filter(scope -> !scope.isEmpty())
                .toList());
    }

    /** GitHub has no OpenID Connect for people: the account is the user of its API. */
    @Override
    protected Profile profile(JsonObject user) {
        return new Profile(user.text("id"), user.text("login"), user.text("email"), user.text("/plan/name"));
    }

    /** GitHub's own way: it deletes what a living access token belongs to, and calls one that is none not found. */
    @Override
    public CompletionStage<Void> revoke(Credential credential, ProviderContext context) {
        URI endpoint = definition().metadata().revocationEndpoint().orElseThrow();
        String client = definition().clientId().orElse("") + ":"
                + definition().clientSecret().orElse("");
        String basic = "Basic " + Base64.getEncoder().encodeToString(client.getBytes(UTF_8));
        return living(credential, context)
                .thenCompose(token -> delete(endpoint, basic, Map.of("access_token", token), context))
                .thenAccept(response -> {
                    if (!NO_SUCH_TOKEN.contains(response.statusCode())) {
                        success(response, context);
                    }
                });
    }

    /** One that has ended is renewed; where that is refused, nothing is left to revoke, and any token will do. */
    private CompletionStage<String> living(Credential credential, ProviderContext context) {
        boolean ended = credential
                .expiresAt()
                .filter(end -> !end.isAfter(context.clock().instant()))
                .isPresent();
        if (!ended || credential.refreshToken().isEmpty()) {
            return completedFuture(credential.accessToken());
        }
        return refresh(credential, context).thenApply(Credential::accessToken).exceptionally(failure -> {
            if (failure.getCause() instanceof ProviderException e && e.error().equals("invalid_grant")) {
                return credential.accessToken();
            }
            throw new CompletionException(failure.getCause());
        });
    }
}
