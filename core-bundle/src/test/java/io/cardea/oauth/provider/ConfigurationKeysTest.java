package io.cardea.oauth.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables, hosts, redirect URIs and issuers in a configuration. */
class ConfigurationKeysTest {

    private static ProviderDefinition.Builder acme() {
        return ProviderDefinition.named("acme")
                .tokenEndpoint("https://as.example/token")
                .set("client_id", "c");
    }

    private static StandardProvider provider(ProviderDefinition.Builder definition) {
        return new StandardProvider(definition.build()) {};
    }

    @Test
    void a_variable_is_put_into_every_url() {
        ProviderDefinition definition = acme().issuer("https://{region}.as.example/{tenant}")
                .tokenEndpoint("https://{region}.as.example/{tenant}/token")
                .set("refresh_endpoint", "https://{region}.as.example/refresh")
                .set("redirect_uri", "https://{region}.as.example/code")
                .set("variable.tenant", "acme_corp-1")
                .set("variable.region", " eu ")
                .build();

        assertThat(definition.metadata().issuer()).hasValue("https://eu.as.example/acme_corp-1");
        assertThat(definition.metadata().tokenEndpoint())
                .hasValue(URI.create("https://eu.as.example/acme_corp-1/token"));
        assertThat(definition.refreshEndpoint()).hasValue(URI.create("https://eu.as.example/refresh"));
        assertThat(definition.manualRedirectUri()).hasValue("https://eu.as.example/code");
        assertThat(definition.info().unavailable()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"token_endpoint", "issuer", "jwks_uri", "refresh_endpoint", "redirect_uri", "userinfo_endpoint"})
    void a_variable_that_nobody_has_set_is_named(String key) {
        assertThat(acme().set(key, "https://{tenant}.as.example/")
                        .build()
                        .info()
                        .unavailable())
                .hasValue("Not configured: set variable.tenant in deploy/io.cardea.provider.acme.cfg");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://{host}", "https://{host}/", "https://git.example.org:8443/gitlab", " https://a.example "
            })
    void endpoints_may_be_below_the_issuer(String issuer) {
        ProviderDefinition definition = acme().issuer(issuer)
                .tokenEndpoint("{issuer}/token")
                .set("refresh_endpoint", "{issuer}/{host}/refresh")
                .set("variable.host", "a.example")
                .build();
        String url = issuer.trim().replace("{host}", "a.example").replaceFirst("/$", "");

        assertThat(definition.metadata().tokenEndpoint()).hasValue(URI.create(url + "/token"));
        assertThat(definition.refreshEndpoint()).hasValue(URI.create(url + "/a.example/refresh"));
    }

    @Test
    void an_issuer_that_endpoints_need_is_named_where_it_is_missing_or_cannot_be() {
        assertThat(acme().tokenEndpoint("{issuer}/token").build().info().unavailable())
                .hasValue("Not configured: set issuer in deploy/io.cardea.provider.acme.cfg");
        assertThat(acme().issuer("https://{host}")
                        .tokenEndpoint("{issuer}/token")
                        .build()
                        .info()
                        .unavailable())
                .hasValue("Not configured: set variable.host in deploy/io.cardea.provider.acme.cfg");
        assertThatThrownBy(() -> acme().issuer("gitlab.example.org")
                        .tokenEndpoint("{issuer}/token")
                        .build())
                .hasMessageContaining("issuer must be an absolute https URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example/", "a/b", "a@evil.example", "a?b", "a#b", "a b", "a:1", "%2e", "", "{x}", "\u00fc"
            })
    void a_variable_that_would_change_the_shape_of_a_url_is_refused(String value) {
        assertThatThrownBy(() -> acme().tokenEndpoint("https://{tenant}.as.example/token")
                        .set("variable.tenant", value)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("variable.tenant may have letters, digits");
    }

    @Test
    void where_hosts_are_named_those_of_the_configuration_go_without_saying() {
        assertThat(acme().set("allowed_hosts", "API.acme.example, *.cdn.example")
                        .set("refresh_endpoint", "https://refresh.example/")
                        .set("jwks_uri", "https://keys.example/")
                        .build()
                        .allowedHosts())
                .containsExactlyInAnyOrder(
                        "api.acme.example", "*.cdn.example", "as.example", "refresh.example", "keys.example");
        assertThat(acme().build().allowedHosts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "*.", "https://as.example", "as.example:443", "as.example/", "a*.example", "**.example", "_"
            })
    void what_is_no_name_of_a_host_is_refused(String hosts) {
        assertThatThrownBy(() -> acme().set("allowed_hosts", hosts).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed_hosts must be names of hosts");
    }

    @Test
    void a_redirect_uri_of_this_machine_is_for_browsers_and_any_other_for_pasting() {
        StandardProvider here = provider(
                acme().authorizationEndpoint("https://as.example/a").set("redirect_uri", "http://localhost:1455/cb"));
        assertThat(here.redirectUri()).hasValue("http://localhost:1455/cb");
        assertThat(here.manualRedirectUri()).isEmpty();
        assertThat(here.info().flows()).containsExactly(Flow.AUTHORIZATION_CODE);

        StandardProvider elsewhere = provider(
                acme().authorizationEndpoint("https://as.example/a").set("redirect_uri", "https://as.example/code"));
        assertThat(elsewhere.redirectUri()).isEmpty();
        assertThat(elsewhere.manualRedirectUri()).hasValue("https://as.example/code");
        assertThat(elsewhere.info().flows()).containsExactly(Flow.MANUAL_CODE);
    }

    @Test
    void a_service_may_have_a_page_to_copy_the_code_from_beside_its_redirect_uri() {
        ProviderDefinition.Builder both = acme().authorizationEndpoint("https://as.example/a")
                .set("redirect_uri", "http://localhost:1455/cb")
                .set("manual_redirect_uri", "https://as.example/code");
        assertThat(provider(both).redirectUri()).hasValue("http://localhost:1455/cb");
        assertThat(provider(both).manualRedirectUri()).hasValue("https://as.example/code");
        assertThat(provider(both).info().flows()).containsExactlyInAnyOrder(Flow.AUTHORIZATION_CODE, Flow.MANUAL_CODE);

        StandardProvider page = provider(both.set("redirect_uri", "https://as.example/other"));
        assertThat(page.redirectUri()).isEmpty();
        assertThat(page.manualRedirectUri()).hasValue("https://as.example/other");
        assertThat(page.info().flows()).containsExactly(Flow.MANUAL_CODE);
    }

    @Test
    void the_client_id_may_be_part_of_a_url() {
        ProviderDefinition.Builder apps = ProviderDefinition.named("acme")
                .tokenEndpoint("https://as.example/token")
                .revocationEndpoint("https://as.example/apps/{client_id}/grant");
        assertThat(apps.build().metadata().revocationEndpoint()).isEmpty();
        assertThat(apps.build().info().unavailable())
                .hasValue("Not configured: set client_id in deploy/io.cardea.provider.acme.cfg");

        assertThat(apps.set("client_id", "$[env:NOBODY]").build().info().unavailable())
                .hasValueSatisfying(why -> assertThat(why).contains("client_id = $[env:NOBODY], but there is no"));
        assertThat(apps.set("client_id", "Iv1.8a61").build().metadata().revocationEndpoint())
                .hasValue(URI.create("https://as.example/apps/Iv1.8a61/grant"));
        assertThatThrownBy(() -> apps.set("client_id", "../x").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("client_id may have letters, digits");
    }

    @Test
    void a_login_on_another_device_alone_has_nothing_that_pkce_protects() {
        ProviderDefinition.Builder device = acme().deviceAuthorizationEndpoint("https://as.example/device");
        assertThat(device.build().info().flows()).containsExactly(Flow.DEVICE_CODE);
        assertThat(device.build().info().supportsPkce()).isFalse();
        assertThat(device.authorizationEndpoint("https://as.example/a")
                        .build()
                        .info()
                        .supportsPkce())
                .isTrue();
    }

    @Test
    void an_issuer_alone_is_enough_to_log_in() {
        ProviderInfo info = ProviderDefinition.named("acme")
                .issuer("https://as.example")
                .set("client_id", "c")
                .build()
                .info();

        assertThat(info.unavailable()).isEmpty();
        assertThat(info.flows()).containsExactly(Flow.AUTHORIZATION_CODE);
        assertThat(info.supportsRevocation()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "id_token_signed_response_alg,none",
        "id_token_signed_response_alg,HS256",
        "id_token_signed_response_alg,rs256",
        "id_token_signed_response_alg,EdDSA",
        "response_mode,fragment",
        "client_auth,client_secret_jwt",
        "client_auth,tls_client_auth"
    })
    void what_is_not_among_the_choices_is_named(String key, String value) {
        assertThatThrownBy(() -> acme().set(key, value).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key + " must be one of");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://as.example/",
                "http://10.0.0.1/",
                "https://u:p@as.example/",
                "https://as.example/#x",
                "as.example"
            })
    void every_url_is_one_that_secrets_may_be_sent_to(String url) {
        for (String key :
                new String[] {"issuer", "jwks_uri", "refresh_endpoint", "redirect_uri", "revocation_endpoint"}) {
            assertThatThrownBy(() -> acme().set(key, url).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(key + " must be an absolute https URL")
                    .hasMessageNotContaining("u:p");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization_parameter.state",
                "authorization_parameter.nonce",
                "authorization_parameter.code_challenge",
                "authorization_parameter.code_challenge_method",
                "authorization_parameter.redirect_uri",
                "token_parameter.code_verifier",
                "refresh_parameter.refresh_token"
            })
    void what_protects_a_login_cannot_be_configured_away(String key) {
        assertThatThrownBy(() -> acme().set(key, "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key + " cannot be set");
    }
}
