package io.cardea.core.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.cardea.core.thread.Failures;
import io.cardea.oauth.provider.ProviderException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/** The keys that one issuer publishes (RFC 7517), asked for anew when they are old or one is missing, and not too often. */
final class KeySet {

    private static final Duration GOOD = Duration.ofHours(1);
    // While they cannot be asked for again. A key that the issuer withdrew must not be believed for ever.
    private static final Duration STALE = Duration.ofHours(24);
    private static final Duration BETWEEN_REFETCHES = Duration.ofSeconds(30);
    private static final int MAX_KEYS = 100;

    private final Function<HttpRequest, CompletionStage<HttpResponse<byte[]>>> send;
    private final InstantSource clock;
    private Optional<Fetched> last = Optional.empty();
    private Instant lastRefetch = Instant.EPOCH;

    private record Fetched(URI from, JWKSet keys, Instant at) {}

    KeySet(Function<HttpRequest, CompletionStage<HttpResponse<byte[]>>> send, InstantSource clock) {
        this.send = send;
        this.clock = clock;
    }

    /** The keys as they are known; fetched where they are not, or no longer. */
    CompletionStage<JWKSet> known(URI from) {
        Optional<Fetched> known = last(from, STALE);
        if (known.filter(fetched -> isYounger(fetched, GOOD)).isPresent()) {
            return CompletableFuture.completedFuture(known.get().keys());
        }
        return fetch(from).handle((keys, thrown) -> {
            if (thrown == null) {
                return keys;
            }
            return known.map(Fetched::keys).orElseThrow(() -> new KeysUnavailableException(Failures.cause(thrown)));
        });
    }

    /** The keys fetched anew, because one is missing; as they are known when that was done a moment ago. */
    CompletionStage<JWKSet> refetched(URI from) {
        synchronized (this) {
            Instant now = clock.instant();
            if (lastRefetch.plus(BETWEEN_REFETCHES).isAfter(now)) {
                return known(from);
            }
            lastRefetch = now;
        }
        return fetch(from).exceptionallyCompose(thrown -> known(from));
    }

    private synchronized Optional<Fetched> last(URI from, Duration age) {
        return last.filter(fetched -> fetched.from().equals(from) && isYounger(fetched, age));
    }

    private boolean isYounger(Fetched fetched, Duration age) {
        return fetched.at().plus(age).isAfter(clock.instant());
    }

    private CompletionStage<JWKSet> fetch(URI from) {
        HttpRequest request = HttpRequest.newBuilder(from)
                .header("Accept", "application/json")
                .build();
        return send.apply(request).thenApply(response -> {
            JWKSet keys = read(response);
            synchronized (this) {
                last = Optional.of(new Fetched(from, keys, clock.instant()));
            }
            return keys;
        });
    }

    private static JWKSet read(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new ProviderException(
                    ProviderException.PROVIDER_ERROR,
                    "the keys were answered with HTTP status " + response.statusCode());
        }
        try {
            Map<String, Object>[] keys = JSONObjectUtils.getJSONObjectArray(
                    JSONObjectUtils.parse(new String(response.body(), UTF_8)), "keys");
            if (keys != null && keys.length <= MAX_KEYS) {
                return new JWKSet(Stream.of(keys).flatMap(KeySet::understood).toList());
            }
        } catch (ParseException e) {
            // Falls through: what it quotes is nobody's business.
        }
        throw new ProviderException(ProviderException.PROVIDER_ERROR, "the keys are no key set of a sensible size");
    }

    /** RFC 7517, section 5: a key that is of no known type, or lacks something, is passed over. */
    private static Stream<JWK> understood(Map<String, Object> key) {
        try {
            return Stream.of(JWK.parse(key));
        } catch (ParseException | IllegalArgumentException e) {
            return Stream.empty();
        }
    }
}
