package io.cardea.core.shell;

import io.cardea.core.seal.VaultKey;
import io.cardea.core.vault.Vault;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code oauth:vaultkey}: the key that seals credentials. */
@Component(
        service = VaultKeyCommand.class,
        property = {"osgi.command.scope=oauth", "osgi.command.function=vaultkey"})
public final class VaultKeyCommand {

    private static final String USAGE = "vaultkey change";

    private final Vault vault;
    private final VaultKey key;

    @Activate
    public VaultKeyCommand(@Reference Vault vault, @Reference VaultKey key) {
        this.vault = vault;
        this.key = key;
    }

    /** Called by the shell. */
    public String vaultkey(String... given) {
        Arguments arguments = new Arguments(USAGE, Set.of(), given);
        arguments.requireWords(1);
        return CommandException.answer(() -> {
            if (!arguments.word(0, "What to do with it").equals("change")) {
                throw arguments.wrong("'" + arguments.word(0, "") + "' is nothing to do with the vault's key");
            }
            int failed = vault.changeKey();
            String told = failed == 0
                    ? "Every credential is sealed with a new key. Copies of the old one open nothing any more but old backups."
                    : failed
                            + " of the credentials could not be opened and are as they were; the log names them. The old"
                            + " key is kept beside the new one for them.";
            return told + " Copy " + key.path()
                    + " now to where you keep your copy of it: without it nobody can read them.";
        });
    }
}
