package io.cardea.itests;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.Jvm.Usage;
import io.cardea.itests.acme.AcmeProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;

/** A provider's jar is replaced by the next version of it, over and over, as {@code -Dcardea.swaps} says. */
class SwapLeakIT {

    private static final int SWAPS = Integer.getInteger("cardea.swaps", 40);
    // Metaspace also holds what the JIT compiler knows of hot methods, and that grows for a while.
    private static final int WARM_UP = SWAPS * 2 / 5;
    private static final Duration SOON = Duration.ofSeconds(20);
    // Each version that stayed would count once a swap. A lambda or two may first run late, a thread of a pool come
    // back.
    private static final int A_FEW_CLASSES = 100;
    private static final int A_FEW = 4;
    private static final int A_MEGABYTE = 1024 * 1024;

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 2, unit = java.util.concurrent.TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void nothing_of_the_versions_before_stays() throws Exception {
        Path jar = ProviderJar.write(folder.resolve("base.jar"), AcmeProvider.class, "0.0.0");
        try (Cardea cardea = Cardea.started(folder)) {
            Jvm jvm = new Jvm(cardea);
            swap(cardea, jar, 0, WARM_UP);
            jvm.usage();
            Usage before = jvm.usage();

            swap(cardea, jar, WARM_UP, SWAPS);

            Usage after = jvm.usage();
            System.out.println(SWAPS - WARM_UP + " swaps: " + before + " before, " + after + " after");
            assertThat(after.loaders()).as("class loaders").isLessThanOrEqualTo(before.loaders() + 1);
            assertThat(after.classes()).as("classes").isLessThanOrEqualTo(before.classes() + A_FEW_CLASSES);
            assertThat(after.metaspace()).as("metaspace").isLessThanOrEqualTo(before.metaspace() + 2 * A_MEGABYTE);
            assertThat(after.heap()).as("heap").isLessThanOrEqualTo(before.heap() + A_MEGABYTE);
            assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + A_FEW);
            assertThat(after.descriptors()).as("descriptors").isLessThanOrEqualTo(before.descriptors() + A_FEW);
            assertThat(cardea.log()).doesNotContain(" leaks");
        }
    }

    private void swap(Cardea cardea, Path jar, int from, int until) throws IOException {
        for (int swap = from; swap < until; swap++) {
            String version = "1.0." + swap;
            Files.move(withVersion(jar, version), cardea.deploy().resolve("acme.jar"), ATOMIC_MOVE);
            Cardea.eventually(
                    SOON,
                    () -> cardea.get("/oauth/providers").body().contains("\"plugin_version\":\"" + version + '"'),
                    cardea::log);
            assertThat(cardea.get("/oauth/acme/login").statusCode()).isEqualTo(302);
        }
    }

    private Path withVersion(Path jar, String version) throws IOException {
        Path next = folder.resolve("next.jar");
        try (JarFile from = new JarFile(jar.toFile())) {
            Manifest manifest = new Manifest(from.getManifest());
            manifest.getMainAttributes().putValue(Constants.BUNDLE_VERSION, version);
            try (OutputStream file = Files.newOutputStream(next);
                    JarOutputStream to = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : Collections.list(from.entries())) {
                    if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        to.putNextEntry(new JarEntry(entry.getName()));
                        from.getInputStream(entry).transferTo(to);
                    }
                }
            }
        }
        return next;
    }
}
