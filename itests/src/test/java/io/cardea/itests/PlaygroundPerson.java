package io.cardea.itests;

import java.net.URI;
import java.net.http.HttpResponse;

/** Ada, in front of the playground's pages. */
final class PlaygroundPerson {

    private final Browser browser = new Browser();

    HttpResponse<String> get(URI url) {
        return browser.get(url);
    }

    /** Goes where a redirect points. */
    static URI location(HttpResponse<String> redirect) {
        return Browser.location(redirect);
    }

    /** Logs in and consents (or not) at the playground's authorization endpoint; the callback URL with its answer. */
    URI answerAt(URI authorizationUrl, String decision) {
        HttpResponse<String> page = followed(browser.get(authorizationUrl));
        for (int forms = 0; forms < 5 && page.statusCode() == 200; forms++) {
            page = followed(browser.submit(filledIn(HtmlForm.on(page), decision)));
        }
        return Browser.location(page);
    }

    private HttpResponse<String> followed(HttpResponse<String> answer) {
        return browser.follow(answer, url -> url.getPath().endsWith("/oauth/playground/callback"));
    }

    private static HtmlForm filledIn(HtmlForm form, String decision) {
        return form.has("password")
                ? form.fill("username", "ada").fill("password", "lovelace").fill("action", "login")
                : form.fill("action", decision);
    }
}
