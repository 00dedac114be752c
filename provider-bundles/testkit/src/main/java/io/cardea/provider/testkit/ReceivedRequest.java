package io.cardea.provider.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request that reached the server, and what the server had against it. */
public final class ReceivedRequest {

    /** What HTTP Basic carries: user name and password as they were written, not yet decoded as RFC 6749 wants. */
    record UserAndPassword(String user, String password) {}

    private final String method;
    private final URI uri;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final String body;
    private volatile Optional<Refusal> refusal = Optional.empty();
    private volatile int status;

    ReceivedRequest(String method, URI uri, Map<String, List<String>> headers, String body) {
        this.method = method;
        this.uri = uri;
        this.headers.putAll(headers);
        this.body = body;
    }

    public String method() {
        return method;
    }

    /** Without the query. */
    public String path() {
        return uri.getPath();
    }

    /** The first header of this name. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** Everything that came, in one text. */
    String everything() {
        return method + " " + uri + "\n" + headers + "\n" + body;
    }

    /** As it came. */
    public String body() {
        return body;
    }

    /**
     * The parameters of the query.
     *
     * @throws Refusal when one is there twice
     */
    public Map<String, String> query() {
        return Parameters.decode(Optional.ofNullable(uri.getRawQuery()).orElse(""));
    }

    /**
     * The parameters of a form.
     *
     * @throws Refusal when it is no form, or a parameter is there twice
     */
    public Map<String, String> form() {
        requireContentType("application/x-www-form-urlencoded");
        return Parameters.decode(body);
    }

    /**
     * The members of a JSON object, as texts.
     *
     * @throws Refusal when it is no JSON object
     */
    public Map<String, String> json() {
        requireContentType("application/json");
        return Json.members(body);
    }

    private void requireContentType(String wanted) {
        String type = header("Content-Type").orElse("none");
        if (!type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT).equals(wanted)) {
            throw new Refusal("invalid_request", "The content type must be " + wanted + ", and is " + type + ".");
        }
    }

    /** The bearer token (RFC 6750, section 2.1). */
    public Optional<String> bearer() {
        return header("Authorization")
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7));
    }

    /** User name and password of HTTP Basic (RFC 7617). */
    Optional<UserAndPassword> basic() {
        return header("Authorization")
                .filter(value -> value.regionMatches(true, 0, "Basic ", 0, 6))
                .map(value -> {
                    try {
                        return new String(Base64.getDecoder().decode(value.substring(6)), UTF_8);
                    } catch (IllegalArgumentException e) {
                        throw new Refusal("invalid_client", "The Authorization header is no Base64.");
                    }
                })
                .map(pair -> pair.split(":", 2))
                .filter(pair -> pair.length == 2)
                .map(pair -> new UserAndPassword(pair[0], pair[1]));
    }

    /** What the server had against it; absent when it was granted. */
    public Optional<Refusal> refusal() {
        return refusal;
    }

    void refuse(Refusal why) {
        refusal = Optional.of(why);
    }

    void answered(int with) {
        status = with;
    }

    boolean isAnswered() {
        return status != 0;
    }

    /** What was asked and what came of it, in words and without any secret. */
    @Override
    public String toString() {
        return method + " " + path()
                + (status == 0 ? " had no answer" : " was answered " + status)
                + refusal.map(why -> ", for it was refused (" + why.error() + "): " + why.reason())
                        .orElse("");
    }
}
