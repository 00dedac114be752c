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
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleContext;
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

    /** Stands for any provider's name in a path. */
    private static final String ANY = "/*";

    /** What answers one kind of request. */
    interface Endpoint {

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
    /** By the path below /oauth, then by the method. */
    private final transient Map<String, Map<String, Endpoint>> endpoints;

    @Activate
    public OAuthServlet(
            BundleContext context,
            @Reference PublicUrl publicUrl,
            @Reference Providers providers,
            @Reference Logins logins,
            @Reference Connections connections,
            @Reference ApiKeys keys) {
        this.pages = new Pages(publicUrl.path());
        LoginCookie cookie = new LoginCookie(publicUrl);
        ResponseSeal seal = new ResponseSeal(InstantSource.system());
        RequestBody body = new RequestBody();
        // Strangers may post a form: what they take up must not be missing for those who show a key.
        RequestBody forms = new RequestBody();
        LoginProtection protection = LoginProtection.of(context.getProperty("CARDEA_LOGIN_PROTECTION"));
        Endpoint login = new ConfirmedLogin(providers, pages, new LoginEndpoint(logins, publicUrl, cookie));
        CallbackEndpoint callback = new CallbackEndpoint(logins, publicUrl, cookie, seal, pages);
        ConnectionActions api = new ConnectionActions(connections);
        Endpoint refresh = new ApiEndpoint(keys, body, "refresh", Set.of("refresh_token", "connection"), api::refresh);
        Endpoint revoke = new ApiEndpoint(keys, body, "revoke", Set.of("token", "connection"), api::revoke);
        this.endpoints = Map.of(
                "/providers",
                Map.of("GET", new ProvidersEndpoint(providers)),
                ANY + "/login",
                Map.of("GET", protection == LoginProtection.KEY ? new KeyedLogin(keys, login) : login),
                ANY + "/callback",
                Map.of("GET", callback, "POST", new FormPostEndpoint(callback, publicUrl, cookie, seal, forms)),
                ANY + "/refresh",
                Map.of("POST", refresh),
                ANY + "/revoke",
                Map.of("POST", revoke));
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
        if (told.isDone() && !request.isAsyncStarted()) {
            told.join().to(response);
            return;
        }
        // An endpoint that reads a body has started it already.
        AsyncContext async = request.isAsyncStarted() ? request.getAsyncContext() : request.startAsync();
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
        int slash = path.indexOf('/', 1);
        String provider = slash > 0 ? path.substring(1, slash) : "";
        Map<String, Endpoint> byMethod =
                endpoints.getOrDefault(slash > 0 ? ANY + path.substring(slash) : path, Map.of());
        Endpoint endpoint = byMethod.get(request.getMethod());
        if (endpoint != null) {
            return endpoint.answer(provider, request);
        }
        if (byMethod.isEmpty()) {
            throw new Refused(404, "not_found", "There is nothing at this path");
        }
        String allowed = String.join(", ", new TreeSet<>(byMethod.keySet()));
        response.setHeader("Allow", allowed);
        throw new Refused(405, "invalid_request", "This path takes " + allowed);
    }
}
