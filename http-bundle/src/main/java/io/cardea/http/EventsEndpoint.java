package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.Events;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** {@code GET /oauth/events}: what happens, as Server-Sent Events (WHATWG HTML, section 9.2). */
final class EventsEndpoint implements Endpoint {

    private final ApiKeyCheck check;
    private final EventStreams streams;

    EventsEndpoint(ApiKeyCheck check, EventStreams streams) {
        this.check = check;
        this.streams = streams;
    }

    @Override
    public CompletableFuture<Written> answer(String nothing, HttpServletRequest request) {
        Predicate<String> mayHear = check.requireAny(request);
        // A browser that reconnects keeps the address, so what it says in the header is newer.
        Optional<Long> query =
                QueryParameters.of(request, Set.of("last_event_id")).number("last_event_id", 0, Events.FROM_NOW);
        long after = Optional.ofNullable(request.getHeader("Last-Event-ID"))
                .map(String::trim)
                .filter(id -> !id.isEmpty())
                .map(EventsEndpoint::id)
                .or(() -> query)
                .orElse(Events.FROM_NOW);
        EventStreams.Place place = streams.take();
        return CompletableFuture.completedFuture(response -> place.begin(request, response, after, mayHear));
    }

    private static long id(String text) {
        try {
            long id = Long.parseLong(text);
            if (id >= 0) {
                return id;
            }
        } catch (NumberFormatException e) {
            throw notAnId();
        }
        throw notAnId();
    }

    private static Refused notAnId() {
        return new Refused(400, "invalid_request", "Last-Event-ID must be the id of an event that came from here");
    }
}
