package io.cardea.provider.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each definition asks its service as the facts about that service say. */
class CatalogTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DEFINITIONS = Path.of("src/main/resources/OSGI-INF/configurator");
    private static final String REDIRECT_URI = "http://localhost:8180/oauth/x/callback";
    private static final String PREFIX = "io.cardea.provider~";

    private static JsonNode facts;
    private static HttpServer server;
    private static Sent sent;

    /** What was asked, wherever it was meant to go. */
    private record Sent(String url, String method, String contentType, String authorization, String body) {

        Map<String, String> parameters() throws IOException {
            if (contentType.equals("application/json")) {
                Map<String, String> parameters = new HashMap<>();
                JSON.readTree(body)
                        .properties()
                        .forEach(p -> parameters.put(p.getKey(), p.getValue().asText()));
                return parameters;
            }
            return form(body);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        try (InputStream file = CatalogTest.class.getResourceAsStream("/provider-facts.json")) {
            facts = JSON.readTree(file);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            sent = new Sent(
                    exchange.getRequestHeaders().getFirst("X-Meant-For"),
                    exchange.getRequestMethod(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            byte[] answer =
                    "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"refresh_token\":\"r\"}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    /** Sends what is meant for a service to this machine. */
    private static final ProviderContext CONTEXT = new ProviderContext() {
        private final HttpClient client = HttpClient.newHttpClient();

        @Override
        public CompletionStage<HttpResponse<byte[]>> send(HttpRequest request) {
            URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            return client.sendAsync(
                    HttpRequest.newBuilder(request, (name, value) -> true)
                            .uri(here)
                            .header("X-Meant-For", request.uri().toString())
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }
    };

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(DEFINITIONS)) {
            return files.map(file -> file.getFileName().toString().replace(".json", "")).sorted().toList().stream();
        }
    }

    private static JsonNode definition(String name) throws IOException {
        return JSON.readTree(DEFINITIONS.resolve(name + ".json").toFile());
    }

    /** With what an operator adds. */
    private static OAuthProvider provider(String name) throws IOException {
        Map<String, Object> settings = new HashMap<>();
        definition(name)
                .path(PREFIX + name)
                .properties()
                .forEach(p -> settings.put(p.getKey(), p.getValue().asText()));
        settings.put("client_id", "the-client");
        settings.put("client_secret", "the-secret");
        facts.path(name).path("variables").forEach(variable -> settings.put("variable." + variable.asText(), "acme"));
        OAuthProvider provider = new StandardProvider(
                ProviderDefinition.named(name).configure(settings).build()) {};
        assertThat(provider.info().unavailable()).isEmpty();
        return provider;
    }

    private static String expanded(String name, String endpoint) {
        return facts.path(name).path(endpoint).asText().replaceAll("\\{[a-z_]+}", "acme");
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Map<String, String> form(String encoded) {
        Map<String, String> form = new HashMap<>();
        for (String field : encoded.isEmpty() ? new String[0] : encoded.split("&")) {
            String[] pair = field.split("=", 2);
            form.put(URLDecoder.decode(pair[0], UTF_8), URLDecoder.decode(pair[1], UTF_8));
        }
        return form;
    }

    private static Map<String, String> fact(String name, String parameters) {
        Map<String, String> all = new TreeMap<>();
        facts.path(name)
                .path(parameters)
                .properties()
                .forEach(p -> all.put(p.getKey(), p.getValue().asText()));
        return all;
    }

    private static boolean usesPkce(String name) {
        return !facts.path(name).path("pkce").asText("S256").equals("none");
    }

    private static void assertAuthenticated(String name) throws IOException {
        Map<String, String> parameters = sent.parameters();
        if (facts.path(name).path("client_auth").asText().equals("client_secret_basic")) {
            assertThat(sent.authorization())
                    .isEqualTo("Basic " + Base64.getEncoder().encodeToString("the-client:the-secret".getBytes(UTF_8)));
            assertThat(parameters).doesNotContainKey("client_secret");
        } else {
            assertThat(sent.authorization()).isEqualTo("null");
            assertThat(parameters)
                    .containsEntry("client_id", "the-client")
                    .containsEntry("client_secret", "the-secret");
        }
        assertThat(sent.method()).isEqualTo("POST");
        assertThat(sent.contentType())
                .isEqualTo(
                        facts.path(name).path("token_body").asText("form").equals("json")
                                ? "application/json"
                                : "application/x-www-form-urlencoded");
    }

    @Test
    void each_service_of_which_facts_are_known_is_here_and_no_other() throws IOException {
        assertThat(names())
                .containsExactlyElementsOf(new TreeSet<>(
                        facts.properties().stream().map(Map.Entry::getKey).toList()));
    }

    @ParameterizedTest
    @MethodSource("names")
    void its_file_defines_it_and_nothing_else(String name) throws Exception {
        assertThat(definition(name).properties().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(":configurator:resource-version", PREFIX + name);
        assertThat(definition(name).path(PREFIX + name).path("display_name").asText())
                .isEqualTo(facts.path(name).path("display_name").asText());
        assertThat(definition(name).path(PREFIX + name).properties().stream().map(Map.Entry::getKey))
                .noneMatch(key -> key.startsWith("client_id") || key.startsWith("client_secret"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void its_authorization_request_is_as_the_facts_say(String name) throws Exception {
        AuthorizationRequest request = new AuthorizationRequest(
                "the-state", REDIRECT_URI, List.of("one", "two"), Optional.of("the-challenge"), "the-nonce");
        String url = await(provider(name).authorizationUrl(request, CONTEXT));

        assertThat(url).startsWith(expanded(name, "authorization_endpoint") + "?");
        Map<String, String> expected = new TreeMap<>(fact(name, "authorization_parameters"));
        expected.putAll(Map.of(
                "response_type", "code",
                "client_id", "the-client",
                "redirect_uri", REDIRECT_URI,
                "state", "the-state",
                "scope", "one" + facts.path(name).path("scope_separator").asText(" ") + "two",
                "code_challenge", "the-challenge",
                "code_challenge_method", "S256"));
        assertThat(form(URI.create(url).getRawQuery())).isEqualTo(expected);
        assertThat(provider(name).info().supportsPkce()).isEqualTo(usesPkce(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void unless_a_login_says_more_it_asks_for_its_own_scopes(String name) throws Exception {
        String[] scopes = JSON.convertValue(facts.path(name).path("default_scopes"), String[].class);

        assertThat(provider(name).info().scopes()).containsExactly(scopes == null ? new String[0] : scopes);
    }

    @ParameterizedTest
    @MethodSource("names")
    void its_token_request_is_as_the_facts_say(String name) throws Exception {
        await(provider(name)
                .exchange(
                        new AuthorizationCode("the-code", "the-state", REDIRECT_URI, Optional.of("the-verifier")),
                        CONTEXT));

        assertThat(sent.url()).isEqualTo(expanded(name, "token_endpoint"));
        assertAuthenticated(name);
        assertThat(sent.parameters())
                .containsAllEntriesOf(fact(name, "token_parameters"))
                .containsEntry("grant_type", "authorization_code")
                .containsEntry("code", "the-code")
                .containsEntry("redirect_uri", REDIRECT_URI)
                .containsEntry("code_verifier", "the-verifier");
    }

    @ParameterizedTest
    @MethodSource("names")
    void it_refreshes_and_revokes_where_the_facts_say(String name) throws Exception {
        Credential credential = Credential.bearer("old").withRefreshToken("the-refresh-token");
        await(provider(name).refresh(credential, CONTEXT));

        assertThat(sent.url())
                .isEqualTo(
                        facts.path(name).has("refresh_endpoint")
                                ? expanded(name, "refresh_endpoint")
                                : expanded(name, "token_endpoint"));
        assertAuthenticated(name);
        assertThat(sent.parameters())
                .containsEntry("grant_type", "refresh_token")
                .containsEntry("refresh_token", "the-refresh-token");

        assertThat(provider(name).info().supportsRevocation())
                .isEqualTo(facts.path(name).has("revocation_endpoint"));
        if (facts.path(name).has("revocation_endpoint")) {
            await(provider(name).revoke(credential, CONTEXT));
            assertThat(sent.url()).isEqualTo(expanded(name, "revocation_endpoint"));
            assertThat(sent.parameters()).containsEntry("token", "the-refresh-token");
        }
    }
}
