package io.cardea.provider.microsoft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.oauth.provider.AuthorizationCode;
import io.cardea.oauth.provider.AuthorizationRequest;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.DeviceAuthorization;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.Profile;
import io.cardea.oauth.provider.ServerMetadata;
import io.cardea.provider.testkit.AuthorizationServer;
import io.cardea.provider.testkit.ProviderContract;
import io.cardea.provider.testkit.Trial;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MicrosoftProviderTest {

    private static final MicrosoftProvider REGISTERED =
            new MicrosoftProvider(Map.of("client_id", "the-client", "client_secret", "the-secret"));

    @TestFactory
    Stream<DynamicTest> it_keeps_the_contract() {
        return ProviderContract.of(MicrosoftProvider::new)
                .against(MicrosoftServer::new)
                .tests();
    }

    @TestFactory
    Stream<DynamicTest> it_keeps_the_contract_for_one_tenant() {
        return ProviderContract.of(MicrosoftProvider::new)
                .against(() -> MicrosoftServer.ofTenant(MicrosoftServer.HOME_TENANT))
                .tests();
    }

    private static Trial trial(AuthorizationServer server) {
        return Trial.of(MicrosoftProvider::new, server);
    }

    private static ServerMetadata metadata(MicrosoftProvider provider) {
        try (Trial trial = trial(new MicrosoftServer())) {
            return trial.get("metadata()", () -> provider.metadata(trial.context()));
        }
    }

    @Test
    void it_is_listed_as_microsoft_with_what_it_can_do_and_for_whom() {
        assertThat(REGISTERED.info().name()).isEqualTo("microsoft");
        assertThat(REGISTERED.info().description()).contains("any work, school or personal account", "variable.tenant");
        assertThat(REGISTERED.info().flows()).containsExactlyInAnyOrder(Flow.AUTHORIZATION_CODE, Flow.DEVICE_CODE);
        assertThat(REGISTERED.info().supportsPkce()).isTrue();
        assertThat(REGISTERED.info().supportsRevocation()).isFalse();
        assertThat(REGISTERED.info().unavailable()).isEmpty();
    }

    @Test
    void until_it_is_registered_it_says_what_to_set() {
        assertThat(new MicrosoftProvider(Map.of()).info().unavailable())
                .hasValueSatisfying(
                        why -> assertThat(why)
                                .startsWith(
                                        "Not configured: set client_id and client_secret in deploy/io.cardea.provider.microsoft.cfg"));
        assertThat(new MicrosoftProvider(Map.of("client_id", "the-client", "client_auth", "none"))
                        .info()
                        .unavailable())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({",common", "acme.onmicrosoft.com,acme.onmicrosoft.com", "consumers,consumers"})
    void its_endpoints_are_those_of_the_tenant_or_common_to_all(String tenant, String expected) {
        MicrosoftProvider provider =
                tenant == null ? REGISTERED : new MicrosoftProvider(Map.of("variable.tenant", tenant));
        String url = "https://login.microsoftonline.com/" + expected;

        assertThat(metadata(provider))
                .isEqualTo(new ServerMetadata(
                        Optional.of(url + "/v2.0"),
                        Optional.of(URI.create(url + "/oauth2/v2.0/authorize")),
                        Optional.of(URI.create(url + "/oauth2/v2.0/token")),
                        Optional.empty(),
                        Optional.of(URI.create("https://graph.microsoft.com/oidc/userinfo")),
                        Optional.of(URI.create(url + "/oauth2/v2.0/devicecode")),
                        Optional.of(URI.create(url + "/discovery/v2.0/keys")),
                        false));
    }

    @Test
    void a_tenant_that_cannot_be_is_named_and_the_provider_is_listed_all_the_same() {
        assertThat(new MicrosoftProvider(Map.of("variable.tenant", "acme/evil"))
                        .info()
                        .unavailable())
                .hasValueSatisfying(why -> assertThat(why).contains("variable.tenant may have letters, digits"));
    }

    @ParameterizedTest
    @CsvSource({
        "common, 72f988bf-86f1-41af-91ab-2d7cd011db47, true",
        "common, common, false",
        "common, 72f988bf-86f1-41af-91ab-2d7cd011db4, false",
        "common, 72f988bf-86f1-41af-91ab-2d7cd011db47/x, false",
        "organizations, 72f988bf-86f1-41af-91ab-2d7cd011db47, true",
        "acme.onmicrosoft.com, 72f988bf-86f1-41af-91ab-2d7cd011db47, true",
        "acme.onmicrosoft.com, acme.onmicrosoft.com, false",
        "'common ', 72f988bf-86f1-41af-91ab-2d7cd011db47, true",
        "72f988bf-86f1-41af-91ab-2d7cd011db47, 72f988bf-86f1-41af-91ab-2d7cd011db47, true",
        "72F988BF-86F1-41AF-91AB-2D7CD011DB47, 72f988bf-86f1-41af-91ab-2d7cd011db47, true",
        "72f988bf-86f1-41af-91ab-2d7cd011db47, 9188040d-6c67-4c5b-b112-36a304b66dad, false",
        "72F988BF-86F1-41AF-91AB-2D7CD011DB47, 9188040d-6c67-4c5b-b112-36a304b66dad, false"
    })
    void id_tokens_are_in_the_name_of_a_tenant(String tenant, String issuer, boolean accepted) {
        for (String host : List.of("login.microsoftonline.com", "login.microsoftonline.us")) {
            MicrosoftProvider provider = new MicrosoftProvider(
                    Map.of("variable.tenant", tenant, "issuer", "https://" + host + "/{tenant}/v2.0"));

            assertThat(matches(provider, "https://" + host + "/" + issuer + "/v2.0"))
                    .isEqualTo(accepted);
            assertThat(matches(provider, "https://" + host.replace('.', 'x') + "/" + issuer + "/v2.0"))
                    .isFalse();
            assertThat(matches(provider, "https://" + host + "/" + issuer + "/v1.0"))
                    .isFalse();
        }
    }

    private static boolean matches(MicrosoftProvider provider, String issuer) {
        return provider.idTokenIssuers().orElseThrow().matcher(issuer).matches();
    }

    @Test
    void an_issuer_without_a_tenant_is_the_only_one() {
        MicrosoftProvider provider = new MicrosoftProvider(Map.of("issuer", "https://as.example/acme"));

        assertThat(matches(provider, "https://as.example/acme")).isTrue();
        assertThat(matches(provider, "https://as.example/72f988bf-86f1-41af-91ab-2d7cd011db47"))
                .isFalse();
    }

    private static AuthorizationCode approved(Trial trial, String... scopes) {
        Trial.Login login = trial.login();
        AuthorizationRequest usual = login.request();
        return trial.approved(new Trial.Login(
                new AuthorizationRequest(
                        usual.state(), usual.redirectUri(), List.of(scopes), usual.codeChallenge(), usual.nonce()),
                login.verifier()));
    }

    @Test
    void a_login_asks_for_offline_access_and_an_answer_in_the_query() {
        try (Trial trial = trial(new MicrosoftServer())) {
            assertThat(trial.credential().refreshToken()).isPresent();
            assertThat(trial.server().requests("authorization_endpoint").get(0).query())
                    .containsEntry("scope", "openid profile email offline_access")
                    .containsEntry("response_mode", "query");
        }
    }

    @Test
    void who_does_not_ask_for_offline_access_gets_no_refresh_token() {
        try (Trial trial = trial(new MicrosoftServer())) {
            AuthorizationCode code = approved(trial, "openid");
            assertThat(trial.get("exchange()", () -> trial.provider().exchange(code, trial.context()))
                            .refreshToken())
                    .isEmpty();
        }
    }

    @Test
    void a_tenant_that_wants_the_person_ends_the_connection() {
        MicrosoftServer server = new MicrosoftServer();
        try (Trial trial = trial(server)) {
            Credential credential = trial.credential();
            server.wantPerson();
            assertThat(trial.error("refresh()", () -> trial.provider().refresh(credential, trial.context())))
                    .isEqualTo("invalid_grant");
        }
    }

    @Test
    void a_device_that_is_declined_or_unknown_is_told_so_in_the_terms_of_the_rfcs() {
        try (Trial trial = trial(new MicrosoftServer())) {
            DeviceAuthorization device =
                    trial.get("authorizeDevice()", () -> trial.provider().authorizeDevice(List.of(), trial.context()));
            assertThat(device.verificationUriComplete()).isEmpty();
            assertThat(trial.error("pollDevice()", () -> trial.provider().pollDevice(device, trial.context())))
                    .isEqualTo("authorization_pending");
            trial.server().person().deniesDevice(device.userCode());
            assertThat(trial.error("pollDevice()", () -> trial.provider().pollDevice(device, trial.context())))
                    .isEqualTo("access_denied");

            DeviceAuthorization other = new DeviceAuthorization(
                    "another-device-code", "A", device.verificationUri(), Optional.empty(), device.expiresAt(), 5);
            assertThat(trial.error("pollDevice()", () -> trial.provider().pollDevice(other, trial.context())))
                    .isEqualTo("invalid_grant");
        }
    }

    @Test
    void what_microsoft_says_of_an_error_is_not_repeated() {
        try (Trial trial = trial(new MicrosoftServer())) {
            AuthorizationCode code = trial.login().with("code-that-nobody-gave-out");
            assertThatThrownBy(() -> trial.provider()
                            .exchange(code, trial.context())
                            .toCompletableFuture()
                            .join())
                    .hasStackTraceContaining("invalid_grant")
                    .satisfies(thrown -> assertThat(String.valueOf(thrown.getCause()))
                            .doesNotContain("AADSTS", "Trace ID", code.code()));
        }
    }

    private static Profile profile(AuthorizationServer server) {
        try (Trial trial = trial(server)) {
            Credential credential = trial.credential();
            return trial.get("profile()", () -> trial.provider().profile(credential, trial.context()));
        }
    }

    @Test
    void an_account_is_known_by_its_e_mail_address_or_else_by_its_user_name() {
        Optional<String> subject = Optional.of("OLu859SGc2Sr9ZsqbkG-QbeLgJlb41KcdiPoLYNpSFA");
        Optional<String> email = Optional.of("ada@acme.example");

        assertThat(profile(new MicrosoftServer())).isEqualTo(new Profile(subject, email).withEmail(email));
        assertThat(profile(MicrosoftServer.withoutEmail()))
                .isEqualTo(new Profile(subject, Optional.of("ada@acme.onmicrosoft.com")));
    }

    @Test
    void there_is_nowhere_to_revoke_a_token() {
        try (Trial trial = trial(new MicrosoftServer())) {
            Credential credential = trial.credential();
            assertThat(trial.error("revoke()", () -> trial.provider().revoke(credential, trial.context())))
                    .isEqualTo("unsupported");
        }
    }
}
