package io.cardea.provider.playground.web;

import io.cardea.provider.playground.Playground;
import io.cardea.provider.playground.server.AuthorizationServer;
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

/** The metadata again, at the address of RFC 8414, section 3.1. */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(WellKnownContext.SELECT)
@HttpWhiteboardServletPattern("/playground")
public final class WellKnownServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient AuthorizationServer server;

    @Activate
    public WellKnownServlet(@Reference Playground playground) {
        this.server = playground.server();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answers.protect(response);
        Answers.metadata(request, response, server.metadata());
    }
}
