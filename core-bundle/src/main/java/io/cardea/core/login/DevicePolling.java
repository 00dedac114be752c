package io.cardea.core.login;

import io.cardea.core.audit.AuditLog;
import io.cardea.core.connection.ConnectionService;
import io.cardea.core.login.FlowRecord.Device;
import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.thread.Failures;
import io.cardea.oauth.Connection;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks authorization servers whether the person has answered (RFC 8628, sections 3.4 and 3.5). */
final class DevicePolling {

    private static final Logger LOG = LoggerFactory.getLogger(DevicePolling.class);
    private static final int SLOWER_SECONDS = 5; // RFC 8628, section 3.5
    private static final int MAX_INTERVAL = 60;
    private static final String AWAY = "away";

    private final ProviderRegistry providers;
    private final ConnectionService connections;
    private final AuditLog audit;
    private final ScheduledExecutorService timer;

    /** @param timer polls each when its time has come; it is the caller's */
    DevicePolling(
            ProviderRegistry providers, ConnectionService connections, AuditLog audit, ScheduledExecutorService timer) {
        this.providers = providers;
        this.connections = connections;
        this.audit = audit;
        this.timer = timer;
    }

    /** Polls until the login has ended, for the first time when its interval has passed. */
    void begin(FlowTable.Entry entry) {
        entry.record().device().ifPresent(device -> schedule(entry, device.interval()));
    }

    private void schedule(FlowTable.Entry entry, int interval) {
        try {
            timer.schedule(() -> poll(entry), interval, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("A device login waits for the next start", stopping);
        }
    }

    private void poll(FlowTable.Entry entry) {
        // None is left once it has ended.
        entry.record()
                .device()
                .ifPresent(device -> entry.awaited(providers
                        .callSame(
                                entry.key().provider(),
                                device.plugin(),
                                provider -> provider.metadata()
                                        .thenCompose(server -> poll(provider, server, entry, device)))
                        .whenComplete((connection, thrown) -> {
                            if (thrown == null) {
                                entry.end(State.COMPLETE, Optional.empty());
                            } else {
                                failed(entry, device.interval(), thrown);
                            }
                        })));
    }

    private CompletableFuture<Connection> poll(
            ServingProvider provider, ServerMetadata server, FlowTable.Entry entry, Device device) {
        if (!device.binding().equals(provider.binding(server, ""))) {
            throw CodeFlow.refused(
                    provider.info().name(), "The provider has changed since this login was begun. Start again.");
        }
        return provider.call("pollDevice", (service, context) -> service.pollDevice(device.authorization(), context))
                .thenCompose(credential -> store(provider, server, entry, device.scopes(), credential));
    }

    private CompletableFuture<Connection> store(
            ServingProvider provider,
            ServerMetadata server,
            FlowTable.Entry entry,
            List<String> scopes,
            Credential credential) {
        // No poll fails from here on: the device code is spent. Whoever asked was told that it expired, or is not asked
        // again.
        if (!entry.claim()) {
            throw CodeFlow.refused(provider.info().name(), "This login took too long. Start again.");
        }
        return provider.idToken(server, credential, Optional.empty(), false)
                .thenCompose(idToken ->
                        connections.connect(provider, entry.key(), CodeFlow.withScopes(credential, scopes), idToken));
    }

    private void failed(FlowTable.Entry entry, int interval, Throwable thrown) {
        Throwable cause = Failures.cause(thrown);
        OAuthException failure = cause instanceof OAuthException told
                ? told
                : new OAuthException(
                        OAuthError.SERVER_ERROR, Optional.of(entry.key().provider()), "Cardea failed", cause);
        // Once it is claimed the device code is spent, whatever went wrong afterwards.
        String code = entry.isClaimed() ? "" : code(failure);
        switch (code) {
            // Its bundle may come back in time.
            case AWAY -> schedule(entry, interval);
            case "authorization_pending" -> schedule(entry, interval);
            case "slow_down" -> schedule(entry, entry.slower(interval + SLOWER_SECONDS));
            // RFC 8628, section 3.5: a server that does not answer is asked less and less often.
            case ProviderException.PROVIDER_TIMEOUT,
                    ProviderException.PROVIDER_ERROR,
                    ProviderException.UNREACHABLE,
                    ProviderException.TEMPORARILY_UNAVAILABLE ->
                schedule(entry, entry.slower(Math.max(interval, Math.min(MAX_INTERVAL, 2 * interval))));
            case "access_denied" -> end(entry, State.DENIED, failure);
            case "expired_token" -> end(entry, State.EXPIRED, failure);
            default -> {
                LOG.warn("A device login of {} failed: {}", entry.key(), failure.getMessage());
                end(entry, State.FAILED, failure);
            }
        }
    }

    private void end(FlowTable.Entry entry, State state, OAuthException failure) {
        audit.loginFailed(entry.key(), failure);
        entry.end(state, state == State.FAILED ? Optional.of(failure) : Optional.empty());
    }

    private static String code(OAuthException failure) {
        return switch (failure.error()) {
            // Nothing was sent: it is away, or Cardea itself is busy or stops.
            case UNKNOWN_PROVIDER, PROVIDER_UNAVAILABLE, TEMPORARILY_UNAVAILABLE -> AWAY;
            case PROVIDER_TIMEOUT -> ProviderException.PROVIDER_TIMEOUT;
            default -> ServingProvider.errorCode(failure).orElse("");
        };
    }
}
