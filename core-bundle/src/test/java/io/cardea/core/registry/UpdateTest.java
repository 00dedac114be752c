package io.cardea.core.registry;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.eventually;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.BundleJar;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.OAuthProvider;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.FrameworkWiring;

/** Those who ask for a provider while it is away for a moment get the next one; those who ask for one that is gone, none. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UpdateTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    private final List<CompletableFuture<String>> asked = new CopyOnWriteArrayList<>();
    private final List<SynchronousBundleListener> probes = new ArrayList<>();
    private ProviderServices services;
    private Bundle bundle;

    @BeforeEach
    void open() throws Exception {
        services = new ProviderServices(osgi.context());
        osgi.context().addBundleListener(services.registry());
        bundle = osgi.bundle("test.acme", "1.0.0");
        publish();
    }

    @AfterEach
    void close() throws Exception {
        probes.forEach(osgi.context()::removeBundleListener);
        osgi.context().removeBundleListener(services.registry());
        bundle.uninstall();
        services.close();
    }

    private ServiceRegistration<OAuthProvider> publish() {
        return services.publish(bundle, new TestProvider("acme"), 0);
    }

    /** The bundle of the provider that is asked. */
    private CompletableFuture<String> ask() {
        return services.registry().call("acme", provider -> CompletableFuture.completedFuture(provider.plugin()));
    }

    private void askAt(int event) {
        SynchronousBundleListener probe = told -> {
            if (told.getType() == event && told.getBundle().equals(bundle)) {
                asked.add(ask());
            }
        };
        osgi.context().addBundleListener(probe);
        probes.add(probe);
    }

    private void update() throws Exception {
        bundle.update(new ByteArrayInputStream(new BundleJar("test.acme", "2.0.0").bytes()));
    }

    @Test
    void whoever_asks_while_it_is_updated_waits_for_the_new_version() throws Exception {
        askAt(BundleEvent.STOPPED);
        askAt(BundleEvent.UPDATED);
        update();
        assertThat(asked).hasSize(2).noneMatch(CompletableFuture::isDone);

        publish();
        for (CompletableFuture<String> answer : asked) {
            assertThat(await(answer)).isEqualTo("test.acme 2.0.0");
        }
    }

    @Test
    void whoever_asks_while_its_bundle_is_refreshed_waits_too() throws Exception {
        askAt(BundleEvent.STOPPED);
        CompletableFuture<Void> refreshed = new CompletableFuture<>();
        osgi.context()
                .getBundle(Constants.SYSTEM_BUNDLE_ID)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle), event -> refreshed.complete(null));
        await(refreshed);
        assertThat(asked).hasSize(1).noneMatch(CompletableFuture::isDone);

        publish();
        assertThat(await(asked.get(0))).isEqualTo("test.acme 1.0.0");
    }

    @Test
    void whoever_asks_after_its_bundle_was_stopped_is_told_so_at_once() throws Exception {
        askAt(BundleEvent.STOPPED);
        bundle.stop();

        assertThat(asked).hasSize(1).allMatch(CompletableFuture::isDone);
        failure(asked.get(0), OAuthError.UNKNOWN_PROVIDER);
        failure(ask(), OAuthError.UNKNOWN_PROVIDER);
    }

    @Test
    void one_that_does_not_come_back_is_waited_for_so_long() throws Exception {
        update();

        assertThat(ask()).isNotDone();
        assertThat(failure(ask(), OAuthError.PROVIDER_UNAVAILABLE)).hasMessageContaining("being updated");
    }

    @Test
    void when_cardea_itself_stops_nobody_waits_any_longer() throws Exception {
        update();
        CompletableFuture<String> waiting = ask();
        services.registry().stop();

        failure(waiting, OAuthError.TEMPORARILY_UNAVAILABLE);
        failure(ask(), OAuthError.TEMPORARILY_UNAVAILABLE);
    }

    @Test
    void so_many_may_wait_and_the_others_are_told_to_come_again() throws Exception {
        update();
        List<CompletableFuture<String>> waiting =
                IntStream.range(0, 1000).mapToObj(caller -> ask()).toList();
        CompletableFuture<String> oneTooMany = ask();
        assertThat(oneTooMany).isDone();
        failure(oneTooMany, OAuthError.PROVIDER_UNAVAILABLE);

        publish();
        waiting.forEach(one -> assertThat(await(one)).isEqualTo("test.acme 2.0.0"));
        assertThat(await(ask())).isEqualTo("test.acme 2.0.0");
    }

    @Test
    void whoever_asks_while_it_is_configured_anew_waits_too() {
        TestProvider hangs = new TestProvider("beta").exchange(code -> new CompletableFuture<>());
        services.close();
        services = new ProviderServices(osgi.context(), Duration.ofSeconds(10), Duration.ofMillis(300));
        ServiceRegistration<OAuthProvider> beta = services.publish(bundle, hangs, 0);
        services.serving("beta")
                .call("exchange", (provider, context) -> provider.exchange(ServingProviderTest.CODE, context));
        CompletableFuture<Void> departure = CompletableFuture.runAsync(beta::unregister);
        eventually(() -> services.registry().find("beta").isEmpty());
        CompletableFuture<String> answer = services.registry()
                .call(
                        "beta",
                        provider -> CompletableFuture.completedFuture(
                                provider.info().clientId().orElseThrow()));
        assertThat(answer).as("while it waits for its calls").isNotDone();
        await(departure);

        services.publish(bundle, new TestProvider("beta").info(TestProvider.info("beta", "client-2")), 0);
        assertThat(await(answer)).isEqualTo("client-2");
    }

    @Test
    void a_service_that_leaves_for_good_while_its_bundle_stays_is_soon_unknown() {
        publish().unregister();
        assertThat(await(ask())).as("the other one of that name").isEqualTo("test.acme 1.0.0");
        services.publish(bundle, new TestProvider("beta"), 0).unregister();

        CompletableFuture<String> answer =
                services.registry().call("beta", provider -> CompletableFuture.completedFuture("beta"));
        assertThat(failure(answer, OAuthError.UNKNOWN_PROVIDER)).hasMessageContaining("beta");
    }

    @Test
    void calls_under_way_end_on_the_old_version_while_others_go_to_the_new_one() throws Exception {
        Bundle next = osgi.bundle("test.acme.next", "2.0.0");
        CompletableFuture<Credential> upstream = new CompletableFuture<>();
        CompletableFuture<Credential> old = services.registry().call("acme", provider -> upstream);
        services.publish(next, new TestProvider("acme"), 0);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(this::stopBundle);
        eventually(() -> await(ask()).equals("test.acme.next 2.0.0"));
        assertThat(stop).isNotDone();

        upstream.complete(Credential.bearer("token"));
        await(stop);
        assertThat(await(old).accessToken()).isEqualTo("token");
        next.uninstall();
    }

    private void stopBundle() {
        try {
            bundle.stop();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void no_call_begins_that_nobody_would_wait_for() {
        CallsInFlight calls = new CallsInFlight();
        assertThat(calls.tryBegin()).isTrue();
        calls.close();

        assertThat(calls.tryBegin()).isFalse();
        assertThat(calls.await(Duration.ofMillis(10))).isEqualTo(1);
        calls.endWith(CompletableFuture.completedFuture("answer"));
        assertThat(calls.await(Duration.ofSeconds(10))).isZero();
    }
}
