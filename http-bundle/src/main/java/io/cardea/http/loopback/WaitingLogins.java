package io.cardea.http.loopback;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where logins wait until when, written down in the bundle's own storage, which outlives its update; nothing in it is
 * secret.
 */
final class WaitingLogins {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingLogins.class);
    private static final int FIELDS = 3;

    private final Optional<Path> file;
    private final Map<URI, Login> logins = new TreeMap<>();

    /**
     * @param callbackUrl where the browser is sent on to
     * @param end when nobody is waited for any more
     */
    record Login(String callbackUrl, Instant end) {}

    /** @param file absent where there is no storage */
    WaitingLogins(Optional<Path> file) {
        this.file = file;
        try {
            if (file.isPresent() && Files.exists(file.get())) {
                Files.readAllLines(file.get()).forEach(this::read);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Logins that waited at ports of this machine are forgotten: {}", e.toString());
        }
    }

    private void read(String line) {
        List<String> fields = List.of(line.split(" "));
        if (fields.size() == FIELDS) {
            logins.put(
                    URI.create(fields.get(0)),
                    new Login(fields.get(1), Instant.ofEpochMilli(Long.parseLong(fields.get(2)))));
        }
    }

    /** Those that wait still. */
    synchronized void forEach(BiConsumer<URI, Login> action) {
        removeEnded();
        logins.forEach(action);
    }

    synchronized void add(URI redirectUri, String callbackUrl, Instant end) {
        removeEnded();
        logins.put(redirectUri, new Login(callbackUrl, end));
        file.ifPresent(this::write);
    }

    private void removeEnded() {
        Instant now = Instant.now();
        logins.values().removeIf(login -> login.end().isBefore(now));
    }

    private void write(Path to) {
        List<String> lines = logins.entrySet().stream()
                .map(one -> one.getKey() + " " + one.getValue().callbackUrl() + " "
                        + one.getValue().end().toEpochMilli())
                .toList();
        try {
            Path whole = Files.write(to.resolveSibling(to.getFileName() + ".tmp"), lines);
            Files.move(whole, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Only an update at this very moment would need it.
            LOG.debug("Waiting logins are not written down", e);
        }
    }
}
