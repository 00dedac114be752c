package io.cardea.provider.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each check fails for a provider that breaks it, with words that say how. */
class BrokenProvidersTest {

    private static final int PATIENCE_SECONDS = 10;

    private final List<Breach> breaches = Stream.of(
                    FaultBreaches.all(), IdentityBreaches.all(), UrlBreaches.all(), CredentialBreaches.all())
            .flatMap(List::stream)
            .toList();
    // At once, for some of them take their time.
    private final ExecutorService threads = Executors.newFixedThreadPool(12);

    @AfterEach
    void stop() {
        threads.shutdown();
    }

    @Test
    void there_is_one_for_each_check() {
        assertThat(breaches)
                .extracting(Breach::check)
                .containsAll(ProviderContract.all().stream().map(Check::name).toList());
    }

    @Test
    void no_two_checks_have_one_name() {
        assertThat(ProviderContract.all()).extracting(Check::name).doesNotHaveDuplicates();
    }

    @TestFactory
    Stream<DynamicTest> it_is_told_in_words() {
        return breaches.stream()
                .map(breach -> {
                    CompletableFuture<Void> verdict = CompletableFuture.runAsync(() -> check(breach), threads);
                    return DynamicTest.dynamicTest(
                            breach.check() + ": " + breach.words(),
                            () -> assertThatThrownBy(verdict::join)
                                    .cause()
                                    .isInstanceOf(AssertionError.class)
                                    .hasMessageStartingWith("'" + breach.check() + "': ")
                                    .hasMessageContaining(breach.words()));
                })
                // All are begun before the first is waited for.
                .toList()
                .stream();
    }

    private static void check(Breach breach) {
        ProviderContract.of(breach.providers())
                .against(breach.servers())
                .withPatience(PATIENCE_SECONDS)
                .tests()
                .filter(test -> test.getDisplayName().equals(breach.check()))
                .forEach(test -> {
                    try {
                        test.getExecutable().execute();
                    } catch (RuntimeException | Error e) {
                        throw e;
                    } catch (Throwable e) {
                        throw new IllegalStateException(e);
                    }
                });
    }
}
