package io.cardea.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderInfo;
import io.cardea.oauth.provider.ServerMetadata;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider insists on is looked at when it arrives. */
class ProviderDescriptionTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ProviderServices services;

    @BeforeEach
    void open() {
        services = new ProviderServices(osgi.context());
    }

    @AfterEach
    void close() {
        services.close();
    }

    /** A provider that only says what it insists on. */
    private record Insisting(
            Optional<String> redirectUri,
            Optional<String> manualRedirectUri,
            Set<String> allowedHosts,
            String idTokenSignedResponseAlg)
            implements OAuthProvider {

        static Insisting on(Optional<String> redirectUri, Optional<String> manualRedirectUri) {
            return new Insisting(redirectUri, manualRedirectUri, Set.of(), "RS256");
        }

        @Override
        public ProviderInfo info() {
            return new ProviderInfo(
                    "acme", "Acme", "", Optional.empty(), List.of(), Set.of(), true, true, true, Optional.empty());
        }

        @Override
        public CompletionStage<ServerMetadata> metadata(ProviderContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<String> authorizationUrl(AuthorizationRequest request, ProviderContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Credential> exchange(AuthorizationCode code, ProviderContext context) {
            throw new UnsupportedOperationException();
        }
    }

    private boolean isHere(OAuthProvider provider) {
        services.publish(provider);
        return services.registry().find("acme").isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost:1455/auth/callback", "http://127.0.0.1:8080/", "http://[::1]:9000/callback"})
    void a_redirect_uri_of_this_machine_is_used_in_place_of_cardeas(String uri) {
        assertThat(isHere(Insisting.on(Optional.of(uri), Optional.empty()))).isTrue();

        assertThat(services.serving("acme").redirectUri("http://cardea/")).isEqualTo(uri);
        assertThat(services.serving("acme").manualRedirectUri("http://cardea/")).isEqualTo(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://localhost:1455/auth/callback",
                "http://localhost/auth/callback",
                "http://localhost:1455",
                "http://localhost:1455/x?y=z",
                "http://localhost:1455/x#y",
                "http://evil.example:1455/x",
                "https://evil.example/x",
                "http://10.0.0.1:1455/x",
                "http://user@localhost:1455/x",
                "http://0.0.0.0:1455/x",
                "http://localhost:0/x",
                "not a url",
                ""
            })
    void any_other_keeps_the_provider_away(String uri) {
        assertThat(isHere(Insisting.on(Optional.of(uri), Optional.empty()))).isFalse();
        assertThat(log.text()).contains("its redirect URI must be http with a port and path of this machine");
    }

    @Test
    void a_page_that_shows_codes_is_used_for_pasting_alone() {
        assertThat(isHere(Insisting.on(Optional.empty(), Optional.of("https://acme.example/code"))))
                .isTrue();

        ServingProvider acme = services.serving("acme");
        assertThat(acme.redirectUri("http://cardea/")).isEqualTo("http://cardea/");
        assertThat(acme.manualRedirectUri("http://cardea/")).isEqualTo("https://acme.example/code");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://acme.example/code", "javascript:alert(1)", "/code", "https://acme.example/#code", ""})
    void a_page_that_is_no_https_url_keeps_the_provider_away(String uri) {
        assertThat(isHere(Insisting.on(Optional.empty(), Optional.of(uri)))).isFalse();
        assertThat(log.text()).contains("its manual redirect URI must be an https URL");
    }

    @Test
    void null_where_something_must_be_keeps_it_away_and_harms_nobody() {
        assertThat(isHere(new Insisting(null, Optional.empty(), Set.of(), "RS256")))
                .isFalse();
        assertThat(isHere(new Insisting(Optional.empty(), null, Set.of(), "RS256")))
                .isFalse();
        assertThat(isHere(new Insisting(Optional.empty(), Optional.empty(), null, "RS256")))
                .isFalse();
        assertThat(isHere(new Insisting(Optional.empty(), Optional.empty(), Set.of(), null)))
                .isFalse();
        assertThat(isHere(Insisting.on(Optional.empty(), Optional.empty()))).isTrue();
    }
}
