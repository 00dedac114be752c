package io.cardea.core.registry;

import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a newcomer who it is, and turns away one that cannot say so properly. */
final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    // Names that mean something else below /oauth.
    private static final Set<String> RESERVED = Set.of("connections", "events", "flows", "providers");
    private static final int MAX_PRINTED_NAME = 80;
    private static final int MAX_NAME = 100;
    private static final int MAX_TEXT = 2000;
    private static final int MAX_SCOPES = 200;

    private final ProviderContext context;
    private final Supplier<Duration> callTimeout;
    private final Executor continuations;
    private final Semaphore shared = Bulkhead.shared();

    Admission(ProviderContext context, Supplier<Duration> callTimeout, Executor continuations) {
        this.context = context;
        this.callTimeout = callTimeout;
        this.continuations = continuations;
    }

    /**
     * The provider as it is to be called from now on; absent, and a warning says why, when it is turned away. Runs the
     * provider's code, so only on the service's own thread.
     */
    Optional<ServingProvider> of(ProviderService service) {
        String plugin = service.plugin();
        try {
            Optional<OAuthProvider> provider = service.get();
            if (provider.isEmpty()) {
                LOG.warn("A provider of {} is refused: it was not activated; the log may say why", plugin);
                return Optional.empty();
            }
            ProviderDescription description = ProviderDescription.of(provider.get());
            Optional<String> refusal = refusal(description.info()).or(description::refusedRedirectUri);
            if (refusal.isPresent()) {
                LOG.warn("A provider of {} is refused: {}", plugin, refusal.get());
                return Optional.empty();
            }
            return Optional.of(new ServingProvider(
                    service.registered(description.info()),
                    description,
                    provider.get(),
                    context,
                    callTimeout,
                    continuations,
                    Bulkhead.to(shared),
                    service.inFlight()));
        } catch (Throwable thrown) {
            // A linkage error in a provider's bundle is the provider's fault as much as an exception is.
            LOG.warn("A provider of {} is refused: info() failed", plugin, ProviderFailures.withoutMessage(thrown));
            return Optional.empty();
        }
    }

    private static Optional<String> refusal(ProviderInfo info) {
        if (!ConnectionKey.isProviderName(info.name())) {
            return Optional.of(
                    "its name must match [a-z0-9][a-z0-9-]{0,62}, which " + printable(info.name()) + " does not");
        }
        if (RESERVED.contains(info.name())) {
            return Optional.of("the name " + info.name() + " is reserved");
        }
        boolean plain = Stream.concat(
                        Stream.of(
                                info.displayName(),
                                info.description(),
                                info.unavailable().orElse("")),
                        info.scopes().stream())
                .allMatch(PlainText::isPlain);
        if (!plain) {
            return Optional.of("it uses control or formatting characters, which could forge a line of a log or a page");
        }
        boolean modest = info.displayName().length() <= MAX_NAME
                && info.description().length() <= MAX_TEXT
                && info.unavailable().map(String::length).orElse(0) <= MAX_TEXT
                && info.scopes().size() <= MAX_SCOPES
                && info.scopes().stream().allMatch(scope -> scope.length() <= MAX_TEXT);
        return modest
                ? Optional.empty()
                : Optional.of("it says too much: a display name has at most " + MAX_NAME + " characters, any other"
                        + " text " + MAX_TEXT + ", and there are at most " + MAX_SCOPES + " scopes");
    }

    private static String printable(String name) {
        String cut = name.length() > MAX_PRINTED_NAME ? name.substring(0, MAX_PRINTED_NAME) + "..." : name;
        return '"' + cut.replaceAll("[^\\x20-\\x7e]", "?") + '"';
    }
}
