package io.cardea.provider.github;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.JsonObject;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * GitHub, for OAuth apps (whose tokens do not expire) and GitHub apps (whose tokens do, and can be refreshed). A GitHub
 * Enterprise server is reached by configuring the endpoints.
 */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.github")
public final class GithubProvider extends StandardProvider {

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

    /** GitHub has no OpenID Connect for people: the account is the user of its API. */
    @Override
    protected Profile profile(JsonObject user) {
        return new Profile(user.text("id"), user.text("login"));
    }
}
