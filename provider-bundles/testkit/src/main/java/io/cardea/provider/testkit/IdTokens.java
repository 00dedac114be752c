package io.cardea.provider.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** Signs ID tokens (OpenID Connect Core, section 2) with a key that is made once for all servers, since that takes a while. */
final class IdTokens {

    private static final int KEY_BITS = 2048;

    private static final class Key {

        private static final RSAKey RSA = make();

        private static RSAKey make() {
            try {
                return new RSAKeyGenerator(KEY_BITS).keyID("testkit").generate();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private IdTokens() {}

    /** The public key (RFC 7517, section 5). */
    static String keys() {
        return new JWKSet(Key.RSA.toPublicJWK()).toString();
    }

    static String sign(Map<String, Object> claims) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(Key.RSA.getKeyID())
                            .build(),
                    JWTClaimsSet.parse(claims));
            token.sign(new RSASSASigner(Key.RSA));
            return token.serialize();
        } catch (JOSEException | ParseException e) {
            throw new IllegalArgumentException("These claims cannot be signed", e);
        }
    }

    /** OpenID Connect Core, section 3.1.3.6. */
    static String leftHalfOfHash(String accessToken) {
        byte[] hash = sha256(accessToken);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, hash.length / 2));
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
