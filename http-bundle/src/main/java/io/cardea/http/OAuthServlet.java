package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.ApiKeys;
import io.cardea.oauth.Connections;
import io.cardea.oauth.Logins;
import io.cardea.oauth.Providers;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything below {@code /oauth}: finds the endpoint for a path, and writes what the endpoint answers. While a provider
 * is asked no thread waits.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/oauth/*")
@HttpWhiteboardServletAsyncSupported
public final class OAuthServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(OAuthServlet.class);

    /** What answers one kind of request. */
    interface Endpoint {

        /** The one method it takes. */
        String method();

        /**
         * Answers a request.
         *
         * @param provider the provider that the path names; empty where the path names none
         * @return what writes the answer, as soon as it is known
         * @throws RuntimeException as {@link Failure#of} tells it
         */
        CompletableFuture<Written> answer(String provider, HttpServletRequest request) throws IOException;
    }

    /** Writes an answer. */
    interface Written {
        void to(HttpServletResponse response) throws IOException;
    }

    private final transient Pages pages;
    private final transient Endpoint providers;
    private final transient Map<String, Endpoint> byAction;

    @Activate
    public OAuthServlet(
            @Reference PublicUrl publicUrl,
            @Reference Providers providers,
            @Reference Logins logins,
            @Reference Connections connections,
            @Reference ApiKeys keys) {
        this.pages = new Pages(publicUrl.path());
        this.providers = new ProvidersEndpoint(providers);
        LoginCookie cookie = new LoginCookie(publicUrl);
        ConnectionActions api = new ConnectionActions(connections);
        this.byAction = Map.of(
                "login", new LoginEndpoint(logins, publicUrl, cookie),
                "callback", new CallbackEndpoint(logins, publicUrl, cookie, pages),
                "refresh", new ApiEndpoint(keys, "refresh", Set.of("refresh_token", "connection"), api::refresh),
                "revoke", new ApiEndpoint(keys, "revoke", Set.of("token", "connection"), api::revoke));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        CompletableFuture<Written> answer;
        try {
            answer = route(request, response);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Written> told =
                answer.exceptionally(thrown -> Failure.of(thrown).written(request, pages));
        if (told.isDone()) {
            told.join().to(response);
            return;
        }
        AsyncContext async = request.startAsync();
        // Core bounds everything that a provider does, so an answer always comes.
        async.setTimeout(0);
        told.whenComplete((written, never) -> {
            try {
                written.to(response);
            } catch (IOException e) {
                LOG.debug("The caller has gone", e);
            } finally {
                async.complete();
            }
        });
    }

    private CompletableFuture<Written> route(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String path = Optional.ofNullable(request.getPathInfo()).orElse("/");
        String provider = "";
        Endpoint endpoint = path.equals("/providers") ? providers : null;
        int slash = path.indexOf('/', 1);
        if (slash > 0) {
            provider = path.substring(1, slash);
            endpoint = byAction.get(path.substring(slash + 1));
        }
        if (endpoint == null) {
            throw new Refused(404, "not_found", "There is nothing at this path");
        }
        if (!request.getMethod().equals(endpoint.method())) {
            response.setHeader("Allow", endpoint.method());
            throw new Refused(405, "invalid_request", "This path takes " + endpoint.method());
        }
        return endpoint.answer(provider, request);
    }
}
