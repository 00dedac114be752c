package io.cardea.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Turns away requests that a hostile page or a rebound DNS name has made a browser send: a Host that is not ours, an
 * Origin that is not ours; and those that say twice who sent them, for one who reads the first and one who reads the last
 * would decide otherwise. A preprocessor, because it must see requests for paths where nobody is, too. One request is
 * meant to come from another origin: the answer that a provider's page posts ({@link FormPostEndpoint}).
 */
@Component
public final class RequestGuard implements Preprocessor {

    // The name as ConnectionKey has it, and nothing that anybody could decode to another path.
    private static final Pattern CALLBACK = Pattern.compile("/oauth/[a-z0-9][a-z0-9-]{0,62}/callback");

    // By these it is decided who sent a request, and from where.
    private static final List<String> ONCE =
            List.of("Host", "Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Referer", "Authorization");

    private static final String UNREGISTERED = "Servlet has been unregistered";

    private final PublicUrl publicUrl;

    @Activate
    public RequestGuard(@Reference PublicUrl publicUrl) {
        this.publicUrl = publicUrl;
    }

    @Override
    public void doFilter(ServletRequest plainRequest, ServletResponse plainResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plainRequest;
        HttpServletResponse response = (HttpServletResponse) plainResponse;
        String host = request.getHeader("Host");
        if (host == null || !publicUrl.isHost(host)) {
            Answer.refuse(request, response, 421, "This server is not known by that Host; see CARDEA_PUBLIC_URL");
        } else if (ONCE.stream().anyMatch(name -> isRepeated(request, name))) {
            Answer.refuse(request, response, 400, "These headers must not be repeated: " + String.join(", ", ONCE));
        } else if (isForeign(request) && !isFormPost(request)) {
            Answer.refuse(request, response, 403, "Other origins may not call this server");
        } else {
            response.setHeader("X-Content-Type-Options", "nosniff");
            pass(request, response, chain);
        }
    }

    private static void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException e) {
            // Felix has found a servlet that left at this very moment, and would show where that happened.
            if (!UNREGISTERED.equals(e.getMessage()) || response.isCommitted()) {
                throw e;
            }
            response.setHeader("Retry-After", "1");
            Answer.refuse(
                    request,
                    response,
                    503,
                    "temporarily_unavailable",
                    "Cardea is being updated and is back in a moment. Try again.");
        }
    }

    private static boolean isRepeated(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name)).size() > 1;
    }

    /**
     * Our own pages send no referrer, and a form on such a page is posted with Origin null; that it is ours the browser
     * says in Sec-Fetch-Site, which no page can forge.
     */
    private boolean isForeign(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return false;
        }
        return origin.equals("null")
                ? !"same-origin".equals(request.getHeader("Sec-Fetch-Site"))
                : !publicUrl.isOrigin(origin);
    }

    private static boolean isFormPost(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        return request.getMethod().equals("POST") && CALLBACK.matcher(path).matches();
    }
}
