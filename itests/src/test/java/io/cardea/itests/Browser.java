package io.cardea.itests;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * A browser without a screen: keeps cookies, and follows redirects as far as it is told to. Uses the JDK alone, so that
 * it can live inside an OSGi test too.
 */
final class Browser {

    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    HttpResponse<String> get(URI url) {
        return send(HttpRequest.newBuilder(url));
    }

    HttpResponse<String> submit(HtmlForm form) {
        return send(form.submission());
    }

    /** Until there is a page, or a redirect to where the journey ends. */
    HttpResponse<String> follow(HttpResponse<String> answer, Predicate<URI> isEnd) {
        HttpResponse<String> last = answer;
        while (last.statusCode() / 100 == 3 && !isEnd.test(location(last))) {
            last = get(location(last));
        }
        return last;
    }

    /** Where a redirect points. */
    static URI location(HttpResponse<String> redirect) {
        if (redirect.statusCode() / 100 != 3) {
            throw new AssertionError("No redirect but " + redirect.statusCode() + " from "
                    + redirect.uri().getPath() + ": " + redirect.body());
        }
        return redirect.uri().resolve(redirect.headers().firstValue("Location").orElseThrow());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.header("Accept", "text/html")
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
