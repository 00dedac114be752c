package io.cardea.core.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.seal.VaultKey;
import io.cardea.core.vault.MemoryStore;
import io.cardea.core.vault.Vault;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class VaultKeyCommandTest {

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path data;

    @Test
    void whoever_changes_the_key_is_reminded_of_the_copy() {
        MemoryStore store = new MemoryStore();
        VaultKey key = VaultKey.of(data, store);

        assertThat(new VaultKeyCommand(new Vault(store, key), key).vaultkey("change"))
                .startsWith("Every credential is sealed with a new key.")
                .endsWith(" Copy " + data.resolve("keys/vault-key")
                        + " now to where you keep your copy of it: without it nobody can read them.");
    }
}
