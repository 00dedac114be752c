package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.core.registry.ProviderServices;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RevokeTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ConnectionSetup setup;
    private ConnectionService connections;

    @BeforeEach
    void open() {
        setup = new ConnectionSetup(osgi.context());
        connections = setup.connections;
        setup.logIn();
    }

    @AfterEach
    void close() {
        setup.close();
    }

    private void assertForgotten() {
        assertThat(connections.list()).isEmpty();
        failure(connections.accessToken("acme", "default"), OAuthError.NOT_CONNECTED);
    }

    @Test
    void a_revoked_connection_is_forgotten_here_and_revoked_there() {
        await(connections.revoke("acme", "default"));

        assertForgotten();
        assertThat(setup.acme.revoked).containsExactly(setup.credential("access-1", "refresh-1", 3600));
        failure(connections.revoke("acme", "default"), OAuthError.NOT_CONNECTED);
    }

    @Test
    void it_is_unusable_at_once_while_the_provider_is_still_asked() {
        CompletableFuture<Void> upstream = new CompletableFuture<>();
        setup.acme.revoke(credential -> upstream);
        CompletionStage<Void> revocation = connections.revoke("acme", "default");

        assertForgotten();
        assertThat(revocation.toCompletableFuture()).isNotDone();
        upstream.complete(null);
        await(revocation);
    }

    @Test
    void it_is_forgotten_though_the_provider_refuses() {
        setup.acme.revoke(credential -> failedFuture(new ProviderException("server_error", "not today")));
        await(connections.revoke("acme", "default"));

        assertForgotten();
        assertThat(log.text())
                .contains("WARN")
                .contains("acme/default is forgotten here but may not be revoked there")
                .doesNotContain("access-1", "refresh-1");
    }

    @Test
    void it_is_forgotten_though_the_provider_never_answers() {
        setup.acme.revoke(credential -> new CompletableFuture<>());
        setup.services.impatiently(() -> await(connections.revoke("acme", "default")));

        assertForgotten();
    }

    @Test
    void it_is_forgotten_though_the_provider_throws() {
        setup.acme.revoke(credential -> {
            throw new NoSuchMethodError(credential.accessToken());
        });
        await(connections.revoke("acme", "default"));

        assertForgotten();
        assertThat(log.text()).doesNotContain("access-1", "refresh-1");
    }

    @Test
    void it_is_forgotten_though_the_provider_has_left() {
        setup.registration.unregister();
        await(connections.revoke("acme", "default"));

        assertThat(connections.list()).isEmpty();
        assertThat(setup.acme.revoked).isEmpty();
        assertThat(log.text()).contains("WARN").contains("acme/default is forgotten here but was not revoked there");
    }

    @Test
    void a_provider_without_revocation_is_not_asked() {
        setup.acme.info(TestProvider.withoutRevocation("acme"));
        setup.registration.setProperties(ProviderServices.ranking(1));
        await(connections.revoke("acme", "default"));

        assertForgotten();
        assertThat(setup.acme.revoked).isEmpty();
    }

    @Test
    void a_connection_is_known_by_its_access_token() {
        await(connections.revokeToken("acme", "access-1"));

        assertForgotten();
        assertThat(setup.acme.revoked).hasSize(1);
    }

    @Test
    void a_connection_is_known_by_its_refresh_token() {
        await(connections.revokeToken("acme", "refresh-1"));

        assertForgotten();
        assertThat(setup.acme.revoked).hasSize(1);
    }

    @Test
    void a_token_that_was_never_stored_counts_as_revoked_and_the_provider_is_not_asked() {
        for (String unknown : new String[] {"", "access-11", "id-token", "default"}) {
            await(connections.revokeToken("acme", unknown));
        }

        assertThat(setup.acme.revoked).isEmpty();
        assertThat(connections.list()).hasSize(1);
    }

    @Test
    void a_token_is_no_key_to_another_providers_connection() {
        setup.services.publish(new TestProvider("other"));
        await(connections.revokeToken("other", "access-1"));

        assertThat(connections.list()).hasSize(1);
        failure(connections.revokeToken("nobody", "access-1"), OAuthError.UNKNOWN_PROVIDER);
    }

    @Test
    void the_other_connections_stay() {
        setup.logIn(new ConnectionKey("acme", "work"), setup.credential("access-work", "refresh-work", 3600));
        await(connections.revoke("acme", "default"));

        assertThat(await(connections.accessToken("acme", "work")).value()).isEqualTo("access-work");
    }

    @Test
    void what_is_revoked_is_what_was_there_at_that_moment() {
        // A refresh ends after the caller's look and before the connection is removed.
        setup.acme.refresh(
                credential -> CompletableFuture.completedFuture(setup.credential("access-2", "refresh-2", 3600)));
        setup.store.afterNextRead(() -> await(connections.refresh("acme", "default")));
        await(connections.revokeToken("acme", "refresh-1"));

        assertForgotten();
        assertThat(setup.acme.revoked).extracting(Credential::refreshToken).containsExactly(Optional.of("refresh-2"));
    }
}
