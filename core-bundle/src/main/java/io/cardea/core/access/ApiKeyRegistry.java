package io.cardea.core.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.file.PrivateFile;
import io.cardea.core.registry.PlainText;
import io.cardea.core.seal.Sha256;
import io.cardea.oauth.ApiKeys;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All keys that open something: the local one and those with a name. The file with the named ones is read again before
 * each change, so that what was mended by hand counts and nothing written by hand is lost. As long as it is damaged no
 * named key opens anything, and nothing is written over it.
 *
 * <p>Keys are made and withdrawn in this bundle alone: no other can give itself one. These methods throw {@link
 * OAuthException}, with {@link OAuthError#INVALID_REQUEST} for what the caller could do better, with {@link
 * OAuthError#SERVER_ERROR} when the file is damaged, unsafe or cannot be written, and block for as long as the disk takes.
 */
@Component(service = {ApiKeys.class, ApiKeyRegistry.class})
public final class ApiKeyRegistry implements ApiKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeyRegistry.class);
    private static final int MAX_ECHO = 64;

    private final LocalApiKey local;
    private final ApiKeyFile file;
    private final RandomKey random = new RandomKey();
    private final InstantSource clock;
    // Requests read it without a lock.
    private volatile KeyIndex index = KeyIndex.EMPTY;

    @Activate
    public ApiKeyRegistry(BundleContext context) {
        this(PrivateFile.data(context), InstantSource.system());
    }

    ApiKeyRegistry(Path data, InstantSource clock) {
        this.local = new LocalApiKey(data);
        this.file = new ApiKeyFile(data);
        this.clock = clock;
        try {
            index = new KeyIndex(file.read());
        } catch (IOException e) {
            LOG.warn(
                    "No API key but the local one is accepted until {} is repaired: {}",
                    file.path(),
                    e.getMessage(),
                    e);
        }
    }

    @Override
    public boolean accepts(String key, String provider, String action) {
        byte[] shown = Sha256.of(key.getBytes(UTF_8));
        // Both, so that it takes the same time whichever it is.
        boolean isLocal = local.is(shown);
        boolean isNamed = index.accepts(shown, provider, action);
        return isLocal || isNamed;
    }

    /**
     * Makes a key, which is on the disk before it is returned.
     *
     * @param name must be nobody else's
     * @param providers the providers that it is limited to, here now or not; empty for all
     * @param actions what it is limited to, of {@link ApiKey#ACTIONS}; empty for everything
     */
    public synchronized CreatedKey create(String name, Set<String> providers, Set<String> actions) {
        requireNames(name, providers, actions);
        List<NamedKey> keys = readAgain();
        if (keys.stream().anyMatch(known -> known.key().name().equals(name))) {
            throw invalid("There is an API key called " + name + " already; withdraw it, or choose another name");
        }
        String value = random.next();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        ApiKey key = new ApiKey(name, providers, actions, now);
        keys.add(new NamedKey(key, HexFormat.of().formatHex(Sha256.of(value.getBytes(UTF_8)))));
        write(keys);
        LOG.info("The API key {} was created", name);
        return new CreatedKey(key, value);
    }

    /** All of them, by name. */
    public synchronized List<ApiKey> list() {
        return readAgain().stream()
                .map(NamedKey::key)
                .sorted(Comparator.comparing(ApiKey::name))
                .toList();
    }

    /** Forgets a key. When this returns it opens nothing any more, now and after a restart. False when there is none. */
    public synchronized boolean withdraw(String name) {
        List<NamedKey> keys = readAgain();
        if (!keys.removeIf(known -> known.key().name().equals(name))) {
            return false;
        }
        write(keys);
        LOG.info("The API key {} was withdrawn", name);
        return true;
    }

    private List<NamedKey> readAgain() {
        try {
            List<NamedKey> keys = new ArrayList<>(file.read());
            index = new KeyIndex(keys);
            return keys;
        } catch (IOException e) {
            index = KeyIndex.EMPTY;
            throw new OAuthException(
                    OAuthError.SERVER_ERROR,
                    Optional.empty(),
                    "The API keys in " + file.path() + " cannot be used: " + e.getMessage()
                            + ". Repair or remove it; until then no key but the local one is accepted",
                    e);
        }
    }

    private void write(List<NamedKey> keys) {
        try {
            file.write(keys);
        } catch (IOException e) {
            throw new OAuthException(
                    OAuthError.SERVER_ERROR,
                    Optional.empty(),
                    "The API keys in " + file.path() + " cannot be changed: " + e.getMessage(),
                    e);
        }
        index = new KeyIndex(keys);
    }

    private static void requireNames(String name, Set<String> providers, Set<String> actions) {
        if (!ApiKeyFile.isName(name)) {
            throw invalid("An API key's name must match [A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
        }
        for (String provider : providers) {
            if (!ConnectionKey.isProviderName(provider)) {
                throw invalid("No provider can be called '" + PlainText.of(provider, MAX_ECHO) + "'");
            }
        }
        for (String action : actions) {
            if (!ApiKey.ACTIONS.contains(action)) {
                throw invalid("There is no action '" + PlainText.of(action, MAX_ECHO) + "'; there are "
                        + String.join(", ", ApiKey.ACTIONS));
            }
        }
    }

    private static OAuthException invalid(String why) {
        return new OAuthException(OAuthError.INVALID_REQUEST, Optional.empty(), why);
    }
}
