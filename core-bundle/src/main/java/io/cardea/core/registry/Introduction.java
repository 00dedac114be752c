package io.cardea.core.registry;

import io.cardea.core.thread.DaemonThreads;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderInfo;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a newcomer who it is, and turns away one that cannot say so properly. */
final class Introduction {

    private static final Logger LOG = LoggerFactory.getLogger(Introduction.class);
    // Names that mean something else below /oauth.
    private static final Set<String> RESERVED = Set.of("connections", "events", "flows", "providers");
    private static final int LONGEST_PRINTED_NAME = 80;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_TEXT = 2000;
    private static final int MOST_SCOPES = 200;

    private final ProviderContext context;
    private final Duration longestIntroduction;
    private final Duration longestCall;
    private final Executor continuations = new DaemonThreads("answers");
    private final Semaphore hall = Doorway.hall();

    Introduction(ProviderContext context, Duration longestIntroduction, Duration longestCall) {
        this.context = context;
        this.longestIntroduction = longestIntroduction;
        this.longestCall = longestCall;
    }

    /** The provider as it is to be called from now on; absent, and a warning says why, when it is turned away. */
    Optional<ServingProvider> of(OAuthProvider provider, ServiceReference<OAuthProvider> reference) {
        // A bundle that stops at this very moment is no longer told.
        Optional<Bundle> bundle = Optional.ofNullable(reference.getBundle());
        String name = bundle.map(Bundle::getSymbolicName).orElse("a bundle that has gone");
        String version = bundle.map(from -> from.getVersion().toString()).orElse("");
        try {
            Particulars particulars = ask(provider);
            Optional<String> refusal = refusal(particulars.info()).or(particulars::refusedRedirectUri);
            if (refusal.isEmpty()) {
                RegisteredProvider registered = new RegisteredProvider(particulars.info(), name, version);
                return Optional.of(new ServingProvider(
                        registered, particulars, provider, context, longestCall, continuations, Doorway.to(hall)));
            }
            LOG.warn("A provider of {} {} is refused: {}", name, version, refusal.get());
        } catch (TimeoutException e) {
            LOG.warn("A provider of {} {} is refused: info() did not return in {}", name, version, longestIntroduction);
        } catch (ExecutionException e) {
            LOG.warn(
                    "A provider of {} {} is refused: info() failed",
                    name,
                    version,
                    ServingProvider.withoutMessage(Objects.requireNonNullElse(e.getCause(), e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    /** On a thread of its own, so that a provider that hangs holds up nobody who publishes services. */
    private Particulars ask(OAuthProvider provider) throws InterruptedException, ExecutionException, TimeoutException {
        FutureTask<Particulars> answer = new FutureTask<>(() -> Particulars.of(provider));
        DaemonThreads.thread(answer, "introduction").start();
        try {
            return answer.get(longestIntroduction.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            answer.cancel(true);
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
        boolean modest = info.displayName().length() <= LONGEST_NAME
                && info.description().length() <= LONGEST_TEXT
                && info.unavailable().map(String::length).orElse(0) <= LONGEST_TEXT
                && info.scopes().size() <= MOST_SCOPES
                && info.scopes().stream().allMatch(scope -> scope.length() <= LONGEST_TEXT);
        return modest
                ? Optional.empty()
                : Optional.of("it says too much: a display name has at most " + LONGEST_NAME + " characters, any other"
                        + " text " + LONGEST_TEXT + ", and there are at most " + MOST_SCOPES + " scopes");
    }

    private static String printable(String name) {
        String cut = name.length() > LONGEST_PRINTED_NAME ? name.substring(0, LONGEST_PRINTED_NAME) + "..." : name;
        return '"' + cut.replaceAll("[^\\x20-\\x7e]", "?") + '"';
    }
}
