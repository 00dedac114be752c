package io.cardea.provider.google;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.JsonObject;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.time.Instant;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Google, whose refresh token comes at a consent, and never again. */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.google")
public final class GoogleProvider extends StandardProvider {

    @Activate
    public GoogleProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("google")
                .displayName("Google")
                .description("Gmail, Calendar, Drive and the other APIs of Google")
                .issuer("https://accounts.google.com")
                .authorizationEndpoint("https://accounts.google.com/o/oauth2/v2/auth")
                .tokenEndpoint("https://oauth2.googleapis.com/token")
                .revocationEndpoint("https://oauth2.googleapis.com/revoke")
                .userinfoEndpoint("https://openidconnect.googleapis.com/v1/userinfo")
                .deviceAuthorizationEndpoint("https://oauth2.googleapis.com/device/code")
                .set("jwks_uri", "https://www.googleapis.com/oauth2/v3/certs")
                .set("authorization_parameter.access_type", "offline")
                .set("authorization_parameter.prompt", "consent")
                .clientAuth("client_secret_post")
                .scope("openid email")
                .configure(configuration)
                .build());
    }

    /** Google grants the scopes of OpenID Connect by URLs of its own. */
    @Override
    protected Credential credential(JsonObject answer, Instant now) {
        Credential credential = super.credential(answer, now);
        return credential.withScopes(credential.scopes().stream()
                .map(scope -> scope.replace("https://www.googleapis.com/auth/userinfo.", ""))
                .toList());
    }

    /** Google's device flow is older than RFC 8628. */
    @Override
    protected DeviceAuthorization deviceAuthorization(JsonObject answer, Instant now) {
        return super.deviceAuthorization(answer.renamed("verification_url", "verification_uri"), now);
    }

    @Override
    protected boolean isRevoked(String error) {
        return error.equals("invalid_token");
    }
}
