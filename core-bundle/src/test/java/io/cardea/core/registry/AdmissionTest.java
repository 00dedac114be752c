package io.cardea.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.Stages;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;

/** What becomes of providers that say something odd of themselves, or nothing. */
class AdmissionTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ProviderServices services;
    private ProviderRegistry registry;
    private Bundle bundle;

    @BeforeEach
    void open() throws Exception {
        services = new ProviderServices(osgi.context());
        registry = services.registry();
        bundle = osgi.bundle("test.faulty", "1.0.0");
        services.publish(new TestProvider("good"));
    }

    @AfterEach
    void close() throws Exception {
        bundle.uninstall();
        services.close();
    }

    private ServiceRegistration<OAuthProvider> publishFaulty(Supplier<ProviderInfo> info) {
        return services.publish(bundle, new TestProvider("faulty").info(info), 0);
    }

    /** As a provider may that was compiled from another language: no compiler knows what it throws. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> ProviderInfo throwing(Throwable thrown) throws T {
        throw (T) thrown;
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("throws", (Supplier<ProviderInfo>)
                        () -> AdmissionTest.<RuntimeException>throwing(new IllegalStateException())),
                Arguments.of("throws an error", (Supplier<ProviderInfo>)
                        () -> AdmissionTest.<RuntimeException>throwing(new StackOverflowError())),
                Arguments.of("does not link", (Supplier<ProviderInfo>)
                        () -> AdmissionTest.<RuntimeException>throwing(new NoClassDefFoundError("X"))),
                Arguments.of("throws a checked exception", (Supplier<ProviderInfo>)
                        () -> AdmissionTest.<RuntimeException>throwing(new Exception())),
                Arguments.of("is interrupted", (Supplier<ProviderInfo>)
                        () -> AdmissionTest.<RuntimeException>throwing(new InterruptedException())),
                Arguments.of("answers null", (Supplier<ProviderInfo>) () -> null),
                Arguments.of("has no name", (Supplier<ProviderInfo>) () -> info(null, Optional.empty())),
                Arguments.of("has null for an Optional", (Supplier<ProviderInfo>) () -> info("faulty", null)));
    }

    private static ProviderInfo info(String name, Optional<String> unavailable) {
        return new ProviderInfo(
                name, "Faulty", "", Optional.empty(), List.of(), Set.of(), true, true, true, unavailable);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void a_provider_whose_info_fails_is_refused_and_harms_nobody(String what, Supplier<ProviderInfo> info) {
        publishFaulty(info);

        assertThat(registry.list()).extracting(known -> known.info().name()).containsExactly("good");
        assertThat(log.text()).contains("WARN").contains("A provider of test.faulty 1.0.0 is refused: info() failed");

        services.publish(new TestProvider("late"));
        assertThat(registry.find("late")).isPresent();
    }

    @Test
    void a_provider_that_says_too_much_is_refused() {
        ProviderInfo verbose = new ProviderInfo(
                "faulty",
                "x".repeat(1_000_000),
                "",
                Optional.empty(),
                List.of(),
                Set.of(),
                true,
                true,
                true,
                Optional.empty());
        publishFaulty(() -> verbose);

        assertThat(registry.find("faulty")).isEmpty();
        assertThat(log.text()).contains("is refused: it says too much").doesNotContain("xxx");
    }

    @Test
    void a_provider_whose_info_hangs_is_waited_for_a_while_and_is_here_when_it_returns() {
        impatient();
        CountDownLatch returns = new CountDownLatch(1);
        publishFaulty(() -> {
            awaitQuietly(returns);
            return TestProvider.info("faulty", "id");
        });

        assertThat(registry.find("faulty")).isEmpty();
        Stages.eventually(() -> registry.find("good").isPresent());
        assertThat(log.text()).containsOnlyOnce("A provider of test.faulty 1.0.0 hangs: for 300 ms it has not come up");

        returns.countDown();
        // It is told after it is there.
        Stages.eventually(() -> log.text().contains("Provider faulty (test.faulty 1.0.0) arrived"));
        assertThat(registry.find("faulty")).isPresent();
    }

    private void impatient() {
        services.close();
        services = new ProviderServices(osgi.context(), Duration.ofMillis(300), Duration.ofSeconds(10));
        registry = services.registry();
        services.publish(new TestProvider("good"));
    }

    @Test
    void a_change_of_service_properties_makes_a_provider_say_anew_who_it_is() {
        TestProvider provider = new TestProvider("acme");
        ServiceRegistration<OAuthProvider> registration = services.publish(provider);
        provider.info(TestProvider.info("acme", "client-2"));
        assertThat(registry.find("acme").orElseThrow().info().clientId()).hasValue("client-1");

        registration.setProperties(ProviderServices.ranking(1));
        assertThat(registry.find("acme").orElseThrow().info().clientId()).hasValue("client-2");
        assertThat(services.serving("acme").info().clientId()).hasValue("client-2");
    }

    @Test
    void a_provider_that_is_configured_later_comes_after_all() {
        TestProvider provider = new TestProvider("Illegal");
        ServiceRegistration<OAuthProvider> registration = services.publish(provider);
        assertThat(registry.list()).hasSize(1);

        provider.info(TestProvider.info("legal", "client-1"));
        registration.setProperties(ProviderServices.ranking(1));
        assertThat(registry.find("legal")).isPresent();
    }

    @Test
    void a_provider_that_becomes_faulty_by_a_change_is_no_longer_here() {
        TestProvider provider = new TestProvider("acme");
        ServiceRegistration<OAuthProvider> registration = services.publish(provider);

        provider.info(() -> AdmissionTest.<RuntimeException>throwing(new IllegalStateException()));
        registration.setProperties(ProviderServices.ranking(1));
        assertThat(registry.find("acme")).isEmpty();
        assertThat(registry.find("good")).isPresent();
    }

    @Test
    void a_provider_that_renames_itself_leaves_its_old_name() {
        TestProvider provider = new TestProvider("old");
        ServiceRegistration<OAuthProvider> registration = services.publish(provider);

        provider.info(TestProvider.info("new", "client-1"));
        registration.setProperties(ProviderServices.ranking(1));
        assertThat(registry.find("old")).isEmpty();
        assertThat(registry.find("new")).isPresent();
    }

    @Test
    void a_provider_that_leaves_while_it_is_introduced_is_not_listed_afterwards() throws Exception {
        impatient();
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch introduced = new CountDownLatch(1);
        ServiceRegistration<OAuthProvider> slow = services.publish(new TestProvider("slow").info(() -> {
            awaitStubbornly(left);
            introduced.countDown();
            return TestProvider.info("slow", "client-1");
        }));

        slow.unregister();
        left.countDown();
        assertThat(introduced.await(5, TimeUnit.SECONDS)).isTrue();
        Stages.eventually(AdmissionTest::nobodyIsAdmitted);

        assertThat(registry.find("slow")).isEmpty();
        assertThat(log.text()).doesNotContain("Provider slow");
    }

    private static boolean nobodyIsAdmitted() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("cardea-admission"));
    }

    @Test
    void a_provider_that_hangs_is_interrupted_when_it_leaves() {
        impatient();
        AtomicBoolean interrupted = new AtomicBoolean();
        ServiceRegistration<OAuthProvider> faulty = publishFaulty(() -> {
            awaitQuietly(new CountDownLatch(1));
            interrupted.set(Thread.currentThread().isInterrupted());
            return TestProvider.info("faulty", "id");
        });

        faulty.unregister();
        Stages.eventually(interrupted::get);
        assertThat(registry.find("faulty")).isEmpty();
    }

    @Test
    void a_provider_that_changes_its_service_while_it_is_asked_waits_not_for_itself() {
        TestProvider provider = new TestProvider("acme");
        ServiceRegistration<OAuthProvider> registration = services.publish(provider);
        AtomicBoolean changed = new AtomicBoolean();
        provider.info(() -> {
            if (changed.compareAndSet(false, true)) {
                registration.setProperties(ProviderServices.ranking(2));
            }
            return TestProvider.info("acme", "client-2");
        });

        registration.setProperties(ProviderServices.ranking(1));
        assertThat(registry.find("acme").orElseThrow().info().clientId()).hasValue("client-2");
        assertThat(log.text()).doesNotContain("hangs");
    }

    private static void awaitStubbornly(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (InterruptedException e) {
                // It hangs in a way that nobody can interrupt.
                continue;
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
