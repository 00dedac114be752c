package io.cardea.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.provider.OAuthProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;

/** A provider departs when its bundle begins to stop, however long that takes. */
class StoppingBundleTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ProviderServices services;
    private Bundle bundle;
    private ServiceRegistration<OAuthProvider> acme;

    @BeforeEach
    void open() throws Exception {
        services = new ProviderServices(osgi.context());
        bundle = osgi.bundle("test.acme", "1.0.0");
        acme = services.publish(bundle, new TestProvider("acme"), 0);
        services.publish(new TestProvider("other"));
    }

    @AfterEach
    void close() throws Exception {
        osgi.context().removeBundleListener(services.registry());
        bundle.uninstall();
        services.close();
    }

    private boolean isHere(String provider) {
        return services.registry().find(provider).isPresent();
    }

    @Test
    void it_is_gone_while_its_bundle_is_still_stopping() throws Exception {
        List<Boolean> seen = new ArrayList<>();
        SynchronousBundleListener probe = event -> {
            if (event.getType() == BundleEvent.STOPPING) {
                assertThat(acme.getReference()).as("the service is still there").isNotNull();
                seen.add(isHere("acme"));
            }
        };
        osgi.context().addBundleListener(services.registry());
        osgi.context().addBundleListener(probe);
        bundle.stop();
        osgi.context().removeBundleListener(probe);

        assertThat(seen).containsExactly(false);
        assertThat(isHere("other")).isTrue();
    }

    @Test
    void no_change_of_its_service_brings_it_back_while_its_bundle_stops() {
        services.registry().bundleChanged(new BundleEvent(BundleEvent.STOPPING, bundle));
        acme.setProperties(ProviderServices.ranking(5));

        assertThat(isHere("acme")).isFalse();
    }

    @Test
    void another_that_waited_for_the_name_takes_over_at_once() {
        services.publish(new TestProvider("acme"), -1);
        services.registry().bundleChanged(new BundleEvent(BundleEvent.STOPPING, bundle));

        assertThat(services.registry().find("acme").orElseThrow().pluginName()).isNotEqualTo("test.acme");
    }

    @Test
    void any_other_event_changes_nothing() {
        for (int event :
                new int[] {BundleEvent.STARTED, BundleEvent.STARTING, BundleEvent.UPDATED, BundleEvent.STOPPED}) {
            services.registry().bundleChanged(new BundleEvent(event, bundle));
        }

        assertThat(isHere("acme")).isTrue();
    }

    @Test
    void a_bundle_that_starts_again_brings_it_back() throws Exception {
        osgi.context().addBundleListener(services.registry());
        bundle.stop();
        bundle.start();
        services.publish(bundle, new TestProvider("acme"), 0);

        assertThat(isHere("acme")).isTrue();
    }
}
