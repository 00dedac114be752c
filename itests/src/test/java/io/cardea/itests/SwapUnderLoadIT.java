package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.swapped.SwappedProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A provider's jar is replaced over and over while people log in by it and programs refresh, and nobody notices. As often
 * as {@code cardea.swaps} says, with {@code cardea.swap.logins} a second.
 */
class SwapUnderLoadIT {

    private static final int SWAPS = Integer.getInteger("cardea.swaps", 50);
    private static final int LOGINS = Integer.getInteger("cardea.swap.logins", 20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Cardea cardea;
    private Path original;

    @AfterEach
    void stop() {
        cardea.close();
    }

    private void start() throws Exception {
        cardea = Cardea.demo(folder);
        original = ProviderJar.write(folder.resolve("original.jar"), SwappedProvider.class, "1.0.0");
        String own = cardea.url();
        String server = own.replace("localhost", "127.0.0.1") + "/playground";
        Files.writeString(
                cardea.deploy().resolve("io.cardea.provider.playground.cfg"),
                "client.swapped = a-secret " + own + "/oauth/swapped/callback\n");
        Files.writeString(
                cardea.deploy().resolve("io.cardea.provider.swapped.cfg"),
                "authorization_endpoint = " + own + "/playground/authorize\ntoken_endpoint = " + server
                        + "/token\nrevocation_endpoint = " + server + "/revoke\nuserinfo_endpoint = " + server
                        + "/userinfo\nclient_id = swapped\nclient_secret = a-secret\n");
        Cardea.eventually(
                PATIENCE, () -> cardea.log().contains("io.cardea.provider.playground.cfg is applied"), cardea::log);
        deploy(0);
    }

    private void deploy(int version) throws IOException {
        Path next = folder.resolve("next.jar");
        try (JarFile jar = new JarFile(original.toFile())) {
            Manifest manifest = new Manifest(jar.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", "1.0." + version);
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(next), manifest)) {
                for (ZipEntry entry : jar.stream().toList()) {
                    if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new ZipEntry(entry.getName()));
                        try (InputStream content = jar.getInputStream(entry)) {
                            content.transferTo(out);
                        }
                    }
                }
            }
        }
        Files.move(
                next,
                cardea.deploy().resolve("swapped.jar"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        Cardea.eventually(
                PATIENCE,
                () -> cardea.get("/oauth/providers").body().contains("\"plugin_version\":\"1.0." + version + "\""),
                cardea::log);
    }

    @Test
    void nobody_notices() throws Exception {
        start();
        List<Long> swaps = new ArrayList<>();
        SwapLoad load = new SwapLoad(cardea, "swapped");
        try (load) {
            load.begin(LOGINS);
            for (int version = 1; version <= SWAPS; version++) {
                long begin = System.nanoTime();
                deploy(version);
                swaps.add((System.nanoTime() - begin) / 1_000_000);
                assertThat(load.failures()).as("at swap " + version).isEmpty();
            }
        }
        System.out.printf(
                "%d swaps, each within %d ms (median) and %d ms (slowest), under %d logins and %d refreshes:"
                        + " p50 %d ms, p99 %d ms, slowest %d ms%n",
                SWAPS,
                swaps.stream().sorted().toList().get(swaps.size() / 2),
                swaps.stream().max(Long::compare).orElseThrow(),
                load.logins(),
                load.refreshes(),
                load.percentile(50).toMillis(),
                load.percentile(99).toMillis(),
                load.percentile(100).toMillis());

        assertThat(load.failures()).isEmpty();
        assertThat(load.logins()).isPositive();
        assertThat(load.refreshes()).isPositive();
        for (int number = 0; number < SwapLoad.REFRESHED; number++) {
            load.refresh(number);
        }
        HttpResponse<String> connections =
                cardea.get("/oauth/connections?provider=swapped", "Authorization", "Bearer " + cardea.apiKey());
        assertThat(connections.body()).contains("refreshed-0").doesNotContain("reauthorization_required");
    }
}
