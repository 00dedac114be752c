package io.cardea.provider.copilot;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.JsonObject;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.StandardProvider;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * GitHub Copilot. A device gets a token for GitHub, which does not end; for it a token for Copilot is had, which soon does,
 * and so GitHub's stands in the place of the refresh token.
 */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.copilot")
public final class CopilotProvider extends StandardProvider {

    private static final int UNAUTHORIZED = 401;

    @Activate
    public CopilotProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("copilot")
                .displayName("GitHub Copilot")
                .description("Copilot with a GitHub account")
                .deviceAuthorizationEndpoint("https://github.com/login/device/code")
                .tokenEndpoint("https://github.com/login/oauth/access_token")
                .userinfoEndpoint("https://api.github.com/user")
                .set("refresh_endpoint", "https://api.github.com/copilot_internal/v2/token")
                .clientAuth("none")
                .scope("read:user")
                // So it is in Copilot's answers.
                .set("token_field.access_token", "/token")
                .set("token_field.expires_in", "/expires_at")
                .set("expires_unit", "epoch_seconds")
                .configure(configuration)
                .build());
    }

    @Override
    public CompletionStage<Credential> pollDevice(DeviceAuthorization authorization, ProviderContext context) {
        return super.pollDevice(authorization, context)
                .thenCompose(github ->
                        refresh(github, context).thenApply(copilot -> copilot.withRefreshToken(github.accessToken())));
    }

    @Override
    public CompletionStage<Credential> refresh(Credential credential, ProviderContext context) {
        String github = credential.refreshToken().orElseThrow();
        return get(definition().refreshEndpoint().orElseThrow(), github, context)
                .thenApply(response -> authorized(response, context))
                .thenApply(answer -> credential(answer, context.clock().instant()));
    }

    /** This status is about the token; any other may be about the subscription or the moment, and passes. */
    private static JsonObject authorized(HttpResponse<byte[]> response, ProviderContext context) {
        if (response.statusCode() == UNAUTHORIZED) {
            throw new ProviderException("invalid_grant", "GitHub no longer accepts its token");
        }
        return JsonObject.parse(success(response, context).body());
    }

    /** Either GitHub's answer, which has its token in the usual place, or Copilot's. */
    @Override
    protected Credential credential(JsonObject answer, Instant now) {
        Optional<String> github = token(answer, "access_token");
        if (github.isPresent()) {
            return Credential.bearer(github.get()).withRefreshToken(github.get());
        }
        Map<String, String> attributes = new HashMap<>();
        answer.text("/endpoints/api").ifPresent(api -> attributes.put("api_endpoint", api));
        answer.text("sku").ifPresent(sku -> attributes.put("sku", sku));
        return super.credential(answer, now).withAttributes(attributes);
    }

    @Override
    public CompletionStage<Profile> profile(Credential credential, ProviderContext context) {
        Credential github = Credential.bearer(credential.refreshToken().orElse(credential.accessToken()));
        Optional<String> plan = Optional.ofNullable(credential.attributes().get("sku"));
        return super.profile(github, context)
                .thenApply(user -> user.equals(Profile.UNKNOWN) ? user : user.withPlan(plan));
    }

    @Override
    protected Profile profile(JsonObject user) {
        return new Profile(user.text("id"), user.text("login")).withEmail(user.text("email"));
    }
}
