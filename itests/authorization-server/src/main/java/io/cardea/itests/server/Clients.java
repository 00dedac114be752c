package io.cardea.itests.server;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;

/** One client for each way to authenticate at the token endpoint; in all else they are alike. */
@Configuration(proxyBeanMethods = false)
class Clients {

    private static final String BASIC = "basic";
    private static final String POST = "post";
    private static final String JWT = "jwt";
    private static final String PUBLIC = "public";

    private final InMemoryRegisteredClientRepository repository;

    /** @param jwkSet where the client that signs JWTs shows its public key */
    Clients(
            @Value("${redirect-uris}") List<String> redirectUris,
            @Value("${jwk-set}") String jwkSet,
            @Value("${access-token-lifetime}") Duration accessTokenLifetime) {
        TokenSettings tokens = TokenSettings.builder()
                .accessTokenTimeToLive(accessTokenLifetime)
                .reuseRefreshTokens(false)
                .build();
        // The secrets differ because the repository refuses to know one twice.
        repository = new InMemoryRegisteredClientRepository(Stream.of(
                        client(BASIC, ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                                .clientSecret("{noop}basic-secret"),
                        client(POST, ClientAuthenticationMethod.CLIENT_SECRET_POST)
                                .clientSecret("{noop}post-secret"),
                        client(JWT, ClientAuthenticationMethod.PRIVATE_KEY_JWT)
                                .clientSettings(settings()
                                        .jwkSetUrl(jwkSet)
                                        .tokenEndpointAuthenticationSigningAlgorithm(SignatureAlgorithm.RS256)
                                        .build()),
                        client(PUBLIC, ClientAuthenticationMethod.NONE))
                .map(client -> client.tokenSettings(tokens)
                        .redirectUris(uris -> uris.addAll(redirectUris))
                        .build())
                .toList());
    }

    private static RegisteredClient.Builder client(String id, ClientAuthenticationMethod method) {
        return RegisteredClient.withId(id)
                .clientId(id)
                .clientAuthenticationMethod(method)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .authorizationGrantType(AuthorizationGrantType.DEVICE_CODE)
                .scopes(scopes -> scopes.addAll(List.of(OidcScopes.OPENID, OidcScopes.PROFILE, OidcScopes.EMAIL)))
                .clientSettings(settings().build());
    }

    private static ClientSettings.Builder settings() {
        return ClientSettings.builder().requireProofKey(true).requireAuthorizationConsent(true);
    }

    @Bean
    RegisteredClientRepository repository() {
        return repository;
    }

    void allow(String redirectUri) {
        for (String id : List.of(BASIC, POST, JWT, PUBLIC)) {
            repository.save(RegisteredClient.from(requireNonNull(repository.findByClientId(id)))
                    .redirectUri(redirectUri)
                    .build());
        }
    }
}
