package io.cardea.itests;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.itests.acme.AcmeProvider;
import io.cardea.itests.leaky.local.ThreadLocalLeakingProvider;
import io.cardea.itests.leaky.thread.ThreadLeakingProvider;
import io.cardea.itests.leaky.timer.TimerLeakingProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A provider's jar that goes and leaves something behind is named in the log. */
// Half a minute of waiting; what it finds out of the distribution, LeakDetectorTest finds in a Felix at each build.
@EnabledIfSystemProperty(named = "cardea.swaps", matches = "\\d+")
class LeakyProviderIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    // The detector looks at each twice, 5 s after another, and then at what is left once in 5 s.
    private static final Duration LOOKED_AT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void each_that_leaks_is_named_and_the_one_that_does_not_is_not() throws Exception {
        try (Cardea cardea = Cardea.started(folder)) {
            Path deploy = cardea.deploy();
            ProviderJar.write(deploy.resolve("thread.jar"), ThreadLeakingProvider.class, "1.2.3");
            ProviderJar.write(deploy.resolve("timer.jar"), TimerLeakingProvider.class, "1.2.3");
            ProviderJar.write(deploy.resolve("local.jar"), ThreadLocalLeakingProvider.class, "1.2.3");
            ProviderJar.write(deploy.resolve("clean.jar"), AcmeProvider.class, "1.2.3");
            for (String provider : List.of("leaky-thread", "leaky-timer", "leaky-local", "acme")) {
                Cardea.eventually(SOON, () -> login(cardea, provider) == 302, cardea::log);
            }

            // Not written in place: that would have the same size and, as of its classes, the same time.
            Path next = ProviderJar.write(folder.resolve("next.jar"), ThreadLeakingProvider.class, "1.3.0");
            Files.copy(next, deploy.resolve("thread.jar"), REPLACE_EXISTING);
            for (String jar : List.of("timer", "local", "clean")) {
                Files.delete(deploy.resolve(jar + ".jar"));
            }

            Cardea.eventually(LOOKED_AT, () -> told(cardea, "thread", "go on"), cardea::log);
            assertThat(cardea.log()).contains("leaky-poller");
            Jvm jvm = new Jvm(cardea);
            Cardea.eventually(
                    LOOKED_AT,
                    () -> {
                        jvm.collect();
                        return told(cardea, "timer", "leaky-timer") && told(cardea, "local", "ThreadLocal.remove()");
                    },
                    cardea::log);
            assertThat(cardea.log()).doesNotContain("acme 1.2.3 leaks", "1.3.0 leaks");
        }
    }

    private static int login(Cardea cardea, String provider) {
        return cardea.get("/oauth/" + provider + "/login").statusCode();
    }

    private static boolean told(Cardea cardea, String leak, String what) {
        return cardea.log()
                .lines()
                .anyMatch(line -> line.contains("The provider bundle io.cardea.itests.leaky." + leak + " 1.2.3 leaks")
                        && line.contains(what));
    }
}
