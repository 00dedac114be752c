package io.cardea.core.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.file.PrivateFolder;
import io.cardea.core.seal.MasterKey;
import io.cardea.core.seal.Sha256;
import io.cardea.core.seal.VaultKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logins that programs watch over, as they rest: one small sealed file each, which is true or not there. Its name is
 * a digest of the login's id, and the seal holds for that name alone.
 */
final class FlowFiles {

    private static final Logger LOG = LoggerFactory.getLogger(FlowFiles.class);
    private static final String PURPOSE = "flow";
    private static final int MAX_BYTES = 16 * 1024;
    private static final int NAME_BYTES = 16;
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{" + 2 * NAME_BYTES + "}");

    private final PrivateFolder folder;
    private final VaultKey vaultKey;
    private final AtomicBoolean failing = new AtomicBoolean();

    FlowFiles(PrivateFolder folder, VaultKey vaultKey) {
        this.folder = folder;
        this.vaultKey = vaultKey;
    }

    /**
     * All that can be read, sealed with the vault key of now if they were not.
     *
     * @throws UncheckedIOException when others can reach the folder, or when it cannot be used
     */
    List<FlowRecord> read() {
        List<FlowRecord> flows = new ArrayList<>();
        try {
            folder.prepare();
            folder.sweep();
            for (String name : folder.names()) {
                read(name).ifPresent(flows::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder.path() + " cannot be used: " + e.getMessage(), e);
        }
        return flows;
    }

    private Optional<FlowRecord> read(String name) {
        Path file = folder.path().resolve(name);
        if (!NAME.matcher(name).matches()) {
            LOG.warn("{} is no file of Cardea's and is left alone", file);
            return Optional.empty();
        }
        try {
            folder.requirePrivate(file);
            Optional<FlowRecord> flow = Files.size(file) > MAX_BYTES ? Optional.empty() : open(name, folder.read(name));
            if (flow.isEmpty()) {
                // It would never be of use again: whoever waits for it finds no such login, and begins another.
                LOG.warn("{} is damaged, or was sealed with another key, and is removed: a login is lost", file);
                remove(file);
            }
            return flow;
        } catch (IOException e) {
            // What can be mended may be read at the next start.
            LOG.warn("The login in {} cannot be read: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<FlowRecord> open(String name, byte[] sealed) {
        MasterKey current = vaultKey.current();
        for (MasterKey key : vaultKey.known().toList()) {
            Optional<byte[]> message = key.sealer(PURPOSE).open(sealed, place(name));
            if (message.isPresent()) {
                Optional<FlowRecord> flow = FlowJson.read(message.get());
                if (key != current) {
                    flow.ifPresent(this::write);
                }
                return flow;
            }
        }
        return Optional.empty();
    }

    /** Durably; what cannot be written goes on in memory, for a login is worth more than its survival. */
    void write(FlowRecord flow) {
        String name = name(flow.id());
        try {
            byte[] sealed = vaultKey.current().sealer(PURPOSE).seal(FlowJson.write(flow), place(name));
            if (sealed.length > MAX_BYTES) {
                throw new IOException("a login of " + flow.key() + " has more than " + MAX_BYTES + " bytes");
            }
            folder.write(name, sealed);
            failing.set(false);
        } catch (IOException e) {
            if (failing.compareAndSet(false, true)) {
                LOG.warn(
                        "Logins that are under way will not survive a restart: {} cannot be written: {}",
                        folder.path(),
                        e.getMessage());
            }
            // What it held is no longer so. A full disk has room for less.
            remove(folder.path().resolve(name));
        }
    }

    void remove(String id) {
        remove(folder.path().resolve(name(id)));
    }

    private void remove(Path file) {
        try {
            folder.remove(String.valueOf(file.getFileName()));
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", file, e.getMessage());
        }
    }

    /** Which of an id's letters are capitals not every file system tells, and an id is no matter for a listing. */
    private static String name(String id) {
        return HexFormat.of().formatHex(Arrays.copyOf(Sha256.of(id.getBytes(UTF_8)), NAME_BYTES));
    }

    private static String place(String name) {
        return "flow " + name;
    }
}
