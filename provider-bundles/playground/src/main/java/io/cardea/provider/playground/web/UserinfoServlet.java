package io.cardea.provider.playground.web;

import io.cardea.provider.playground.Playground;
import io.cardea.provider.playground.server.Endpoints;
import io.cardea.provider.playground.server.OAuthError;
import io.cardea.provider.playground.server.UserinfoEndpoint;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** The userinfo endpoint; the access token comes in the header (RFC 6750, section 2.1). */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(PlaygroundContext.SELECT)
@HttpWhiteboardServletPattern(Endpoints.USERINFO)
public final class UserinfoServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String BEARER = "Bearer ";
    private static final String CHALLENGE = "Bearer realm=\"playground\"";

    private final transient UserinfoEndpoint endpoint;
    private final transient Requests requests = new Requests();

    @Activate
    public UserinfoServlet(@Reference Playground playground) {
        this.endpoint = playground.server().userinfo();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!Set.of("GET", "POST").contains(request.getMethod())) {
            Answers.notAllowed(response, "GET, POST");
            return;
        }
        try {
            requests.body(request);
            Optional<String> token = Requests.authorization(request)
                    .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                    .map(header -> header.substring(BEARER.length()).trim());
            if (token.isPresent()) {
                Answers.json(response, HttpServletResponse.SC_OK, endpoint.userinfo(token.get()));
            } else {
                // RFC 6750, section 3.1: who shows no token is not told of any error.
                response.setHeader("WWW-Authenticate", CHALLENGE);
                response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            }
        } catch (OAuthError error) {
            if (error.status() == HttpServletResponse.SC_UNAUTHORIZED) {
                response.setHeader("WWW-Authenticate", CHALLENGE + ", error=\"" + error.error() + "\"");
            }
            Answers.error(response, error);
        }
    }
}
