package io.cardea.provider.claudeapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ServerMetadata;
import io.cardea.provider.testkit.ProviderContract;
import io.cardea.provider.testkit.ReceivedRequest;
import io.cardea.provider.testkit.Redirect;
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

class ClaudeApiProviderTest {

    private static final String PAGE = "https://console.anthropic.com/oauth/code/callback";
    private static final ClaudeApiProvider CONFIGURED = new ClaudeApiProvider(Map.of("client_id", "the-client"));

    private final ClaudeApiServer server = new ClaudeApiServer();

    @TestFactory
    Stream<DynamicTest> it_keeps_the_contract() {
        return ProviderContract.of(ClaudeApiProvider::new)
                .against(ClaudeApiServer::new)
                .tests();
    }

    private Trial trial() {
        return Trial.of(ClaudeApiProvider::new, server);
    }

    private ReceivedRequest lastTokenRequest() {
        List<ReceivedRequest> requests = server.requests("token_endpoint");
        return requests.get(requests.size() - 1);
    }

    private Profile profile(Map<String, Object> told) {
        server.tells(told);
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            return trial.get("profile()", () -> trial.provider().profile(credential, trial.context()));
        }
    }

    @Test
    void it_is_listed_as_claude_api_with_both_ways_to_log_in() {
        assertThat(CONFIGURED.info().name()).isEqualTo("claude-api");
        assertThat(CONFIGURED.info().flows()).containsExactlyInAnyOrder(Flow.AUTHORIZATION_CODE, Flow.MANUAL_CODE);
        assertThat(CONFIGURED.info().scopes()).containsExactly("org:create_api_key", "user:profile", "user:inference");
        assertThat(CONFIGURED.info().supportsPkce()).isTrue();
        assertThat(CONFIGURED.info().supportsRevocation()).isFalse();
        assertThat(CONFIGURED.info().unavailable()).isEmpty();
    }

    @Test
    void until_a_client_is_chosen_it_says_what_to_set() {
        assertThat(new ClaudeApiProvider(Map.of()).info().unavailable())
                .hasValue("Not configured: set client_id in deploy/io.cardea.provider.claude-api.cfg");
    }

    @Test
    void its_endpoints_are_anthropics_until_others_are_configured() {
        try (Trial trial = Trial.of(configuration -> CONFIGURED, server)) {
            assertThat(trial.get("metadata()", () -> CONFIGURED.metadata(trial.context())))
                    .isEqualTo(new ServerMetadata(
                            Optional.empty(),
                            Optional.of(URI.create("https://claude.ai/oauth/authorize")),
                            Optional.of(URI.create("https://console.anthropic.com/v1/oauth/token")),
                            Optional.empty(),
                            Optional.of(URI.create("https://api.anthropic.com/api/oauth/profile")),
                            Optional.empty(),
                            Optional.empty(),
                            false));
        }
    }

    @Test
    void its_redirect_uris_are_those_that_anthropic_knows_unless_others_are_configured() {
        assertThat(CONFIGURED.redirectUri()).hasValue("http://localhost:35593/callback");
        assertThat(CONFIGURED.manualRedirectUri()).hasValue(PAGE);
        ClaudeApiProvider other = new ClaudeApiProvider(Map.of(
                "redirect_uri", "http://localhost:54545/callback",
                "manual_redirect_uri", "https://platform.claude.com/oauth/code/callback"));
        assertThat(other.redirectUri()).hasValue("http://localhost:54545/callback");
        assertThat(other.manualRedirectUri()).hasValue("https://platform.claude.com/oauth/code/callback");
    }

    @Test
    void a_code_that_the_page_shows_is_pasted() {
        try (Trial trial = trial()) {
            server.register(PAGE);
            Trial.Login usual = trial.login();
            AuthorizationRequest request = new AuthorizationRequest(
                    usual.request().state(),
                    PAGE,
                    List.of(),
                    usual.request().codeChallenge(),
                    usual.request().nonce());
            Redirect page = server.open(
                    trial.get("authorizationUrl()", () -> trial.provider().authorizationUrl(request, trial.context())));
            assertThat(page.location()).startsWith(PAGE + "?");

            String shown = page.code() + "#" + page.parameter("state").orElseThrow();
            AuthorizationCode pasted = new AuthorizationCode(
                    shown.substring(0, shown.indexOf('#')),
                    shown.substring(shown.indexOf('#') + 1),
                    PAGE,
                    Optional.of(usual.verifier()));
            Credential credential =
                    trial.get("exchange()", () -> trial.provider().exchange(pasted, trial.context()));
            assertThat(server.accepts(credential.accessToken())).isTrue();
        }
    }

    @Test
    void code_is_true_for_the_page_alone() {
        assertThat(authorizationUrl("http://localhost:35593/callback")).doesNotContain("code=true");
        assertThat(authorizationUrl(PAGE)).contains("&code=true");
    }

    private String authorizationUrl(String redirectUri) {
        try (Trial trial = trial()) {
            AuthorizationRequest request = new AuthorizationRequest("s", redirectUri, List.of(), Optional.of("c"), "n");
            return trial.get("authorizationUrl()", () -> CONFIGURED.authorizationUrl(request, trial.context()));
        }
    }

    @Test
    void the_token_request_is_json_and_repeats_the_state() {
        try (Trial trial = trial()) {
            AuthorizationCode code = trial.approved(trial.login());
            trial.get("exchange()", () -> trial.provider().exchange(code, trial.context()));
            assertThat(lastTokenRequest().header("Content-Type")).hasValue("application/json");
            assertThat(lastTokenRequest().json())
                    .containsOnlyKeys("grant_type", "code", "redirect_uri", "code_verifier", "state", "client_id")
                    .containsEntry("state", code.state());
        }
    }

    @Test
    void a_refresh_is_json_and_says_no_scope() {
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            trial.get("refresh()", () -> trial.provider().refresh(credential, trial.context()));
            assertThat(lastTokenRequest().json()).containsOnlyKeys("grant_type", "refresh_token", "client_id");
        }
    }

    @Test
    void the_profile_tells_account_and_plan() {
        try (Trial trial = trial()) {
            Credential credential = trial.credential();
            assertThat(trial.get("profile()", () -> trial.provider().profile(credential, trial.context())))
                    .isEqualTo(new Profile(
                            Optional.of("f866185e-c98d-4998-b4c6-626ffbee8799"),
                            Optional.of("ada@acme.example"),
                            Optional.of("ada@acme.example"),
                            Optional.of("max")));
        }
    }

    @Test
    void a_profile_that_tells_little_is_taken_as_it_is() {
        assertThat(profile(Map.of("account", Map.of("uuid", "1", "display_name", "Ada", "email", ""))))
                .isEqualTo(new Profile(Optional.of("1"), Optional.of("Ada")));
    }

    @Test
    void a_profile_of_another_shape_is_nobodys() {
        Map<String, Object> other = new HashMap<>(Map.of("account", List.of("Ada")));
        other.put("organization", null);
        assertThat(profile(other)).isEqualTo(Profile.UNKNOWN);
    }

    @Test
    void a_plan_is_told_as_it_comes_where_it_has_another_name() {
        assertThat(profile(Map.of("organization", Map.of("organization_type", "api_individual")))
                        .plan())
                .hasValue("api_individual");
    }

    @Test
    void a_login_that_was_taken_over_is_refreshed() {
        try (Trial trial = trial()) {
            Credential own = trial.credential();
            // As the import of Claude Code stores one.
            Credential imported = Credential.bearer("gone")
                    .withRefreshToken(own.refreshToken().orElseThrow())
                    .withScopes(List.of("user:inference", "user:profile"))
                    .withAttributes(Map.of("subscription_type", "max"));
            Credential next = trial.get("refresh()", () -> trial.provider().refresh(imported, trial.context()));
            assertThat(server.accepts(next.accessToken())).isTrue();
        }
    }
}
