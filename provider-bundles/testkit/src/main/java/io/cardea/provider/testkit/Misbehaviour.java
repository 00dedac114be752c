package io.cardea.provider.testkit;

import java.util.Map;
import java.util.function.Supplier;

/** A way for the server to misbehave. */
public enum Misbehaviour {
    /** A proxy in front of the server shows its error page. */
    BAD_GATEWAY("answers 502 with a page of HTML"),
    /** The server is busy (RFC 6585, section 4). */
    TOO_MANY_REQUESTS("answers 429 with Retry-After"),
    /** The server is being maintained. */
    UNAVAILABLE("answers 503 with Retry-After"),
    /** Success, and nothing else. */
    EMPTY("answers 200 with an empty body"),
    /** More than anybody wants to read. */
    HUGE("answers 200 with two megabytes"),
    /** Success by its status, and an error inside. */
    ERROR_WITH_200("answers 200 with an error inside"),
    /** The connection is closed instead of an answer. */
    HANG_UP("closes the connection without an answer"),
    /** The proper answer, of which the second half got lost. */
    CUT("answers JSON that breaks off in the middle"),
    /** A refusal that repeats all that it was sent. */
    ECHOING_REFUSAL("refuses, and its error_description repeats all that it was sent"),
    /** A text that repeats all that it was sent. */
    ECHO("answers 200 with a text that repeats all that it was sent");

    private static final int HUGE_SIZE = 2 * 1024 * 1024;
    private static final String RETRY_AFTER = "120";

    private final String words;

    Misbehaviour(String words) {
        this.words = words;
    }

    /** What the server does, to follow "the server". */
    public String words() {
        return words;
    }

    Answer answer(AuthorizationServer server, ReceivedRequest request, Supplier<Answer> proper) {
        return switch (this) {
            case BAD_GATEWAY ->
                Answer.text(502, "text/html", "<!DOCTYPE html><title>502</title><h1>502 Bad Gateway</h1>");
            case TOO_MANY_REQUESTS ->
                Answer.text(429, "text/plain", "Too many requests").withHeader("Retry-After", RETRY_AFTER);
            case UNAVAILABLE ->
                Answer.text(503, "text/html", "<!DOCTYPE html><title>503</title><h1>Maintenance</h1>")
                        .withHeader("Retry-After", RETRY_AFTER);
            case EMPTY -> Answer.empty(200);
            case HUGE -> Answer.json(200, Map.of("access_token", "x".repeat(HUGE_SIZE)));
            case ERROR_WITH_200 ->
                server.refused(request, new Refusal("server_error", "The server misbehaves on demand."))
                        .withStatus(200);
            case HANG_UP -> Answer.none();
            case CUT -> cut(proper.get());
            case ECHOING_REFUSAL ->
                Answer.json(400, Map.of("error", "invalid_request", "error_description", echo(request)));
            case ECHO -> Answer.text(200, "application/json", echo(request));
        };
    }

    private static Answer cut(Answer proper) {
        String half = proper.body().substring(0, proper.body().length() / 2);
        return Answer.text(200, "application/json", half.isEmpty() ? "{" : half);
    }

    private static String echo(ReceivedRequest request) {
        return "You sent: " + request.everything() + "\n" + Parameters.readable(request.body());
    }
}
