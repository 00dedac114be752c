package io.cardea.provider.playground.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.provider.playground.server.OAuthError;
import io.cardea.provider.playground.server.Parameters;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Reads one servlet's requests. The servlet API's own parameters would mix those of the URL with those of the body. A
 * thread waits for each body, so only a few are read at once: slow clients hold up the playground and not all of Cardea.
 */
final class Requests {

    private static final int MAX_BODY = 64 * 1024;

    private static final int MAX_AT_ONCE = 4;

    private final Semaphore readers = new Semaphore(MAX_AT_ONCE);

    static Parameters query(HttpServletRequest request) {
        return Parameters.parse(Optional.ofNullable(request.getQueryString()).orElse(""));
    }

    /**
     * The form in the body.
     *
     * @throws OAuthError when there is none, it is too long, or parameters are in the URL too, where they would be
     *     logged (RFC 6749, section 2.3.1)
     */
    Parameters form(HttpServletRequest request) throws IOException {
        byte[] body = body(request);
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        String mediaType = type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (!mediaType.equals("application/x-www-form-urlencoded")) {
            throw OAuthError.invalidRequest("the body must be application/x-www-form-urlencoded");
        }
        if (request.getQueryString() != null) {
            throw OAuthError.invalidRequest("parameters belong in the body, not in the URL");
        }
        return Parameters.parse(new String(body, UTF_8));
    }

    /** Reads the body, wanted or not: what stays unread costs the client its connection. */
    byte[] body(HttpServletRequest request) throws IOException {
        if (!readers.tryAcquire()) {
            throw new OAuthError(503, "temporarily_unavailable", "too many requests arrive at once; try again");
        }
        byte[] body;
        try {
            body = request.getInputStream().readNBytes(MAX_BODY + 1);
        } finally {
            readers.release();
        }
        if (body.length > MAX_BODY) {
            throw new OAuthError(413, "invalid_request", "the body is too long");
        }
        return body;
    }

    static Optional<String> authorization(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader("Authorization"));
    }
}
