package io.cardea.provider.claudeapi;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.JsonObject;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The Claude API with a Claude account: by a redirect to this machine, or by a page that shows {@code code#state}. */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.claude-api")
public final class ClaudeApiProvider extends StandardProvider {

    @Activate
    public ClaudeApiProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("claude-api")
                .displayName("Claude API")
                .description("The Claude API with a Claude account")
                .authorizationEndpoint("https://claude.ai/oauth/authorize")
                .tokenEndpoint("https://console.anthropic.com/v1/oauth/token")
                .userinfoEndpoint("https://api.anthropic.com/api/oauth/profile")
                .set("redirect_uri", "http://localhost:35593/callback")
                .set("manual_redirect_uri", "https://console.anthropic.com/oauth/code/callback")
                .set("token_body", "json")
                .clientAuth("none")
                .scope("org:create_api_key user:profile user:inference")
                .configure(configuration)
                .build());
    }

    /** The page shows the code only to a login that says so. */
    @Override
    protected void authorizationParameters(AuthorizationRequest request, Map<String, String> parameters) {
        if (manualRedirectUri().equals(Optional.of(request.redirectUri()))) {
            parameters.putIfAbsent("code", "true");
        }
    }

    /** Anthropic wants the state repeated, which no RFC does. */
    @Override
    protected void tokenParameters(AuthorizationCode code, Map<String, String> parameters) {
        parameters.put("state", code.state());
    }

    @Override
    protected Profile profile(JsonObject answer) {
        Optional<String> email = answer.text("/account/email");
        return new Profile(
                answer.text("/account/uuid"),
                email.or(() -> answer.text("/account/display_name")).or(() -> answer.text("/account/full_name")),
                email,
                answer.text("/organization/organization_type").map(type -> type.replaceFirst("^claude_", "")));
    }
}
