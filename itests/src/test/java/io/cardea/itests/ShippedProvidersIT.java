package io.cardea.itests;

import static io.cardea.itests.Answers.member;
import static io.cardea.itests.Answers.parameter;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.provider.JsonObject;
import io.cardea.provider.claudeapi.ClaudeApiServer;
import io.cardea.provider.codex.CodexServer;
import io.cardea.provider.copilot.CopilotServer;
import io.cardea.provider.github.GithubServer;
import io.cardea.provider.gitlab.GitlabServer;
import io.cardea.provider.google.GoogleServer;
import io.cardea.provider.microsoft.MicrosoftServer;
import io.cardea.provider.testkit.AuthorizationServer;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Redirect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each provider that is shipped, in the distribution, before a server that behaves as its service does: from its
 * configuration to the end of a connection, by each of the ways to log in that it has.
 */
class ShippedProvidersIT {

    private static final String BROWSER = "authorization_code";
    private static final String DEVICE = "device_code";
    private static final String PASTED = "manual_code";
    private static final boolean REVOKES = true;
    private static final boolean FORGOTTEN_HERE_ALONE = false;

    private static final String CODEX_REDIRECT_URI = "http://localhost:" + freePort() + "/auth/callback";
    private static final String CLAUDE_REDIRECT_URI = "http://localhost:" + freePort() + "/callback";

    private static final List<Service> SERVICES = List.of(
            new Service("claude-api", new ClaudeApiServer(), "ada@acme.example", FORGOTTEN_HERE_ALONE, BROWSER, PASTED)
                    .with("redirect_uri", CLAUDE_REDIRECT_URI),
            new Service("codex", new CodexServer(CODEX_REDIRECT_URI), "ada@acme.example", REVOKES, BROWSER)
                    .with("redirect_uri", CODEX_REDIRECT_URI),
            new Service("copilot", new CopilotServer(), "ada", FORGOTTEN_HERE_ALONE, DEVICE),
            new Service("github", GithubServer.ofGithubApp(), "ada", REVOKES, BROWSER, DEVICE),
            new Service("gitlab", new GitlabServer(), "ada@acme.example", REVOKES, BROWSER, DEVICE),
            new Service("google", new GoogleServer(), "ada@gmail.com", REVOKES, BROWSER, DEVICE),
            new Service("microsoft", new MicrosoftServer(), "ada@acme.example", FORGOTTEN_HERE_ALONE, BROWSER, DEVICE));

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static Cardea cardea;
    private static final List<SecretFile> SECRETS = new ArrayList<>();

    /**
     * A service, and what is to be expected of it.
     *
     * @param account how its account is shown
     * @param revokes whether it can be told of the end of a connection
     * @param settings what its operator has to configure beside where it is
     */
    private record Service(
            String provider,
            AuthorizationServer server,
            String account,
            boolean revokes,
            List<String> ways,
            Map<String, String> settings) {

        Service(String provider, AuthorizationServer server, String account, boolean revokes, String... ways) {
            this(provider, server, account, revokes, List.of(ways), Map.of());
        }

        Service with(String key, String value) {
            return new Service(provider, server, account, revokes, ways, Map.of(key, value));
        }

        @Override
        public String toString() {
            return provider;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        cardea = Cardea.started(folder);
        for (Service service : SERVICES) {
            configure(service);
        }
    }

    /** As an operator does it: a file in the deploy folder, and the secret in a file of its own. */
    private static void configure(Service service) throws IOException {
        Map<String, String> settings = new TreeMap<>(service.server().configuration());
        settings.putAll(service.settings());
        if (settings.containsKey("client_secret")) {
            String name = "itest-shipped-" + service.provider();
            SECRETS.add(SecretFile.written(name, settings.put("client_secret", "$[secret:" + name + "]") + "\n"));
        }
        Files.write(
                cardea.deploy().resolve("io.cardea.provider." + service.provider() + ".cfg"),
                settings.entrySet().stream()
                        .map(one -> one.getKey() + " = " + one.getValue())
                        .toList());
    }

    @AfterAll
    static void stop() {
        cardea.close();
        SECRETS.forEach(SecretFile::close);
        SERVICES.forEach(service -> service.server().close());
    }

    static Stream<Service> services() {
        return SERVICES.stream();
    }

    static Stream<Arguments> everyWay() {
        return SERVICES.stream().flatMap(service -> service.ways().stream().map(way -> Arguments.of(service, way)));
    }

    @Test
    void each_provider_that_is_shipped_has_its_row() {
        // Whose configuration has just come is not in the listing for a moment.
        SERVICES.forEach(ShippedProvidersIT::untilAvailable);
        assertThat(Pattern.compile("\"plugin_name\":\"io\\.cardea\\.provider\\.([a-z-]+)\"")
                        .matcher(cardea.get("/oauth/providers").body())
                        .results()
                        .map(bundle -> bundle.group(1))
                        // Its providers are but data.
                        .filter(bundle -> !bundle.equals("catalog")))
                .containsExactlyInAnyOrderElementsOf(
                        services().map(Service::provider).toList());
    }

    @ParameterizedTest
    @MethodSource("services")
    void a_provider_that_is_configured_is_available_by_the_ways_that_are_tried_here(Service service) {
        untilAvailable(service);
        JsonObject listing =
                JsonObject.parse(cardea.get("/oauth/providers").body().getBytes(UTF_8));
        String provider = '/' + service.provider() + '/';

        assertThat(listing.text(provider + "plugin_name")).hasValue("io.cardea.provider." + service.provider());
        assertThat(listing.text(provider + "supports_revocation")).hasValue(String.valueOf(service.revokes()));
        assertThat(Stream.of(0, 1, 2).flatMap(i -> listing.text(provider + "flows/" + i).stream()))
                .containsExactlyInAnyOrderElementsOf(service.ways());
    }

    private static void untilAvailable(Service service) {
        Cardea.eventually(
                SOON,
                () -> JsonObject.parse(cardea.get("/oauth/providers").body().getBytes(UTF_8))
                        .text('/' + service.provider() + "/is_available")
                        .filter("true"::equals)
                        .isPresent(),
                () -> service + " is not available: " + cardea.log());
    }

    @ParameterizedTest(name = "{0} by {1}")
    @MethodSource("everyWay")
    void a_connection_is_made_used_refreshed_and_revoked(Service service, String way) {
        untilAvailable(service);
        String connection = "by." + way;
        switch (way) {
            case BROWSER -> logInInABrowser(service, connection);
            case DEVICE -> logInOnADevice(service, connection);
            default -> pasteTheCode(service, connection);
        }

        HttpResponse<String> shown = get("/oauth/connections/" + service.provider() + "/" + connection);
        assertThat(member(shown, "state")).isEqualTo("active");
        assertThat(member(shown, "account")).as(story(service)).isEqualTo(service.account());

        String token = member(get(tokenOf(service, connection)), "access_token");
        assertThat(service.server().accepts(token)).as(story(service)).isTrue();

        HttpResponse<String> refreshed = post(service, "refresh", "{\"connection\":\"" + connection + "\"}");
        assertThat(refreshed.statusCode()).as(story(service)).isEqualTo(200);
        String next = member(refreshed, "access_token");
        assertThat(next).isNotEqualTo(token);
        assertThat(service.server().accepts(next)).as(story(service)).isTrue();
        assertThat(member(get(tokenOf(service, connection)), "access_token")).isEqualTo(next);

        assertEnds(service, connection, next);
        assertThat(service.server().secrets())
                .isNotEmpty()
                .allSatisfy(secret -> assertThat(
                                cardea.log() + Cardea.read(cardea.data().resolve("audit.log")))
                        .doesNotContain(secret));
    }

    /** The end of a connection: at its service, too, where that can be told. */
    private static void assertEnds(Service service, String connection, String token) {
        int before = granted(service.server().requests("revocation_endpoint"));
        HttpResponse<String> ended = cardea.send(cardea.request(
                        "/oauth/connections/" + service.provider() + "/" + connection,
                        "Authorization",
                        "Bearer " + cardea.apiKey())
                .DELETE());

        assertThat(ended.statusCode()).as(story(service)).isEqualTo(204);
        assertThat(granted(service.server().requests("revocation_endpoint")) - before)
                .as(story(service))
                .isEqualTo(service.revokes() ? 1 : 0);
        assertThat(service.server().accepts(token)).as(story(service)).isNotEqualTo(service.revokes());
        assertThat(get(tokenOf(service, connection)).body()).contains("\"error\":\"not_connected\"");
    }

    private static int granted(List<ReceivedRequest> requests) {
        return (int) requests.stream().filter(one -> one.refusal().isEmpty()).count();
    }

    private static void logInInABrowser(Service service, String connection) {
        Browser browser = new Browser();
        HttpResponse<String> login = browser.get(
                URI.create(cardea.url() + "/oauth/" + service.provider() + "/login?connection=" + connection));
        service.server().register(parameter(Browser.location(login), "redirect_uri"));

        HttpResponse<String> page = browser.follow(login, url -> false);

        assertThat(page.statusCode()).as(story(service) + page.body()).isEqualTo(200);
        assertThat(page.body()).contains("You are logged in");
    }

    private static void logInOnADevice(Service service, String connection) {
        HttpResponse<String> begun = post(service, "device", "{\"connection\":\"" + connection + "\"}");
        assertThat(begun.statusCode()).as(story(service) + begun.body()).isEqualTo(201);
        assertThat(member(begun, "verification_uri")).isEqualTo(service.server().url() + "/device");
        service.server().person().approvesDevice(member(begun, "user_code"));

        String flow = "/oauth/flows/" + member(begun, "flow");
        Cardea.eventually(
                SOON,
                () -> !member(get(flow), "status").equals("pending"),
                () -> story(service) + get(flow).body());
        assertThat(member(get(flow), "status")).as(story(service)).isEqualTo("complete");
    }

    private static void pasteTheCode(Service service, String connection) {
        HttpResponse<String> begun = post(service, "authorize", "{\"connection\":\"" + connection + "\"}");
        assertThat(begun.statusCode()).as(story(service) + begun.body()).isEqualTo(201);
        String url = member(begun, "authorization_url");
        service.server().register(parameter(URI.create(url), "redirect_uri"));
        Redirect page = service.server().open(url);
        String shown = page.code() + "#" + page.parameter("state").orElseThrow();

        HttpResponse<String> pasted =
                cardea.call("/oauth/flows/" + member(begun, "flow"), "{\"code\":\"" + shown + "\"}");

        assertThat(pasted.statusCode()).as(story(service) + pasted.body()).isEqualTo(200);
    }

    private static String tokenOf(Service service, String connection) {
        return "/oauth/" + service.provider() + "/token?connection=" + connection;
    }

    private static HttpResponse<String> get(String path) {
        return cardea.get(path, "Authorization", "Bearer " + cardea.apiKey());
    }

    private static HttpResponse<String> post(Service service, String what, String json) {
        return cardea.call("/oauth/" + service.provider() + "/" + what, json);
    }

    /** What a service was asked, and what it had against it. */
    private static String story(Service service) {
        return service
                + service.server().requests().stream()
                        .map(request -> "\n  " + request)
                        .collect(Collectors.joining("", " was asked:", "\n"))
                + cardea.log();
    }
}
