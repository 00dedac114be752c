package io.cardea.provider.playground.web;

import io.cardea.provider.playground.server.Parameters;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of a browser as a form needs: it keeps cookies, sends hidden fields along, and follows no redirect. */
final class Browser {

    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]+)\">");
    private static final Pattern ACTION = Pattern.compile("<form method=\"post\" action=\"([^\"]+)\">");

    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    HttpResponse<String> open(URI url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
    }

    /** Presses a button of the page's form after filling it in. */
    HttpResponse<String> press(HttpResponse<String> page, String button, Map<String, String> filledIn)
            throws IOException, InterruptedException {
        Map<String, String> form = new HashMap<>(filledIn);
        form.put("action", button);
        Matcher hidden = HIDDEN.matcher(page.body());
        while (hidden.find()) {
            form.putIfAbsent(hidden.group(1), hidden.group(2));
        }
        Matcher action = ACTION.matcher(page.body());
        if (!action.find()) {
            throw new AssertionError("The page has no form: " + page.body());
        }
        return post(page.uri().resolve(action.group(1)), form);
    }

    HttpResponse<String> post(URI url, Map<String, String> form) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(Parameters.encode(form)))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
