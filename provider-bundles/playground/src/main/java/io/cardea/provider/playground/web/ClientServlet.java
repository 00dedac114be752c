package io.cardea.provider.playground.web;

import io.cardea.provider.playground.Playground;
import io.cardea.provider.playground.server.AuthorizationServer;
import io.cardea.provider.playground.server.Client;
import io.cardea.provider.playground.server.Endpoints;
import io.cardea.provider.playground.server.OAuthError;
import io.cardea.provider.playground.server.Parameters;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** The endpoints at which a client authenticates: token, revocation and device authorization. */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(PlaygroundContext.SELECT)
@HttpWhiteboardServletPattern({Endpoints.TOKEN, Endpoints.REVOCATION, Endpoints.DEVICE_AUTHORIZATION})
public final class ClientServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient AuthorizationServer server;
    private final transient Requests requests = new Requests();

    @Activate
    public ClientServlet(@Reference Playground playground) {
        this.server = playground.server();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("POST")) {
            Answers.notAllowed(response, "POST");
            return;
        }
        try {
            Parameters parameters = requests.form(request);
            Client client = server.clients().authenticate(Requests.authorization(request), parameters);
            Answers.json(response, HttpServletResponse.SC_OK, answer(request.getServletPath(), client, parameters));
        } catch (OAuthError error) {
            if (error.status() == HttpServletResponse.SC_UNAUTHORIZED) {
                response.setHeader("WWW-Authenticate", "Basic realm=\"playground\", charset=\"UTF-8\"");
            }
            Answers.error(response, error);
        }
    }

    private Map<String, Object> answer(String path, Client client, Parameters parameters) {
        return switch (path) {
            case Endpoints.TOKEN -> server.token().token(client, parameters);
            case Endpoints.REVOCATION -> {
                server.revocation().revoke(client, parameters);
                yield Map.of();
            }
            default -> server.devices().begin(client, parameters);
        };
    }
}
