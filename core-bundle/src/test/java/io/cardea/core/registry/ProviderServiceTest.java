package io.cardea.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.Stages;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.provider.OAuthProvider;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/**
 * When and where a provider's service is got and returned, which is when and where its component is activated.
 * A registry that waits for ever fails the test instead of the build.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProviderServiceTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ProviderServices services;
    private Bundle bundle;

    @BeforeEach
    void open() throws Exception {
        services = new ProviderServices(osgi.context());
        bundle = osgi.bundle("test.acme", "1.0.0");
    }

    @AfterEach
    void close() throws Exception {
        bundle.uninstall();
        services.close();
    }

    private void impatient() {
        services.close();
        services = new ProviderServices(osgi.context(), Duration.ofMillis(300), Duration.ofSeconds(10));
    }

    /** A service that is made when it is got, as a delayed component is, and tells by whom that was done. */
    private static final class Component implements ServiceFactory<OAuthProvider> {

        final List<String> events = new CopyOnWriteArrayList<>();
        private final Supplier<OAuthProvider> activation;
        private final Runnable deactivation;

        Component(Supplier<OAuthProvider> activation, Runnable deactivation) {
            this.activation = activation;
            this.deactivation = deactivation;
        }

        @Override
        public OAuthProvider getService(Bundle user, ServiceRegistration<OAuthProvider> registration) {
            events.add("get on " + Thread.currentThread().getName());
            return activation.get();
        }

        @Override
        public void ungetService(Bundle user, ServiceRegistration<OAuthProvider> registration, OAuthProvider got) {
            events.add("unget on " + Thread.currentThread().getName());
            deactivation.run();
        }
    }

    @SuppressWarnings("unchecked")
    private ServiceRegistration<OAuthProvider> register(Component component) {
        return (ServiceRegistration<OAuthProvider>) bundle.getBundleContext()
                .registerService(
                        OAuthProvider.class.getName(),
                        component,
                        new Hashtable<>(Map.of("component.name", "test.Acme")));
    }

    private boolean isHere() {
        return services.registry().find("acme").isPresent();
    }

    @Test
    void it_is_got_and_returned_once_and_never_on_the_thread_that_publishes_it() {
        Component component = new Component(() -> new TestProvider("acme"), () -> {});
        ServiceRegistration<OAuthProvider> acme = register(component);
        assertThat(isHere()).isTrue();

        acme.setProperties(ProviderServices.ranking(3));
        acme.unregister();

        assertThat(component.events).containsExactly("get on cardea-admission", "unget on cardea-admission");
        assertThat(isHere()).isFalse();
    }

    @Test
    void one_that_is_not_activated_is_refused_and_comes_when_it_is_after_a_change() {
        CountDownLatch repaired = new CountDownLatch(1);
        Component component = new Component(
                () -> {
                    if (repaired.getCount() > 0) {
                        throw new IllegalStateException("on purpose");
                    }
                    return new TestProvider("acme");
                },
                () -> {});
        ServiceRegistration<OAuthProvider> acme = register(component);
        assertThat(log.text()).contains("A provider of test.acme 1.0.0 is refused: it was not activated");

        repaired.countDown();
        acme.setProperties(ProviderServices.ranking(1));
        assertThat(isHere()).isTrue();
    }

    @Test
    void one_that_hangs_while_it_is_activated_is_named_and_is_here_when_it_returns() {
        impatient();
        CountDownLatch returns = new CountDownLatch(1);
        Component component = new Component(() -> when(returns), () -> {});
        register(component);

        assertThat(isHere()).isFalse();
        assertThat(log.text())
                .containsOnlyOnce("A provider of test.acme 1.0.0 hangs: for 300 ms test.Acme has not come up");
        services.publish(new TestProvider("other"));
        Stages.eventually(() -> services.registry().find("other").isPresent());

        returns.countDown();
        Stages.eventually(this::isHere);
    }

    @Test
    void one_that_leaves_while_it_is_activated_is_neither_here_nor_held_afterwards() {
        impatient();
        CountDownLatch returns = new CountDownLatch(1);
        Component component = new Component(() -> when(returns), () -> {});
        ServiceRegistration<OAuthProvider> acme = register(component);
        services.registry().departed(acme.getReference());
        returns.countDown();

        Stages.eventually(() -> component.events.contains("unget on cardea-admission"));
        assertThat(component.events).containsExactly("get on cardea-admission", "unget on cardea-admission");
        assertThat(bundle.getServicesInUse()).isNull();
        assertThat(acme.getReference().getUsingBundles()).isNull();
        assertThat(isHere()).isFalse();
    }

    @Test
    void one_that_has_left_is_not_got_again() {
        Component component = new Component(() -> new TestProvider("acme"), () -> {});
        ServiceRegistration<OAuthProvider> acme = register(component);
        services.registry().departed(acme.getReference());
        component.events.clear();
        ProviderService service = new ProviderService(osgi.context(), acme.getReference(), Duration.ofSeconds(10));

        service.release();
        service.inTurn(service::get);
        assertThat(component.events).isEmpty();
        assertThat(service.hasLeft()).isTrue();
    }

    @Test
    void a_change_that_comes_while_it_is_activated_is_followed_afterwards() {
        impatient();
        CountDownLatch returns = new CountDownLatch(1);
        TestProvider provider = new TestProvider("acme");
        ServiceRegistration<OAuthProvider> acme = register(new Component(
                () -> {
                    when(returns);
                    return provider;
                },
                () -> {}));
        provider.info(TestProvider.info("acme", "client-2"));
        acme.setProperties(ProviderServices.ranking(1));
        returns.countDown();

        Stages.eventually(() -> services.registry()
                .find("acme")
                .flatMap(known -> known.info().clientId())
                .filter("client-2"::equals)
                .isPresent());
    }

    @Test
    void one_that_hangs_while_it_is_deactivated_holds_up_nobody_for_long() {
        impatient();
        CountDownLatch returns = new CountDownLatch(1);
        Component component = new Component(() -> new TestProvider("acme"), () -> when(returns));
        ServiceRegistration<OAuthProvider> acme = register(component);
        Stages.eventually(this::isHere);

        acme.unregister();
        assertThat(isHere()).isFalse();
        assertThat(log.text()).contains("A provider of test.acme 1.0.0 hangs: for 300 ms test.Acme has not gone down");
        returns.countDown();
    }

    @Test
    void one_that_withdraws_itself_while_it_is_asked_waits_not_for_itself() {
        TestProvider provider = new TestProvider("acme");
        Component component = new Component(() -> provider, () -> {});
        ServiceRegistration<OAuthProvider> acme = register(component);
        provider.info(() -> {
            acme.unregister();
            return TestProvider.info("acme", "client-1");
        });
        acme.setProperties(ProviderServices.ranking(1));

        assertThat(isHere()).isFalse();
        Stages.eventually(() -> component.events.size() == 2);
        assertThat(log.text()).doesNotContain("hangs");
    }

    /** Cannot be interrupted. */
    private static OAuthProvider when(CountDownLatch returns) {
        boolean returned = false;
        while (!returned) {
            try {
                returns.await();
                returned = true;
            } catch (InterruptedException e) {
                // It hangs as only a faulty one does.
                continue;
            }
        }
        return new TestProvider("acme");
    }
}
