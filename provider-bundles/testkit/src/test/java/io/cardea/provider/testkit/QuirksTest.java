package io.cardea.provider.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Services that differ, and providers that know how. */
class QuirksTest {

    private static Stream<DynamicTest> contract(Supplier<AuthorizationServer> server, Map<String, String> settings) {
        return ProviderContract.of(provider(settings)).against(server).tests();
    }

    private static Function<Map<String, Object>, OAuthProvider> provider(Map<String, String> settings) {
        return configuration -> {
            ProviderDefinition.Builder definition = ProviderDefinition.named("acme")
                    .authorizationEndpoint("https://acme.example/authorize")
                    .tokenEndpoint("https://acme.example/token");
            settings.forEach(definition::set);
            return new StandardProvider(definition.configure(configuration).build()) {};
        };
    }

    @TestFactory
    Stream<DynamicTest> json_with_basic_and_a_header_and_tokens_elsewhere_in_the_answer() {
        return contract(
                Wrapping::new,
                Map.of(
                        "client_auth", "client_secret_basic",
                        "token_body", "json",
                        "token_header.Acme-Version", "2026-01-01",
                        "token_field.access_token", "/data/access_token",
                        "token_field.refresh_token", "/data/refresh_token",
                        "token_field.expires_in", "/data/expires_in",
                        "token_field.scope", "/data/scope"));
    }

    private static final class Wrapping extends AuthorizationServer {

        @Override
        protected String clientAuthentication() {
            return "client_secret_basic";
        }

        @Override
        protected Map<String, String> parameters(ReceivedRequest request) {
            return request.json();
        }

        @Override
        protected void checkTokenRequest(ReceivedRequest request, Map<String, String> parameters) {
            if (request.header("Acme-Version").isEmpty()) {
                throw new Refusal("invalid_request", "There is no header Acme-Version.");
            }
        }

        @Override
        protected Answer tokenAnswer(ReceivedRequest request, Map<String, Object> members) {
            return Answer.json(200, Map.of("ok", true, "data", members));
        }
    }

    @TestFactory
    Stream<DynamicTest> commas_no_pkce_and_a_refresh_endpoint() {
        return contract(Old::new, Map.of("scope_separator", ",", "pkce", "none", "client_auth", "client_secret_post"));
    }

    private static final class Old extends AuthorizationServer {

        @Override
        protected Map<String, String> endpoints() {
            Map<String, String> endpoints = super.endpoints();
            endpoints.keySet().removeAll(Set.of("jwks_uri", "revocation_endpoint", "device_authorization_endpoint"));
            endpoints.put("refresh_endpoint", url() + "/refresh");
            return endpoints;
        }

        @Override
        protected boolean usesPkce() {
            return false;
        }

        @Override
        protected boolean namesIssuer() {
            return false;
        }

        @Override
        protected String scopeSeparator() {
            return ",";
        }

        @Override
        protected boolean rotatesRefreshTokens() {
            return false;
        }
    }

    @TestFactory
    Stream<DynamicTest> an_issuer_from_which_all_is_discovered() {
        return ProviderContract.of(configuration -> new StandardProvider(ProviderDefinition.named("acme")
                        .issuer("https://acme.example")
                        .clientAuth("private_key_jwt")
                        .scope("openid")
                        .configure(configuration)
                        .build()) {})
                .against(Discovered::new)
                .tests();
    }

    private static final class Discovered extends AuthorizationServer {

        @Override
        public Map<String, String> configuration() {
            Map<String, String> configuration = super.configuration();
            configuration.keySet().removeAll(endpoints().keySet());
            return configuration;
        }

        @Override
        protected String clientAuthentication() {
            return "private_key_jwt";
        }
    }

    @TestFactory
    Stream<DynamicTest> a_public_client_whose_code_is_pasted() {
        return contract(
                () -> new AuthorizationServer() {
                    @Override
                    protected String clientAuthentication() {
                        return "none";
                    }
                },
                Map.of("client_auth", "none", "redirect_uri", "https://acme.example/code"));
    }

    @Test
    void there_may_be_endpoints_of_another_kind() {
        AuthorizationServer server = new AuthorizationServer() {
            @Override
            protected Map<String, String> endpoints() {
                return new LinkedHashMap<>(Map.of("token_endpoint", url() + "/elsewhere/token"));
            }

            @Override
            protected Optional<Answer> further(ReceivedRequest request) {
                return request.path().equals("/exchange")
                        ? Optional.of(Answer.json(
                                200,
                                Map.of(
                                        "token",
                                        issueAccessToken(
                                                granted(request.bearer().orElse(""))))))
                        : Optional.empty();
            }
        };
        try (server) {
            assertThat(server.configuration()).containsOnlyKeys("token_endpoint", "client_id", "client_secret");
            assertThat(Browser.open(server.url() + "/exchange")).isEmpty();
            assertThat(server.requests().get(0))
                    .hasToString(
                            "GET /exchange was answered 401, for it was refused (invalid_token): The access token is"
                                    + " none that was given out, or it has been revoked.");
        }
    }
}
