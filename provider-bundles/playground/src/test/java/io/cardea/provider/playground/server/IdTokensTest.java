package io.cardea.provider.playground.server;

import static io.cardea.provider.playground.server.TestServer.refreshRequest;
import static io.cardea.provider.playground.server.TestServer.tokenRequest;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdTokensTest {

    private final TestServer test = new TestServer();
    private final Map<String, Object> answer =
            test.token(tokenRequest(test.code(Map.of("scope", "openid email", "nonce", "n-0S6"))));

    /** The claims of an ID token whose signature was checked with the published key. */
    private JWTClaimsSet claims(Map<String, Object> tokens) throws Exception {
        SignedJWT token = SignedJWT.parse((String) tokens.get("id_token"));
        RSAKey key = JWKSet.parse(test.server.idTokens().jwks())
                .getKeyByKeyId(token.getHeader().getKeyID())
                .toRSAKey();
        assertThat(key.isPrivate()).isFalse();
        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.RS256);
        assertThat(token.verify(new RSASSAVerifier(key))).isTrue();
        return token.getJWTClaimsSet();
    }

    @Test
    void an_id_token_says_who_logged_in_when_and_for_whom() throws Exception {
        JWTClaimsSet claims = claims(answer);

        assertThat(claims.getIssuer()).isEqualTo(TestServer.ISSUER);
        assertThat(claims.getSubject()).isEqualTo("1815-12-10");
        assertThat(claims.getAudience()).containsExactly("cardea");
        assertThat(claims.getStringClaim("nonce")).isEqualTo("n-0S6");
        assertThat(claims.getLongClaim("auth_time"))
                .isEqualTo(test.clock.instant().getEpochSecond());
        assertThat(claims.getIssueTime()).isEqualTo(Date.from(test.clock.instant()));
        assertThat(claims.getExpirationTime())
                .isEqualTo(Date.from(test.clock.instant().plusSeconds(300)));
    }

    @Test
    void an_id_token_is_bound_to_its_access_token() throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256").digest(((String) answer.get("access_token")).getBytes(US_ASCII));
        String leftHalf = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));

        assertThat(claims(answer).getStringClaim("at_hash")).isEqualTo(leftHalf);
    }

    @Test
    void a_refreshed_id_token_tells_the_time_of_the_login_and_no_nonce() throws Exception {
        Date login = claims(answer).getDateClaim("auth_time");
        test.clock.pass(Duration.ofMinutes(10));

        JWTClaimsSet refreshed = claims(test.token(refreshRequest(answer)));

        assertThat(refreshed.getDateClaim("auth_time")).isEqualTo(login);
        assertThat(refreshed.getIssueTime()).isEqualTo(Date.from(test.clock.instant()));
        assertThat(refreshed.getClaim("nonce")).isNull();
        assertThat(refreshed.getSubject()).isEqualTo("1815-12-10");
    }

    @Test
    void a_narrowed_refresh_without_openid_brings_no_id_token() {
        Map<String, String> request = refreshRequest(answer);
        request.put("scope", "email");
        assertThat(test.token(request)).doesNotContainKey("id_token");
    }
}
