package io.cardea.provider.github;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.JsonObject;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.StandardProvider;
import java.time.Instant;
import java.util.Map;
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

    private static final Map<String, String> ERRORS =
            Map.of("bad_refresh_token", "invalid_grant", "incorrect_client_credentials", "invalid_client");

    @Activate
    public GithubProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("github")
                .displayName("GitHub")
                .description("Repositories, issues and the API of GitHub")
                .authorizationEndpoint("https://github.com/login/oauth/authorize")
                .tokenEndpoint("https://github.com/login/oauth/access_token")
                .deviceAuthorizationEndpoint("https://github.com/login/device/code")
                .userinfoEndpoint("https://api.github.com/user")
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

    @Override
    public CompletionStage<Credential> exchange(AuthorizationCode code, ProviderContext context) {
        return super.exchange(code, context).exceptionally(GithubProvider::renamed);
    }

    @Override
    public CompletionStage<Credential> refresh(Credential credential, ProviderContext context) {
        return super.refresh(credential, context).exceptionally(GithubProvider::renamed);
    }

    @Override
    public CompletionStage<Credential> pollDevice(DeviceAuthorization authorization, ProviderContext context) {
        return super.pollDevice(authorization, context).exceptionally(GithubProvider::renamed);
    }

    /** Cardea ends a connection by {@code invalid_grant} alone, and GitHub has names of its own for it. */
    private static Credential renamed(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (cause instanceof ProviderException refused && ERRORS.containsKey(refused.error())) {
            throw new ProviderException(ERRORS.get(refused.error()), "GitHub refused: " + refused.error());
        }
        throw new CompletionException(cause);
    }

    /** GitHub has no OpenID Connect for people: the account is the user of its API. */
    @Override
    protected Profile profile(JsonObject user) {
        return new Profile(user.text("id"), user.text("login"));
    }
}
