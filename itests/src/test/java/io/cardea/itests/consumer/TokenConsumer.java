package io.cardea.itests.consumer;

import io.cardea.oauth.AccessToken;
import io.cardea.oauth.Connections;
import io.cardea.oauth.OAuthException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A bundle that needs tokens: it asks for one whenever it needs one, and Cardea sees to it that it is good. */
@Component(
        service = Servlet.class,
        property = {
            "osgi.http.whiteboard.servlet.pattern=/consumer",
            "osgi.http.whiteboard.servlet.asyncSupported:Boolean=true"
        })
public final class TokenConsumer extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Connections connections;

    @Activate
    public TokenConsumer(@Reference Connections connections) {
        this.connections = connections;
    }

    /** Answers what came of it, which a real consumer would keep to itself. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        connections
                .accessToken("playground", "default")
                .handle((token, failure) -> failure == null ? use(token) : told(failure))
                .thenAccept(text -> {
                    try {
                        response.getOutputStream().print(text);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } finally {
                        async.complete();
                    }
                });
    }

    private static String use(AccessToken token) {
        return token.tokenType() + " " + token.value();
    }

    private static String told(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        return cause instanceof OAuthException failure ? failure.error().code() : String.valueOf(cause);
    }
}
