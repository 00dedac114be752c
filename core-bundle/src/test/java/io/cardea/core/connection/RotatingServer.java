package io.cardea.core.connection;

import io.cardea.core.fixture.LocalServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.LocalServer.Request;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * An authorization server that replaces its refresh token at each use, and ends the grant when it sees one that was
 * replaced (RFC 9700, section 4.14.2). It kills its client when it is told to.
 */
final class RotatingServer implements AutoCloseable {

    private final LocalServer http = new LocalServer();
    private final Set<String> spent = new HashSet<>();
    private String current = "refresh-0";
    private String accessToken = "";
    private boolean ended;
    private int number;
    private int spentTokensSent;
    private String point = "";
    private Process client;

    RotatingServer() throws IOException {
        http.answer("/token", this::token);
    }

    String tokenEndpoint() {
        return http.url("/token");
    }

    /** The refresh token of a new grant. */
    synchronized String grant() {
        return current;
    }

    synchronized void killsAt(String where, Process whom) {
        point = where;
        client = whom;
    }

    private synchronized Answer token(Request request) {
        if (point.equals("before the server looks")) {
            kill();
            return Answer.json(500, "nobody hears it");
        }
        String shown = request.form().get("refresh_token");
        Answer answer = answer(shown);
        if (point.equals("before the server answers")) {
            kill();
        }
        return answer;
    }

    private Answer answer(String shown) {
        if (spent.contains(shown)) {
            spentTokensSent++;
            ended = true;
        }
        if (ended || !shown.equals(current)) {
            return Answer.json(400, "{\"error\":\"invalid_grant\"}");
        }
        spent.add(shown);
        number++;
        current = "refresh-" + number;
        accessToken = "access-" + number;
        return Answer.json(
                200,
                "{\"access_token\":\"" + accessToken + "\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
                        + "\"refresh_token\":\"" + current + "\"}");
    }

    private void kill() {
        client.toHandle().destroyForcibly();
        try {
            client.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized boolean isValid(String token) {
        return !ended && token.equals(accessToken);
    }

    synchronized int spentTokensSent() {
        return spentTokensSent;
    }

    @Override
    public void close() {
        http.close();
    }
}
