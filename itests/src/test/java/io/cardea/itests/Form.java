package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;

/** Names and values as browsers and clients send them; a name may come more than once. */
final class Form {

    private final List<String> pairs = new ArrayList<>();

    Form with(String name, String value) {
        pairs.add(URLEncoder.encode(name, UTF_8) + "=" + URLEncoder.encode(value, UTF_8));
        return this;
    }

    /** With these as its query. */
    URI url(String endpoint) {
        return URI.create(endpoint + "?" + body());
    }

    String body() {
        return String.join("&", pairs);
    }

    /** With these as its body. */
    HttpRequest.Builder post(URI endpoint) {
        return HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body()));
    }
}
