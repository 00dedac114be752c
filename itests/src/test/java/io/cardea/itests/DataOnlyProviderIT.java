package io.cardea.itests;

import static io.cardea.itests.Answers.member;
import static io.cardea.itests.Answers.parameter;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.spy.ServiceProperties;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in the deploy folder make providers, change them and take them away, while Cardea runs. */
class DataOnlyProviderIT {

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static CannedServer server;
    private static Cardea cardea;

    @BeforeAll
    static void start() {
        server = new CannedServer();
        cardea = Cardea.started(folder);
        plain("bystander");
        untilLogin(PATIENCE, "bystander", 302);
    }

    @AfterAll
    static void stop() {
        cardea.close();
        server.close();
    }

    @Test
    void a_file_makes_a_provider_and_its_deletion_takes_it_away_within_two_seconds() throws IOException {
        plain("acme", "display_name = Acme", "scope = read write");

        untilLogin(SOON, "acme", 302);
        assertThat(listed("acme"))
                .contains(
                        "\"display_name\":\"Acme\"",
                        "\"supports_pkce\":true",
                        "\"scopes\":[\"read\",\"write\"]",
                        "\"flows\":[\"authorization_code\"]",
                        "\"is_available\":true",
                        "\"plugin_name\":\"io.cardea.core\"");
        String before = listed("bystander");

        Files.delete(cardea.configuration("acme"));

        untilLogin(SOON, "acme", 404);
        assertThat(cardea.get("/oauth/providers").body()).doesNotContain("acme");
        assertThat(listed("bystander")).isEqualTo(before);
    }

    @Test
    void a_changed_file_changes_the_provider_within_two_seconds() {
        plain("changing", "client_id = before");
        untilLogin(PATIENCE, "changing", 302);

        plain("changing", "client_id = after", "display_name = Changed");

        Cardea.eventually(SOON, () -> listed("changing").contains("Changed"), cardea::log);
        assertThat(parameter(Browser.location(login("changing")), "client_id")).isEqualTo("after");
    }

    @Test
    void a_name_may_have_hyphens() {
        plain("two-hyphens-here");

        untilLogin(PATIENCE, "two-hyphens-here", 302);
    }

    @Test
    void an_unknown_key_is_named_and_its_value_is_not() {
        plain("misspelt", "client_secrte = hunter2");

        assertUnavailable("misspelt", "unknown key client_secrte");
        assertThat(told("misspelt")).doesNotContain("hunter2");
        untilLogin(PATIENCE, "bystander", 302);
    }

    @Test
    void a_value_that_cannot_be_is_told_by_its_key_alone() {
        Map<String, String> wrong = Map.ofEntries(
                Map.entry("pkce", "hunter2"),
                Map.entry("client_auth", "hunter2"),
                Map.entry("response_mode", "hunter2"),
                Map.entry("token_body", "hunter2"),
                Map.entry("expires_unit", "hunter2"),
                Map.entry("default_lifetime", "hunter2"),
                Map.entry("token_endpoint", "hunter2"),
                Map.entry("issuer", "http://hunter2.example"),
                Map.entry("redirect_uri", "hunter2"),
                Map.entry("allowed_hosts", "hunter2/"),
                Map.entry("private_key", "hunter2"),
                Map.entry("token_field.access_token", "hunter2"),
                Map.entry("id_token_signed_response_alg", "hunter2"));
        wrong.forEach((key, value) -> plain(wrongIn(key), key + " = " + value));

        wrong.keySet().forEach(key -> assertUnavailable(wrongIn(key), key + " must "));
        assertThat(cardea.get("/oauth/providers").body() + cardea.log()).doesNotContain("hunter2");
        untilLogin(PATIENCE, "bystander", 302);
    }

    private static String wrongIn(String key) {
        return "wrong-" + key.replaceAll("[^a-z]", "-");
    }

    @Test
    void a_private_key_that_is_pasted_into_the_file_is_not_repeated() {
        try (ClientKey key = new ClientKey()) {
            plain("pasted-key", "private_key = " + key.pem());

            assertUnavailable("pasted-key", "pasted-key: ");
            assertThat(key.pem().lines().filter(line -> line.length() == 64))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(told("pasted-key")).doesNotContain(line));
        }
    }

    @Test
    void a_variable_that_is_missing_is_named_and_fills_the_url_when_it_is_there() {
        String[] endpoints = {
            "authorization_endpoint = https://login.example/{tenant}/authorize",
            "token_endpoint = https://login.example/{tenant}/token",
            "client_id = an-id"
        };
        cardea.configure("tenants", endpoints);
        assertUnavailable("tenants", "set variable.tenant in deploy/io.cardea.provider~tenants.cfg");

        cardea.configure("tenants", endpoints[0], endpoints[1], endpoints[2], "variable.tenant = my-tenant");

        untilLogin(PATIENCE, "tenants", 302);
        assertThat(Browser.location(login("tenants")).toString())
                .startsWith("https://login.example/my-tenant/authorize?");
    }

    @Test
    void a_name_that_cannot_be_is_refused_in_the_log() {
        plain("Not_Ok");

        Cardea.eventually(
                PATIENCE,
                () -> cardea.log()
                        .contains("io.cardea.provider~Not_Ok.cfg is not deployed: the provider's name, after"),
                cardea::log);
        assertThat(cardea.get("/oauth/providers").body()).doesNotContain("Not_Ok");
        untilLogin(PATIENCE, "bystander", 302);
    }

    @Test
    void a_file_that_nobody_reads_is_warned_of_with_the_name_that_it_should_have() throws IOException {
        for (String name : new String[] {"io.cardea.providr~typo", "typo"}) {
            Path file = cardea.deploy().resolve(name + ".cfg");
            Files.writeString(file, "client_id = c\nissuer = https://typo.example\n");
            Cardea.eventually(
                    Duration.ofSeconds(30),
                    () -> cardea.log()
                            .contains("No component reads " + name
                                    + ".cfg, so it has no effect. A provider that is only data"),
                    cardea::log);
            Files.delete(file);
        }
        assertThat(cardea.log()).doesNotContain("No component reads io.cardea.provider");
    }

    @Test
    void a_file_with_an_asterisk_for_a_name_is_nobodys_else() throws IOException {
        plain("*");
        Cardea.eventually(
                PATIENCE,
                () -> cardea.log().contains("io.cardea.provider~*.cfg is not deployed: its name"),
                cardea::log);
        Files.delete(cardea.configuration("*"));

        // By then FileInstall has seen that it is gone.
        plain("after-the-asterisk");
        untilLogin(PATIENCE, "after-the-asterisk", 302);
        assertThat(cardea.log().lines().filter(line -> line.contains("Provider bystander (")))
                .as("it came, and has not left")
                .hasSize(1);
    }

    @Test
    void a_secret_that_is_written_later_is_read_by_itself() {
        plain("late", "client_secret = $[secret:itest-late]");
        assertUnavailable("late", "client_secret = $[secret:itest-late]");

        try (SecretFile secret = SecretFile.written("itest-late", "the-first-secret\n")) {
            untilLogin(PATIENCE, "late", 302);
            assertThat(exchanged("late")).contains("client_secret=the-first-secret");

            SecretFile.written("itest-late", "the-second-secret\n");

            // Until then logins fail, too: a provider whose configuration changes is away for a moment.
            Cardea.eventually(
                    PATIENCE,
                    () -> completed("late").statusCode() == 200
                            && server.lastAsked("/token").body().contains("client_secret=the-second-secret"),
                    cardea::log);
            plain("late", "client_secret = $[secret:itest-late]", "display_name = Edited afterwards");
            Cardea.eventually(PATIENCE, () -> listed("late").contains("Edited afterwards"), cardea::log);
            assertThat(secret).isNotNull();
        }
        untilLogin(PATIENCE, "late", 503);
    }

    @Test
    void a_secret_that_is_written_out_works_and_is_warned_of_once() {
        plain("outspoken", "client_secret = written-out");
        untilLogin(PATIENCE, "outspoken", 302);
        assertThat(exchanged("outspoken")).contains("client_secret=written-out");

        plain("outspoken", "client_secret = written-out", "display_name = Outspoken");

        Cardea.eventually(PATIENCE, () -> listed("outspoken").contains("Outspoken"), cardea::log);
        assertThat(cardea.log()
                        .lines()
                        .filter(line -> line.contains("written out in io.cardea.provider~outspoken.cfg")))
                .singleElement()
                .asString()
                .contains("WARN", "client_secret is written out", "$[secret:<name>]");
        assertThat(cardea.log()).doesNotContain("client_secret=written-out", "= written-out");
    }

    @Test
    void a_secret_that_others_may_read_is_warned_of() {
        try (SecretFile open = SecretFile.written("itest-open", "anything", "rw-r--r--")) {
            Cardea.eventually(
                    PATIENCE,
                    () -> cardea.log().contains("Others may read or write the secret itest-open; run: chmod go-rwx"),
                    cardea::log);
            assertThat(open).isNotNull();
        }
    }

    @Test
    void a_secret_is_in_no_service_property_and_in_no_file() throws Exception {
        try (SecretFile secret = SecretFile.written("itest-hidden", "hidden-in-a-file\n")) {
            plain("hidden", "client_secret = $[secret:itest-hidden]");
            plain("hidden-too", "client_secret = hidden-in-plain-sight", "token_header.X-Key = hidden-in-a-header");
            untilLogin(PATIENCE, "hidden", 302);
            untilLogin(PATIENCE, "hidden-too", 302);
            ProviderJar.write(cardea.deploy().resolve("spy.jar"), ServiceProperties.class, "1.0.0");
            Path seen = cardea.data().resolve(ServiceProperties.FILE);
            // Until then the jar's own copy is in the data folder, too.
            Cardea.eventually(
                    PATIENCE, () -> Files.exists(seen) && cardea.log().contains("Deployed spy.jar"), cardea::log);

            assertThat(Files.readString(seen))
                    .contains("service.pid=io.cardea.provider~hidden", "service.pid=io.cardea.provider~hidden-too");
            try (var files = Files.walk(cardea.data())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(new String(bytes(file), ISO_8859_1))
                            .as(file.toString())
                            .doesNotContain("hidden-in-a-file", "hidden-in-plain-sight", "hidden-in-a-header");
                }
            }
            assertThat(secret).isNotNull();
        }
    }

    /** None of one that has gone since it was found. */
    private static byte[] bytes(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException gone) {
            return new byte[0];
        }
    }

    @Test
    void a_server_that_departs_from_the_standard_is_met_where_it_is() {
        server.answering(
                "/odd/token",
                "{\"data\":{\"token\":\"a-token\",\"again\":\"a-refresh-token\",\"ends\":32503680000000,"
                        + "\"may\":\"read,write\"}}");
        server.answering("/odd/refresh", "{\"data\":{\"token\":\"a-newer-token\",\"may\":\"read,write\"}}");
        cardea.configure(
                "odd",
                "authorization_endpoint = " + server.url() + "/odd/authorize",
                "token_endpoint = " + server.url() + "/odd/token",
                "refresh_endpoint = " + server.url() + "/odd/refresh",
                "client_id = an-id",
                "scope = read write",
                "scope_separator = ,",
                "authorization_parameter.access_type = offline",
                "token_body = json",
                "token_header.X-Api-Version = 2026-11-01",
                "token_parameter.audience = api",
                "token_field.access_token = /data/token",
                "token_field.refresh_token = /data/again",
                "token_field.expires_in = /data/ends",
                "token_field.scope = /data/may",
                "expires_unit = epoch_milliseconds",
                "refresh_parameter.tenant = mine");
        untilLogin(PATIENCE, "odd", 302);

        URI url = Browser.location(login("odd"));
        assertThat(parameter(url, "scope")).isEqualTo("read,write");
        assertThat(parameter(url, "access_type")).isEqualTo("offline");

        assertThat(completed("odd").statusCode()).as(cardea.log()).isEqualTo(200);
        CannedServer.Asked exchange = server.lastAsked("/odd/token");
        assertThat(exchange.headers().getFirst("X-Api-Version")).isEqualTo("2026-11-01");
        assertThat(exchange.headers().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(exchange.body())
                .startsWith("{")
                .contains("\"code\":\"a-code\"", "\"client_id\":\"an-id\"", "\"audience\":\"api\"");

        HttpResponse<String> refreshed = cardea.call("/oauth/odd/refresh", "{\"connection\":\"default\"}");
        assertThat(refreshed.statusCode()).as(refreshed.body()).isEqualTo(200);
        assertThat(refreshed.body()).contains("\"access_token\":\"a-newer-token\"", "\"scope\":\"read write\"");
        assertThat(server.lastAsked("/odd/refresh").body())
                .contains("\"refresh_token\":\"a-refresh-token\"", "\"tenant\":\"mine\"")
                .doesNotContain("audience");
    }

    @Test
    void a_host_that_is_not_allowed_is_refused_though_the_issuer_names_it() {
        String issuer = server.url() + "/issuer";
        server.answering(
                "/issuer/.well-known/openid-configuration",
                "{\"issuer\":\"" + issuer + "\",\"authorization_endpoint\":\"" + issuer
                        + "/authorize\",\"token_endpoint\":\"https://elsewhere.example/token\"}");
        cardea.configure("anywhere", "issuer = " + issuer, "client_id = an-id");
        cardea.configure("nowhere-else", "issuer = " + issuer, "client_id = an-id", "allowed_hosts = as.example");
        untilLogin(PATIENCE, "anywhere", 302);

        untilLogin(PATIENCE, "nowhere-else", 502);

        String why = "The metadata of " + server.url() + " names a token_endpoint that must not be used";
        assertThat(login("nowhere-else").body()).contains(why);
        assertThat(cardea.log()).contains("Issuer " + issuer + ": " + why);
    }

    @Test
    void an_issuer_that_calls_itself_otherwise_is_refused_and_page_and_log_say_so() {
        server.answering(
                "/alias/.well-known/openid-configuration",
                "{\"issuer\":\"https://as.example\",\"authorization_endpoint\":\"https://as.example/authorize\","
                        + "\"token_endpoint\":\"https://as.example/token\"}");
        cardea.configure("alias", "issuer = " + server.url() + "/alias", "client_id = an-id");

        untilLogin(PATIENCE, "alias", 502);

        String why = "The metadata of " + server.url() + " names another issuer";
        assertThat(login("alias").body()).contains(why);
        assertThat(cardea.log()).contains("/alias: " + why);
    }

    @Test
    void an_answer_that_the_providers_page_posts_ends_the_login() {
        plain("posting", "response_mode = form_post");
        untilLogin(PATIENCE, "posting", 302);
        Browser browser = new Browser();
        URI url = Browser.location(browser.get(URI.create(cardea.url() + "/oauth/posting/login")));
        assertThat(parameter(url, "response_mode")).isEqualTo("form_post");

        // With no cookie, for a browser sends none with a form that another site posts.
        HttpResponse<String> handedOn = cardea.send(new Form()
                .with("code", "a-code")
                .with("state", parameter(url, "state"))
                .post(URI.create(parameter(url, "redirect_uri")))
                .header("Origin", server.url())
                .header("Sec-Fetch-Site", "cross-site")
                .header("Sec-Fetch-Mode", "navigate"));
        assertThat(handedOn.statusCode()).as(handedOn.body()).isEqualTo(303);
        HttpResponse<String> page = browser.get(Browser.location(handedOn));

        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        assertThat(page.body()).contains("You are logged in");
    }

    @Test
    void a_fixed_redirect_uri_of_this_machine_is_listened_on_until_the_login_is_over() throws IOException {
        String redirectUri = "http://localhost:" + freePort() + "/auth/callback";
        Cardea brief = new Cardea(Files.createDirectory(folder.resolve("brief"))).with("CARDEA_LOGIN_TTL", "4");
        brief.configure("fixed", lines(List.of("redirect_uri = " + redirectUri)));
        brief.start("start");
        try {
            Cardea.eventually(
                    PATIENCE,
                    () -> brief.get("/oauth/providers").body().contains("\"fixed\":{"),
                    () -> brief.get("/oauth/providers").body());
            assertThat(isListenedOn(redirectUri)).as("before a login").isFalse();
            Browser browser = new Browser();

            URI url = Browser.location(browser.get(URI.create(brief.url() + "/oauth/fixed/login")));
            assertThat(parameter(url, "redirect_uri")).isEqualTo(redirectUri);
            URI callback = Browser.location(
                    browser.get(URI.create(redirectUri + "?code=a-code&state=" + parameter(url, "state"))));
            assertThat(callback.toString()).startsWith(brief.url() + "/oauth/fixed/callback?");
            HttpResponse<String> page = browser.get(callback);

            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            assertThat(server.lastAsked("/token").body())
                    .contains(new Form().with("redirect_uri", redirectUri).body());
            Cardea.eventually(PATIENCE, () -> !isListenedOn(redirectUri), () -> redirectUri + " is listened on");
        } finally {
            brief.kill();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isListenedOn(String url) {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(url).getPort())) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A provider at the server, like any other but for some settings. */
    private static void plain(String provider, String... settings) {
        cardea.configure(provider, lines(List.of(settings)));
    }

    private static String[] lines(List<String> settings) {
        server.answering("/token", "{\"access_token\":\"a-token\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
        List<String> lines = new ArrayList<>(List.of(
                "authorization_endpoint = " + server.url() + "/authorize",
                "token_endpoint = " + server.url() + "/token",
                "client_id = an-id"));
        lines.addAll(settings);
        return lines.toArray(String[]::new);
    }

    private static HttpResponse<String> login(String provider) {
        return cardea.get("/oauth/" + provider + "/login");
    }

    private static void untilLogin(Duration within, String provider, int status) {
        Cardea.eventually(
                within,
                () -> login(provider).statusCode() == status,
                () -> login(provider).statusCode() + " " + login(provider).body() + "\n" + cardea.log());
    }

    /** A login from its beginning to its end, which the server never sees but at its token endpoint. */
    private static HttpResponse<String> completed(String provider) {
        Browser browser = new Browser();
        HttpResponse<String> login = browser.get(URI.create(cardea.url() + "/oauth/" + provider + "/login"));
        if (login.statusCode() != 302) {
            return login;
        }
        URI url = Browser.location(login);
        return browser.get(
                URI.create(parameter(url, "redirect_uri") + "?code=a-code&state=" + parameter(url, "state")));
    }

    /** What the token endpoint is sent at the end of a login. */
    private static String exchanged(String provider) {
        assertThat(completed(provider).statusCode()).as(cardea.log()).isEqualTo(200);
        return server.lastAsked("/token").body();
    }

    /** What the listing says of one provider. */
    private static String listed(String provider) {
        String all = cardea.get("/oauth/providers").body();
        int begin = all.indexOf('"' + provider + "\":{");
        return begin < 0 ? "" : all.substring(begin, all.indexOf('}', begin));
    }

    /** All that is said of a provider, to whom ever. */
    private static String told(String provider) {
        return listed(provider) + login(provider).body() + cardea.log();
    }

    /** It is there and cannot be used, and whoever looks at it is told why: in the listing, by its login, in the log. */
    private static void assertUnavailable(String provider, String why) {
        untilLogin(PATIENCE, provider, 503);
        assertThat(listed(provider)).contains("\"is_available\":false");
        assertThat(listed(provider)).containsPattern("\"unavailable_reason\":\"[^\"]*" + quoted(why));
        HttpResponse<String> login = login(provider);
        assertThat(member(login, "error")).isEqualTo("provider_unavailable");
        assertThat(member(login, "error_description")).contains(why);
        assertThat(login.headers().firstValue("Retry-After")).isPresent();
        assertThat(cardea.log().lines().filter(line -> line.contains("Provider " + provider + " (io.cardea.core ")))
                .anySatisfy(line -> assertThat(line).contains(why));
    }

    private static String quoted(String text) {
        return java.util.regex.Pattern.quote(text);
    }
}
