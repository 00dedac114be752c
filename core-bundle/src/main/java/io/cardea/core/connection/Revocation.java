package io.cardea.core.connection;

import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.vault.StoredConnection;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks providers to revoke (RFC 7009) what is forgotten here already; that one does not is logged and no failure. */
final class Revocation {

    private static final Logger LOG = LoggerFactory.getLogger(Revocation.class);

    private final ProviderRegistry providers;

    Revocation(ProviderRegistry providers) {
        this.providers = providers;
    }

    CompletableFuture<Void> request(StoredConnection forgotten) {
        return providers
                .callSame(
                        forgotten.key().provider(),
                        forgotten.plugin(),
                        provider -> provider.info().supportsRevocation()
                                ? request(provider, forgotten)
                                : CompletableFuture.<Void>completedFuture(null))
                .exceptionally(away -> {
                    LOG.warn("{} is forgotten here but was not revoked there: the provider has left", forgotten.key());
                    return null;
                });
    }

    private static CompletableFuture<Void> request(ServingProvider provider, StoredConnection forgotten) {
        return provider.call(
                        "revoke",
                        (service, context) ->
                                service.revoke(forgotten.credential(), context).thenApply(nothing -> Boolean.TRUE))
                .handle((done, thrown) -> {
                    if (thrown != null) {
                        LOG.warn(
                                "{} is forgotten here but may not be revoked there: {}",
                                forgotten.key(),
                                thrown.getMessage());
                    }
                    return null;
                });
    }
}
