package io.cardea.itests;

import static io.cardea.itests.Answers.member;
import static io.cardea.itests.Answers.parameter;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.acme.AcmeProvider;
import io.cardea.itests.consumer.TokenConsumer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs ask for with an API key, after logins to the playground: tokens, connections, events; and what is left. */
class ProgramDoorIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LISTENERS = 64;

    @TempDir
    static Path folder;

    private static Cardea cardea;

    @BeforeAll
    static void start() {
        cardea = Cardea.demo(folder);
    }

    @AfterAll
    static void stop() {
        cardea.close();
    }

    private static HttpResponse<String> get(String path) {
        return cardea.get(path, "Authorization", "Bearer " + cardea.apiKey());
    }

    private static HttpResponse<String> delete(String path) {
        return cardea.send(cardea.request(path, "Authorization", "Bearer " + cardea.apiKey())
                .DELETE());
    }

    private static HttpResponse<String> post(String path, String json) {
        return cardea.call(path, json);
    }

    private static void login(String connection, String decision) {
        PlaygroundPerson ada = new PlaygroundPerson();
        URI login = URI.create(cardea.url() + "/oauth/playground/login?connection=" + connection);
        ada.get(ada.answerAt(PlaygroundPerson.location(ada.get(login)), decision));
    }

    private static void login(String connection) {
        login(connection, "approve");
        assertThat(get("/oauth/connections/playground/" + connection).statusCode())
                .isEqualTo(200);
    }

    private static String audit() {
        return Cardea.read(cardea.data().resolve("audit.log"));
    }

    private static void untilAudited(String... texts) {
        Cardea.eventually(
                SOON,
                () -> audit().lines().anyMatch(line -> {
                    for (String text : texts) {
                        if (!line.contains(text)) {
                            return false;
                        }
                    }
                    return true;
                }),
                ProgramDoorIT::audit);
    }

    @Test
    void a_token_is_handed_out_while_it_is_good() {
        login("token");
        HttpResponse<String> first = get("/oauth/playground/token?connection=token");

        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.body())
                .contains(
                        "\"token_type\":\"Bearer\"",
                        "\"expires_in\":",
                        "\"expires_at\":",
                        "\"scope\":",
                        "\"provider\":\"playground\"",
                        "\"connection\":\"token\"")
                .doesNotContain("refresh_token");
        assertThat(first.headers().firstValue("Cache-Control")).contains("no-store");
        String token = member(first, "access_token");
        assertThat(cardea.get("/playground/userinfo", "Authorization", "Bearer " + token)
                        .statusCode())
                .isEqualTo(200);
        assertThat(member(get("/oauth/playground/token?connection=token&min_ttl=60"), "access_token"))
                .isEqualTo(token);
        assertThat(member(get("/oauth/playground/token?connection=token&min_ttl=86400"), "access_token"))
                .as("its tokens live for five minutes, all of them")
                .isEqualTo(token);
    }

    private static String token(String value, int lifetime) {
        return "{\"access_token\":\"" + value + "\",\"token_type\":\"Bearer\",\"expires_in\":" + lifetime
                + ",\"refresh_token\":\"b\"}";
    }

    /** Logs in to a provider whose token endpoint gives a token that ends in a second. */
    private static void logInShortly(CannedServer server, String provider, String connection) {
        cardea.configure(
                provider,
                "authorization_endpoint = " + server.url() + "/authorize",
                "token_endpoint = " + server.url() + "/token",
                "client_id = an-id");
        String path = "/oauth/" + provider + "/login?connection=" + connection;
        Cardea.eventually(SOON, () -> cardea.get(path).statusCode() == 302, cardea::log);
        server.answering("/token", token("a-token", 1));
        HttpResponse<String> login = cardea.get(path);
        HttpResponse<String> end = cardea.get(
                "/oauth/" + provider + "/callback?code=c&state=" + parameter(Browser.location(login), "state"),
                "Cookie",
                login.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0]);
        assertThat(end.statusCode()).as(end.body()).isEqualTo(200);
    }

    @Test
    void a_token_that_would_end_too_soon_is_refreshed_first() {
        try (CannedServer server = new CannedServer()) {
            logInShortly(server, "short", "default");
            server.answering("/token", token("next-token", 3600));

            Cardea.eventually(
                    SOON,
                    () -> member(get("/oauth/short/token"), "access_token").equals("next-token"),
                    () -> get("/oauth/short/token").body());
            assertThat(server.lastAsked("/token").body()).contains("grant_type=refresh_token", "refresh_token=b");
        }
    }

    @Test
    void a_token_that_cannot_be_had_is_told_why() {
        assertThat(get("/oauth/playground/token?connection=nobody").statusCode())
                .isEqualTo(404);
        assertThat(get("/oauth/playground/token?connection=nobody").body()).contains("\"error\":\"not_connected\"");
        assertThat(get("/oauth/nobody/token").body()).contains("\"error\":\"unknown_provider\"");
        assertThat(get("/oauth/playground/token?min_ttl=soon").body()).contains("min_ttl must be");
        assertThat(get("/oauth/playground/token?connection=a%2Fb").statusCode()).isEqualTo(400);
        assertThat(cardea.get("/oauth/playground/token").statusCode()).isEqualTo(401);
        assertThat(post("/oauth/playground/token", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void a_connection_whose_grant_has_ended_says_where_to_log_in_again() {
        try (CannedServer server = new CannedServer()) {
            logInShortly(server, "ending", "work");
            server.answering("/token", "{\"error\":\"invalid_grant\"}");

            assertEnded(post("/oauth/ending/refresh", "{\"connection\":\"work\"}"));
            // Until its end the token is good.
            Cardea.eventually(
                    SOON,
                    () -> get("/oauth/ending/token?connection=work").statusCode() != 200,
                    () -> "the token does not end");
            assertEnded(get("/oauth/ending/token?connection=work"));
            assertThat(get("/oauth/connections/ending/work").body()).contains("\"state\":\"reauthorization_required\"");
            untilAudited("\"refresh.failed\"", "\"ending\"", "reauthorization_required");
        }
    }

    private static void assertEnded(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body()).contains("\"error\":\"reauthorization_required\"");
        assertThat(member(answer, "login_url")).isEqualTo(cardea.url() + "/oauth/ending/login?connection=work");
    }

    @Test
    void connections_are_listed_seen_and_revoked_and_never_with_a_token() {
        login("ada@example.org");
        login("a._-b");
        String token = member(get("/oauth/playground/token?connection=a._-b"), "access_token");

        String list = get("/oauth/connections?provider=playground").body();
        assertThat(list)
                .startsWith("[{")
                .contains(
                        "\"connection\":\"ada@example.org\"",
                        "\"connection\":\"a._-b\"",
                        "\"state\":\"active\"",
                        "\"account\":\"ada@playground.example\"",
                        "\"fingerprint\":\"")
                .doesNotContain(token, "access_token", "refresh_token");
        assertThat(get("/oauth/connections?provider=github").body()).isEqualTo("[]");
        assertThat(get("/oauth/connections/playground/ada%40example%2Eorg").body())
                .contains("\"connection\":\"ada@example.org\"", "\"created_at\":", "\"expires_at\":");

        assertThat(delete("/oauth/connections/playground/a._-b").statusCode()).isEqualTo(204);
        assertThat(cardea.get("/playground/userinfo", "Authorization", "Bearer " + token)
                        .statusCode())
                .as("revoked there, too")
                .isEqualTo(401);
        assertThat(delete("/oauth/connections/playground/a._-b").body()).contains("\"error\":\"not_connected\"");
        assertThat(get("/oauth/connections/playground/a._-b").statusCode()).isEqualTo(404);
    }

    @Test
    void a_path_that_was_encoded_to_mean_something_else_does_not() {
        for (String path : new String[] {
            "/oauth/connections/playground/a%2Fb",
            "/oauth/connections/playground/%2e%2e",
            "/oauth/connections/playground%2Fdefault",
            "/oauth/connections/playground/a%00b",
            "/oauth/connections/playground/%3Cscript%3E",
            "/oauth/connections/playground/a;b",
            "/oauth/connections/playground",
            "/oauth/connections/playground/a/b"
        }) {
            HttpResponse<String> answer = get(path);

            assertThat(answer.statusCode()).as(path).isIn(400, 404);
            assertThat(answer.body()).as(path).doesNotContain("<script>");
            assertThat(delete(path).statusCode()).as(path).isIn(400, 404);
        }
    }

    @Test
    void nobody_sees_anything_without_the_key_and_who_tries_is_written_down() {
        for (String path : List.of(
                "/oauth/playground/token",
                "/oauth/connections",
                "/oauth/connections/playground/default",
                "/oauth/events")) {
            assertThat(cardea.get(path).statusCode()).as(path).isEqualTo(401);
            assertThat(cardea.get(path, "Authorization", "Bearer wrong-key").statusCode())
                    .as(path)
                    .isEqualTo(401);
        }
        // printf wrong-key | sha256sum
        untilAudited("\"key.refused\"", "\"action\":\"token\"", "\"provider\":\"playground\"", "5e179de4");
        untilAudited("\"key.refused\"", "\"action\":\"events\"", "\"remote_address\":\"127.0.0.1\"");
        assertThat(audit()).doesNotContain("wrong-key", cardea.apiKey());
    }

    @Test
    void who_listens_hears_of_logins_refreshes_and_revocations_and_of_what_was_missed() {
        String last;
        try (EventListener listener = new EventListener(cardea, "/oauth/events")) {
            assertThat(listener.answer().statusCode()).isEqualTo(200);
            assertThat(listener.answer().headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(listener.answer().headers().firstValue("Cache-Control")).contains("no-store");
            login("heard");
            listener.until(
                    "connection.created", "\"provider\":\"playground\"", "\"connection\":\"heard\"", "\"time\":");
            last = listener.lastId();
        }
        post("/oauth/playground/refresh", "{\"connection\":\"heard\"}");
        post("/oauth/playground/revoke", "{\"connection\":\"heard\"}");

        for (EventListener late : List.of(
                new EventListener(cardea, "/oauth/events", "Last-Event-ID", last),
                new EventListener(cardea, "/oauth/events?last_event_id=" + last))) {
            late.until("connection.refreshed", "\"connection\":\"heard\"");
            late.until("connection.removed", "\"connection\":\"heard\"");
            assertThat(late.heard("connection.created", "\"connection\":\"heard\""))
                    .isFalse();
            late.close();
        }
    }

    @Test
    void who_listens_hears_of_providers_that_come_and_go() throws Exception {
        try (EventListener listener = new EventListener(cardea, "/oauth/events")) {
            Path jar = ProviderJar.write(folder.resolve("acme.jar"), AcmeProvider.class, "1.0.0");
            Files.copy(jar, cardea.deploy().resolve("acme.jar"));
            listener.until("provider.arrived", "\"provider\":\"acme\"", "io.cardea.itests.acme 1.0.0");
            Files.delete(cardea.deploy().resolve("acme.jar"));
            listener.until("provider.departed", "\"provider\":\"acme\"");
        }
        untilAudited("\"provider.arrived\"", "\"acme\"");
        untilAudited("\"provider.departed\"", "\"acme\"");
    }

    @Test
    void there_is_room_for_so_many_listeners_and_whoever_leaves_makes_room() {
        login("crowd");
        List<EventListener> crowd = new ArrayList<>();
        Cardea.eventually(
                SOON,
                () -> {
                    EventListener one = new EventListener(cardea, "/oauth/events");
                    if (one.answer().statusCode() == 200) {
                        crowd.add(one);
                    }
                    return one.answer().statusCode() == 503;
                },
                () -> crowd.size() + " listen");
        assertThat(crowd).as("listeners of other tests may be about to leave").hasSizeBetween(LISTENERS - 8, LISTENERS);

        crowd.forEach(EventListener::close);
        Cardea.eventually(
                SOON,
                () -> {
                    // What is written to those who have left is what tells.
                    post("/oauth/playground/refresh", "{\"connection\":\"crowd\"}");
                    List<EventListener> next = new ArrayList<>();
                    for (int i = 0; i < LISTENERS; i++) {
                        next.add(new EventListener(cardea, "/oauth/events"));
                    }
                    next.forEach(EventListener::close);
                    return next.stream().allMatch(one -> one.answer().statusCode() == 200);
                },
                () -> "places are not given back");
    }

    @Test
    void what_was_done_is_written_down_for_the_operator_alone_and_without_secrets() throws Exception {
        login("audited");
        String token = member(get("/oauth/playground/token?connection=audited"), "access_token");
        String next = member(post("/oauth/playground/refresh", "{\"connection\":\"audited\"}"), "access_token");
        post("/oauth/playground/revoke", "{\"connection\":\"audited\"}");
        login("audited", "deny");

        untilAudited("\"provider.arrived\"", "\"playground\"");
        untilAudited("\"login.completed\"", "\"audited\"", "ada@playground.example");
        untilAudited("\"refresh.completed\"", "\"audited\"");
        untilAudited("\"revocation.completed\"", "\"audited\"");
        untilAudited("\"login.failed\"", "\"audited\"", "\"access_denied\"");
        assertThat(audit()).doesNotContain(token, next, cardea.apiKey());
        assertThat(audit().lines()).allMatch(line -> line.startsWith("{\"time\":\"") && line.endsWith("\"}"));
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(cardea.data().resolve("audit.log"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_bundle_that_needs_tokens_gets_them_or_is_told_why() throws Exception {
        delete("/oauth/connections/playground/default");
        Path jar = ProviderJar.write(folder.resolve("consumer.jar"), TokenConsumer.class, "1.0.0");
        Files.copy(jar, cardea.deploy().resolve("consumer.jar"));
        Cardea.eventually(SOON, () -> cardea.get("/consumer").body().equals("not_connected"), cardea::log);

        login("default");
        String header = cardea.get("/consumer").body();

        assertThat(header).isEqualTo("Bearer " + member(get("/oauth/playground/token"), "access_token"));
        assertThat(cardea.get("/playground/userinfo", "Authorization", header).statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_listener_is_told_good_bye_when_cardea_stops(@TempDir Path other) throws Exception {
        EventListener listener;
        try (Cardea stopping = Cardea.started(other)) {
            listener = new EventListener(stopping, "/oauth/events");
            assertThat(listener.answer().statusCode()).isEqualTo(200);
        }
        assertThat(listener.endsWell()).isTrue();
    }
}
