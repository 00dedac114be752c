package io.cardea.core.login;

import io.cardea.core.audit.AuditLog;
import io.cardea.core.connection.ConnectionService;
import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.thread.DaemonThreads;
import io.cardea.core.thread.Failures;
import io.cardea.oauth.Connection;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks authorization servers whether the person has answered (RFC 8628, sections 3.4 and 3.5). */
final class DevicePolling {

    private static final Logger LOG = LoggerFactory.getLogger(DevicePolling.class);
    private static final int SLOWER_SECONDS = 5; // RFC 8628, section 3.5
    private static final int MAX_INTERVAL = 60;

    private final ProviderRegistry providers;
    private final ConnectionService connections;
    private final AuditLog audit;
    private final ScheduledExecutorService timer;

    DevicePolling(ProviderRegistry providers, ConnectionService connections, AuditLog audit) {
        this(
                providers,
                connections,
                audit,
                new ScheduledThreadPoolExecutor(1, task -> DaemonThreads.thread(task, "device")));
    }

    DevicePolling(
            ProviderRegistry providers, ConnectionService connections, AuditLog audit, ScheduledExecutorService timer) {
        this.providers = providers;
        this.connections = connections;
        this.audit = audit;
        this.timer = timer;
    }

    void stop() {
        timer.shutdownNow();
    }

    /**
     * A device authorization under way.
     *
     * @param plugin the bundle whose provider began it
     * @param binding the server and client that it was begun with, see {@link ServingProvider#binding}
     * @param scopes what was asked for
     */
    record Device(
            FlowTable.Entry entry,
            DeviceAuthorization authorization,
            String plugin,
            String binding,
            List<String> scopes) {}

    void begin(Device device) {
        schedule(device, Math.max(1, device.authorization().interval()));
    }

    private void schedule(Device device, int interval) {
        try {
            timer.schedule(() -> poll(device, interval), interval, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("A device login ends with Cardea", stopping);
        }
    }

    private void poll(Device device, int interval) {
        if (device.entry().state() != State.PENDING) {
            return;
        }
        providers
                .callSame(
                        device.entry().key().provider(),
                        device.plugin(),
                        provider -> provider.metadata().thenCompose(server -> poll(provider, server, device)))
                .whenComplete((connection, thrown) -> {
                    if (thrown == null) {
                        device.entry().end(State.COMPLETE, Optional.empty());
                    } else {
                        failed(device, interval, thrown);
                    }
                });
    }

    private CompletableFuture<Connection> poll(ServingProvider provider, ServerMetadata server, Device device) {
        if (!device.binding().equals(provider.binding(server, ""))) {
            throw CodeFlow.refused(
                    provider.info().name(), "The provider has changed since this login was begun. Start again.");
        }
        return provider.call("pollDevice", (service, context) -> service.pollDevice(device.authorization(), context))
                .thenCompose(credential -> store(provider, server, device, credential));
    }

    private CompletableFuture<Connection> store(
            ServingProvider provider, ServerMetadata server, Device device, Credential credential) {
        // No poll fails from here on: the device code is spent. Whoever asked was told that it expired, or is not asked
        // again.
        if (!device.entry().claim()) {
            throw CodeFlow.refused(provider.info().name(), "This login took too long. Start again.");
        }
        return provider.idToken(server, credential, Optional.empty(), false)
                .thenCompose(idToken -> connections.connect(
                        provider, device.entry().key(), CodeFlow.withScopes(credential, device.scopes()), idToken));
    }

    private void failed(Device device, int interval, Throwable thrown) {
        Throwable cause = Failures.cause(thrown);
        OAuthException failure = cause instanceof OAuthException told
                ? told
                : new OAuthException(
                        OAuthError.SERVER_ERROR,
                        Optional.of(device.entry().key().provider()),
                        "Cardea failed",
                        cause);
        if (failure.error() == OAuthError.UNKNOWN_PROVIDER || failure.error() == OAuthError.PROVIDER_UNAVAILABLE) {
            // Its bundle may come back in time.
            schedule(device, interval);
            return;
        }
        String code = device.entry().isClaimed() ? "" : code(failure);
        switch (code) {
            case "authorization_pending" -> schedule(device, interval);
            case "slow_down" -> schedule(device, interval + SLOWER_SECONDS);
            // RFC 8628, section 3.5: a server that does not answer is asked less and less often.
            case ProviderException.PROVIDER_TIMEOUT,
                    ProviderException.PROVIDER_ERROR,
                    ProviderException.UNREACHABLE,
                    ProviderException.TEMPORARILY_UNAVAILABLE ->
                schedule(device, Math.max(interval, Math.min(MAX_INTERVAL, 2 * interval)));
            case "access_denied" -> end(device, State.DENIED, failure);
            case "expired_token" -> end(device, State.EXPIRED, failure);
            default -> {
                LOG.warn("A device login of {} failed: {}", device.entry().key(), failure.getMessage());
                end(device, State.FAILED, failure);
            }
        }
    }

    private void end(Device device, State state, OAuthException failure) {
        audit.loginFailed(device.entry().key(), failure);
        device.entry().end(state, state == State.FAILED ? Optional.of(failure) : Optional.empty());
    }

    private static String code(OAuthException failure) {
        return failure.error() == OAuthError.PROVIDER_TIMEOUT
                ? ProviderException.PROVIDER_TIMEOUT
                : ServingProvider.errorCode(failure).orElse("");
    }
}
