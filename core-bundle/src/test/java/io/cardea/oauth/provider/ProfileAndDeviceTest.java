package io.cardea.oauth.provider;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.providerFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link StandardProvider} does beside exchanging and refreshing: userinfo and device authorization. */
class ProfileAndDeviceTest {

    private static final String DEVICE = "{\"device_code\":\"the-device-code\",\"user_code\":\"ABCD-EFGH\","
            + "\"verification_uri\":\"https://as.example/device\"";

    private Acme acme;

    @BeforeEach
    void open() throws IOException {
        acme = new Acme();
        acme.set("userinfo_endpoint", acme.server.url("/me"))
                .set("device_authorization_endpoint", acme.server.url("/device"));
    }

    @AfterEach
    void close() {
        acme.close();
    }

    private Profile profile() {
        return await(acme.provider().profile(Credential.bearer("the-access-token"), acme.context));
    }

    @Test
    void the_account_is_asked_for_with_the_access_token_in_its_header() {
        acme.answering("/me", 200, "{\"sub\":\"42\",\"email\":\"ada@example.org\",\"name\":\"Ada\"}");

        assertThat(profile())
                .isEqualTo(new Profile(Optional.of("42"), Optional.of("ada@example.org"))
                        .withEmail(Optional.of("ada@example.org")));
        assertThat(acme.server.request().method()).isEqualTo("GET");
        assertThat(acme.server.request().path()).isEqualTo("/me");
        assertThat(acme.server.request().header("Authorization")).hasValue("Bearer the-access-token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"id\":7};7;",
                "{\"sub\":\"1\",\"id\":7};1;",
                "{\"preferred_username\":\"ada\",\"name\":\"Ada\"};;ada",
                "{\"name\":\"Ada\"};;Ada",
                "{};;"
            })
    void it_is_known_by_whatever_the_server_tells(String userinfo, String subject, String account) {
        acme.answering("/me", 200, userinfo);

        assertThat(profile()).isEqualTo(new Profile(Optional.ofNullable(subject), Optional.ofNullable(account)));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 404, 500})
    void a_server_that_does_not_tell_is_a_failure(int status) {
        acme.answering("/me", status, "nothing here for the-access-token");

        assertThat(providerFailure(
                        acme.provider().profile(Credential.bearer("the-access-token"), acme.context),
                        ProviderException.PROVIDER_ERROR))
                .hasMessage("the authorization server answered with HTTP status " + status);
    }

    @Test
    void a_provider_may_ask_an_endpoint_of_its_own_and_read_a_token_there() {
        StandardProvider exchanging = new StandardProvider(acme.provider().definition()) {
            @Override
            public CompletionStage<Credential> refresh(Credential credential, ProviderContext context) {
                URI endpoint = URI.create(acme.server.url("/exchange"));
                return get(endpoint, credential.accessToken(), context)
                        .thenApply(response -> Credential.bearer(token(
                                        JsonObject.parse(
                                                success(response, context).body()),
                                        "token")
                                .orElseThrow()));
            }
        };
        acme.answering("/exchange", 200, "{\"token\":\"another\"}");
        assertThat(await(exchanging.refresh(Credential.bearer("the-access-token"), acme.context)))
                .isEqualTo(Credential.bearer("another"));
        assertThat(acme.server.request().header("Authorization")).hasValue("Bearer the-access-token");

        acme.answering("/exchange", 200, "{\"token\":\"another\\r\\nX: y\"}");
        providerFailure(exchanging.refresh(Credential.bearer("t"), acme.context), ProviderException.PROVIDER_ERROR);
        acme.answering("/exchange", 429, "");
        providerFailure(
                exchanging.refresh(Credential.bearer("t"), acme.context), ProviderException.TEMPORARILY_UNAVAILABLE);
    }

    @Test
    void a_provider_may_have_an_endpoint_of_its_own_delete_what_is_revoked() {
        StandardProvider deleting = new StandardProvider(acme.provider().definition()) {
            @Override
            public CompletionStage<Void> revoke(Credential credential, ProviderContext context) {
                URI endpoint = URI.create(acme.server.url("/grant"));
                return delete(endpoint, "Basic YTpi", Map.of("access_token", credential.accessToken()), context)
                        .thenAccept(response -> success(response, context));
            }
        };
        acme.answering("/grant", 200, "");
        await(deleting.revoke(Credential.bearer("the \"token\""), acme.context));

        assertThat(acme.server.request().method()).isEqualTo("DELETE");
        assertThat(acme.server.request().header("Authorization")).hasValue("Basic YTpi");
        assertThat(acme.server.request().header("Content-type")).hasValue("application/json");
        assertThat(acme.server.request().body()).isEqualTo("{\"access_token\":\"the \\\"token\\\"\"}");

        acme.answering("/grant", 403, "");
        providerFailure(deleting.revoke(Credential.bearer("t"), acme.context), ProviderException.PROVIDER_ERROR);
    }

    @Test
    void a_device_authorization_is_begun_with_the_scopes_that_are_asked_for() {
        acme.answering(
                "/device",
                200,
                DEVICE + ",\"verification_uri_complete\":\"https://as.example/device?c=A\","
                        + "\"expires_in\":600,\"interval\":7}");

        DeviceAuthorization device = await(acme.provider().authorizeDevice(List.of("email", "repo"), acme.context));
        assertThat(device)
                .isEqualTo(new DeviceAuthorization(
                        "the-device-code",
                        "ABCD-EFGH",
                        "https://as.example/device",
                        Optional.of("https://as.example/device?c=A"),
                        acme.context.clock().instant().plusSeconds(600),
                        7));
        assertThat(acme.server.request().form())
                .containsOnly(entry("client_id", "the-client"), entry("scope", "email repo"));
    }

    @Test
    void what_the_answer_lacks_is_as_rfc_8628_says() {
        acme.answering("/device", 200, DEVICE + "}");
        DeviceAuthorization device = await(acme.provider().authorizeDevice(List.of(), acme.context));

        assertThat(device.interval()).isEqualTo(5);
        assertThat(device.expiresAt()).isAfter(acme.context.clock().instant());
        assertThat(device.verificationUriComplete()).isEmpty();
        assertThat(acme.server.request().form()).doesNotContainKey("scope");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-3, 1", "99999999999, 315360000"})
    void an_interval_that_nobody_means_is_bounded(String interval, int expected) {
        acme.answering("/device", 200, DEVICE + ",\"interval\":" + interval + "}");

        assertThat(await(acme.provider().authorizeDevice(List.of(), acme.context))
                        .interval())
                .isEqualTo(expected);
    }

    @Test
    void an_answer_without_a_device_code_is_none() {
        acme.answering("/device", 200, "{\"user_code\":\"A\",\"verification_uri\":\"https://as.example/\"}");

        assertThat(providerFailure(
                        acme.provider().authorizeDevice(List.of(), acme.context), ProviderException.PROVIDER_ERROR))
                .hasMessage("the answer has no device_code");
    }

    @Test
    void an_answer_to_a_device_is_read_as_the_provider_reads_it() {
        acme.answering("/device", 200, DEVICE.replace("verification_uri", "url") + "}");
        StandardProvider provider = new StandardProvider(acme.provider().definition()) {
            @Override
            protected DeviceAuthorization deviceAuthorization(JsonObject answer, Instant now) {
                return super.deviceAuthorization(answer.renamed("url", "verification_uri"), now);
            }
        };

        assertThat(await(provider.authorizeDevice(List.of(), acme.context)).verificationUri())
                .isEqualTo("https://as.example/device");
    }

    private DeviceAuthorization pending() {
        return new DeviceAuthorization(
                "the-device-code",
                "A",
                "https://as.example/device",
                Optional.empty(),
                acme.context.clock().instant().plusSeconds(600),
                5);
    }

    @Test
    void a_poll_shows_the_device_code_and_brings_the_credential() {
        acme.answering("/token", 200, Acme.TOKEN);

        assertThat(await(acme.provider().pollDevice(pending(), acme.context)).accessToken())
                .isEqualTo("the-access-token");
        assertThat(acme.server.request().form())
                .containsOnly(
                        entry("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                        entry("device_code", "the-device-code"),
                        entry("client_id", "the-client"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization_pending", "slow_down", "access_denied", "expired_token"})
    void a_poll_without_a_credential_says_why(String error) {
        acme.answering("/token", 400, "{\"error\":\"" + error + "\"}");

        providerFailure(acme.provider().pollDevice(pending(), acme.context), error);
    }
}
