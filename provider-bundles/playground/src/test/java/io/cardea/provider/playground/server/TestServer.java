package io.cardea.provider.playground.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cardea.provider.playground.TestClock;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A server with two clients and a clock that tests can turn; and the usual requests, to be spoilt one by one. */
final class TestServer {

    static final String ISSUER = "https://cardea.example/playground";
    static final String REDIRECT_URI = "https://cardea.example/oauth/playground/callback";
    static final String CODE_VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // RFC 7636, appendix B
    static final String CODE_CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    static final Person ADA = Person.named("ada").orElseThrow();

    final TestClock clock = new TestClock();
    final Client cardea = Client.of("cardea", "Cardea", "s3cret", REDIRECT_URI);
    final Client other = Client.of("other", "Other", "0ther", "https://other.example/callback");
    final AuthorizationServer server = new AuthorizationServer(
            new Endpoints(ISSUER), List.of(cardea, other), Duration.ofMinutes(5), Duration.ofSeconds(5), clock);

    /** An authorization request that nobody could refuse. */
    Map<String, String> authorizationRequest() {
        return new HashMap<>(Map.of(
                "response_type", "code",
                "client_id", "cardea",
                "redirect_uri", REDIRECT_URI,
                "scope", "profile email",
                "state", "st&te",
                "code_challenge", CODE_CHALLENGE,
                "code_challenge_method", "S256"));
    }

    /** The code of an approved request, which differs from the usual one in these parameters. */
    String code(Map<String, String> changes) {
        Map<String, String> request = authorizationRequest();
        request.putAll(changes);
        AuthorizationEndpoint.Decision decision = server.authorization().decide(Parameters.of(request));
        assertThat(decision).isInstanceOf(AuthorizationEndpoint.Ask.class);
        AuthorizationRequest asked = ((AuthorizationEndpoint.Ask) decision).request();
        return query(server.authorization().approve(asked, ADA, clock.instant()))
                .get("code")
                .orElseThrow();
    }

    /** A token request with the code that nobody could refuse. */
    static Map<String, String> tokenRequest(String code) {
        return new HashMap<>(Map.of(
                "grant_type", "authorization_code",
                "code", code,
                "redirect_uri", REDIRECT_URI,
                "code_verifier", CODE_VERIFIER));
    }

    Map<String, Object> token(Map<String, String> request) {
        return server.token().token(cardea, Parameters.of(request));
    }

    /** What a whole login gives. */
    Map<String, Object> login() {
        return token(tokenRequest(code(Map.of())));
    }

    static Map<String, String> refreshRequest(Map<String, Object> answer) {
        return new HashMap<>(
                Map.of("grant_type", "refresh_token", "refresh_token", (String) answer.get("refresh_token")));
    }

    /** The error code with which a request is refused. */
    String error(Map<String, String> tokenRequest) {
        return error(() -> token(tokenRequest));
    }

    static String error(ThrowingCallable request) {
        OAuthError error = catchThrowableOfType(OAuthError.class, request);
        assertThat(error).as("the request is refused").isNotNull();
        return error.error();
    }

    boolean works(Map<String, Object> answer) {
        try {
            server.userinfo().userinfo((String) answer.get("access_token"));
            return true;
        } catch (OAuthError refused) {
            assertThat(refused.error()).isEqualTo("invalid_token");
            return false;
        }
    }

    static Parameters query(String url) {
        return Parameters.parse(
                Optional.ofNullable(URI.create(url).getRawQuery()).orElse(""));
    }
}
