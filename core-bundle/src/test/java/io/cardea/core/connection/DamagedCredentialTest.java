package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.ReauthorizationRequiredException;
import io.cardea.oauth.vault.VaultRecord;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A credential that cannot be opened wants a new login, which replaces it. */
class DamagedCredentialTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ConnectionSetup setup;

    @BeforeEach
    void damage() throws IOException {
        setup = new ConnectionSetup(osgi.context());
        setup.logIn();
        VaultRecord record = record();
        byte[] content = record.content().clone();
        content[content.length / 2] ^= 1;
        setup.store.reseal(new VaultRecord(record.key(), record.version(), content));
    }

    @AfterEach
    void close() {
        setup.close();
    }

    private VaultRecord record() throws IOException {
        return setup.store.read(ConnectionSetup.KEY).orElseThrow();
    }

    @Test
    void whoever_asks_for_its_token_is_sent_to_log_in_and_it_is_kept() throws IOException {
        VaultRecord before = record();

        assertThat(failure(setup.connections.accessToken("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED))
                .isInstanceOfSatisfying(
                        ReauthorizationRequiredException.class,
                        wanted -> assertThat(wanted.key()).isEqualTo(ConnectionSetup.KEY));
        failure(setup.connections.refresh("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
        assertThat(record()).isSameAs(before);
        assertThat(setup.acme.refreshed).isEmpty();
    }

    @Test
    void a_new_login_replaces_it() {
        setup.logIn(setup.credential("access-9", "refresh-9", 3600));

        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-9");
    }

    @Test
    void it_can_be_forgotten() {
        await(setup.connections.revoke("acme", "default"));

        failure(setup.connections.accessToken("acme", "default"), OAuthError.NOT_CONNECTED);
    }
}
