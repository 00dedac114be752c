package io.cardea.core.login;

import static io.cardea.core.login.CodeFlow.refused;

import io.cardea.core.audit.AuditLog;
import io.cardea.core.connection.ConnectionService;
import io.cardea.core.file.PrivateFile;
import io.cardea.core.file.PrivateFolder;
import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.seal.VaultKey;
import io.cardea.core.thread.DaemonThreads;
import io.cardea.core.thread.Failures;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.DeviceLogin;
import io.cardea.oauth.FlowStatus;
import io.cardea.oauth.FlowStatus.State;
import io.cardea.oauth.Flows;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.ManualLogin;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.ServerMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logins that a program watches over: on another device, or by a pasted code. */
@Component(immediate = true)
public final class FlowService implements Flows {

    private static final Logger LOG = LoggerFactory.getLogger(FlowService.class);

    private static final int MAX_AT_ONCE = 1000;
    private static final int ID_BYTES = 16;
    // Whatever the server says: for so long nobody looks for a code.
    private static final Duration MAX_DEVICE_LOGIN = Duration.ofHours(1);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final ProviderRegistry providers;
    private final CodeFlow codeFlow;
    private final ScheduledExecutorService timer;
    private final DevicePolling polling;
    private final FlowTable flows;
    private final VaultKey.Registration sealing;

    @Activate
    public FlowService(
            BundleContext context,
            @Reference ProviderRegistry providers,
            @Reference CodeFlow codeFlow,
            @Reference ConnectionService connections,
            @Reference AuditLog audit,
            @Reference VaultKey vaultKey) {
        this(
                providers,
                codeFlow,
                connections,
                audit,
                vaultKey,
                new PrivateFolder(PrivateFile.data(context), "flows"),
                new ScheduledThreadPoolExecutor(1, task -> DaemonThreads.thread(task, "flows")));
    }

    private FlowService(
            ProviderRegistry providers,
            CodeFlow codeFlow,
            ConnectionService connections,
            AuditLog audit,
            VaultKey vaultKey,
            PrivateFolder folder,
            ScheduledExecutorService timer) {
        this(
                providers,
                codeFlow,
                new DevicePolling(providers, connections, audit, timer),
                vaultKey,
                new FlowTable(MAX_AT_ONCE, codeFlow.clock(), new FlowFiles(folder, vaultKey), timer),
                new InterruptedFlows(connections, audit),
                timer);
    }

    /** @param timer ends with this service */
    FlowService(
            ProviderRegistry providers,
            CodeFlow codeFlow,
            DevicePolling polling,
            VaultKey vaultKey,
            FlowTable flows,
            InterruptedFlows interrupted,
            ScheduledExecutorService timer) {
        this.providers = providers;
        this.codeFlow = codeFlow;
        this.polling = polling;
        this.flows = flows;
        this.timer = timer;
        // Before they are read: none may be sealed with a key that goes meanwhile.
        this.sealing = vaultKey.beforeRetiring(flows::sealAgain);
        for (FlowTable.Entry left : flows.restore()) {
            interrupted.end(left);
            polling.begin(left);
        }
    }

    /** What is under way goes on at the next start. */
    @Deactivate
    void stop() {
        timer.shutdownNow();
        awaitTimer();
        flows.close(STOP_PATIENCE);
        sealing.close();
    }

    /** A poll that is just beginning is one of those that are waited for. */
    private void awaitTimer() {
        try {
            if (!timer.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("A poll of a device login takes long to begin");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletionStage<DeviceLogin> beginDevice(ConnectionKey key, List<String> scopes) {
        return attempt(() -> {
            flows.requireRoom();
            return providers.callForLogin(key, provider -> beginDevice(provider, key, scopes));
        });
    }

    private CompletableFuture<DeviceLogin> beginDevice(
            ServingProvider provider, ConnectionKey key, List<String> scopes) {
        Requirements.available(provider);
        return provider.metadata()
                .thenCompose(server -> provider.call(
                                "authorizeDevice", (service, context) -> service.authorizeDevice(scopes, context))
                        .thenApply(authorization -> begun(provider, server, key, scopes, authorization)))
                .exceptionally(thrown -> {
                    throw Requirements.explained(provider, thrown, "This provider has no device login");
                });
    }

    private DeviceLogin begun(
            ServingProvider provider,
            ServerMetadata server,
            ConnectionKey key,
            List<String> scopes,
            DeviceAuthorization authorization) {
        Requirements.userCode(provider, authorization.userCode());
        Requirements.webPage(provider, authorization.verificationUri());
        authorization.verificationUriComplete().ifPresent(uri -> Requirements.webPage(provider, uri));
        Instant latest = codeFlow.clock().instant().plus(MAX_DEVICE_LOGIN);
        Instant end = authorization.expiresAt().isBefore(latest) ? authorization.expiresAt() : latest;
        FlowTable.Entry entry = flows.add(FlowRecord.begun(
                codeFlow.secret(ID_BYTES),
                key,
                end,
                new FlowRecord.Device(
                        authorization,
                        Math.max(1, authorization.interval()),
                        provider.plugin(),
                        provider.binding(server, ""),
                        scopes.isEmpty() ? provider.info().scopes() : scopes)));
        polling.begin(entry);
        return new DeviceLogin(
                entry.id(),
                authorization.userCode(),
                authorization.verificationUri(),
                authorization.verificationUriComplete(),
                end,
                authorization.interval());
    }

    @Override
    public CompletionStage<ManualLogin> beginManual(LoginRequest request) {
        return attempt(() -> {
            flows.requireRoom();
            return providers
                    .callForLogin(request.key(), provider -> {
                        Requirements.pastedCode(provider);
                        return codeFlow.prepare(provider, request, provider.manualRedirectUri(request.redirectUri()));
                    })
                    .thenApply(prepared -> {
                        FlowTable.Entry entry = flows.add(FlowRecord.begun(
                                codeFlow.secret(ID_BYTES),
                                request.key(),
                                Instant.ofEpochSecond(prepared.login().expiresAt()),
                                new FlowRecord.Manual(prepared.login(), request.redirectUri())));
                        return new ManualLogin(entry.id(), prepared.authorizationUrl());
                    });
        });
    }

    @Override
    public CompletionStage<Connection> complete(String flow, String pasted) {
        return attempt(() -> {
            FlowTable.Entry entry = flows.require(flow);
            String name = entry.key().provider();
            FlowRecord known = entry.record();
            if (known.state() != State.PENDING) {
                throw ended(name);
            }
            FlowRecord.Manual manual = known.manual()
                    .orElseThrow(() ->
                            refused(name, "This login is completed on another device: there is no code to paste"));
            providers.requireKnown(name);
            AuthorizationResponse response =
                    PastedResponse.read(name, pasted, manual.login().state());
            return entry.awaited(providers.callSame(name, manual.login().plugin(), provider -> {
                // Not before the provider is here: one that is away leaves the login for another try.
                if (!entry.claim()) {
                    throw ended(name);
                }
                return codeFlow.finish(
                                provider, manual.login(), response, provider.manualRedirectUri(manual.ownRedirectUri()))
                        .whenComplete((connection, thrown) -> end(entry, thrown));
            }));
        });
    }

    private static OAuthException ended(String provider) {
        return refused(provider, "This login has ended already. Start again.");
    }

    private static void end(FlowTable.Entry entry, @Nullable Throwable thrown) {
        if (thrown == null) {
            entry.end(State.COMPLETE, Optional.empty());
            return;
        }
        Throwable cause = Failures.cause(thrown);
        if (cause instanceof OAuthException told && told.error() == OAuthError.ACCESS_DENIED) {
            entry.end(State.DENIED, Optional.empty());
        } else {
            entry.end(State.FAILED, cause instanceof OAuthException told ? Optional.of(told) : Optional.empty());
        }
    }

    @Override
    public FlowStatus status(String flow) {
        return flows.require(flow).record().status();
    }

    private interface Attempt<T> {
        CompletableFuture<T> begin();
    }

    private static <T> CompletableFuture<T> attempt(Attempt<T> attempt) {
        try {
            return attempt.begin();
        } catch (OAuthException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
