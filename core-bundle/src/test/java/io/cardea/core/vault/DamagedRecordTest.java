package io.cardea.core.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.ReauthorizationRequiredException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.vault.VaultRecord;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record that cannot be opened costs its own connection and no other. */
class DamagedRecordTest {

    private static final ConnectionKey GOOD = new ConnectionKey("acme", "good");
    private static final ConnectionKey DAMAGED = new ConnectionKey("acme", "damaged");

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final MemoryStore store = new MemoryStore();
    private final Vault vault = TestVault.of(store);

    private static StoredConnection connection(ConnectionKey key, long version) {
        return new StoredConnection(
                key,
                version,
                Credential.bearer("the-access-token"),
                Profile.UNKNOWN,
                "",
                Instant.EPOCH,
                Optional.empty(),
                false);
    }

    @BeforeEach
    void damage() {
        vault.write(connection(GOOD, 1));
        byte[] content = store.read(GOOD).orElseThrow().content().clone();
        content[content.length / 2] ^= 1;
        store.write(new VaultRecord(DAMAGED, 1, content));
    }

    @Test
    void the_others_are_listed_and_the_log_names_it() {
        assertThat(vault.list()).containsExactly(connection(GOOD, 1));
        assertThat(vault.list()).hasSize(1);
        assertThatThrownBy(() -> vault.read(DAMAGED)).isInstanceOf(OAuthException.class);
        assertThat(log.text())
                .containsOnlyOnce(
                        "The credential acme/damaged cannot be opened, and is kept until a login replaces it");
    }

    @Test
    void it_is_kept_and_whoever_asks_for_it_is_told_to_log_in_again() {
        assertThatThrownBy(() -> vault.read(DAMAGED))
                .isInstanceOfSatisfying(
                        ReauthorizationRequiredException.class,
                        thrown -> assertThat(thrown.key()).isEqualTo(DAMAGED))
                .hasMessage("The credential acme/damaged cannot be opened; the log has the details. Log in again.");
        assertThat(store.read(DAMAGED)).isPresent();
    }

    @Test
    void a_new_login_replaces_it() {
        long next = vault.version(DAMAGED) + 1;
        assertThat(vault.write(connection(DAMAGED, next))).isTrue();

        assertThat(vault.read(DAMAGED)).hasValue(connection(DAMAGED, next));
        assertThat(vault.list()).hasSize(2);
    }

    @Test
    void it_can_be_forgotten() {
        assertThat(vault.remove(DAMAGED)).isEmpty();

        assertThat(store.read(DAMAGED)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 27, 28})
    void a_record_of_any_length_is_only_damaged(int length) {
        store.write(new VaultRecord(DAMAGED, 2, new byte[length]));

        assertThat(vault.list()).containsExactly(connection(GOOD, 1));
    }
}
