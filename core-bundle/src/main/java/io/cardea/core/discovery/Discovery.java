package io.cardea.core.discovery;

import io.cardea.core.outbound.Hosts;
import io.cardea.core.outbound.OutboundException;
import io.cardea.core.thread.Failures;
import io.cardea.oauth.provider.JsonObject;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata that one provider's issuer publishes (OpenID Connect Discovery, section 4; RFC 8414, section 3), and for
 * how long it is believed. What was good once is used on while a server cannot be asked again.
 */
public final class Discovery {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final Duration GOOD = Duration.ofHours(1);
    private static final Duration STALE = Duration.ofMinutes(1);
    // So that a server that is down is not asked again by every login.
    private static final Duration FAILED = Duration.ofSeconds(5);

    private final Set<String> allowedHosts;
    private final Function<HttpRequest, CompletionStage<HttpResponse<byte[]>>> send;
    private final InstantSource clock;
    private final Set<String> foreignHosts = ConcurrentHashMap.newKeySet();
    // The last issuer alone: a provider has one.
    private Optional<Known> known = Optional.empty();

    private static final class Known {

        private final String issuer;
        private final CompletableFuture<ServerMetadata> metadata;
        private volatile Instant until = Instant.MAX;

        Known(String issuer, CompletableFuture<ServerMetadata> metadata) {
            this.issuer = issuer;
            this.metadata = metadata;
        }

        boolean isGoodFor(String asked, Instant now) {
            return issuer.equals(asked) && until.isAfter(now);
        }

        Optional<ServerMetadata> last(String asked) {
            return issuer.equals(asked) && metadata.isDone() && !metadata.isCompletedExceptionally()
                    ? Optional.of(metadata.join())
                    : Optional.empty();
        }
    }

    public Discovery(
            Set<String> allowedHosts,
            Function<HttpRequest, CompletionStage<HttpResponse<byte[]>>> send,
            InstantSource clock) {
        this.allowedHosts = allowedHosts;
        this.send = send;
        this.clock = clock;
    }

    /** The issuer's metadata; the stage fails with a {@link ProviderException}. */
    public CompletionStage<ServerMetadata> discover(String issuer) {
        CompletableFuture<ServerMetadata> answer = new CompletableFuture<>();
        Known next;
        Optional<ServerMetadata> last;
        synchronized (this) {
            Optional<Known> good = known.filter(one -> one.isGoodFor(issuer, clock.instant()));
            if (good.isPresent()) {
                return good.get().metadata.copy();
            }
            last = known.flatMap(one -> one.last(issuer));
            next = new Known(issuer, answer);
            known = Optional.of(next);
        }
        fetch(issuer).whenComplete((metadata, thrown) -> {
            Instant now = clock.instant();
            if (thrown == null) {
                next.until = now.plus(GOOD);
                answer.complete(metadata);
            } else if (last.isPresent()) {
                LOG.warn("Issuer {}: {}; what was known before is used on", issuer, reason(thrown));
                next.until = now.plus(STALE);
                answer.complete(last.get());
            } else {
                LOG.warn("Issuer {}: {}", issuer, reason(thrown));
                next.until = now.plus(FAILED);
                answer.completeExceptionally(thrown);
            }
        });
        return answer.copy();
    }

    /** Whether a document has named this host, which is not its issuer's own. */
    public boolean hasNamed(String host) {
        return foreignHosts.contains(host.toLowerCase(Locale.ROOT));
    }

    private static @Nullable String reason(Throwable thrown) {
        return Failures.cause(thrown).getMessage();
    }

    private CompletionStage<ServerMetadata> fetch(String issuer) {
        try {
            URI url = URI.create(issuer);
            if (url.getHost() == null) {
                return CompletableFuture.failedFuture(refused("The issuer is no URL"));
            }
            String path = Optional.ofNullable(url.getRawPath()).orElse("").replaceFirst("/$", "");
            String origin = url.getScheme() + "://" + url.getRawAuthority();
            return fetch(URI.create(origin + path + "/.well-known/openid-configuration"))
                    .thenCompose(response -> response.statusCode() == 404
                            ? fetch(URI.create(origin + "/.well-known/oauth-authorization-server" + path))
                            : CompletableFuture.completedFuture(response))
                    .exceptionally(thrown -> {
                        throw unanswered(issuer, Failures.cause(thrown));
                    })
                    .thenApply(response -> read(issuer, response));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(refused("The issuer is no URL"));
        }
    }

    private CompletionStage<HttpResponse<byte[]>> fetch(URI url) {
        return send.apply(
                HttpRequest.newBuilder(url).header("Accept", "application/json").build());
    }

    private static RuntimeException unanswered(String issuer, Throwable cause) {
        return cause instanceof OutboundException found
                ? found.during("The metadata of " + origin(issuer) + " cannot be had")
                : new CompletionException(cause);
    }

    private ServerMetadata read(String issuer, HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw refused("When " + origin(issuer) + " was asked for its metadata, it answered with HTTP status "
                    + response.statusCode());
        }
        JsonObject json = json(issuer, response);
        // RFC 8414, section 3.3: identical, or one server could speak for another.
        if (!json.text("issuer").equals(Optional.of(issuer))) {
            throw refused("The metadata of " + origin(issuer) + " names another issuer. The issuer in the configuration"
                    + " must be the same to the letter");
        }
        return new ServerMetadata(
                Optional.of(issuer),
                endpoint(issuer, json, "authorization_endpoint"),
                endpoint(issuer, json, "token_endpoint"),
                endpoint(issuer, json, "revocation_endpoint"),
                endpoint(issuer, json, "userinfo_endpoint"),
                endpoint(issuer, json, "device_authorization_endpoint"),
                endpoint(issuer, json, "jwks_uri"),
                json.text("authorization_response_iss_parameter_supported").equals(Optional.of("true")));
    }

    private static JsonObject json(String issuer, HttpResponse<byte[]> response) {
        try {
            return JsonObject.parse(response.body());
        } catch (ProviderException noJson) {
            throw refused("When " + origin(issuer) + " was asked for its metadata, it did not answer with JSON");
        }
    }

    private Optional<URI> endpoint(String issuer, JsonObject json, String name) {
        return json.text(name).map(text -> {
            try {
                URI url = URI.create(text);
                String host = String.valueOf(url.getHost());
                boolean own = host.equals(URI.create(issuer).getHost());
                boolean trusted = own || (!Hosts.isPrivate(host) && Hosts.isAllowed(allowedHosts, host));
                // RFC 6749, section 3.1: a fragment would swallow the parameters.
                if (Hosts.isSecure(url) && trusted && url.getRawFragment() == null) {
                    if (!own) {
                        foreignHosts.add(host.toLowerCase(Locale.ROOT));
                    }
                    return url;
                }
            } catch (IllegalArgumentException e) {
                // Falls through to the one message.
            }
            throw refused(
                    "The metadata of " + origin(issuer) + " names a " + name + " that must not be used: not https, on"
                            + " a host that is private or is not among allowed_hosts");
        });
    }

    /** Whom to blame; a path, or a user name, is not for everybody to read. */
    private static String origin(String issuer) {
        URI url = URI.create(issuer);
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private static OutboundException refused(String why) {
        return new OutboundException(ProviderException.PROVIDER_ERROR, why);
    }
}
