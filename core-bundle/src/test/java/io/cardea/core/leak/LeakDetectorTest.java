package io.cardea.core.leak;

import static io.cardea.core.fixture.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** A provider bundle that goes and leaves something behind is named; one that leaves nothing is not. */
class LeakDetectorTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private LeakyBundles bundles;

    @BeforeEach
    void open() {
        bundles = new LeakyBundles(osgi.context());
    }

    @AfterEach
    void close() throws Exception {
        bundles.close();
        osgi.uninstallAll();
    }

    @ParameterizedTest
    @CsvSource({"thread, leaky-thread", "subclass, leaky-subclass"})
    void a_thread_that_goes_on_is_named_with_the_bundle_that_was_uninstalled(String leak, String thread)
            throws Exception {
        bundles.start("acme", "1.0.0", leak).uninstall();

        eventually(() -> log.text().contains("leaks"));
        assertThat(log.text())
                .contains(
                        "The provider bundle acme 1.0.0 leaks: it has gone, but threads of its own go on",
                        ": " + thread);
    }

    @Test
    void a_thread_that_goes_on_is_named_with_the_bundle_that_was_updated_and_not_with_its_next_version()
            throws Exception {
        Bundle bundle = bundles.start("acme", "1.0.0", "thread");
        bundles.update(bundle, "acme", "2.0.0", "thread");
        bundles.update(bundle, "acme", "3.0.0", "none");
        bundles.update(bundle, "acme", "4.0.0", "thread");
        eventually(() -> log.text().contains("acme 2.0.0 leaks"));
        LeakyBundles.collectFor(Duration.ofSeconds(1));

        assertThat(log.text())
                .containsOnlyOnce("acme 1.0.0 leaks")
                .containsOnlyOnce("acme 2.0.0 leaks")
                .doesNotContain("acme 3.0.0", "acme 4.0.0");
    }

    @Test
    void of_two_that_were_here_at_the_same_time_the_one_that_leaks_is_named() throws Exception {
        Bundle old = bundles.start("acme", "1.0.0", "none");
        Bundle next = bundles.start("acme", "2.0.0", "thread");
        List<ClassLoader> held = new ArrayList<>(List.of(bundles.loader(old).get()));
        old.uninstall();
        LeakyBundles.waitForLooks();
        held.clear();
        LeakyBundles.collectFor(Duration.ofMillis(500));
        assertThat(log.text()).doesNotContain("leaks");

        next.uninstall();
        eventually(() -> log.text().contains("acme 2.0.0 leaks"));
        assertThat(log.text()).doesNotContain("acme 1.0.0");
    }

    @ParameterizedTest
    @CsvSource({"timer, leaky-timer", "executor, leaky-executor"})
    void what_holds_its_classes_is_named_when_others_have_been_unloaded(String leak, String thread) throws Exception {
        bundles.start("acme", "1.0.0", leak).uninstall();

        collectUntilTold();
        assertThat(log.text())
                .contains("The provider bundle acme 1.0.0 leaks: it has gone, but something keeps its classes", thread);
    }

    @Test
    void a_thread_local_of_a_thread_that_lives_on_is_detected() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Bundle bundle = bundles.start("acme", "1.0.0", "thread-local");
        CompletableFuture.runAsync(bundles.service(bundle), pool).join();
        bundle.uninstall();

        collectUntilTold();
        pool.shutdown();
        assertThat(log.text()).contains("The provider bundle acme 1.0.0 leaks", "ThreadLocal.remove()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "short"})
    void one_that_leaves_nothing_behind_is_not_told_of(String leak) throws Exception {
        Bundle bundle = bundles.start("acme", "1.0.0", leak);
        bundles.update(bundle, "acme", "2.0.0", leak);
        bundle.uninstall();

        LeakyBundles.collectFor(Duration.ofSeconds(2));
        assertThat(log.text()).isEmpty();
    }

    @Test
    void one_that_has_only_stopped_may_keep_what_it_has() throws Exception {
        bundles.start("acme", "1.0.0", "thread").stop();

        LeakyBundles.collectFor(Duration.ofSeconds(1));
        assertThat(log.text()).isEmpty();
    }

    @Test
    void the_same_version_is_told_of_once() throws Exception {
        bundles.start("acme", "1.0.0", "thread").uninstall();
        eventually(() -> log.text().contains("leaks"));
        bundles.start("acme", "1.0.0", "thread").uninstall();

        LeakyBundles.collectFor(Duration.ofSeconds(1));
        assertThat(log.text()).containsOnlyOnce("leaks");
    }

    @Test
    void nothing_of_a_bundle_is_held_by_the_detector() throws Exception {
        var loader = bundles.loader(bundles.start("acme", "1.0.0", "none"));
        osgi.find("acme").orElseThrow().uninstall();

        eventually(() -> {
            System.gc();
            return loader.get() == null;
        });
    }

    private void collectUntilTold() {
        eventually(() -> {
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            return log.text().contains("leaks");
        });
    }
}
