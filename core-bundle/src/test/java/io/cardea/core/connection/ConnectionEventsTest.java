package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.Event;
import io.cardea.oauth.Events;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.ReauthorizationRequiredException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What those who listen hear of connections. */
class ConnectionEventsTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final List<Event> heard = new ArrayList<>();
    private ConnectionSetup setup;

    @BeforeEach
    void open() {
        setup = new ConnectionSetup(osgi.context());
        setup.events.subscribe(Events.FROM_NOW, heard::add);
    }

    @AfterEach
    void close() {
        setup.close();
    }

    @Test
    void a_connection_is_created_refreshed_and_removed() {
        setup.logIn();
        await(setup.connections.refresh("acme", "default"));
        await(setup.connections.revoke("acme", "default"));

        assertThat(heard)
                .extracting(Event::type)
                .containsExactly(
                        Event.Type.CONNECTION_CREATED, Event.Type.CONNECTION_REFRESHED, Event.Type.CONNECTION_REMOVED);
        assertThat(heard).allSatisfy(event -> {
            assertThat(event.provider()).isEqualTo("acme");
            assertThat(event.connection()).hasValue("default");
            assertThat(event.toString()).doesNotContain("access-", "refresh-");
        });
    }

    @Test
    void one_that_could_not_be_refreshed_says_why() {
        setup.logIn();
        setup.acme.refresh(
                credential -> failedFuture(new ProviderException(ProviderException.PROVIDER_ERROR, "It is down")));
        failure(setup.connections.refresh("acme", "default"), OAuthError.PROVIDER_ERROR);

        assertThat(heard).hasSize(2);
        assertThat(heard.get(1).type()).isEqualTo(Event.Type.CONNECTION_FAILED);
        assertThat(heard.get(1).detail().orElseThrow()).startsWith("provider_error: ");
    }

    @Test
    void one_that_the_provider_no_longer_honours_fails_once_and_is_named() {
        ConnectionKey work = new ConnectionKey("acme", "work");
        setup.logIn(work, setup.credential("access-1", "refresh-1", 3600));
        setup.acme.refresh(credential -> failedFuture(new ProviderException("invalid_grant", "It has ended")));
        for (int i = 0; i < 3; i++) {
            assertThat(failure(setup.connections.refresh("acme", "work"), OAuthError.REAUTHORIZATION_REQUIRED))
                    .isInstanceOfSatisfying(
                            ReauthorizationRequiredException.class,
                            ended -> assertThat(ended.key()).isEqualTo(work));
        }

        assertThat(heard)
                .extracting(Event::type)
                .containsExactly(Event.Type.CONNECTION_CREATED, Event.Type.CONNECTION_FAILED);
    }

    @Test
    void one_that_has_no_refresh_token_ends_and_says_so_once() {
        setup.logIn(new Credential(
                "access-1",
                "Bearer",
                Optional.of(setup.clock.instant().plusSeconds(3600)),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of()));
        setup.expire();
        for (int i = 0; i < 3; i++) {
            failure(setup.connections.accessToken("acme", "default"), OAuthError.REAUTHORIZATION_REQUIRED);
            setup.clock.pass(Duration.ofHours(1));
        }

        assertThat(heard)
                .extracting(Event::type)
                .containsExactly(Event.Type.CONNECTION_CREATED, Event.Type.CONNECTION_FAILED);
    }

    @Test
    void what_was_not_there_is_not_removed() {
        failure(setup.connections.revoke("acme", "default"), OAuthError.NOT_CONNECTED);
        await(setup.connections.revokeToken("acme", "some-token"));

        assertThat(heard).isEmpty();
    }
}
