package io.cardea.itests;

import static io.cardea.itests.Answers.member;
import static io.cardea.itests.Answers.parameter;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No secret in plain in any file, though all there is is logged: each field that holds one gets a value that is found
 * nowhere else, is carried through all that Cardea does, and is looked for afterwards (security, rule 29).
 */
class SecretsAtRestIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final Map<String, String> secrets = new TreeMap<>();

    /** A value for a field, to be looked for. */
    private String secret(String field) {
        return remember(field, "x" + UUID.randomUUID().toString().replace("-", ""));
    }

    private String remember(String field, String value) {
        assertThat(secrets.put(field, value)).as(field).isNull();
        return value;
    }

    /** The distribution, but its log tells everything. */
    private Path loggingEverything() throws IOException {
        Path home = folder.resolve("home");
        try (Stream<Path> files = Files.walk(Cardea.HOME)) {
            for (Path file : files.toList()) {
                Path relative = Cardea.HOME.relativize(file);
                if (!Set.of("data", "deploy", "")
                        .contains(relative.subpath(0, 1).toString())) {
                    Files.copy(file, home.resolve(relative.toString()));
                } else if (relative.toString().isEmpty()) {
                    Files.createDirectory(home);
                }
            }
        }
        Path logback = home.resolve("conf/logback.xml");
        String config = Files.readString(logback);
        assertThat(config).contains("<root level=\"INFO\">");
        Files.writeString(logback, config.replace("<root level=\"INFO\">", "<root level=\"TRACE\">"));
        return home;
    }

    /** An issuer whose answers have a secret in each field that may hold one. */
    private void answering(CannedServer server, ClientKey key) {
        String issuer = server.url() + "/issuer";
        server.answering(
                "/issuer/.well-known/openid-configuration",
                "{\"issuer\":\"" + issuer + "\",\"authorization_endpoint\":\"" + issuer + "/authorize\""
                        + ",\"token_endpoint\":\"" + issuer + "/token\",\"jwks_uri\":\"" + key.jwkSet() + "\""
                        + ",\"userinfo_endpoint\":\"" + issuer + "/userinfo\""
                        + ",\"revocation_endpoint\":\"" + issuer + "/revoke\""
                        + ",\"device_authorization_endpoint\":\"" + issuer + "/device\""
                        + ",\"id_token_signing_alg_values_supported\":[\"RS256\"]}");
        server.answering("/issuer/userinfo", "{\"sub\":\"ada\",\"session\":\"" + secret("userinfo") + "\"}");
        server.answering("/issuer/revoke", "{}");
        server.answering(
                "/issuer/device",
                "{\"device_code\":\"" + secret("device_code") + "\",\"user_code\":\"WDJB-MJHT\",\"expires_in\":600"
                        + ",\"interval\":1,\"verification_uri\":\"" + issuer + "/device\""
                        + ",\"verification_uri_complete\":\"" + issuer + "/device?user_code=WDJB-MJHT\"}");
    }

    private String tokens(String which, Optional<String> idToken) {
        return "{\"access_token\":\"" + secret(which + " access_token") + "\",\"token_type\":\"Bearer\""
                + ",\"expires_in\":3600,\"refresh_token\":\"" + secret(which + " refresh_token") + "\",\"extra\":\""
                + secret(which + " extra member") + "\""
                + idToken.map(token -> ",\"id_token\":\"" + token + "\"").orElse("") + "}";
    }

    private String idToken(ClientKey key, String issuer, String nonce) {
        long now = Instant.now().getEpochSecond();
        return remember(
                "id_token",
                key.signed("{\"iss\":\"" + issuer + "\",\"sub\":\"ada\",\"aud\":\"an-id\",\"iat\":" + now + ",\"exp\":"
                        + (now + 600) + ",\"nonce\":\"" + nonce + "\"}"));
    }

    private static HttpResponse<String> withKey(Cardea cardea, String path) {
        return cardea.get(path, "Authorization", "Bearer " + cardea.apiKey());
    }

    private HttpResponse<String> callback(Cardea cardea, HttpResponse<String> login, String query) {
        return cardea.get(
                "/oauth/canary/callback?" + query,
                "Cookie",
                login.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0]);
    }

    /** All that Cardea does with secrets, well and badly. */
    private void use(Cardea cardea, CannedServer server, ClientKey key) {
        String issuer = server.url() + "/issuer";
        Cardea.eventually(SOON, () -> cardea.get("/oauth/canary/login").statusCode() == 302, cardea::log);

        HttpResponse<String> login = cardea.get("/oauth/canary/login");
        URI request = Browser.location(login);
        String state = remember("state", parameter(request, "state"));
        remember("nonce", parameter(request, "nonce"));
        remember(
                "cookie",
                login.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst("^[^=]*=([^;]*).*", "$1"));
        server.answering(
                "/issuer/token", tokens("first", Optional.of(idToken(key, issuer, parameter(request, "nonce")))));
        HttpResponse<String> done = callback(cardea, login, "code=" + secret("code") + "&state=" + state);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        remember("code_verifier", field(server.lastAsked("/issuer/token").body(), "code_verifier"));
        assertThat(member(withKey(cardea, "/oauth/canary/token"), "access_token"))
                .isEqualTo(secrets.get("first access_token"));

        // Refused at once: a callback that is shown again, a code for a state that is not there, an answer that is
        // none.
        assertThat(callback(cardea, login, "code=" + secrets.get("code") + "&state=" + state)
                        .statusCode())
                .isEqualTo(400);
        assertThat(callback(cardea, login, "code=" + secret("stray code") + "&state=" + secret("stray state"))
                        .statusCode())
                .isEqualTo(400);
        HttpResponse<String> failing = cardea.get("/oauth/canary/login?connection=failing");
        server.answering("/issuer/token", "<html>" + secret("no JSON") + "</html>");
        callback(
                cardea,
                failing,
                "code=" + secret("failing code") + "&state=" + parameter(Browser.location(failing), "state"));

        server.answering(
                "/issuer/token",
                "{\"error\":\"server_error\",\"error_description\":\"" + secrets.get("first refresh_token") + "\"}");
        assertThat(cardea.call("/oauth/canary/refresh", "{\"connection\":\"default\"}")
                        .statusCode())
                .isEqualTo(502);
        server.answering("/issuer/token", tokens("second", Optional.empty()));
        Cardea.eventually(
                SOON,
                () -> cardea.call("/oauth/canary/refresh", "{\"connection\":\"default\"}")
                                .statusCode()
                        == 200,
                cardea::log);
        // By the token itself, as programs of before did it.
        server.answering("/issuer/token", tokens("third", Optional.empty()));
        HttpResponse<String> byToken = cardea.call(
                "/oauth/canary/refresh", "{\"refresh_token\":\"" + secrets.get("second refresh_token") + "\"}");
        assertThat(byToken.statusCode()).as(byToken.body()).isEqualTo(200);

        HttpResponse<String> device = cardea.call("/oauth/canary/device", "{\"connection\":\"device\"}");
        assertThat(device.statusCode()).as(device.body()).isBetween(200, 201);
        server.answering("/issuer/token", tokens("device", Optional.empty()));
        Cardea.eventually(
                SOON,
                () -> withKey(cardea, "/oauth/canary/token?connection=device").statusCode() == 200,
                cardea::log);

        assertThat(cardea.get("/oauth/canary/token", "Authorization", "Bearer " + secret("foreign API key"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(cardea.get("/oauth/canary/token?access_token=" + secret("a token in a query"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(cardea.post("/oauth/canary/revoke", "{\"refresh_token\": \"" + secret("half a body"))
                        .statusCode())
                .isEqualTo(401);
        cardea.call("/oauth/canary/revoke", "{\"token\": \"" + secret("token of nobody") + "\"}");
        cardea.call("/oauth/canary/revoke", "{\"connection\":\"device\"}");
        remember("api-key", cardea.apiKey());
        remember(
                "vault-key",
                Cardea.read(cardea.data().resolve("keys/vault-key")).strip());
    }

    private static String field(String form, String name) {
        return parameter(URI.create("form:?" + form), name);
    }

    /** The forms in which somebody could have written it. */
    private static List<String> written(String secret) {
        List<String> forms = new ArrayList<>(List.of(
                secret,
                URLEncoder.encode(secret, UTF_8),
                HexFormat.of().formatHex(secret.getBytes(UTF_8)),
                new StringBuilder(secret).reverse().toString()));
        // What it becomes in Base64 depends on what stands before it: without the digits that neighbours have a share
        // in.
        for (int before = 0; before < 3; before++) {
            String encoded =
                    Base64.getEncoder().withoutPadding().encodeToString((" ".repeat(before) + secret).getBytes(UTF_8));
            forms.add(encoded.substring(before == 0 ? 0 : before + 1, encoded.length() - 2));
        }
        return forms;
    }

    private Map<String, String> found(Set<Path> allowed) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !allowed.contains(file))
                    .toList()) {
                String content = new String(Files.readAllBytes(file), ISO_8859_1);
                secrets.forEach((field, value) -> {
                    if (written(value).stream().anyMatch(content::contains)) {
                        found.put(field + " in " + folder.relativize(file), value);
                    }
                });
            }
        }
        return found;
    }

    @Test
    void no_secret_is_in_any_file_though_everything_is_logged() throws Exception {
        Path home = loggingEverything();
        Path secretFile = home.resolve("conf/secrets/canary");
        Files.createFile(
                secretFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secretFile, secret("client_secret"));
        Path data;
        try (CannedServer server = new CannedServer();
                ClientKey key = new ClientKey();
                Cardea cardea = new Cardea(home, folder)) {
            answering(server, key);
            cardea.configure(
                    "canary",
                    "issuer = " + server.url() + "/issuer",
                    "client_id = an-id",
                    "client_secret = $[secret:canary]",
                    "scope = openid offline_access",
                    "token_header.X-Key = " + secret("token_header"),
                    "token_parameter.pin = " + secret("token_parameter"));
            cardea.start("start");
            data = cardea.data();
            use(cardea, server, key);
            assertThat(cardea.log()).contains("TRACE", "DEBUG");
        }
        assertThat(secrets).hasSizeGreaterThan(25);

        assertThat(found(Set.of(
                        // The user's own, and the two keys that are files.
                        secretFile,
                        folder.resolve("deploy/io.cardea.provider~canary.cfg"),
                        data.resolve("keys/api-key"),
                        data.resolve("keys/vault-key"))))
                .isEmpty();
        // Who looks for what is there finds it.
        assertThat(found(Set.of())).containsKey("client_secret in home/conf/secrets/canary");
    }
}
