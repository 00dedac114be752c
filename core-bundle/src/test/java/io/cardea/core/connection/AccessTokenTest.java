package io.cardea.core.connection;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.AccessToken;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.Credential;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AccessTokenTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ConnectionSetup setup;

    @BeforeEach
    void open() {
        setup = new ConnectionSetup(osgi.context());
        setup.acme.refresh(credential -> completedFuture(setup.credential("access-2", "refresh-2", 3600)));
    }

    @AfterEach
    void close() {
        setup.close();
    }

    @Test
    void a_token_that_is_good_for_more_than_a_minute_is_handed_out_as_it_is() {
        setup.logIn();
        setup.clock.pass(Duration.ofSeconds(3600 - 61));
        AccessToken token = await(setup.connections.accessToken("acme", "default"));

        assertThat(token.value()).isEqualTo("access-1");
        assertThat(token.tokenType()).isEqualTo("Bearer");
        assertThat(token.scopes()).containsExactly("email", "repo");
        assertThat(token.expiresAt()).hasValue(setup.clock.instant().plusSeconds(61));
        assertThat(token.refreshToken()).isEmpty();
        assertThat(setup.acme.refreshed).isEmpty();
    }

    @Test
    void a_token_that_is_good_for_less_than_a_minute_is_refreshed_first() {
        setup.logIn();
        setup.clock.pass(Duration.ofSeconds(3600 - 59));

        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-2");
        assertThat(setup.acme.refreshed).hasSize(1);
    }

    @Test
    void a_token_without_an_end_is_never_refreshed() {
        setup.logIn(Credential.bearer("access-1").withRefreshToken("refresh-1"));
        setup.clock.pass(Duration.ofDays(4000));

        assertThat(await(setup.connections.accessToken("acme", "default")).value())
                .isEqualTo("access-1");
        assertThat(setup.acme.refreshed).isEmpty();
    }

    @Test
    void there_is_none_before_a_login() {
        failure(setup.connections.accessToken("acme", "default"), OAuthError.NOT_CONNECTED);
        failure(setup.connections.accessToken("nobody", "default"), OAuthError.UNKNOWN_PROVIDER);
        failure(setup.connections.accessToken("acme", ""), OAuthError.INVALID_REQUEST);
        failure(setup.connections.accessToken("../acme", "default"), OAuthError.INVALID_REQUEST);
    }

    @Test
    void connections_of_one_provider_do_not_mix() {
        setup.logIn(new ConnectionKey("acme", "work"), setup.credential("access-work", "refresh-work", 3600));
        setup.logIn(new ConnectionKey("acme", "home"), setup.credential("access-home", "refresh-home", 3600));
        await(setup.connections.refresh("acme", "work"));

        assertThat(await(setup.connections.accessToken("acme", "work")).value()).isEqualTo("access-2");
        assertThat(await(setup.connections.accessToken("acme", "home")).value()).isEqualTo("access-home");
        failure(setup.connections.accessToken("acme", "default"), OAuthError.NOT_CONNECTED);
    }

    @Test
    void a_listed_connection_shows_no_token() {
        setup.logIn();

        assertThat(setup.connections.list().toString())
                .contains("acme", "ada@example.org")
                .doesNotContain("access-1", "refresh-1", "id-token");
    }
}
