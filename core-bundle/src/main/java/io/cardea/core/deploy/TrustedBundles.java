package io.cardea.core.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cardea.core.deploy.RefusedJarException.Remedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;

/**
 * Which jars may be deployed: all, or with {@code CARDEA_DEPLOY_TRUST=listed} those whose SHA-256 is in {@code
 * conf/trusted-bundles}, a file as {@code sha256sum} writes it. It is read at each deployment.
 *
 * @param list that file; absent where all are trusted
 */
record TrustedBundles(Optional<Path> list) {

    private static final Pattern LINE = Pattern.compile("\\\\?([0-9a-fA-F]{64})(\\s.*)?");
    private static final String ALL = "all";

    static TrustedBundles of(BundleContext context) {
        String trust = Optional.ofNullable(context.getProperty("CARDEA_DEPLOY_TRUST"))
                .filter(set -> !set.isBlank())
                .orElse(ALL);
        String home = Optional.ofNullable(context.getProperty("cardea.home")).orElse("");
        return new TrustedBundles(
                trust.equals(ALL) ? Optional.empty() : Optional.of(Path.of(home, "conf", "trusted-bundles")));
    }

    /** @param name of the jar's file, for whoever lists it */
    void require(String name, String digest) throws RefusedJarException {
        if (list.isPresent()) {
            Optional<String> objection = objection(list.get(), digest);
            if (objection.isPresent()) {
                throw new RefusedJarException(
                        "it is not trusted: " + objection.get() + ". If you trust it, add this line to " + list.get()
                                + " and copy the jar again: " + digest + "  " + name,
                        Remedy.ANOTHER_JAR);
            }
        }
    }

    private static Optional<String> objection(Path list, String digest) {
        try {
            String content = Files.readString(list, UTF_8);
            Optional<String> unsafe = Ownership.objection(list.toFile()).or(() -> Ownership.folderObjection(list));
            if (unsafe.isPresent()) {
                return Optional.of("nothing is taken from " + list + ", for " + unsafe.get());
            }
            return content.lines()
                            .map(String::strip)
                            .map(LINE::matcher)
                            .filter(Matcher::matches)
                            .anyMatch(line ->
                                    line.group(1).toLowerCase(Locale.ROOT).equals(digest))
                    ? Optional.empty()
                    : Optional.of("CARDEA_DEPLOY_TRUST is listed, and its SHA-256 is not in " + list);
        } catch (NoSuchFileException e) {
            return Optional.of("CARDEA_DEPLOY_TRUST is listed, and there is no file " + list);
        } catch (IOException e) {
            return Optional.of(list + " cannot be read (" + e + ")");
        }
    }
}
