package io.cardea.itests;

import java.net.URI;
import java.net.http.HttpResponse;

/** Ada, in front of the pages of an {@link AuthorizationServerProcess}. */
final class AuthorizationServerPerson {

    private final Browser browser = new Browser();

    /** Logs in and consents (or not); the redirect URI with the answer. */
    URI answerAt(URI authorizationUrl, String decision) {
        HttpResponse<String> page = open(authorizationUrl);
        return Browser.location(page.statusCode() == 200 ? decide(page, decision) : page);
    }

    /** Logs in, types the code that a device shows, and lets the device in (or not); the last page. */
    HttpResponse<String> verify(URI verificationUri, String userCode, String decision) {
        HttpResponse<String> page = open(verificationUri);
        return decide(submit(HtmlForm.on(page).fill("user_code", userCode)), decision);
    }

    /** The first page that needs a login no more. */
    HttpResponse<String> open(URI url) {
        HttpResponse<String> page = followed(browser.get(url));
        if (page.statusCode() != 200 || !HtmlForm.on(page).has("password")) {
            return page;
        }
        return submit(HtmlForm.on(page).fill("username", "ada").fill("password", "lovelace"));
    }

    private HttpResponse<String> decide(HttpResponse<String> consent, String decision) {
        HtmlForm form = HtmlForm.on(consent);
        return submit(decision.equals("approve") ? form.tickEveryBox() : form);
    }

    private HttpResponse<String> submit(HtmlForm form) {
        return followed(browser.submit(form));
    }

    /** Away from the server is where the client waits. */
    private HttpResponse<String> followed(HttpResponse<String> answer) {
        return browser.follow(
                answer, url -> !url.getAuthority().equals(answer.uri().getAuthority()));
    }
}
