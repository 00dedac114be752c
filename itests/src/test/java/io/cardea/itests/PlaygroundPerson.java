package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ada, in front of a browser without a screen: follows redirects one by one, keeps cookies, fills in the playground's
 * forms. Uses the JDK alone, so that she can live inside an OSGi test too.
 */
final class PlaygroundPerson {

    private static final Pattern INPUT = Pattern.compile("<input\\b[^>]*>");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\b(type|name|value)=\"([^\"]*)\"");
    private static final Pattern FORM_ACTION = Pattern.compile("<form\\b[^>]*\\baction=\"([^\"]*)\"");

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    HttpResponse<String> get(URI url) {
        return send(HttpRequest.newBuilder(url).header("Accept", "text/html"));
    }

    /** Goes where a redirect points. */
    static URI location(HttpResponse<String> redirect) {
        if (redirect.statusCode() / 100 != 3) {
            throw new AssertionError("No redirect but " + redirect.statusCode() + " from "
                    + redirect.uri().getPath() + ": " + redirect.body());
        }
        return redirect.uri().resolve(redirect.headers().firstValue("Location").orElseThrow());
    }

    /** Logs in and consents (or not) at the playground's authorization endpoint; the callback URL with its answer. */
    URI answerAt(URI authorizationUrl, String decision) {
        HttpResponse<String> page = get(authorizationUrl);
        while (page.statusCode() / 100 == 3 && !isCallback(location(page))) {
            page = get(location(page));
        }
        for (int forms = 0; forms < 5 && page.statusCode() == 200; forms++) {
            page = submit(page, page.body().contains("name=\"password\"") ? "login" : decision);
            while (page.statusCode() / 100 == 3 && !isCallback(location(page))) {
                page = get(location(page));
            }
        }
        return location(page);
    }

    private static boolean isCallback(URI url) {
        return url.getPath().endsWith("/oauth/playground/callback");
    }

    private HttpResponse<String> submit(HttpResponse<String> page, String action) {
        Map<String, String> form = new TreeMap<>();
        Matcher input = INPUT.matcher(page.body());
        while (input.find()) {
            Map<String, String> attributes = new TreeMap<>();
            Matcher attribute = ATTRIBUTE.matcher(input.group());
            while (attribute.find()) {
                attributes.put(attribute.group(1), unescape(attribute.group(2)));
            }
            if ("hidden".equals(attributes.get("type"))) {
                form.put(attributes.get("name"), attributes.getOrDefault("value", ""));
            }
        }
        if (action.equals("login")) {
            form.put("username", "ada");
            form.put("password", "lovelace");
        }
        form.put("action", action);
        Matcher target = FORM_ACTION.matcher(page.body());
        URI url = target.find() ? page.uri().resolve(unescape(target.group(1))) : page.uri();
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, UTF_8)));
        return send(HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "text/html")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private static String unescape(String html) {
        return html.replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
