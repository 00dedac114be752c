package io.cardea.provider.microsoft;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Microsoft's identity platform (v2.0), for the accounts of one tenant or of all. */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.microsoft")
public final class MicrosoftProvider extends StandardProvider {

    private static final String GUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    @Activate
    public MicrosoftProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("microsoft")
                .displayName("Microsoft")
                .description("Outlook, OneDrive, Teams and the rest of Microsoft Graph, for any work, school or"
                        + " personal account, unless variable.tenant names a tenant")
                .issuer("https://login.microsoftonline.com/{tenant}/v2.0")
                .authorizationEndpoint("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize")
                .tokenEndpoint("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token")
                .deviceAuthorizationEndpoint("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode")
                .userinfoEndpoint("https://graph.microsoft.com/oidc/userinfo")
                .set("jwks_uri", "https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys")
                .set("variable.tenant", "common")
                .set("authorization_parameter.response_mode", "query")
                .set("token_error.access_denied", "authorization_declined")
                .set("token_error.invalid_grant", "interaction_required bad_verification_code")
                .clientAuth("client_secret_post")
                .scope("openid profile email offline_access")
                .configure(configuration)
                .build());
    }

    /** Each tenant issues in its own name: of a tenant that is given otherwise than by its GUID, nobody knows which. */
    @Override
    public Optional<Pattern> idTokenIssuers() {
        String tenant =
                definition().parameters("variable.").getOrDefault("tenant", "").trim();
        String tenants = tenant.matches("(?i)" + GUID) ? tenant : GUID;
        return definition()
                .metadata()
                .issuer()
                .map(issuer -> Pattern.quote(issuer).replace("/" + tenant + "/", "/\\E" + tenants + "\\Q/"))
                .map(issuers -> Pattern.compile(issuers, Pattern.CASE_INSENSITIVE));
    }

    /** Many have no e-mail address here, and know their account by the user name, which the ID token alone tells. */
    @Override
    public CompletionStage<Profile> profile(Credential credential, ProviderContext context) {
        Optional<String> userName = credential.idTokenClaims().flatMap(claims -> claims.text("preferred_username"));
        return super.profile(credential, context)
                .thenApply(told -> new Profile(
                                told.subject(),
                                told.account()
                                        .map(name ->
                                                told.email().or(() -> userName).orElse(name)))
                        .withEmail(told.email()));
    }
}
