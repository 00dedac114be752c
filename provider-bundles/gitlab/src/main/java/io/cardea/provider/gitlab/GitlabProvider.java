package io.cardea.provider.gitlab;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** GitLab: gitlab.com, or a self-managed server, which is known by its {@code issuer} alone. */
@Component(service = OAuthProvider.class, configurationPid = "io.cardea.provider.gitlab")
public final class GitlabProvider extends StandardProvider {

    @Activate
    public GitlabProvider(Map<String, Object> configuration) {
        super(ProviderDefinition.named("gitlab")
                .displayName("GitLab")
                .description("Repositories, issues and pipelines of gitlab.com, or of a GitLab server of your own")
                .issuer("https://gitlab.com")
                .authorizationEndpoint("{issuer}/oauth/authorize")
                .tokenEndpoint("{issuer}/oauth/token")
                .revocationEndpoint("{issuer}/oauth/revoke")
                .userinfoEndpoint("{issuer}/oauth/userinfo")
                .deviceAuthorizationEndpoint("{issuer}/oauth/authorize_device")
                .set("jwks_uri", "{issuer}/oauth/discovery/keys")
                .clientAuth("client_secret_post")
                .scope("openid profile email")
                .configure(configuration)
                .build());
    }
}
