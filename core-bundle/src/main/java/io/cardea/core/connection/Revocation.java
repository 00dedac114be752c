package io.cardea.core.connection;

import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.core.vault.StoredConnection;
import io.cardea.oauth.OAuthException;
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
        ServingProvider provider;
        try {
            provider = providers.serving(forgotten.key().provider());
        } catch (OAuthException gone) {
            LOG.warn("{} is forgotten here but was not revoked there: the provider has left", forgotten.key());
            return CompletableFuture.completedFuture(null);
        }
        return provider.info().supportsRevocation()
                ? request(provider, forgotten)
                : CompletableFuture.completedFuture(null);
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
