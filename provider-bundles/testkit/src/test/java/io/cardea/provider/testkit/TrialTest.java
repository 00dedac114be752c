package io.cardea.provider.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.oauth.provider.Credential;
import org.junit.jupiter.api.Test;

class TrialTest {

    @Test
    void a_call_that_brings_nothing_is_waited_for() {
        try (Trial trial = Trial.of(AcmeProvider::new, new AuthorizationServer())) {
            Credential credential = trial.credential();
            trial.done("revoke()", () -> trial.provider().revoke(credential, trial.context()));

            assertThat(trial.server().accepts(credential.accessToken())).isFalse();
        }
    }

    @Test
    void a_call_that_should_bring_nothing_and_fails_is_told_with_what_the_server_has_against_it() {
        AuthorizationServer server = new AuthorizationServer() {
            @Override
            protected Answer revocation(ReceivedRequest request) {
                throw new Refusal("invalid_client", "It is somebody else's.");
            }
        };
        try (Trial trial = Trial.of(AcmeProvider::new, server)) {
            Credential credential = trial.credential();

            assertThatThrownBy(() ->
                            trial.done("revoke()", () -> trial.provider().revoke(credential, trial.context())))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("revoke() failed with the error invalid_client")
                    .hasMessageContaining("POST /revoke was answered 401, for it was refused (invalid_client): It is"
                            + " somebody else's.");
        }
    }
}
