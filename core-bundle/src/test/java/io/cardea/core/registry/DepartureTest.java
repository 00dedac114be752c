package io.cardea.core.registry;

import static io.cardea.core.fixture.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.Stages;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.OAuthProvider;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceRegistration;

/** A provider that leaves waits for the calls that are under way, for a while. */
class DepartureTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final CompletableFuture<Credential> upstream = new CompletableFuture<>();
    private ProviderServices services = services(Duration.ofSeconds(20));

    private static ProviderServices services(Duration departure) {
        return new ProviderServices(osgi.context(), Duration.ofSeconds(10), departure);
    }

    @AfterEach
    void close() {
        upstream.complete(Credential.bearer("late"));
        services.close();
    }

    private ServiceRegistration<OAuthProvider> publish() {
        return services.publish(new TestProvider("acme").exchange(code -> upstream));
    }

    private CompletableFuture<Credential> exchange() {
        return services.serving("acme")
                .call("exchange", (provider, context) -> provider.exchange(ServingProviderTest.CODE, context));
    }

    @Test
    void a_call_that_is_under_way_ends_well_before_the_service_is_gone() {
        ServiceRegistration<OAuthProvider> acme = publish();
        CompletableFuture<Credential> call = exchange();
        CompletableFuture<Void> departure = CompletableFuture.runAsync(acme::unregister);

        Stages.eventually(() -> services.registry().find("acme").isEmpty());
        assertThat(departure)
                .as("it waits, though nobody finds the provider any more")
                .isNotDone();

        upstream.complete(Credential.bearer("token"));
        assertThat(await(call).accessToken()).isEqualTo("token");
        await(departure);
    }

    @Test
    void calls_that_belong_together_are_waited_for_to_the_last() {
        ServiceRegistration<OAuthProvider> acme = publish();
        CompletableFuture<String> between = new CompletableFuture<>();
        CompletableFuture<Credential> both =
                services.registry().call("acme", serving -> between.thenCompose(go -> exchange(serving)));
        CompletableFuture<Void> departure = CompletableFuture.runAsync(acme::unregister);
        Stages.eventually(() -> services.registry().find("acme").isEmpty());
        assertThat(departure).as("no call is under way, but one more will be").isNotDone();

        between.complete("go");
        assertThat(departure).isNotDone();
        upstream.complete(Credential.bearer("token"));

        assertThat(await(both).accessToken()).isEqualTo("token");
        await(departure);
    }

    @Test
    void calls_from_before_it_changed_are_waited_for_too() {
        ServiceRegistration<OAuthProvider> acme = publish();
        CompletableFuture<Credential> call = exchange();
        ServingProvider before = services.serving("acme");
        acme.setProperties(ProviderServices.ranking(1));
        assertThat(services.serving("acme")).isNotSameAs(before);

        assertThatTheDepartureWaitsFor(call, acme);
    }

    @Test
    void calls_from_before_it_was_turned_away_are_waited_for_too() {
        TestProvider provider = new TestProvider("acme").exchange(code -> upstream);
        ServiceRegistration<OAuthProvider> acme = services.publish(provider);
        CompletableFuture<Credential> call = exchange();
        provider.info(TestProvider.info("No Name", "client-1"));
        acme.setProperties(ProviderServices.ranking(1));
        assertThat(services.registry().find("acme")).isEmpty();

        assertThatTheDepartureWaitsFor(call, acme);
    }

    private void assertThatTheDepartureWaitsFor(
            CompletableFuture<Credential> call, ServiceRegistration<OAuthProvider> acme) {
        CompletableFuture<Void> departure = CompletableFuture.runAsync(acme::unregister);
        assertThat(departure).failsWithin(Duration.ofMillis(300)).withThrowableOfType(TimeoutException.class);

        upstream.complete(Credential.bearer("token"));
        assertThat(await(call).accessToken()).isEqualTo("token");
        await(departure);
    }

    @Test
    void a_call_that_hangs_is_waited_for_once() {
        services.close();
        services = services(Duration.ofMillis(300));
        ServiceRegistration<OAuthProvider> acme = publish();
        exchange();
        // Its bundle stops, then its service goes.
        services.registry()
                .bundleChanged(new BundleEvent(
                        BundleEvent.STOPPING, acme.getReference().getBundle()));
        await(CompletableFuture.runAsync(acme::unregister));

        assertThat(log.text()).containsOnlyOnce("of its calls are under way");
    }

    private static CompletableFuture<Credential> exchange(ServingProvider serving) {
        return serving.call("exchange", (provider, context) -> provider.exchange(ServingProviderTest.CODE, context));
    }

    @Test
    void a_call_that_hangs_is_not_waited_for_longer_than_so_long() {
        services.close();
        services = services(Duration.ofMillis(300));
        ServiceRegistration<OAuthProvider> acme = publish();
        exchange();

        await(CompletableFuture.runAsync(acme::unregister));
        assertThat(log.text()).contains("departs while 1 of its calls are under way");
    }

    @Test
    void when_everything_stops_all_together_are_waited_for_so_long() {
        DrainTimeout drainTimeout = new DrainTimeout(Duration.ofMillis(50), () -> true);

        assertThat(drainTimeout.now())
                .isLessThanOrEqualTo(Duration.ofMillis(50))
                .isPositive();
        Stages.eventually(() -> drainTimeout.now().isZero());
        assertThat(new DrainTimeout(Duration.ofMillis(50), () -> false).now()).isEqualTo(Duration.ofMillis(50));
    }
}
