package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.StandardProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.ServiceRegistration;

/** Device logins with providers that have code of their own, and errors in it. */
class FaultyDeviceTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private static final ConnectionKey KEY = new ConnectionKey("acme", "tv");

    private HostileSetup login;

    @BeforeEach
    void open() throws IOException {
        login = new HostileSetup(osgi.context());
        login.withdraw();
    }

    @AfterEach
    void close() {
        login.close();
    }

    private static final class Faulty extends StandardProvider {

        private final Supplier<DeviceAuthorization> authorization;

        Faulty(Supplier<DeviceAuthorization> authorization) {
            super(ProviderDefinition.named("acme")
                    .tokenEndpoint("https://as.example/token")
                    .set("client_id", "c")
                    .build());
            this.authorization = authorization;
        }

        @Override
        public CompletionStage<DeviceAuthorization> authorizeDevice(List<String> scopes, ProviderContext context) {
            return CompletableFuture.completedFuture(authorization.get());
        }
    }

    private DeviceAuthorization authorization(String deviceCode, Optional<String> complete, int interval) {
        return new DeviceAuthorization(
                deviceCode,
                "A",
                "https://as.example/",
                complete,
                login.clock.instant().plusSeconds(60),
                interval);
    }

    @Test
    void null_in_its_answer_is_a_fault_of_the_provider() {
        for (Supplier<DeviceAuthorization> fault : List.<Supplier<DeviceAuthorization>>of(
                () -> null,
                () -> authorization(null, Optional.empty(), 5),
                () -> authorization("d", null, 5),
                () -> new DeviceAuthorization("d", "A", null, Optional.empty(), login.clock.instant(), 5),
                () -> new DeviceAuthorization(
                        "d", null, "https://as.example/", Optional.empty(), login.clock.instant(), 5),
                () -> new DeviceAuthorization("d", "A", "https://as.example/", Optional.empty(), null, 5))) {
            OAuthProvider provider = new Faulty(fault);
            ServiceRegistration<OAuthProvider> registration = login.setup.services.publish(provider);

            failure(login.flows.beginDevice(KEY, List.of()), OAuthError.PROVIDER_ERROR);
            registration.unregister();
        }
        assertThat(login.timer.isIdle()).isTrue();
    }

    @Test
    void an_interval_of_nothing_is_a_second_at_least() {
        login.setup.services.publish(new Faulty(() -> authorization("d", Optional.empty(), 0)));
        await(login.flows.beginDevice(KEY, List.of()));

        assertThat(login.timer.next()).isEqualTo(Duration.ofSeconds(1));
    }
}
