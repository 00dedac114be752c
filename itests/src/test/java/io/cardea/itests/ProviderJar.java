package io.cardea.itests;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.File;
import java.nio.file.Path;
import java.util.Map;

/** Packs a package of the test classes as a provider bundle, as bnd does for every provider. */
final class ProviderJar {

    private ProviderJar() {}

    /** Writes a bundle whose symbolic name is the package's. */
    static Path write(Path target, Class<?> ofPackage, String version) throws Exception {
        return write(target, ofPackage.getPackageName(), ofPackage, version);
    }

    static Path write(Path target, String symbolicName, Class<?> ofPackage, String version) throws Exception {
        return write(target, symbolicName, ofPackage, version, Map.of());
    }

    /** With headers of its own. */
    static Path write(Path target, String symbolicName, Class<?> ofPackage, String version, Map<String, String> headers)
            throws Exception {
        try (Builder builder = new Builder()) {
            // The test classes, and what they were compiled against.
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                if (new File(entry).exists()) {
                    builder.addClasspath(new File(entry));
                }
            }
            builder.setProperty("Bundle-SymbolicName", symbolicName);
            builder.setProperty("Bundle-Version", version);
            builder.setProperty("Private-Package", ofPackage.getPackageName());
            builder.setProperty("-noextraheaders", "true");
            headers.forEach(builder::setProperty);
            try (Jar jar = builder.build()) {
                if (!builder.getErrors().isEmpty()) {
                    throw new IllegalStateException(builder.getErrors().toString());
                }
                jar.write(target.toFile());
            }
        }
        return target;
    }
}
