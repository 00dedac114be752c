package io.cardea.oauth.provider;

import static io.cardea.core.fixture.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.LocalServer.Request;
import io.cardea.core.fixture.SigningKeys;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each key of a configuration by itself: a provider that has it does something else than one that has not. What else a
 * value may be, and what is refused, is for the other tests here; what comes of it in a login for those of logins.
 */
class EveryKeyTest {

    private static final String ANSWER =
            "{\"access_token\":\"usual\",\"expires_in\":7200000,\"data\":{\"token\":\"elsewhere\"}}";
    private static final String NO_LIFETIME = "{\"access_token\":\"usual\"}";
    private static final AuthorizationRequest REQUEST = new AuthorizationRequest(
            "the-state", "http://localhost:8180/oauth/acme/callback", List.of(), Optional.of("challenge"), "the-nonce");
    private static final Credential CREDENTIAL = Credential.bearer("a").withRefreshToken("r");

    /**
     * A key, and what comes of it.
     *
     * @param name the key; one of those that end in anything has an example of that
     * @param value what it is set to; {@code SERVER} in it is where the server is
     * @param seen what a provider does, which another one does otherwise
     * @param expected what it is with this key
     */
    private record Key(String name, String value, Function<Acme, Object> seen, Object expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Key> keys() {
        return Stream.of(
                // How it is listed.
                new Key(
                        "display_name",
                        "Acme Corp",
                        acme -> acme.provider().info().displayName(),
                        "Acme Corp"),
                new Key("description", "Rockets", acme -> acme.provider().info().description(), "Rockets"),
                new Key("pkce", "none", acme -> acme.provider().info().supportsPkce(), false),
                // Where the server is.
                new Key(
                        "issuer",
                        "https://as.example",
                        acme -> metadata(acme).issuer(),
                        Optional.of("https://as.example")),
                new Key(
                        "jwks_uri",
                        "https://as.example/keys",
                        acme -> metadata(acme).jwksUri(),
                        Optional.of(URI.create("https://as.example/keys"))),
                new Key(
                        "authorization_endpoint",
                        "https://elsewhere.example/begin",
                        acme -> authorizationUrl(acme).getHost(),
                        "elsewhere.example"),
                new Key("token_endpoint", "SERVER/elsewhere", EveryKeyTest::exchangedAt, List.of("/elsewhere")),
                new Key("refresh_endpoint", "SERVER/elsewhere", EveryKeyTest::refreshedAt, List.of("/elsewhere")),
                new Key("revocation_endpoint", "SERVER/elsewhere", EveryKeyTest::revokedAt, List.of("/elsewhere")),
                new Key("userinfo_endpoint", "SERVER/elsewhere", EveryKeyTest::profileAt, List.of("/elsewhere")),
                new Key(
                        "device_authorization_endpoint",
                        "SERVER/elsewhere",
                        EveryKeyTest::deviceAt,
                        List.of("/elsewhere")),
                new Key(
                        "variable.path",
                        "elsewhere",
                        acme -> exchangedAt(acme.set("token_endpoint", acme.server.url("/{path}"))),
                        List.of("/elsewhere")),
                new Key(
                        "allowed_hosts",
                        "api.example",
                        acme -> acme.provider().allowedHosts().contains("api.example"),
                        true),
                // Who the client is.
                new Key("client_id", "another", acme -> exchanged(acme).get("client_id"), "another"),
                new Key("client_secret", "secret", acme -> exchanged(acme).get("client_secret"), "secret"),
                new Key(
                        "client_auth",
                        "client_secret_basic",
                        acme -> exchanged(acme.set("client_secret", "s")).containsKey("client_secret"),
                        false),
                new Key(
                        "private_key",
                        SigningKeys.RSA.toJSONString(),
                        acme -> exchanged(acme).containsKey("client_assertion"),
                        true),
                // How a login begins, and comes back.
                new Key("scope", "read write", acme -> query(acme).get("scope"), "read write"),
                new Key(
                        "scope_separator",
                        ",",
                        acme -> query(acme.set("scope", "read write")).get("scope"),
                        "read,write"),
                new Key("response_mode", "form_post", acme -> query(acme).get("response_mode"), "form_post"),
                new Key(
                        "authorization_parameter.prompt",
                        "consent",
                        acme -> query(acme).get("prompt"),
                        "consent"),
                new Key(
                        "redirect_uri",
                        "http://localhost:1455/cb",
                        acme -> acme.provider().redirectUri(),
                        Optional.of("http://localhost:1455/cb")),
                new Key(
                        "manual_redirect_uri",
                        "https://as.example/code",
                        acme -> acme.provider().manualRedirectUri(),
                        Optional.of("https://as.example/code")),
                new Key(
                        "id_token_signed_response_alg",
                        "ES256",
                        acme -> acme.provider().idTokenSignedResponseAlg(),
                        "ES256"),
                // What is said to the token endpoint.
                new Key("token_body", "json", acme -> exchange(acme).body().startsWith("{"), true),
                new Key("token_header.X-Team", "7", acme -> exchange(acme).header("X-team"), Optional.of("7")),
                new Key(
                        "token_parameter.audience",
                        "api",
                        acme -> exchanged(acme).get("audience"),
                        "api"),
                new Key("refresh_parameter.tenant", "7", acme -> refreshed(acme).get("tenant"), "7"),
                // How its answer is read.
                new Key(
                        "token_field.access_token",
                        "/data/token",
                        acme -> granted(acme, ANSWER).accessToken(),
                        "elsewhere"),
                new Key("token_error.invalid_grant", "gone", EveryKeyTest::refusal, "invalid_grant"),
                new Key(
                        "expires_unit",
                        "milliseconds",
                        acme -> lifetime(acme, ANSWER),
                        Optional.of(Duration.ofHours(2))),
                new Key(
                        "default_lifetime",
                        "60",
                        acme -> lifetime(acme, NO_LIFETIME),
                        Optional.of(Duration.ofMinutes(1))));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void a_key_changes_what_a_provider_does(Key key) throws IOException {
        try (Acme without = acme();
                Acme with = acme()) {
            with.set(key.name(), key.value().replace("SERVER", with.server.url("")));

            assertThat(key.seen().apply(with)).as(key.name()).isEqualTo(key.expected());
            assertThat(key.seen().apply(without)).as("without %s", key).isNotEqualTo(key.expected());
        }
    }

    @Test
    void there_is_no_key_without_a_test_and_no_test_without_a_key() {
        Set<String> tested =
                keys().map(key -> key.name().replaceFirst("\\..*", ".")).collect(Collectors.toSet());

        assertThat(tested)
                .containsExactlyInAnyOrderElementsOf(Stream.of(Settings.KEYS, Settings.PREFIXES)
                        .flatMap(Set::stream)
                        .toList());
    }

    private static Acme acme() throws IOException {
        return new Acme()
                .set("authorization_endpoint", "https://as.example/authorize")
                .answering("/", 200, Acme.TOKEN);
    }

    private static ServerMetadata metadata(Acme acme) {
        return await(acme.provider().metadata(acme.context));
    }

    private static URI authorizationUrl(Acme acme) {
        return URI.create(await(acme.provider().authorizationUrl(REQUEST, acme.context)));
    }

    private static Map<String, String> query(Acme acme) {
        return Acme.query(authorizationUrl(acme));
    }

    private static Request exchange(Acme acme) {
        await(acme.provider().exchange(Acme.CODE, acme.context));
        return acme.server.request();
    }

    private static Map<String, String> exchanged(Acme acme) {
        return exchange(acme).form();
    }

    private static Map<String, String> refreshed(Acme acme) {
        await(acme.provider().refresh(CREDENTIAL, acme.context));
        return acme.server.request().form();
    }

    private static Credential granted(Acme acme, String answer) {
        acme.answering("/token", 200, answer);
        return await(acme.provider().exchange(Acme.CODE, acme.context));
    }

    private static Optional<Duration> lifetime(Acme acme, String answer) {
        return granted(acme, answer)
                .expiresAt()
                .map(end -> Duration.between(acme.context.clock().instant(), end));
    }

    private static String refusal(Acme acme) {
        acme.answering("/token", 400, "{\"error\":\"gone\"}");
        return await(acme.provider()
                .exchange(Acme.CODE, acme.context)
                .handle((credential, failure) -> ((ProviderException) failure.getCause()).error()));
    }

    private static List<String> exchangedAt(Acme acme) {
        return asked(acme, acme.provider().exchange(Acme.CODE, acme.context));
    }

    private static List<String> refreshedAt(Acme acme) {
        return asked(acme, acme.provider().refresh(CREDENTIAL, acme.context));
    }

    private static List<String> revokedAt(Acme acme) {
        return asked(acme, acme.provider().revoke(CREDENTIAL, acme.context));
    }

    private static List<String> profileAt(Acme acme) {
        return asked(acme, acme.provider().profile(CREDENTIAL, acme.context));
    }

    private static List<String> deviceAt(Acme acme) {
        return asked(acme, acme.provider().authorizeDevice(List.of(), acme.context));
    }

    /** Where a call asks, whatever comes of it. */
    private static List<String> asked(Acme acme, CompletionStage<?> call) {
        await(call.handle((value, failure) -> true));
        return acme.server.requests().stream().map(Request::path).toList();
    }
}
