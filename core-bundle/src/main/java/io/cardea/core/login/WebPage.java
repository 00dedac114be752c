package io.cardea.core.login;

import java.net.URI;

/** What a person, or a browser, may be sent to, whatever a provider says. */
final class WebPage {

    private WebPage() {}

    static boolean is(String url) {
        try {
            URI page = URI.create(url);
            return page.getHost() != null && ("https".equals(page.getScheme()) || "http".equals(page.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
