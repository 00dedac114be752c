package io.cardea.core.login;

import static io.cardea.core.login.CodeFlow.refused;

import io.cardea.core.audit.AuditLog;
import io.cardea.core.connection.ConnectionService;
import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
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
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Logins that a program watches over: on another device, or by a pasted code. */
@Component
public final class FlowService implements Flows {

    private static final int MAX_AT_ONCE = 1000;
    private static final int ID_BYTES = 16;
    // Whatever the server says: for so long nobody looks for a code.
    private static final Duration MAX_DEVICE_LOGIN = Duration.ofHours(1);

    private final ProviderRegistry providers;
    private final CodeFlow codeFlow;
    private final DevicePolling polling;
    private final FlowTable flows;

    @Activate
    public FlowService(
            @Reference ProviderRegistry providers,
            @Reference CodeFlow codeFlow,
            @Reference ConnectionService connections,
            @Reference AuditLog audit) {
        this(providers, codeFlow, new DevicePolling(providers, connections, audit));
    }

    FlowService(ProviderRegistry providers, CodeFlow codeFlow, DevicePolling polling) {
        this.providers = providers;
        this.codeFlow = codeFlow;
        this.polling = polling;
        this.flows = new FlowTable(MAX_AT_ONCE, codeFlow.clock());
    }

    @Deactivate
    void stop() {
        polling.stop();
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
        FlowTable.Entry entry = flows.add(codeFlow.secret(ID_BYTES), key, end, Optional.empty());
        polling.begin(new DevicePolling.Device(
                entry,
                authorization,
                provider.plugin(),
                provider.binding(server, ""),
                scopes.isEmpty() ? provider.info().scopes() : scopes));
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
                        FlowTable.Entry entry = flows.add(
                                codeFlow.secret(ID_BYTES),
                                request.key(),
                                Instant.ofEpochSecond(prepared.login().expiresAt()),
                                Optional.of(new FlowTable.Manual(prepared.login(), request.redirectUri())));
                        return new ManualLogin(entry.id(), prepared.authorizationUrl());
                    });
        });
    }

    @Override
    public CompletionStage<Connection> complete(String flow, String pasted) {
        return attempt(() -> {
            FlowTable.Entry entry = flows.require(flow);
            String name = entry.key().provider();
            FlowTable.Manual manual = entry.manual()
                    .orElseThrow(() ->
                            refused(name, "This login is completed on another device: there is no code to paste"));
            providers.requireKnown(name);
            AuthorizationResponse response =
                    PastedResponse.read(name, pasted, manual.login().state());
            return providers.callSame(name, manual.login().plugin(), provider -> {
                // Not before the provider is here: one that is away leaves the login for another try.
                if (!entry.claim()) {
                    throw refused(name, "This login has ended already. Start again.");
                }
                return codeFlow.finish(
                                provider, manual.login(), response, provider.manualRedirectUri(manual.ownRedirectUri()))
                        .whenComplete((connection, thrown) -> end(entry, thrown));
            });
        });
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
        return flows.require(flow).status();
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
