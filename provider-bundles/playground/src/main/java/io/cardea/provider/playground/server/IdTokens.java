package io.cardea.provider.playground.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Issues ID tokens (OpenID Connect Core, section 2), signed with a key that lives as long as this object. */
public final class IdTokens {

    static final JWSAlgorithm ALGORITHM = JWSAlgorithm.RS256;

    private static final int KEY_BITS = 2048;
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private final String issuer;
    private final InstantSource clock;
    private @Nullable RSAKey key;

    IdTokens(String issuer, InstantSource clock) {
        this.issuer = issuer;
        this.clock = clock;
    }

    /** The public key, as a JWK set (RFC 7517, section 5). */
    public Map<String, Object> jwks() {
        return new JWKSet(key()).toJSONObject();
    }

    String issue(Grant grant, String accessToken, Optional<String> nonce) {
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(grant.person().subject())
                .audience(grant.client().id())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .claim("auth_time", grant.authenticatedAt().getEpochSecond())
                .claim("at_hash", accessTokenHash(accessToken));
        nonce.ifPresent(value -> claims.claim("nonce", value));
        RSAKey signingKey = key();
        JWSHeader header =
                new JWSHeader.Builder(ALGORITHM).keyID(signingKey.getKeyID()).build();
        SignedJWT token = new SignedJWT(header, claims.build());
        try {
            token.sign(new RSASSASigner(signingKey));
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK signs with RS256", e);
        }
        return token.serialize();
    }

    /** OpenID Connect Core, section 3.1.3.6: the left half of the hash that belongs to the algorithm. */
    private static String accessTokenHash(String accessToken) {
        byte[] hash = Secrets.sha256(accessToken);
        return Secrets.base64url(Arrays.copyOf(hash, hash.length / 2));
    }

    /** Made when it is first needed, for it takes a while. */
    private synchronized RSAKey key() {
        RSAKey made = key;
        if (made == null) {
            try {
                made = new RSAKeyGenerator(KEY_BITS)
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(ALGORITHM)
                        .keyIDFromThumbprint(true)
                        .generate();
            } catch (JOSEException e) {
                throw new IllegalStateException("every JDK makes RSA keys", e);
            }
            key = made;
        }
        return made;
    }
}
