package io.cardea.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** What answers one kind of request. */
interface Endpoint {

    /**
     * Answers a request.
     *
     * @param named what stands in the path where its template has an asterisk: a provider's name, or a flow; two with the
     *     slash between them where it has two
     * @return what writes the answer, as soon as it is known
     * @throws RuntimeException as {@link Failure#of} tells it
     */
    CompletableFuture<Written> answer(String named, HttpServletRequest request) throws IOException;
}
