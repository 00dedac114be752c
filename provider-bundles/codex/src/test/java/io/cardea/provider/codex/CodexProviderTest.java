package io.cardea.provider.codex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ServerMetadata;
import io.cardea.provider.testkit.ProviderContract;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Trial;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CodexProviderTest {

    private static final CodexProvider CONFIGURED = new CodexProvider(Map.of("client_id", "the-client"));

    @TestFactory
    Stream<DynamicTest> it_keeps_the_contract() {
        return ProviderContract.of(CodexProvider::new).against(CodexServer::new).tests();
    }

    private static Trial trial() {
        return Trial.of(CodexProvider::new, new CodexServer());
    }

    private static Credential refreshed(Trial trial, Credential before) {
        return trial.get("refresh()", () -> trial.provider().refresh(before, trial.context()));
    }

    private static String refusal(Trial trial, Credential before) {
        return trial.error("refresh()", () -> trial.provider().refresh(before, trial.context()));
    }

    private static ReceivedRequest lastRequest(Trial trial, String endpoint) {
        List<ReceivedRequest> requests = trial.server().requests(endpoint);
        return requests.get(requests.size() - 1);
    }

    @Test
    void it_is_listed_as_codex_with_what_it_can_do() {
        assertThat(CONFIGURED.info().name()).isEqualTo("codex");
        assertThat(CONFIGURED.info().flows()).containsExactly(Flow.AUTHORIZATION_CODE);
        assertThat(CONFIGURED.info().scopes()).containsExactly("openid", "profile", "email", "offline_access");
        assertThat(CONFIGURED.info().supportsPkce()).isTrue();
        assertThat(CONFIGURED.info().supportsRevocation()).isTrue();
        assertThat(CONFIGURED.info().unavailable()).isEmpty();
    }

    @Test
    void until_a_client_is_chosen_it_says_what_to_set() {
        assertThat(new CodexProvider(Map.of()).info().unavailable())
                .hasValue("Not configured: set client_id in deploy/io.cardea.provider.codex.cfg");
    }

    @Test
    void its_endpoints_are_openais_until_others_are_configured_and_are_not_discovered() {
        try (Trial trial = Trial.of(configuration -> CONFIGURED, new CodexServer())) {
            assertThat(trial.get("metadata()", () -> CONFIGURED.metadata(trial.context())))
                    .isEqualTo(new ServerMetadata(
                            Optional.of("https://auth.openai.com"),
                            Optional.of(URI.create("https://auth.openai.com/oauth/authorize")),
                            Optional.of(URI.create("https://auth.openai.com/oauth/token")),
                            Optional.of(URI.create("https://auth.openai.com/oauth/revoke")),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(URI.create("https://auth.openai.com/.well-known/jwks.json")),
                            false));
        }
    }

    @Test
    void the_redirect_uri_is_the_one_that_openai_knows_unless_another_is_configured() {
        assertThat(CONFIGURED.redirectUri()).hasValue("http://localhost:1455/auth/callback");
        assertThat(CONFIGURED.manualRedirectUri()).isEmpty();
        assertThat(new CodexProvider(Map.of("redirect_uri", "http://localhost:1457/auth/callback")).redirectUri())
                .hasValue("http://localhost:1457/auth/callback");
    }

    @Test
    void the_account_is_told_by_the_id_token_and_remembered() {
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            assertThat(credential.attributes()).containsOnly(entry("account_id", CodexServer.ACCOUNT_ID));
            assertThat(trial.get("profile()", () -> trial.provider().profile(credential, trial.context())))
                    .isEqualTo(new Profile(
                            Optional.of("1815-12-10"),
                            Optional.of("ada@acme.example"),
                            Optional.of("ada@acme.example"),
                            Optional.of("plus")));
            assertThat(refreshed(trial, credential).attributes()).isEqualTo(credential.attributes());
        }
    }

    @Test
    void without_an_id_token_nobody_is_known() {
        try (Trial trial = trial()) {
            assertThat(trial.get(
                            "profile()",
                            () -> trial.provider().profile(Credential.bearer("imported"), trial.context())))
                    .isEqualTo(Profile.UNKNOWN);
        }
    }

    @Test
    void a_refresh_says_the_scopes_that_were_granted() {
        try (Trial trial = trial()) {
            refreshed(trial, trial.credential().withScopes(List.of("openid", "email")));
            assertThat(lastRequest(trial, "token_endpoint").form()).containsEntry("scope", "openid email");
        }
    }

    @Test
    void a_refresh_of_an_imported_login_says_the_usual_scopes() {
        try (Trial trial = trial()) {
            refreshed(trial, trial.credential().withScopes(List.of()));
            assertThat(lastRequest(trial, "token_endpoint").form())
                    .containsEntry("scope", "openid profile email offline_access");
        }
    }

    @Test
    void an_operator_may_say_the_scopes_of_a_refresh() {
        try (Trial trial = Trial.of(
                configuration -> {
                    Map<String, Object> all = new HashMap<>(configuration);
                    all.put("refresh_parameter.scope", "openid");
                    return new CodexProvider(all);
                },
                new CodexServer())) {
            refreshed(trial, trial.credential());
            assertThat(lastRequest(trial, "token_endpoint").form()).containsEntry("scope", "openid");
        }
    }

    @Test
    void a_refresh_token_that_was_used_before_ends_the_connection() {
        try (Trial trial = trial()) {
            Credential spent = trial.credential();
            Credential next = refreshed(trial, spent);
            assertThat(refusal(trial, spent)).isEqualTo("invalid_grant");
            assertThat(lastRequest(trial, "token_endpoint").toString()).contains("401", "refresh_token_reused");
            assertThat(refusal(trial, next)).isEqualTo("invalid_grant");
            assertThat(lastRequest(trial, "token_endpoint").toString()).contains("401", "refresh_token_invalidated");
        }
    }

    @Test
    void an_error_that_is_about_something_else_does_not() {
        try (Trial trial = trial()) {
            AuthorizationCode code = trial.approved(trial.login());
            AuthorizationCode elsewhere =
                    new AuthorizationCode(code.code(), code.state(), "http://localhost:1/", code.codeVerifier());
            Credential credential = trial.credential();
            CodexProvider stranger = new CodexProvider(Map.of(
                    "client_id", "another", "token_endpoint", trial.server().url() + "/oauth/token"));
            assertThat(trial.error("refresh()", () -> stranger.refresh(credential, trial.context())))
                    .isEqualTo("invalid_client");
            assertThat(trial.error("exchange()", () -> trial.provider().exchange(elsewhere, trial.context())))
                    .isEqualTo("invalid_grant");
        }
    }

    @Test
    void revoking_ends_the_refresh_token_or_else_the_access_token() {
        try (Trial trial = trial()) {
            Credential whole = trial.credential();
            revoke(trial, whole);
            assertThat(lastRequest(trial, "revocation_endpoint").json())
                    .containsOnly(
                            entry("client_id", "kit-client"),
                            entry("token", whole.refreshToken().orElseThrow()),
                            entry("token_type_hint", "refresh_token"));
            assertThat(trial.server().accepts(whole.accessToken())).isFalse();

            Credential half = trial.credential();
            revoke(trial, Credential.bearer(half.accessToken()));
            assertThat(lastRequest(trial, "revocation_endpoint").json())
                    .containsEntry("token_type_hint", "access_token");
            assertThat(trial.server().accepts(half.accessToken())).isFalse();
        }
    }

    private static void revoke(Trial trial, Credential credential) {
        trial.done("revoke()", () -> trial.provider().revoke(credential, trial.context()));
    }
}
