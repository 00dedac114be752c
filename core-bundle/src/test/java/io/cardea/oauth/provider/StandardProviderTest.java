package io.cardea.oauth.provider;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.providerFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandardProviderTest {

    private static final String REDIRECT_URI = "http://localhost:8180/oauth/acme/callback";
    private static final AuthorizationRequest REQUEST =
            new AuthorizationRequest("the-state", REDIRECT_URI, List.of(), Optional.of("the-challenge"), "the-nonce");

    private Acme acme;

    @BeforeEach
    void open() throws IOException {
        acme = new Acme().set("authorization_endpoint", "https://as.example/authorize");
    }

    @AfterEach
    void close() {
        acme.close();
    }

    private URI authorizationUrl(AuthorizationRequest request) {
        return URI.create(await(acme.provider().authorizationUrl(request, acme.context)));
    }

    private Credential exchange() {
        return await(acme.provider().exchange(Acme.CODE, acme.context));
    }

    @Test
    void the_authorization_url_says_what_rfc_6749_and_rfc_7636_want() {
        acme.set("scope", "email profile");
        URI url = authorizationUrl(REQUEST);

        assertThat(url.toString()).startsWith("https://as.example/authorize?");
        assertThat(Acme.query(url))
                .containsOnly(
                        entry("response_type", "code"),
                        entry("client_id", "the-client"),
                        entry("redirect_uri", REDIRECT_URI),
                        entry("scope", "email profile"),
                        entry("state", "the-state"),
                        entry("code_challenge", "the-challenge"),
                        entry("code_challenge_method", "S256"));
    }

    @Test
    void an_authorization_endpoint_may_have_a_query_of_its_own() {
        acme.set("authorization_endpoint", "https://as.example/authorize?tenant=7");
        URI url = authorizationUrl(REQUEST);

        assertThat(url.toString()).startsWith("https://as.example/authorize?tenant=7&response_type=code");
    }

    @Test
    void without_a_challenge_no_method_is_named_and_without_scopes_no_scope() {
        assertThat(Acme.query(authorizationUrl(
                        new AuthorizationRequest("the-state", REDIRECT_URI, List.of(), Optional.empty(), "n"))))
                .doesNotContainKeys("code_challenge", "code_challenge_method", "scope");
    }

    @Test
    void scopes_that_a_login_asks_for_take_the_place_of_the_default_and_are_separated_as_configured() {
        acme.set("scope", "email").set("scope_separator", ",");

        assertThat(Acme.query(authorizationUrl(
                        new AuthorizationRequest("s", REDIRECT_URI, List.of("repo", "gist"), Optional.empty(), "n"))))
                .containsEntry("scope", "repo,gist");
    }

    @Test
    void a_configured_parameter_is_added() {
        acme.set("authorization_parameter.prompt", "consent & more");

        assertThat(Acme.query(authorizationUrl(REQUEST))).containsEntry("prompt", "consent & more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization_parameter.state",
                "authorization_parameter.nonce",
                "authorization_parameter.redirect_uri",
                "authorization_parameter.code_challenge",
                "authorization_parameter.code_challenge_method",
                "token_parameter.code",
                "token_parameter.code_verifier",
                "refresh_parameter.refresh_token"
            })
    void what_protects_the_login_cannot_be_configured(String key) {
        assertThat(acme.set(key, "fixed").provider().info().unavailable())
                .hasValueSatisfying(why -> assertThat(why).contains(key + " cannot be set"));
    }

    @Test
    void the_nonce_is_sent_where_an_id_token_is_asked_for_and_only_there() {
        assertThat(Acme.query(authorizationUrl(REQUEST))).doesNotContainKey("nonce");

        acme.set("scope", "openid email");
        assertThat(Acme.query(authorizationUrl(REQUEST))).containsEntry("nonce", "the-nonce");
    }

    @Test
    void a_code_is_exchanged_as_rfc_6749_and_rfc_7636_want() {
        acme.set("token_parameter.audience", "api").answering("/token", 200, Acme.TOKEN);
        Credential credential = exchange();

        assertThat(acme.server.request().method()).isEqualTo("POST");
        assertThat(acme.server.request().header("Content-type")).hasValue("application/x-www-form-urlencoded");
        assertThat(acme.server.request().header("Accept")).hasValue("application/json");
        assertThat(acme.server.request().form())
                .containsOnly(
                        entry("grant_type", "authorization_code"),
                        entry("code", "the-code"),
                        entry("redirect_uri", REDIRECT_URI),
                        entry("code_verifier", "the-verifier"),
                        entry("client_id", "the-client"),
                        entry("audience", "api"));
        assertThat(credential)
                .isEqualTo(new Credential(
                        "the-access-token",
                        "bearer",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Map.of()));
    }

    @Test
    void everything_that_is_granted_is_read() {
        acme.answering(
                "/token",
                200,
                "{\"access_token\":\"a\",\"token_type\":\"DPoP\",\"expires_in\":60,\"refresh_token\":\"r\","
                        + "\"id_token\":\"i\",\"scope\":\"email repo\",\"other\":{\"x\":1}}");

        assertThat(exchange())
                .isEqualTo(new Credential(
                        "a",
                        "DPoP",
                        Optional.of(acme.context.clock().instant().plusSeconds(60)),
                        Optional.of("r"),
                        Optional.of("i"),
                        List.of("email", "repo"),
                        Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"60, 60", "'\"60\"', 60", "0, 0", "-5, 0", "60.0, 60", "9223372036854775807, 315360000"})
    void a_lifetime_ends_in_the_future_and_within_reason(String expiresIn, long seconds) {
        acme.answering("/token", 200, "{\"access_token\":\"a\",\"expires_in\":" + expiresIn + "}");

        assertThat(exchange().expiresAt())
                .hasValue(acme.context.clock().instant().plusSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"soon\"", "1e99", "99999999999999999999", "true"})
    void a_lifetime_that_nobody_can_read_does_not_make_a_token_immortal(String expiresIn) {
        acme.answering("/token", 200, "{\"access_token\":\"a\",\"expires_in\":" + expiresIn + "}");

        assertThat(exchange().expiresAt()).hasValue(acme.context.clock().instant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "[]"})
    void a_lifetime_that_is_none_is_as_if_it_were_absent(String expiresIn) {
        acme.answering("/token", 200, "{\"access_token\":\"a\",\"expires_in\":" + expiresIn + "}");

        assertThat(exchange().expiresAt()).isEmpty();
    }

    @Test
    void a_default_lifetime_counts_where_the_server_says_nothing() {
        acme.set("default_lifetime", "3600").answering("/token", 200, Acme.TOKEN);
        assertThat(exchange().expiresAt())
                .hasValue(acme.context.clock().instant().plus(Duration.ofHours(1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "repo,gist;;repo,gist",
                "repo,gist;',';repo gist",
                "repo gist;',';repo gist",
                "repo  gist;;repo gist",
                "' repo gist ';;repo gist",
                "',repo,';',';repo",
                "repo caf\u00e9;;repo",
                "' ';;''",
                "'';;''"
            })
    void granted_scopes_are_separated_by_spaces_or_as_configured(String scope, String separator, String expected) {
        if (separator != null) {
            acme.set("scope_separator", separator);
        }
        acme.answering("/token", 200, "{\"access_token\":\"a\",\"scope\":\"" + scope + "\"}");

        assertThat(String.join(" ", exchange().scopes())).isEqualTo(expected);
        assertThat(exchange().scopes()).doesNotContain("");
    }

    @Test
    void a_refresh_sends_the_refresh_token_and_what_is_configured() {
        acme.set("refresh_parameter.tenant", "7")
                .set("token_parameter.audience", "not here")
                .answering("/token", 200, Acme.TOKEN);
        Credential old = Credential.bearer("old").withRefreshToken("the refresh/token+");
        Credential renewed = await(acme.provider().refresh(old, acme.context));

        assertThat(acme.server.request().form())
                .containsOnly(
                        entry("grant_type", "refresh_token"),
                        entry("refresh_token", "the refresh/token+"),
                        entry("client_id", "the-client"),
                        entry("tenant", "7"));
        assertThat(renewed.accessToken()).isEqualTo("the-access-token");
        assertThat(renewed.refreshToken()).isEmpty();
    }

    @Test
    void a_revocation_names_the_refresh_token_where_there_is_one() {
        acme.set("revocation_endpoint", acme.server.url("/revoke")).answering("/revoke", 200, "");
        await(acme.provider().revoke(Credential.bearer("a").withRefreshToken("r"), acme.context));
        await(acme.provider().revoke(Credential.bearer("a"), acme.context));

        assertThat(acme.server.requests().get(0).form())
                .containsEntry("token", "r")
                .containsEntry("token_type_hint", "refresh_token")
                .containsEntry("client_id", "the-client");
        assertThat(acme.server.requests().get(1).form())
                .containsEntry("token", "a")
                .containsEntry("token_type_hint", "access_token");
    }

    @Test
    void a_revocation_that_the_server_refuses_fails() {
        acme.set("revocation_endpoint", acme.server.url("/revoke"))
                .answering("/revoke", 503, "{\"error\":\"temporarily_unavailable\"}");

        providerFailure(
                acme.provider().revoke(Credential.bearer("the-token"), acme.context), "temporarily_unavailable");
    }

    @Test
    void a_refusal_to_revoke_what_is_revoked_is_a_success() {
        acme.set("revocation_endpoint", acme.server.url("/revoke")).answering("/revoke", 400, "{\"error\":\"gone\"}");
        ProviderDefinition definition = acme.provider().definition();
        StandardProvider provider = new StandardProvider(definition) {
            @Override
            protected boolean isRevoked(String error) {
                return error.equals("gone");
            }
        };

        await(provider.revoke(Credential.bearer("the-token"), acme.context).thenApply(nothing -> true));
        providerFailure(acme.provider().revoke(Credential.bearer("the-token"), acme.context), "gone");
        acme.answering("/revoke", 400, "{\"error\":\"other\"}");
        providerFailure(provider.revoke(Credential.bearer("the-token"), acme.context), "other");
    }

    @Test
    void what_has_no_endpoint_is_not_supported() {
        StandardProvider provider = acme.provider();

        providerFailure(provider.revoke(Credential.bearer("a"), acme.context), ProviderException.UNSUPPORTED);
        providerFailure(provider.authorizeDevice(List.of(), acme.context), ProviderException.UNSUPPORTED);
        assertThat(await(provider.profile(Credential.bearer("a"), acme.context)))
                .isEqualTo(Profile.UNKNOWN);
        assertThat(provider.manualRedirectUri()).isEmpty();
    }
}
