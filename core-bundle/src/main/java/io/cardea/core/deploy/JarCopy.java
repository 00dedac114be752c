package io.cardea.core.deploy;

import io.cardea.core.deploy.RefusedJarException.Remedy;
import io.cardea.core.file.PrivateFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.osgi.framework.Constants;

/**
 * A jar as it was read, once, to where nobody else can write: the bytes that were looked at and hashed are those that are
 * installed, whatever becomes of the file meanwhile.
 *
 * @param file the copy, which goes when this is closed
 * @param digest its SHA-256, in lower-case hex digits
 * @param symbolicName of the bundle, without its directives
 * @param version of the bundle
 * @param isSingleton whether the bundle does not want another of its name beside it
 */
record JarCopy(Path file, String digest, String symbolicName, String version, boolean isSingleton)
        implements AutoCloseable {

    private static final Pattern SINGLETON = Pattern.compile(".*;\\s*singleton\\s*:=\\s*\"?true\"?.*");

    /**
     * Reads a jar.
     *
     * @param copy where the copy is made, in place of whatever is there
     */
    static JarCopy of(Path jar, Path copy) throws RefusedJarException {
        Optional<String> objection = Ownership.objection(jar.toFile());
        if (objection.isPresent()) {
            throw new RefusedJarException(objection.get(), Remedy.ANOTHER_JAR);
        }
        try {
            String digest = copy(jar, copy);
            return checked(copy, digest);
        } catch (IOException | SecurityException e) {
            discard(copy);
            throw new RefusedJarException("it is no readable jar (" + e.getMessage() + ")", Remedy.THE_REST, e);
        } catch (RefusedJarException e) {
            discard(copy);
            throw e;
        }
    }

    private static String copy(Path jar, Path copy) throws IOException {
        MessageDigest digest = sha256();
        Files.deleteIfExists(copy);
        Files.createFile(copy, PrivateFolder.fileMode());
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(copy), digest)) {
            Files.copy(jar, out);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Reads it to the end, for a copy may have been cut short. */
    private static JarCopy checked(Path copy, String digest) throws IOException, RefusedJarException {
        try (JarFile jar = new JarFile(copy.toFile())) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                CRC32 crc = new CRC32();
                try (InputStream content = new CheckedInputStream(jar.getInputStream(entry), crc)) {
                    content.transferTo(OutputStream.nullOutputStream());
                }
                // JarFile itself does not compare.
                if (crc.getValue() != entry.getCrc()) {
                    throw new RefusedJarException(entry.getName() + " in it is damaged", Remedy.THE_REST);
                }
            }
            Manifest manifest = jar.getManifest();
            Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
            String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new RefusedJarException(
                        "it is a jar but no OSGi bundle (its manifest has no Bundle-SymbolicName)", Remedy.ANOTHER_JAR);
            }
            String version = headers.getValue(Constants.BUNDLE_VERSION);
            return new JarCopy(
                    copy,
                    digest,
                    name.split(";", 2)[0].strip(),
                    version == null ? "0.0.0" : version.strip(),
                    SINGLETON.matcher(name).matches());
        }
    }

    String name() {
        return symbolicName + " " + version;
    }

    InputStream open() throws IOException {
        return Files.newInputStream(file);
    }

    @Override
    public void close() {
        discard(file);
    }

    private static void discard(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            throw new UncheckedIOException("a copy cannot be deleted", e);
        }
    }
}
