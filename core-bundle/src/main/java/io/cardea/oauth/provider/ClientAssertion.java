package io.cardea.oauth.provider;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Proves who the client is by a signature: {@code private_key_jwt} (RFC 7523, section 2.2; OpenID Connect Core, section 9). */
final class ClientAssertion {

    static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final int LIFETIME_SECONDS = 60;
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final JWSHeader header;
    private final JWSSigner signer;

    private ClientAssertion(JWSHeader header, JWSSigner signer) {
        this.header = header;
        this.signer = signer;
    }

    /** Reads a key, a JWK (RFC 7517) or PEM with PKCS #8 (RFC 7468, section 10). No message repeats any of it. */
    static ClientAssertion parse(String key, Settings settings) {
        try {
            return key.trim().startsWith("{") ? ofJwk(JWK.parse(key)) : ofPem(key);
        } catch (ParseException | JOSEException | GeneralSecurityException | IllegalArgumentException e) {
            throw settings.refused(
                    "private_key must be an RSA key of at least 2048 bits or an EC key, as a JWK or as PEM"
                            + " that begins with -----BEGIN PRIVATE KEY-----");
        }
    }

    private static ClientAssertion ofJwk(JWK jwk) throws JOSEException, ParseException {
        JWSAlgorithm named = Optional.ofNullable(jwk.getAlgorithm())
                .map(algorithm -> JWSAlgorithm.parse(algorithm.getName()))
                .orElse(JWSAlgorithm.RS256);
        if (jwk instanceof RSAKey rsa) {
            RSASSASigner signer = new RSASSASigner(rsa);
            if (!signer.supportedJWSAlgorithms().contains(named)) {
                throw new ParseException("not for RSA", 0);
            }
            return new ClientAssertion(header(named, jwk.getKeyID()), signer);
        }
        if (jwk instanceof ECKey ec) {
            ECDSASigner signer = new ECDSASigner(ec);
            JWSAlgorithm only = signer.supportedJWSAlgorithms().iterator().next();
            return new ClientAssertion(header(only, jwk.getKeyID()), signer);
        }
        throw new ParseException("neither RSA nor EC", 0);
    }

    private static ClientAssertion ofPem(String pem) throws GeneralSecurityException, JOSEException {
        Matcher armour = PKCS8.matcher(pem);
        if (!armour.find()) {
            throw new IllegalArgumentException("no PEM");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(armour.group(1)));
        try {
            PrivateKey rsa = KeyFactory.getInstance("RSA").generatePrivate(encoded);
            return new ClientAssertion(header(JWSAlgorithm.RS256, null), new RSASSASigner(rsa));
        } catch (GeneralSecurityException notRsa) {
            ECDSASigner signer =
                    new ECDSASigner((ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(encoded));
            JWSAlgorithm only = signer.supportedJWSAlgorithms().iterator().next();
            return new ClientAssertion(header(only, null), signer);
        }
    }

    private static JWSHeader header(JWSAlgorithm algorithm, @org.jspecify.annotations.Nullable String keyId) {
        return new JWSHeader.Builder(algorithm).keyID(keyId).build();
    }

    /** An assertion for one request. */
    String sign(String clientId, String audience, Instant now) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(clientId)
                .subject(clientId)
                .audience(audience)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(LIFETIME_SECONDS)))
                .build();
        SignedJWT assertion = new SignedJWT(header, claims);
        try {
            assertion.sign(signer);
        } catch (JOSEException e) {
            throw new ProviderException("invalid_client", "the private key cannot sign with " + header.getAlgorithm());
        }
        return assertion.serialize();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ClientAssertion[" + header.getAlgorithm() + "]";
    }
}
