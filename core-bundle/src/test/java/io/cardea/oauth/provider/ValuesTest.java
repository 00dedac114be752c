package io.cardea.oauth.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.vault.StoredConnection;
import io.cardea.oauth.AccessToken;
import io.cardea.oauth.BegunLogin;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.LoginCallback;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The values that are handed about: they do not change, and what is secret in them is not in their text. */
class ValuesTest {

    private static final String SECRET = "hush";
    private static final ConnectionKey KEY = new ConnectionKey("acme", "default");

    private static Credential credential() {
        return new Credential(
                SECRET,
                "Bearer",
                Optional.empty(),
                Optional.of(SECRET),
                Optional.of(SECRET),
                List.of("email"),
                Map.of("attribute", SECRET));
    }

    static Stream<Object> valuesWithSecrets() {
        return Stream.of(
                credential(),
                new AuthorizationCode(SECRET, SECRET, "http://localhost/", Optional.of(SECRET)),
                new AuthorizationRequest(
                        SECRET, "http://localhost/", List.of("email"), Optional.of("challenge"), SECRET),
                new DeviceAuthorization(
                        SECRET, "AB-CD", "https://as.example", Optional.of("https://as.example"), Instant.EPOCH, 5),
                ProviderDefinition.named("acme")
                        .tokenEndpoint("https://as.example/token")
                        .set("client_secret", SECRET)
                        .build(),
                new AccessToken(KEY, SECRET, "Bearer", Optional.empty(), List.of(), Optional.of(SECRET)),
                new BegunLogin(
                        "https://as.example/?state=" + SECRET,
                        "http://localhost/",
                        SECRET,
                        SECRET,
                        Duration.ofSeconds(300)),
                new LoginCallback(
                        "acme",
                        "http://localhost/",
                        Map.of("code", List.of(SECRET), "state", List.of(SECRET)),
                        id -> Optional.of(SECRET)),
                new StoredConnection(
                        KEY, 1, credential(), Profile.UNKNOWN, "", Instant.EPOCH, Optional.empty(), false));
    }

    @ParameterizedTest
    @MethodSource("valuesWithSecrets")
    void no_secret_is_in_a_values_text(Object value) {
        assertThat(value.toString()).isNotEmpty().doesNotContain(SECRET);
    }

    @Test
    void a_value_does_not_change_with_what_it_was_made_of() {
        List<String> scopes = new ArrayList<>(List.of("email"));
        Map<String, String> attributes = new HashMap<>(Map.of("a", "b"));
        Credential credential = Credential.bearer("t").withScopes(scopes).withAttributes(attributes);
        scopes.add("repo");
        attributes.clear();

        assertThat(credential.scopes()).containsExactly("email");
        assertThat(credential.attributes()).containsEntry("a", "b");
        assertThatThrownBy(() -> credential.scopes().add("x")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_credential_differs_from_another_only_in_what_was_replaced() {
        Credential credential = credential();

        assertThat(credential.withRefreshToken(SECRET)).isEqualTo(credential);
        assertThat(credential.withScopes(List.of("email"))).isEqualTo(credential);
        assertThat(credential.withAttributes(Map.of("attribute", SECRET))).isEqualTo(credential);
        assertThat(credential.withExpiresAt(Instant.EPOCH).expiresAt()).hasValue(Instant.EPOCH);
        assertThat(credential.withExpiresAt(Instant.EPOCH).refreshToken()).hasValue(SECRET);
        assertThat(credential.withRefreshToken("next").accessToken()).isEqualTo(SECRET);
    }

    @Test
    void null_in_a_providers_value_is_named() {
        assertThatThrownBy(() -> Credential.bearer(null)).hasMessage("accessToken");
        assertThatThrownBy(() -> new Profile(null, Optional.empty())).hasMessage("subject");
        assertThatThrownBy(() -> new ServerMetadata(
                        Optional.empty(),
                        null,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false))
                .hasMessage("authorizationEndpoint");
    }

    @Test
    void flows_have_the_names_of_the_contract() {
        assertThat(Stream.of(Flow.values()).map(Flow::wireName))
                .containsExactly("authorization_code", "device_code", "manual_code");
    }
}
