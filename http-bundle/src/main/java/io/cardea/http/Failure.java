package io.cardea.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.NotConnectedException;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.ReauthorizationRequiredException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A failed request, told as JSON to programs and as a page to people (RFC 6749, section 5.2).
 *
 * @param status the HTTP status
 * @param error the error code
 * @param description for people, without secrets
 * @param provider the provider it concerns; absent where there is none
 * @param challenge how to show who one is (RFC 9110, section 11.6.1); absent where that would change nothing
 * @param wanted the connection that a person must log in for; absent where that would change nothing
 * @param retryAfter how long to wait before the next try (RFC 9110, section 10.2.3); absent where nobody knows
 */
record Failure(
        int status,
        String error,
        String description,
        Optional<String> provider,
        Optional<String> challenge,
        Optional<ConnectionKey> wanted,
        Optional<Duration> retryAfter) {

    private static final Logger LOG = LoggerFactory.getLogger(Failure.class);
    // What is missing comes with a deployment, which takes seconds.
    private static final Duration DEPLOYMENT = Duration.ofSeconds(5);

    /** One that no key would have helped against. */
    Failure(int status, String error, String description, Optional<String> provider) {
        this(status, error, description, provider, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Failure of(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof Refused refused) {
            return refused.failure();
        }
        if (cause instanceof OAuthException told) {
            if (told.error() == OAuthError.SERVER_ERROR) {
                LOG.error("{}", told.getMessage(), told);
            }
            return new Failure(
                    status(told.error()),
                    told.error().code(),
                    String.valueOf(told.getMessage()),
                    told.provider(),
                    Optional.empty(),
                    wanted(told),
                    told.retryAfter());
        }
        LOG.error("A request failed", cause);
        return new Failure(
                500, OAuthError.SERVER_ERROR.code(), "Cardea failed; the log has the details", Optional.empty());
    }

    private static Optional<ConnectionKey> wanted(OAuthException told) {
        if (told instanceof NotConnectedException missing) {
            return Optional.of(missing.key());
        }
        return told instanceof ReauthorizationRequiredException ended ? Optional.of(ended.key()) : Optional.empty();
    }

    private static int status(OAuthError error) {
        return switch (error) {
            case INVALID_REQUEST, INVALID_GRANT, ACCESS_DENIED -> 400;
            case UNKNOWN_PROVIDER, UNKNOWN_FLOW, NOT_CONNECTED -> 404;
            case REAUTHORIZATION_REQUIRED -> 409;
            case SERVER_ERROR -> 500;
            case PROVIDER_ERROR -> 502;
            case PROVIDER_UNAVAILABLE, TEMPORARILY_UNAVAILABLE -> 503;
            case PROVIDER_TIMEOUT -> 504;
        };
    }

    /** The answer that tells it. */
    Written written(HttpServletRequest request, Pages pages, PublicUrl publicUrl) {
        // A provider that cannot be used now is no news: the log told when it arrived.
        Optional<String> id = status >= 500 && status != 503 ? Optional.of(newId()) : Optional.empty();
        id.ifPresent(
                known -> LOG.warn("{} {}: {} {} ({})", known, request.getRequestURI(), status, error, description));
        boolean page = prefersPage(request);
        boolean unread = Answer.mayBeUnread(request);
        return response -> {
            if (unread) {
                response.setHeader("Connection", "close");
            }
            // Rounded up: who comes a moment early would have to wait again.
            retryAfter
                    .or(() -> Optional.of(DEPLOYMENT).filter(time -> status == 503))
                    .ifPresent(time -> response.setHeader(
                            "Retry-After",
                            Long.toString(time.plusNanos(999_999_999).toSeconds())));
            challenge.ifPresent(how -> response.setHeader("WWW-Authenticate", how));
            if (page) {
                Answer.page(response, status, pages.failure(this, id));
            } else {
                Answer.json(response, status, json(id, publicUrl));
            }
        };
    }

    private ObjectNode json(Optional<String> id, PublicUrl publicUrl) {
        ObjectNode json = Answer.object().put("error", error).put("error_description", description);
        provider.ifPresent(name -> json.put("provider", name));
        wanted.ifPresent(key -> json.put("login_url", publicUrl.login(key)));
        id.ifPresent(known -> json.put("error_id", known));
        return json;
    }

    static boolean prefersPage(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return accept != null && accept.contains("text/html");
    }

    /** Found again in the log. */
    private static String newId() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    /** Thrown where a request cannot go on. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Failure failure;

        private Refused(Failure failure) {
            super(failure.description(), null, false, false);
            this.failure = failure;
        }

        Refused(int status, String error, String description) {
            this(new Failure(status, error, description, Optional.empty()));
        }

        /** 401: an API key is missing, or is not a good one. */
        static Refused unauthorized(String challenge, String description) {
            return new Refused(new Failure(
                    401,
                    "invalid_token",
                    description,
                    Optional.empty(),
                    Optional.of(challenge),
                    Optional.empty(),
                    Optional.empty()));
        }

        Failure failure() {
            return failure;
        }
    }
}
