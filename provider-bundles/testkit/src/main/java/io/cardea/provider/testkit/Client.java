package io.cardea.provider.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.cardea.provider.testkit.ReceivedRequest.UserAndPassword;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The client as the server knows it, and how it proves who it is (RFC 6749, section 2.3; RFC 7523, section 2.2). */
final class Client {

    static final String ID = "kit-client";
    // Those who forget to encode it are found out (RFC 6749, section 2.3.1).
    private static final String ODD = "+/%:&=";
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final String secret;
    private final Set<String> seenAssertions = ConcurrentHashMap.newKeySet();
    private Optional<ECKey> key = Optional.empty();

    Client(Grants grants) {
        secret = grants.remember(grants.secret("secret") + ODD);
    }

    String secret() {
        return secret;
    }

    synchronized ECKey key() {
        if (key.isEmpty()) {
            try {
                key = Optional.of(
                        new ECKeyGenerator(Curve.P_256).keyID("kit-client-key").generate());
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
        return key.get();
    }

    /**
     * Lets the client through that proves itself by this method and no other.
     *
     * @param audience the token endpoint
     */
    void authenticate(String method, ReceivedRequest request, Map<String, String> parameters, String audience) {
        boolean inHeader = method.equals("client_secret_basic");
        require(inHeader || request.header("Authorization").isEmpty(), method, "sent an Authorization header");
        require(
                method.equals("client_secret_post") || !parameters.containsKey("client_secret"),
                method,
                "sent client_secret as a parameter");
        require(
                method.equals("private_key_jwt") || !parameters.containsKey("client_assertion"),
                method,
                "sent client_assertion");
        switch (method) {
            case "none" -> requireId(method, parameters);
            case "client_secret_post" -> {
                requireId(method, parameters);
                require(secret.equals(parameters.get("client_secret")), method, "sent no client_secret or a wrong one");
            }
            case "client_secret_basic" -> basic(method, request);
            case "private_key_jwt" -> assertion(method, parameters, audience);
            default -> throw new IllegalArgumentException("No way to authenticate a client: " + method);
        }
    }

    private void basic(String method, ReceivedRequest request) {
        Optional<UserAndPassword> pair = request.basic();
        require(pair.isPresent(), method, "sent no Authorization header with Basic");
        UserAndPassword sent = pair.orElseThrow();
        require(Parameters.decoded(sent.user()).equals(ID), method, "sent another client_id as the user name");
        require(
                Parameters.decoded(sent.password()).equals(secret),
                method,
                "sent another client_secret as the password, or did not form-encode it first (RFC 6749, 2.3.1)");
    }

    private static void requireId(String method, Map<String, String> parameters) {
        require(ID.equals(parameters.get("client_id")), method, "sent no client_id or another");
    }

    private void assertion(String method, Map<String, String> parameters, String audience) {
        requireId(method, parameters);
        require(
                ASSERTION_TYPE.equals(parameters.get("client_assertion_type")),
                method,
                "sent no client_assertion_type");
        try {
            SignedJWT jwt = SignedJWT.parse(parameters.getOrDefault("client_assertion", ""));
            require(jwt.verify(new ECDSAVerifier(key().toECPublicKey())), method, "signed with another key");
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            require(ID.equals(claims.getIssuer()) && ID.equals(claims.getSubject()), method, "has another iss or sub");
            require(claims.getAudience().contains(audience), method, "has another aud");
            Date expires = claims.getExpirationTime();
            require(expires != null && expires.toInstant().isAfter(Instant.now()), method, "has no exp, or a past one");
            String id = claims.getJWTID();
            require(id != null && seenAssertions.add(id), method, "has no jti, or one that was used before");
        } catch (ParseException | JOSEException e) {
            throw new Refusal("invalid_client", "The client_assertion cannot be read.");
        }
    }

    private static void require(boolean good, String method, String otherwise) {
        if (!good) {
            throw new Refusal(
                    "invalid_client", "The client must authenticate by " + method + ", but it " + otherwise + ".");
        }
    }
}
