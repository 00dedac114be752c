package io.cardea.provider.playground.web;

import io.cardea.provider.playground.Playground;
import io.cardea.provider.playground.server.AuthorizationServer;
import io.cardea.provider.playground.server.Endpoints;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** What the server tells of itself: metadata (OpenID Connect Discovery, section 4) and public key. */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(PlaygroundContext.SELECT)
@HttpWhiteboardServletPattern({MetadataServlet.DISCOVERY, Endpoints.JWKS})
public final class MetadataServlet extends HttpServlet {

    static final String DISCOVERY = "/.well-known/openid-configuration";

    private static final long serialVersionUID = 1L;

    private final transient AuthorizationServer server;

    @Activate
    public MetadataServlet(@Reference Playground playground) {
        this.server = playground.server();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean keys = request.getServletPath().equals(Endpoints.JWKS);
        Answers.metadata(request, response, keys ? server.idTokens().jwks() : server.metadata());
    }
}
