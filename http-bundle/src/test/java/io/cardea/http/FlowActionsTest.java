package io.cardea.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.DeviceLogin;
import io.cardea.oauth.FlowStatus;
import io.cardea.oauth.Flows;
import io.cardea.oauth.LoginRequest;
import io.cardea.oauth.ManualLogin;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What programs are told of the logins that they watch over. */
class FlowActionsTest {

    private static final ConnectionKey WORK = new ConnectionKey("acme", "work");

    private final List<String> asked = new ArrayList<>();
    private FlowStatus status = new FlowStatus(WORK, FlowStatus.State.PENDING, Optional.empty());
    private final FlowActions actions =
            new FlowActions(new RecordedFlows(), new PublicUrl(Optional.of("https://here.example"), 8180));

    private final class RecordedFlows implements Flows {

        @Override
        public CompletionStage<DeviceLogin> beginDevice(ConnectionKey key, List<String> scopes) {
            asked.add("device " + key + " " + scopes);
            return CompletableFuture.completedFuture(new DeviceLogin(
                    "flow-1",
                    "AB-CD",
                    "https://as.example/device",
                    Optional.of("https://as.example/device?code=AB-CD"),
                    Instant.now().plusSeconds(600),
                    5));
        }

        @Override
        public CompletionStage<ManualLogin> beginManual(LoginRequest request) {
            asked.add("manual " + request.key() + " " + request.scopes() + " " + request.redirectUri());
            return CompletableFuture.completedFuture(new ManualLogin("flow-2", "https://as.example/authorize?state=s"));
        }

        @Override
        public CompletionStage<Connection> complete(String flow, String pasted) {
            asked.add("complete " + flow + " " + pasted);
            return CompletableFuture.completedFuture(new Connection(
                    WORK,
                    ConnectionState.ACTIVE,
                    List.of("a", "b"),
                    Optional.of(Instant.ofEpochMilli(1000)),
                    Optional.of("42"),
                    Optional.of("ada@example.org"),
                    Optional.empty(),
                    Optional.empty(),
                    Instant.EPOCH,
                    Optional.empty(),
                    "0123456789abcdef"));
        }

        @Override
        public FlowStatus status(String flow) {
            if (!flow.equals("flow-1")) {
                throw new OAuthException(OAuthError.UNKNOWN_FLOW, Optional.empty(), "There is no such login");
            }
            return status;
        }
    }

    private static Exchange written(CompletableFuture<Written> answer) throws Exception {
        Exchange exchange = new Exchange();
        answer.get().to(exchange.response());
        return exchange;
    }

    @Test
    void a_device_login_is_begun_for_a_connection_and_tells_all_but_the_device_code() throws Exception {
        Exchange answer = written(actions.device("acme", Map.of("connection", "work", "scope", "a  b")));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text())
                .contains(
                        "\"flow\":\"flow-1\"",
                        "\"user_code\":\"AB-CD\"",
                        "\"verification_uri\":\"https://as.example/device\"",
                        "\"verification_uri_complete\":\"https://as.example/device?code=AB-CD\"",
                        "\"interval\":5")
                .containsPattern("\"expires_in\":(600|59\\d)");
        assertThat(asked).containsExactly("device acme/work [a, b]");
    }

    @Test
    void a_login_whose_code_is_pasted_is_begun_with_our_own_redirect_uri() throws Exception {
        Exchange answer = written(actions.authorize("acme", Map.of()));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text())
                .isEqualTo("{\"flow\":\"flow-2\",\"authorization_url\":\"https://as.example/authorize?state=s\"}");
        assertThat(asked).containsExactly("manual acme/default [] https://here.example/oauth/acme/callback");
    }

    @Test
    void what_was_pasted_is_handed_on_and_the_connection_comes_back_without_a_token() throws Exception {
        Exchange answer = written(actions.complete("flow-2", Map.of("code", "the-code#the-state")));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .isEqualTo("{\"provider\":\"acme\",\"connection\":\"work\",\"state\":\"active\",\"expires_at\":1000,"
                        + "\"scope\":\"a b\",\"subject\":\"42\",\"account\":\"ada@example.org\","
                        + "\"created_at\":0,\"fingerprint\":\"0123456789abcdef\"}");
        assertThat(asked).containsExactly("complete flow-2 the-code#the-state");
    }

    @Test
    void exactly_one_of_code_and_redirect_url_is_given_and_the_latter_is_a_url() {
        for (Map<String, String> members : List.of(
                Map.<String, String>of(),
                Map.of("code", "c", "redirect_url", "https://here.example/?code=c"),
                Map.of("redirect_url", "code=c"))) {
            assertThatThrownBy(() -> actions.complete("flow-2", members)).isInstanceOf(Refused.class);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void how_a_login_stands_is_told_to_those_with_a_key() throws Exception {
        ApiKeyCheck check = new ApiKeyCheck(
                (key, provider, action) -> key.equals("k") && provider.equals("acme"), new RecordedAudit(), "login");
        Exchange caller = new Exchange().header("Authorization", "Bearer k");
        assertThat(written(actions.status(check).answer("flow-1", caller.request()))
                        .text())
                .isEqualTo(
                        "{\"flow\":\"flow-1\",\"status\":\"pending\",\"provider\":\"acme\",\"connection\":\"work\"}");

        status = new FlowStatus(
                WORK,
                FlowStatus.State.FAILED,
                Optional.of(new OAuthException(OAuthError.PROVIDER_ERROR, Optional.of("acme"), "It refused")));
        assertThat(written(actions.status(check).answer("flow-1", caller.request()))
                        .text())
                .contains("\"status\":\"failed\"", "\"error\":\"provider_error\"", "\"It refused\"");
    }

    @Test
    void a_stranger_cannot_tell_a_login_from_none() {
        ApiKeyCheck check = new ApiKeyCheck((key, provider, action) -> false, new RecordedAudit(), "login");
        for (String flow : new String[] {"flow-1", "flow-3"}) {
            Exchange stranger = new Exchange().header("Authorization", "Bearer wrong");
            assertThatThrownBy(() -> actions.status(check).answer(flow, stranger.request()))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.failure().status()).isEqualTo(401));
        }
    }
}
