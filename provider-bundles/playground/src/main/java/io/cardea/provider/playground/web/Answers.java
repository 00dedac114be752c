package io.cardea.provider.playground.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.cardea.provider.playground.server.OAuthError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/** Writes answers. */
final class Answers {

    private static final Set<Integer> BODY_NOT_READ = Set.of(405, 413);

    private Answers() {}

    /** The headers that every answer has. */
    static void protect(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", contentSecurityPolicy(""));
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cache-Control", "no-store");
    }

    static void json(HttpServletResponse response, int status, Map<String, Object> members) throws IOException {
        write(response, status, "application/json", JSONObjectUtils.toJSONString(members));
    }

    /** JSON for everybody who asks with GET. */
    static void metadata(HttpServletRequest request, HttpServletResponse response, Map<String, Object> members)
            throws IOException {
        if (Set.of("GET", "HEAD").contains(request.getMethod())) {
            json(response, HttpServletResponse.SC_OK, members);
        } else {
            notAllowed(response, "GET, HEAD");
        }
    }

    /** RFC 6749, section 5.2. */
    static void error(HttpServletResponse response, OAuthError error) throws IOException {
        json(response, error.status(), Map.of("error", error.error(), "error_description", error.description()));
    }

    /** Refuses a method, naming those that would do. */
    static void notAllowed(HttpServletResponse response, String allowed) throws IOException {
        response.setHeader("Allow", allowed);
        error(response, new OAuthError(405, "invalid_request", "the method must be one of " + allowed));
    }

    static void page(HttpServletResponse response, int status, String html) throws IOException {
        write(response, status, "text/html", html);
    }

    /**
     * A page whose form ends with a redirect to a client.
     *
     * @param redirectUri the client's; browsers apply {@code form-action} to redirects too
     */
    static void page(HttpServletResponse response, int status, String html, String redirectUri) throws IOException {
        URI target = URI.create(redirectUri);
        String origin = target.getScheme() + "://" + target.getRawAuthority();
        response.setHeader("Content-Security-Policy", contentSecurityPolicy(" " + origin));
        page(response, status, html);
    }

    /** Tells a person why there is nothing to see. */
    static void refusal(HttpServletResponse response, OAuthError error) throws IOException {
        String text = "The request was refused (" + error.error() + "): " + error.description()
                + ". Go back to where you came from and begin anew.";
        page(response, error.status(), Pages.message("This does not work", text));
    }

    static void redirect(HttpServletResponse response, String url) {
        // 303: the browser goes on with GET and takes nothing of the form along (RFC 9700, section 4.12).
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", url);
    }

    private static String contentSecurityPolicy(String formTarget) {
        return "default-src 'none'; style-src 'self'; form-action 'self'" + formTarget
                + "; frame-ancestors 'none'; base-uri 'none'";
    }

    private static void write(HttpServletResponse response, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        if (BODY_NOT_READ.contains(status)) {
            // Jetty would close the connection silently, and the client's next request on it would fail.
            response.setHeader("Connection", "close");
        }
        response.setStatus(status);
        response.setContentType(type + ";charset=utf-8");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
