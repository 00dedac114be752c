package io.cardea.core.connection;

import io.cardea.core.event.EventLog;
import io.cardea.core.fixture.AdjustableClock;
import io.cardea.core.fixture.Stages;
import io.cardea.core.fixture.TestProvider;
import io.cardea.core.registry.ProviderServices;
import io.cardea.core.seal.VaultKey;
import io.cardea.core.vault.TestVault;
import io.cardea.core.vault.Vault;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A connection service with the provider acme and, once a test has logged in, its connection. */
final class ConnectionSetup implements AutoCloseable {

    static final ConnectionKey KEY = new ConnectionKey("acme", "default");

    final AdjustableClock clock = new AdjustableClock();
    final TestProvider acme = new TestProvider("acme");
    final EventLog events = new EventLog(clock);
    private final VaultKey key;
    HookedStore store = new HookedStore();
    final ProviderServices services;
    final ServiceRegistration<OAuthProvider> registration;
    ConnectionService connections;

    ConnectionSetup(BundleContext context) {
        this(new ProviderServices(context));
    }

    ConnectionSetup(ProviderServices services) {
        this.services = services;
        registration = services.publish(acme);
        key = TestVault.key(store);
        connections = new ConnectionService(services.registry(), new Vault(store, key), events, clock);
    }

    /** A credential that lives so many seconds from now. */
    Credential credential(String accessToken, String refreshToken, long seconds) {
        return new Credential(
                accessToken,
                "Bearer",
                Optional.of(clock.instant().plusSeconds(seconds)),
                Optional.of(refreshToken),
                Optional.of("id-token"),
                List.of("email", "repo"),
                Map.of("team", "a"));
    }

    /** Logs in with a credential that lives an hour. */
    Connection logIn() {
        return logIn(credential("access-1", "refresh-1", 3600));
    }

    Connection logIn(Credential credential) {
        return logIn(KEY, credential);
    }

    Connection logIn(ConnectionKey key, Credential credential) {
        return Stages.await(connections.connect(services.serving(key.provider()), key, credential, Optional.empty()));
    }

    /** A process that dies while the provider has the refresh token; what it knew is gone, what it wrote is there. */
    void dieInARefresh() {
        CompletableFuture<Credential> upstream = new CompletableFuture<>();
        int before = acme.refreshed.size();
        acme.refresh(credential -> upstream);
        connections.refresh("acme", "default");
        Stages.eventually(() -> acme.refreshed.size() > before);
        HookedStore left = store.copy();
        // Or it would be waited for.
        upstream.completeExceptionally(new ProviderException("provider_error", "nobody hears it"));
        connections.stop();
        restartOn(left);
    }

    /** As after the death of the process: what is in the store is all that is left, and what it did is of no effect. */
    void restart() {
        HookedStore left = store.copy();
        connections.stop();
        restartOn(left);
    }

    /** Another service, with what a store holds. */
    void restartOn(HookedStore disk) {
        restartOn(disk, clock);
    }

    /** Another service, with what a store holds and its own look at the clock. */
    void restartOn(HookedStore disk, InstantSource look) {
        store = disk;
        connections = new ConnectionService(services.registry(), new Vault(store, key), events, look);
    }

    void expire() {
        clock.pass(Duration.ofSeconds(3600));
    }

    @Override
    public void close() {
        connections.stop();
        services.close();
    }
}
