package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.BegunLogin;
import io.cardea.oauth.provider.AuthorizationRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.Bundle;

/** Two versions of a provider side by side: what was begun with one of them goes on with it, as long as it is there. */
class SideBySideTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    private final TestProvider newer = new TestProvider("acme");
    private LoginSetup setup;
    private Bundle bundle;

    @BeforeEach
    void open() throws Exception {
        setup = new LoginSetup(osgi.context());
        bundle = osgi.bundle("test.acme", "2.0.0");
    }

    @AfterEach
    void close() throws Exception {
        bundle.uninstall();
        setup.close();
    }

    /** From now on the newer one serves. */
    private void deploy() {
        setup.services.publish(bundle, newer, 1);
    }

    private void logInWithTheOlder() {
        AuthorizationRequest login = setup.begin();
        deploy();
        await(setup.complete("state", login.state(), "code", "c"));
    }

    @Test
    void a_login_completes_with_the_version_that_began_it() {
        logInWithTheOlder();

        assertThat(setup.acme.exchanged).hasSize(1);
        assertThat(newer.exchanged).isEmpty();
    }

    @Test
    void a_new_login_is_the_newer_ones() {
        deploy();
        BegunLogin begun = await(setup.logins.begin(LoginSetup.request()));
        assertThat(begun.authorizationUrl()).contains("state=");

        assertThat(newer.authorizationRequests).hasSize(1);
        assertThat(setup.acme.authorizationRequests).isEmpty();
    }

    @Test
    void a_login_completes_with_the_other_version_when_the_one_that_began_it_has_left() {
        AuthorizationRequest login = setup.begin();
        deploy();
        setup.registration.unregister();
        await(setup.complete("state", login.state(), "code", "c"));

        assertThat(newer.exchanged).hasSize(1);
    }

    @Test
    void a_refresh_follows_the_version_that_logged_in_as_long_as_it_is_there() {
        logInWithTheOlder();
        await(setup.connections.refresh("acme", "default"));
        assertThat(setup.acme.refreshed).hasSize(1);
        assertThat(newer.refreshed).isEmpty();

        setup.registration.unregister();
        await(setup.connections.refresh("acme", "default"));
        assertThat(newer.refreshed).hasSize(1);
    }

    @Test
    void a_revocation_follows_it_too() {
        logInWithTheOlder();
        await(setup.connections.revoke("acme", "default"));

        assertThat(setup.acme.revoked).hasSize(1);
        assertThat(newer.revoked).isEmpty();
    }
}
