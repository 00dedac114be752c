package io.cardea.http;

import static java.util.Map.entry;

import io.cardea.http.Failure.Refused;
import io.cardea.http.Routes.Route;
import io.cardea.http.loopback.LoopbackListener;
import io.cardea.oauth.ApiKeys;
import io.cardea.oauth.Audit;
import io.cardea.oauth.Connections;
import io.cardea.oauth.Events;
import io.cardea.oauth.Flows;
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
import org.osgi.service.component.annotations.Deactivate;
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

    private final transient PublicUrl publicUrl;
    private final transient Pages pages;
    private final transient EventStreams streams;
    /** Below /oauth. */
    private final transient Routes routes;

    @Activate
    public OAuthServlet(
            BundleContext context,
            @Reference PublicUrl publicUrl,
            @Reference Providers providers,
            @Reference Logins logins,
            @Reference Flows flows,
            @Reference Connections connections,
            @Reference LoopbackListener loopback,
            @Reference Events events,
            @Reference ApiKeys keys,
            @Reference Audit audit) {
        this.publicUrl = publicUrl;
        this.streams = new EventStreams(events);
        this.pages = new Pages(publicUrl.path());
        LoginCookie cookie = new LoginCookie(publicUrl);
        ResponseSeal seal = new ResponseSeal(InstantSource.system());
        RequestBody body = new RequestBody();
        // Strangers may post a form: what they take up must not be missing for those who show a key.
        RequestBody forms = new RequestBody();
        LoginProtection protection = LoginProtection.of(context.getProperty("CARDEA_LOGIN_PROTECTION"));
        Endpoint login =
                new ConfirmedLogin(providers, publicUrl, pages, new LoginEndpoint(logins, publicUrl, cookie, loopback));
        CallbackEndpoint callback = new CallbackEndpoint(logins, publicUrl, cookie, seal, providers, pages);
        Endpoint keyedLogin = protection == LoginProtection.KEY ? new KeyedLogin(keys, audit, login) : login;
        Endpoint formPost = new FormPostEndpoint(callback, publicUrl, cookie, seal, forms);
        ConnectionActions api = new ConnectionActions(connections);
        ApiKeyCheck refreshing = new ApiKeyCheck(keys, audit, "refresh");
        ApiKeyCheck revoking = new ApiKeyCheck(keys, audit, "revoke");
        FlowActions programs = new FlowActions(flows, publicUrl);
        ApiKeyCheck loggingIn = new ApiKeyCheck(keys, audit, "login");
        ConnectionEndpoints connected =
                new ConnectionEndpoints(connections, new ApiKeyCheck(keys, audit, "connections"), revoking);
        Set<String> wish = Set.of("connection", "scope");
        Set<String> pasted = Set.of("code", "redirect_url");
        this.routes = new Routes(Map.ofEntries(
                entry("/providers", Map.of("GET", new ProvidersEndpoint(providers))),
                entry("/*/login", Map.of("GET", keyedLogin)),
                entry("/*/callback", Map.of("GET", callback, "POST", formPost)),
                entry(
                        "/*/token",
                        Map.of("GET", new AccessTokenEndpoint(new ApiKeyCheck(keys, audit, "token"), connections))),
                entry(
                        "/*/refresh",
                        Map.of(
                                "POST",
                                new ApiEndpoint(
                                        refreshing, body, Set.of("refresh_token", "connection"), api::refresh))),
                entry(
                        "/*/revoke",
                        Map.of("POST", new ApiEndpoint(revoking, body, Set.of("token", "connection"), api::revoke))),
                entry("/*/device", Map.of("POST", new ApiEndpoint(loggingIn, body, wish, programs::device))),
                entry("/*/authorize", Map.of("POST", new ApiEndpoint(loggingIn, body, wish, programs::authorize))),
                entry(
                        "/flows/*",
                        Map.of(
                                "POST",
                                new ApiEndpoint(loggingIn, programs::providerOf, body, pasted, programs::complete),
                                "GET",
                                programs.status(loggingIn))),
                entry("/connections", Map.of("GET", connected::list)),
                entry("/connections/*/*", Map.of("GET", connected::one, "DELETE", connected::revoke)),
                entry("/events", Map.of("GET", new EventsEndpoint(new ApiKeyCheck(keys, audit, "events"), streams)))));
    }

    @Deactivate
    void stop() {
        streams.close();
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
                answer.exceptionally(thrown -> Failure.of(thrown).written(request, pages, publicUrl));
        if (told.isDone() && !request.isAsyncStarted()) {
            told.join().to(response);
            return;
        }
        // An endpoint that reads a body has started it already.
        AsyncContext async = request.isAsyncStarted() ? request.getAsyncContext() : request.startAsync();
        // Core bounds everything that a provider does, so an answer always comes.
        async.setTimeout(0);
        // By a thread of the container: a caller who does not read must not hold up those that bring answers.
        told.whenComplete((written, thrown) -> {
            try {
                async.start(() -> write(thrown == null ? written : OAuthServlet::away, response, async));
            } catch (RuntimeException | LinkageError stopping) {
                LOG.debug("The container takes no more work", stopping);
                async.complete();
            }
        });
    }

    /** Where not even a failure can be told: this bundle has been updated meanwhile, and its classes are gone. */
    private static void away(HttpServletResponse response) {
        response.setStatus(503);
        response.setHeader("Retry-After", "1");
    }

    private static void write(Written written, HttpServletResponse response, AsyncContext async) {
        try {
            written.to(response);
        } catch (IOException e) {
            LOG.debug("The caller has gone", e);
        } catch (RuntimeException e) {
            LOG.error("An answer could not be written", e);
            if (!response.isCommitted()) {
                response.setStatus(500);
            }
        } catch (LinkageError e) {
            LOG.debug("This bundle has been updated meanwhile", e);
            if (!response.isCommitted()) {
                response.reset();
                away(response);
            }
        } finally {
            async.complete();
        }
    }

    private CompletableFuture<Written> route(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String path = Optional.ofNullable(request.getPathInfo()).orElse("/");
        Route route = routes.find(path);
        Map<String, Endpoint> byMethod = route.byMethod();
        Endpoint endpoint = byMethod.get(request.getMethod());
        if (endpoint != null) {
            return endpoint.answer(route.named(), request);
        }
        if (byMethod.isEmpty()) {
            throw new Refused(404, "not_found", "There is nothing at this path");
        }
        String allowed = String.join(", ", new TreeSet<>(byMethod.keySet()));
        response.setHeader("Allow", allowed);
        throw new Refused(405, "invalid_request", "This path takes " + allowed);
    }
}
