package io.cardea.oauth.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.fixture.DirectContext;
import io.cardea.core.fixture.LocalServer;
import io.cardea.core.fixture.LocalServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An ordinary provider with an authorization server of its own on loopback. */
final class Acme implements AutoCloseable {

    static final String TOKEN = "{\"access_token\":\"the-access-token\",\"token_type\":\"bearer\"}";
    static final AuthorizationCode CODE = new AuthorizationCode(
            "the-code", "the-state", "http://localhost:8180/oauth/acme/callback", Optional.of("the-verifier"));

    final LocalServer server = new LocalServer();
    final DirectContext context = new DirectContext();
    private final Map<String, String> settings = new LinkedHashMap<>();

    Acme() throws IOException {
        set("token_endpoint", server.url("/token"));
        set("client_id", "the-client");
    }

    Acme set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    Acme answering(String path, int status, String body) {
        server.answer(path, Answer.json(status, body));
        return this;
    }

    StandardProvider provider() {
        return new StandardProvider(
                ProviderDefinition.named("acme").configure(settings).build()) {};
    }

    static Map<String, String> query(URI url) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String parameter : url.getRawQuery().split("&")) {
            String[] pair = parameter.split("=", 2);
            if (query.put(pair[0], URLDecoder.decode(pair[1], UTF_8)) != null) {
                throw new AssertionError(pair[0] + " is repeated");
            }
        }
        return query;
    }

    @Override
    public void close() {
        server.close();
    }
}
