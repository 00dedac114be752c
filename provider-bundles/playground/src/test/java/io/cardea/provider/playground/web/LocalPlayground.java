package io.cardea.provider.playground.web;

import io.cardea.provider.playground.Playground;
import io.cardea.provider.playground.Playgrounds;
import io.cardea.provider.playground.TestClock;
import io.cardea.provider.playground.server.Endpoints;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletResponse;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The playground's servlets on a Jetty of their own, without OSGi. */
final class LocalPlayground {

    final TestClock clock = new TestClock();
    final String url;
    final Playground playground;
    private final Server jetty = new Server();

    LocalPlayground() throws Exception {
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.open(); // the port is needed before there is anything to serve
        jetty.addConnector(connector);
        url = "http://127.0.0.1:" + connector.getLocalPort();
        playground = Playgrounds.at(url, clock);
        ServletContextHandler context = new ServletContextHandler("/playground");
        Filter headers = (request, response, chain) -> {
            Answers.protect((HttpServletResponse) response);
            chain.doFilter(request, response);
        };
        context.addFilter(new FilterHolder(headers), "/*", EnumSet.of(DispatcherType.REQUEST));
        serve(context, new AuthorizationServlet(playground), Endpoints.AUTHORIZATION);
        serve(context, new DeviceServlet(playground), Endpoints.DEVICE);
        serve(context, new UserinfoServlet(playground), Endpoints.USERINFO);
        serve(context, new MetadataServlet(playground), MetadataServlet.DISCOVERY, Endpoints.JWKS);
        serve(
                context,
                new ClientServlet(playground),
                Endpoints.TOKEN,
                Endpoints.REVOCATION,
                Endpoints.DEVICE_AUTHORIZATION);
        jetty.setHandler(context);
        jetty.start();
    }

    private static void serve(ServletContextHandler context, Servlet servlet, String... patterns) {
        ServletHolder holder = new ServletHolder(servlet);
        for (String pattern : patterns) {
            context.addServlet(holder, pattern);
        }
    }

    void stop() throws Exception {
        jetty.stop();
    }
}
