package io.cardea.oauth.provider;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.providerFailure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.core.fixture.LocalServer.Request;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Token endpoints that depart from RFC 6749, and are described by configuration alone. */
class TokenDialectTest {

    private final Settings settings = new Settings("acme");
    private Acme acme;

    @BeforeEach
    void open() throws IOException {
        acme = new Acme().answering("/token", 200, Acme.TOKEN);
    }

    @AfterEach
    void close() {
        acme.close();
    }

    private Credential exchange() {
        return await(acme.provider().exchange(Acme.CODE, acme.context));
    }

    private void assertRefused(String why) {
        assertThatThrownBy(() -> new TokenDialect(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_body_of_json_holds_what_the_form_would() {
        acme.set("token_body", "json").set("client_secret", "the \"secret\"");
        exchange();
        Request request = acme.server.request();

        assertThat(request.header("Content-type")).hasValue("application/json");
        JsonObject body = JsonObject.parse(request.body().getBytes(UTF_8));
        assertThat(body.text("client_secret")).hasValue("the \"secret\"");
        assertThat(body.text("code")).hasValue("the-code");
        assertThat(body.text("code_verifier")).hasValue("the-verifier");
        assertThat(body.text("grant_type")).hasValue("authorization_code");
    }

    @Test
    void headers_are_added_and_take_the_place_of_those_that_were_there() {
        acme.set("token_header.X-Version", "2024-01-01")
                .set("token_header.Accept", "application/vnd.acme+json")
                .set("token_header.Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        exchange();
        Map<String, List<String>> headers = acme.server.request().headers();

        assertThat(headers.get("X-version")).containsExactly("2024-01-01");
        assertThat(headers.get("Accept")).containsExactly("application/vnd.acme+json");
        assertThat(headers.get("Content-type")).containsExactly("application/x-www-form-urlencoded; charset=utf-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "Content-Length", "Connection", "Bad Name", "X:Y", "X\nY"})
    void a_header_that_cannot_be_sent_is_named(String name) {
        settings.set("token_header." + name, "x");

        assertRefused("token_header." + name + " is no header that can be sent");
    }

    @Test
    void a_header_value_that_would_be_two_headers_is_refused_and_not_repeated() {
        settings.set("token_header.X", "a\r\nX-Secret: b");

        assertThatThrownBy(() -> new TokenDialect(settings))
                .hasMessageContaining("token_header.X is no header")
                .hasMessageNotContaining("Secret");
    }

    @Test
    void fields_are_found_where_they_are_said_to_be() {
        acme.set("token_field.access_token", "/data/0/token")
                .set("token_field.refresh_token", "/data/0/more~1tokens")
                .set("token_field.expires_in", "/lives")
                .set("token_field.scope", "/data/0/granted")
                .answering(
                        "/token",
                        200,
                        "{\"access_token\":\"decoy\",\"lives\":\"60\",\"data\":[{\"token\":\"a\",\"more/tokens\":\"r\","
                                + "\"granted\":\"x y\"}]}");
        Credential credential = exchange();

        assertThat(credential.accessToken()).isEqualTo("a");
        assertThat(credential.refreshToken()).hasValue("r");
        assertThat(credential.scopes()).containsExactly("x", "y");
        assertThat(credential.expiresAt())
                .hasValue(acme.context.clock().instant().plusSeconds(60));
    }

    @Test
    void an_error_is_read_from_its_place_whatever_the_status() {
        acme.set("token_field.error", "/meta/problem")
                .answering("/token", 400, "{\"meta\":{\"problem\":\"invalid_grant\"}}");

        providerFailure(acme.provider().exchange(Acme.CODE, acme.context), "invalid_grant");
    }

    @Test
    void an_error_is_found_where_it_is_said_to_be_too() {
        acme.set("token_field.error", "/meta/problem")
                .answering("/token", 200, "{\"meta\":{\"problem\":\"invalid_grant\"},\"access_token\":\"a\"}");

        providerFailure(acme.provider().exchange(Acme.CODE, acme.context), "invalid_grant");
    }

    @ParameterizedTest
    @CsvSource({"400,gone", "400,Token-Ended!", "200,gone", "429,gone", "400,invalid_grant"})
    void an_error_has_the_name_that_is_given_to_it(int status, String theirs) {
        acme.set("token_error.invalid_grant", "gone, Token-Ended!")
                .answering("/token", status, "{\"error\":\"" + theirs + "\"}");

        providerFailure(acme.provider().exchange(Acme.CODE, acme.context), "invalid_grant");
    }

    @Test
    void errors_of_a_device_have_the_names_that_are_given_to_them() {
        acme.set("token_error.access_denied", "declined")
                .set("device_authorization_endpoint", acme.server.url("/device"))
                .answering("/device", 400, "{\"error\":\"declined\"}");

        providerFailure(acme.provider().authorizeDevice(List.of(), acme.context), "access_denied");
    }

    @Test
    void a_name_by_which_nothing_is_decided_is_given_to_no_error() {
        settings.set("token_error.provider_error", "gone");

        assertRefused("unknown key token_error.provider_error; known are ");
    }

    @Test
    void an_error_that_is_in_its_usual_place_after_all_is_found_there() {
        acme.set("token_field.error", "/error/code").answering("/token", 400, "{\"error\":\"invalid_grant\"}");

        providerFailure(acme.provider().exchange(Acme.CODE, acme.context), "invalid_grant");
    }

    @Test
    void a_field_that_is_not_where_it_is_said_to_be_is_missing() {
        acme.set("token_field.access_token", "/data/token");

        assertThat(providerFailure(acme.provider().exchange(Acme.CODE, acme.context), ProviderException.PROVIDER_ERROR))
                .hasMessage("the answer has no /data/token");
    }

    @Test
    void fields_and_units_that_cannot_be_are_named() {
        settings.set("token_field.acces_token", "/x");
        assertRefused("unknown key token_field.acces_token");
        settings.replaceWith(new Settings("acme"));
        settings.set("token_field.access_token", "data.token");
        assertRefused("token_field.access_token must be a JSON pointer");
        settings.replaceWith(new Settings("acme"));
        settings.set("expires_unit", "minutes");
        assertRefused("expires_unit must be one of");
        settings.replaceWith(new Settings("acme"));
        settings.set("token_body", "xml");
        assertRefused("token_body must be one of form, json");
    }

    @ParameterizedTest
    @CsvSource({
        "seconds,3600,3600",
        "seconds,'\"3600\"',3600",
        "seconds,3600.7,3600",
        "seconds,0,0",
        "seconds,-5,0",
        "seconds,'\"soon\"',0",
        "seconds,1e400,0",
        "seconds,9223372036854775807,315360000",
        "milliseconds,3600000,3600",
        "epoch_seconds,1893459600,3600",
        "epoch_seconds,0,0",
        "epoch_milliseconds,1893459600000,3600",
        "epoch_milliseconds,-9223372036854775808,0",
        "epoch_seconds,-9223372036854775808,0"
    })
    void a_lifetime_is_read_in_its_unit_and_makes_no_token_immortal(String unit, String said, long seconds) {
        acme.set("expires_unit", unit).answering("/token", 200, "{\"access_token\":\"a\",\"expires_in\":" + said + "}");

        assertThat(exchange().expiresAt())
                .isEqualTo(Optional.of(acme.context.clock().instant().plusSeconds(seconds)));
    }

    @Test
    void a_lifetime_that_nobody_says_is_the_configured_one_or_none() {
        assertThat(exchange().expiresAt()).isEmpty();
        acme.set("default_lifetime", "120");

        Instant now = acme.context.clock().instant();
        assertThat(exchange().expiresAt()).hasValue(now.plusSeconds(120));
    }

    private static String jwt(String claims) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(UTF_8)) + ".c2lnbmF0dXJl";
    }

    private Optional<Instant> endOf(String accessToken) {
        acme.answering("/token", 200, "{\"access_token\":\"" + accessToken + "\"}");
        return exchange().expiresAt();
    }

    @Test
    void a_lifetime_that_nobody_says_is_the_one_that_the_token_says_itself() {
        Instant now = acme.context.clock().instant();

        assertThat(endOf(jwt("{\"exp\":" + (now.getEpochSecond() + 600) + "}")))
                .hasValue(Instant.ofEpochSecond(now.getEpochSecond() + 600));
        assertThat(endOf(jwt("{\"exp\":1}"))).as("it has ended already").hasValue(now);
    }

    @Test
    void what_the_server_or_the_configuration_says_counts_more_than_the_token() {
        Instant now = acme.context.clock().instant();
        String token = jwt("{\"exp\":" + (now.getEpochSecond() + 600) + "}");
        acme.answering("/token", 200, "{\"access_token\":\"" + token + "\",\"expires_in\":60}");
        assertThat(exchange().expiresAt()).hasValue(now.plusSeconds(60));

        acme.set("default_lifetime", "120");
        assertThat(endOf(token)).hasValue(now.plusSeconds(120));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"exp\":null}",
                "{\"exp\":\"soon\"}",
                "{\"exp\":1,\"exp\":2}",
                "{\"exp\":1e400}",
                "[1]",
                "exp",
                ""
            })
    void a_token_that_says_nothing_to_be_understood_has_no_end(String claims) {
        assertThat(endOf(jwt(claims))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "a.b.c", "..", "a.!!.c", "a.eyJleHAiOjF9.c.d"})
    void a_token_that_is_no_jwt_has_no_end(String token) {
        assertThat(endOf(token)).isEmpty();
    }

    @Test
    void a_token_that_would_live_for_ever_does_not() {
        assertThat(endOf(jwt("{\"exp\":9223372036854775807}")))
                .hasValue(acme.context.clock().instant().plusSeconds(315360000));
        assertThat(endOf(jwt("{\"exp\":-9223372036854775808}")))
                .hasValue(acme.context.clock().instant());
    }

    @Test
    void tokens_are_refreshed_where_they_are_said_to_be() {
        acme.set("refresh_endpoint", acme.server.url("/refresh")).answering("/refresh", 200, Acme.TOKEN);
        await(acme.provider().refresh(Credential.bearer("a").withRefreshToken("r"), acme.context));
        exchange();

        assertThat(acme.server.requests()).extracting(Request::path).containsExactly("/refresh", "/token");
    }
}
