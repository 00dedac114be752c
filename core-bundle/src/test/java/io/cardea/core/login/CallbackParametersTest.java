package io.cardea.core.login;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackParametersTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private LoginSetup setup;
    private String state;

    @BeforeEach
    void open() {
        setup = new LoginSetup(osgi.context());
        state = setup.begin().state();
    }

    @AfterEach
    void close() {
        setup.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "state=STATE",
                "code=c",
                "code=&state=STATE",
                "code=c&state=",
                "error=&state=STATE",
                "error=access_denied",
                "error=access_denied&state=",
                "code=c&error=access_denied&state=STATE",
                "code=c&error=&state=STATE",
                "code=&error=access_denied&state=STATE",
                "code=c&code=c&state=STATE",
                "code=c&code=d&state=STATE",
                "code=c&state=STATE&state=STATE",
                "code=c&state=STATE&state=x",
                "code=c&state=x&state=STATE",
                "error=a&error=b&state=STATE",
                "code=c&state=STATE&iss=https://as.example&iss=https://as.example",
                "code=c&state=STATE&iss=",
                "Code=c&state=STATE"
            })
    void a_parameter_that_is_missing_empty_or_repeated_is_refused(String query) {
        String[] parameters =
                query.isEmpty() ? new String[0] : query.replace("STATE", state).split("[&=]", -1);

        OAuthException failure = failure(setup.complete(parameters), OAuthError.INVALID_REQUEST);
        assertThat(failure.getMessage()).doesNotContain(state);
        assertThat(setup.acme.exchanged).isEmpty();
        assertThat(setup.connections.list()).isEmpty();
    }

    @Test
    void parameters_that_mean_nothing_here_are_passed_over() {
        await(setup.complete("code", "c", "state", state, "scope", "email", "hd", "example.org"));
    }

    @Test
    void an_issuer_that_is_the_one_that_was_asked_is_fine() {
        await(setup.complete("code", "c", "state", state, "iss", "https://as.example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "https://as.example/", "HTTPS://as.example", "as.example"})
    void any_other_issuer_is_refused(String issuer) {
        failure(setup.complete("code", "c", "state", state, "iss", issuer), OAuthError.INVALID_REQUEST);
        assertThat(setup.acme.exchanged).isEmpty();
    }

    @Test
    void another_issuers_error_is_not_believed() {
        failure(
                setup.complete("error", "access_denied", "state", state, "iss", "https://evil.example"),
                OAuthError.INVALID_REQUEST);
    }

    @Test
    void a_refusal_by_the_person_is_told_as_such() {
        assertThat(failure(setup.complete("error", "access_denied", "state", state), OAuthError.ACCESS_DENIED)
                        .provider())
                .hasValue("acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server_error", "temporarily_unavailable", "invalid_scope"})
    void an_error_of_the_standard_is_named(String error) {
        assertThat(failure(setup.complete("error", error, "state", state), OAuthError.PROVIDER_ERROR))
                .hasMessageContaining(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<script>alert(1)</script>", "made_up", "access_denied ", "\u0007"})
    void any_other_error_is_not_repeated(String error) {
        OAuthException failure = failure(
                setup.complete("error", error, "state", state, "error_description", "Call 555-1234"),
                OAuthError.PROVIDER_ERROR);

        assertThat(failure).hasMessage("The provider refused the login");
    }

    @Test
    void neither_callback_nor_answer_show_code_or_state() {
        assertThat(setup.callback("code", "the-code", "state", state).toString())
                .doesNotContain("the-code", state);
        assertThat(AuthorizationResponse.of("acme", LoginSetup.parameters("code", "the-code", "state", state))
                        .toString())
                .doesNotContain("the-code", state);
    }
}
