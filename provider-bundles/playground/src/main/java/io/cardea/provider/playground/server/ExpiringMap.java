package io.cardea.provider.playground.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Values that end by themselves, in bounded memory: expired ones are swept, and when it is full the oldest makes room.
 * Not for more than one thread at a time.
 */
final class ExpiringMap<V> {

    private static final Duration SWEEP = Duration.ofMinutes(1);

    private record Entry<V>(V value, Instant expiresAt) {}

    private final Map<String, Entry<V>> entries = new LinkedHashMap<>();
    private final int capacity;
    private final InstantSource clock;
    private Instant swept = Instant.MIN;

    ExpiringMap(int capacity, InstantSource clock) {
        this.capacity = capacity;
        this.clock = clock;
    }

    void put(String key, V value, Duration lifetime) {
        Instant now = clock.instant();
        if (entries.size() >= capacity || swept.plus(SWEEP).isBefore(now)) {
            entries.values().removeIf(entry -> !entry.expiresAt().isAfter(now));
            swept = now;
        }
        if (entries.size() >= capacity && !entries.containsKey(key)) {
            Iterator<String> oldest = entries.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        entries.put(key, new Entry<>(value, now.plus(lifetime)));
    }

    Optional<V> get(String key) {
        return live(entries.get(key));
    }

    Optional<V> remove(String key) {
        return live(entries.remove(key));
    }

    Optional<V> find(Predicate<V> wanted) {
        return entries.values().stream()
                .flatMap(entry -> live(entry).stream())
                .filter(wanted)
                .findFirst();
    }

    /** Exchanges the value and keeps its end. */
    void replace(String key, V value) {
        entries.computeIfPresent(key, (k, entry) -> new Entry<>(value, entry.expiresAt()));
    }

    int size() {
        return entries.size();
    }

    private Optional<V> live(@org.jspecify.annotations.Nullable Entry<V> entry) {
        return Optional.ofNullable(entry)
                .filter(e -> e.expiresAt().isAfter(clock.instant()))
                .map(Entry::value);
    }
}
