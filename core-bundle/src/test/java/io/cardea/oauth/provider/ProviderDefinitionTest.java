package io.cardea.oauth.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.fixture.CapturedLog;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderDefinitionTest {

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private static ProviderDefinition.Builder acme() {
        return ProviderDefinition.named("acme").tokenEndpoint("https://as.example/token");
    }

    @Test
    void every_key_of_a_configuration_is_read() {
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("display_name", "Acme Corp");
        configuration.put("description", "Rockets");
        configuration.put("issuer", "https://as.example");
        configuration.put("authorization_endpoint", "https://as.example/authorize");
        configuration.put("token_endpoint", "https://as.example/token?v=2");
        configuration.put("revocation_endpoint", "https://as.example/revoke");
        configuration.put("userinfo_endpoint", "https://as.example/me");
        configuration.put("device_authorization_endpoint", "https://as.example/device");
        configuration.put("client_id", "the-client");
        configuration.put("client_secret", "the-secret");
        configuration.put("client_auth", "client_secret_basic");
        configuration.put("scope", "email, repo  gist");
        configuration.put("scope_separator", ",");
        configuration.put("pkce", "none");
        configuration.put("default_lifetime", 3600L);
        configuration.put("authorization_parameter.prompt", "consent");
        configuration.put("token_parameter.audience", "api");
        configuration.put("refresh_parameter.tenant", "t");
        ProviderDefinition definition =
                ProviderDefinition.named("acme").configure(configuration).build();

        assertThat(definition.name()).isEqualTo("acme");
        assertThat(definition.displayName()).isEqualTo("Acme Corp");
        assertThat(definition.metadata())
                .isEqualTo(new ServerMetadata(
                        Optional.of("https://as.example"),
                        Optional.of(URI.create("https://as.example/authorize")),
                        Optional.of(URI.create("https://as.example/token?v=2")),
                        Optional.of(URI.create("https://as.example/revoke")),
                        Optional.of(URI.create("https://as.example/me")),
                        Optional.of(URI.create("https://as.example/device")),
                        Optional.empty(),
                        false));
        assertThat(definition.clientId()).hasValue("the-client");
        assertThat(definition.clientSecret()).hasValue("the-secret");
        assertThat(definition.clientAuthentication()).isEqualTo(ClientAuthentication.CLIENT_SECRET_BASIC);
        assertThat(definition.scopes()).containsExactly("email", "repo", "gist");
        assertThat(definition.scopeSeparator()).isEqualTo(",");
        assertThat(definition.pkce()).isFalse();
        assertThat(definition.tokenDialect().expiresAt(JsonObject.parse("{}".getBytes(UTF_8)), Instant.EPOCH))
                .hasValue(Instant.EPOCH.plusSeconds(3600));
        assertThat(definition.parameters("authorization_parameter.")).isEqualTo(Map.of("prompt", "consent"));
        assertThat(definition.parameters("token_parameter.")).isEqualTo(Map.of("audience", "api"));
        assertThat(definition.parameters("refresh_parameter.")).isEqualTo(Map.of("tenant", "t"));
        assertThat(definition.info())
                .isEqualTo(new ProviderInfo(
                        "acme",
                        "Acme Corp",
                        "Rockets",
                        Optional.of("the-client"),
                        List.of("email", "repo", "gist"),
                        Set.of(Flow.AUTHORIZATION_CODE, Flow.DEVICE_CODE),
                        false,
                        true,
                        true,
                        Optional.empty()));
    }

    @Test
    void a_token_endpoint_is_all_that_must_be_there() {
        ProviderDefinition definition = acme().build();

        assertThat(definition.displayName()).isEqualTo("acme");
        assertThat(definition.pkce()).isTrue();
        assertThat(definition.scopes()).isEmpty();
        assertThat(definition.scopeSeparator()).isEqualTo(" ");
        assertThat(definition.tokenDialect().expiresAt(JsonObject.parse("{}".getBytes(UTF_8)), Instant.EPOCH))
                .isEmpty();
        assertThat(definition.info().flows()).isEmpty();
        assertThat(definition.info().supportsRevocation()).isFalse();
        assertThatThrownBy(() -> ProviderDefinition.named("acme").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Configuration of provider acme: token_endpoint is missing, and there is no issuer to discover it from");
    }

    @Test
    void the_operator_has_the_last_word() {
        ProviderDefinition definition = acme().displayName("Author's")
                .scope("email")
                .configure(Map.of("display_name", "Operator's", "scope", ""))
                .build();

        assertThat(definition.displayName()).isEqualTo("Operator's");
        assertThat(definition.scopes()).as("a blank one is none").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clientid",
                "client-id",
                "Client_Id",
                "client_id ",
                "authorization_url",
                "authorization_parameter.",
                "token_parameter",
                "serviceability",
                "",
                "redirecturi"
            })
    void an_unknown_key_is_named_and_its_value_is_not(String key) {
        assertThatThrownBy(() -> acme().set(key, "the-secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Configuration of provider acme: unknown key " + key + ";")
                .hasMessageNotContaining("the-secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service.pid",
                "service.factoryPid",
                "service.bundleLocation",
                "component.name",
                "component.id",
                "felix.fileinstall.filename",
                "osgi.ds.satisfying.condition.target",
                "objectClass",
                ":configurator:feature:"
            })
    void what_the_framework_adds_is_passed_over(String key) {
        assertThat(acme().configure(Map.of(key, 17)).build().clientId()).isEmpty();
    }

    @Test
    void an_operators_mistake_makes_the_provider_unavailable_and_says_why() {
        ProviderDefinition definition = acme().displayName("Acme")
                .configure(Map.of("client_id", "ada", "client_secrte", "the-secret"))
                .build();

        assertThat(definition.info().unavailable())
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("Configuration of provider acme: unknown key client_secrte;")
                        .doesNotContain("the-secret"));
        assertThat(definition.clientId()).as("nothing of it counts").isEmpty();
        assertThat(definition.displayName()).isEqualTo("Acme");
    }

    @ParameterizedTest
    @CsvSource({
        "client_secrte, client_secret",
        "clientId, client_id",
        "client-id, client_id",
        "authorisation_endpoint, authorization_endpoint",
        "scopes, scope",
        "authorization_paramter.prompt, authorization_parameter.prompt",
        "token_headers.X-Team, token_header.X-Team"
    })
    void a_slip_of_the_pen_is_told_what_was_meant_where_people_look(String written, String meant) {
        String told = "Configuration of provider acme: unknown key " + written + "; did you mean " + meant + "?";

        assertThat(problem(Map.of(written, "the-secret"))).isEqualTo(told);
        assertThat(log.text())
                .contains("WARN", "Provider acme is not available. " + told)
                .doesNotContain("the-secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "colour", "x", "authorization_parameter.", "token_parameter"})
    void what_resembles_no_key_is_told_all(String written) {
        assertThat(problem(Map.of(written, "v")))
                .startsWith("Configuration of provider acme: unknown key " + written + "; known are allowed_hosts, ")
                .contains(" client_id, ", "token_parameter.<name>");
    }

    @Test
    void a_value_that_cannot_be_is_told_in_the_same_way() {
        assertThat(acme().configure(Map.of("token_endpoint", "nowhere"))
                        .build()
                        .info()
                        .unavailable())
                .hasValueSatisfying(why -> assertThat(why).contains("token_endpoint must be"));
        assertThat(ProviderDefinition.named("data-only")
                        .configure(Map.of("display_name", "Data"))
                        .build()
                        .info()
                        .unavailable())
                .hasValueSatisfying(why -> assertThat(why).contains("token_endpoint is missing"));
    }

    @Test
    void a_problem_is_told_in_as_many_words_as_the_listing_takes() {
        assertThat(problem(Map.of("client_id", "c", "client_secret", "$[secret:" + "x".repeat(5000) + "]")))
                .startsWith("Not configured: deploy/io.cardea.provider.acme.cfg says client_secret = $[secret:xxx")
                .endsWith("x\u2026, or it cannot be read: write the secret into it, for your user alone (chmod 600)")
                .hasSizeLessThan(450);
        assertThat(problem(Map.of("client_id", "c", "token_endpoint", "https://{" + "x".repeat(5000) + "}.example")))
                .startsWith("Not configured: set variable.xxx")
                .endsWith("x\u2026")
                .hasSize(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "$[secret:github],'there is no file conf/secrets/github, or it cannot be read: write the secret into it, for your"
                + " user alone (chmod 600)'",
        "$[secret:team/acme;default=],'there is no file conf/secrets/team/acme, or'",
        "$[env:ACME_SECRET],there is no environment variable ACME_SECRET: set it and start Cardea again",
        "$[prop:acme],there is no such thing or it cannot be read"
    })
    void a_reference_that_leads_nowhere_says_where_it_was_to_lead(String reference, String why) {
        assertThat(problem(Map.of("client_id", "c", "client_secret", reference)))
                .startsWith("Not configured: deploy/io.cardea.provider.acme.cfg says client_secret = " + reference
                        + ", but " + why);
    }

    @Test
    void a_problem_is_told_without_what_could_forge_a_line() {
        assertThat(problem(Map.of("client_id", "c", "client_secret", "$[secret:a\u202eb\ud800c\u0007d]")))
                .contains("$[secret:a?b?c?d]");
        assertThat(problem(Map.of("client_\u202eid", "c"))).contains("unknown key client_?id;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"display_name", "description"})
    void words_that_the_listing_does_not_take_are_named(String key) {
        assertThat(problem(Map.of("client_id", "c", key, "x".repeat(2001)))).contains(key + " may have at most");
        assertThat(problem(Map.of("client_id", "c", key, "a\u202eb"))).contains(key + " may have at most");
        assertThat(acme().configure(Map.of("client_id", "c", key, "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"))
                        .build()
                        .info()
                        .unavailable())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123456789abcdef0123456789abcdef01234567", "GOCSPX-abcdefghijklmnop", "hunter2"})
    void what_may_be_the_second_line_of_a_secret_is_not_repeated(String pasted) {
        assertThat(problem(Map.of("client_secret", "", pasted, "")))
                .contains("unknown key of " + pasted.length() + " characters")
                .doesNotContain(pasted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$[secret:acme", "${secret:acme}", "$[env:ACME"})
    void a_reference_that_is_badly_written_is_no_secret(String written) {
        assertThat(problem(Map.of("client_id", "c", "client_secret", written))).startsWith("Not configured: ");
    }

    private static String problem(Map<String, String> configuration) {
        return acme().configure(configuration).build().info().unavailable().orElseThrow();
    }

    @Test
    void what_looks_like_the_frameworks_but_is_not_is_refused() {
        for (String key : new String[] {"component", "service.x", "osgi", "serviceability", "felix.x"}) {
            assertThat(acme().configure(Map.of(key, "x")).build().info().unavailable())
                    .hasValueSatisfying(why -> assertThat(why).contains("unknown key " + key));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "authorization_endpoint, as.example/authorize",
        "authorization_endpoint, javascript:alert(1)",
        "authorization_endpoint, /authorize",
        "authorization_endpoint, https:///authorize",
        "token_endpoint, ftp://as.example/",
        "token_endpoint, https://as.example/a b",
        "token_endpoint, https://ada:pw@as.example/",
        "revocation_endpoint, https://as.example/#part",
        "userinfo_endpoint, //as.example/",
        "device_authorization_endpoint, file:///etc/passwd"
    })
    void an_endpoint_that_is_no_web_address_is_named(String key, String value) {
        assertThatThrownBy(() -> acme().set(key, value).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acme")
                .hasMessageContaining(key + " must be an absolute https URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/callback",
                "https://localhost:1455/callback",
                "http://127.0.0.2:1455/callback",
                "http://localhost:1455/callback?a=b"
            })
    void a_redirect_uri_of_this_machine_at_which_nobody_can_listen_is_refused(String uri) {
        assertThat(acme().configure(Map.of("redirect_uri", uri)).build().info().unavailable())
                .hasValueSatisfying(why -> assertThat(why).contains("redirect_uri on this machine must be"));
    }

    @Test
    void a_password_in_an_endpoint_is_not_repeated() {
        assertThatThrownBy(() -> acme().revocationEndpoint("https://ada:hunter2@as.example/")
                        .build())
                .hasMessageContaining("revocation_endpoint")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "pkce, plain",
        "pkce, s256",
        "client_auth, basic",
        "client_auth, CLIENT_SECRET_POST",
        "default_lifetime, soon",
        "default_lifetime, 0",
        "default_lifetime, -1",
        "default_lifetime, 1.5",
        "default_lifetime, 99999999999"
    })
    void a_value_that_cannot_be_is_named(String key, String value) {
        assertThatThrownBy(() -> acme().set(key, value).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Configuration of provider acme: " + key + " must be");
    }

    @Test
    void pkce_is_only_ever_switched_off_explicitly() {
        assertThat(acme().set("pkce", "").build().pkce()).isTrue();
        assertThat(acme().set("pkce", "S256").build().pkce()).isTrue();
        assertThat(acme().set("pkce", "none").build().pkce()).isFalse();
    }

    @Test
    void how_the_client_authenticates_follows_from_whether_it_has_a_secret() {
        assertThat(acme().build().clientAuthentication()).isEqualTo(ClientAuthentication.NONE);
        assertThat(acme().set("client_secret", "s").build().clientAuthentication())
                .isEqualTo(ClientAuthentication.CLIENT_SECRET_POST);
        assertThat(acme().set("client_secret", "s").clientAuth("none").build().clientAuthentication())
                .isEqualTo(ClientAuthentication.NONE);
    }

    @Test
    void a_provider_that_lacks_its_registration_says_what_to_set_and_where() {
        assertThat(acme().build().info().unavailable())
                .hasValue("Not configured: set client_id in deploy/io.cardea.provider.acme.cfg");
        assertThat(acme().clientAuth("client_secret_basic").build().info().unavailable())
                .hasValue(
                        "Not configured: set client_id and client_secret in deploy/io.cardea.provider.acme.cfg, best as client_secret = $[secret:acme] with the secret itself in the file conf/secrets/acme");
        assertThat(acme().clientAuth("client_secret_post")
                        .set("client_id", "c")
                        .build()
                        .info()
                        .unavailable())
                .hasValue(
                        "Not configured: set client_secret in deploy/io.cardea.provider.acme.cfg, best as client_secret = $[secret:acme] with the secret itself in the file conf/secrets/acme");
        assertThat(acme().set("client_id", "c").build().info().unavailable()).isEmpty();
        assertThat(acme().set("client_id", " ").build().info().unavailable()).isPresent();
    }

    @Test
    void a_definition_does_not_change_with_its_builder() {
        ProviderDefinition.Builder builder = acme();
        ProviderDefinition definition = builder.build();
        builder.set("client_id", "later");

        assertThat(definition.clientId()).isEmpty();
    }

    @Test
    void its_text_holds_no_secret() {
        assertThat(acme().set("client_secret", "the-secret").build().toString())
                .contains("acme")
                .doesNotContain("the-secret");
    }
}
