package io.cardea.core.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.ProviderException;
import io.cardea.oauth.provider.ServerMetadata;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validates the ID tokens of one provider (OpenID Connect Core, sections 3.1.3.7 and 12.2). Stages fail with a {@link
 * ProviderException} that says what is wrong with a token, and nothing that is in it.
 */
public final class IdTokens {

    private static final Logger LOG = LoggerFactory.getLogger(IdTokens.class);
    // Those that nobody can make who has only the issuer's public keys: neither none nor an HMAC.
    private static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_SUBJECT = 255;
    private static final int MAX_CANDIDATES = 10;

    private final KeySet keys;
    private final InstantSource clock;

    public IdTokens(Function<HttpRequest, CompletionStage<HttpResponse<byte[]>>> send, InstantSource clock) {
        this.keys = new KeySet(send, clock);
        this.clock = clock;
    }

    /**
     * What a client expects of an ID token.
     *
     * @param issuer by whom it must be
     * @param jwksUri where that issuer's keys are
     * @param clientId for whom it must be
     * @param algorithm the one it must be signed with
     * @param nonce what the login was begun with; absent after a refresh
     */
    public record Expectation(Pattern issuer, URI jwksUri, String clientId, String algorithm, Optional<String> nonce) {

        /**
         * Absent where the server is not known to be an OpenID Connect provider.
         *
         * @param issuers see {@link io.cardea.oauth.provider.OAuthProvider#idTokenIssuers()}
         */
        public static Optional<Expectation> of(
                ServerMetadata server,
                Optional<Pattern> issuers,
                Optional<String> clientId,
                String algorithm,
                Optional<String> nonce) {
            Optional<Pattern> issuer =
                    issuers.or(() -> server.issuer().map(only -> Pattern.compile(only, Pattern.LITERAL)));
            return issuer.isPresent() && server.jwksUri().isPresent() && clientId.isPresent()
                    ? Optional.of(
                            new Expectation(issuer.get(), server.jwksUri().get(), clientId.get(), algorithm, nonce))
                    : Optional.empty();
        }
    }

    /** What the credential's ID token says, if it is valid and the access token's. */
    public CompletionStage<IdToken> validate(Credential credential, Expectation expected) {
        SignedJWT token;
        try {
            token = SignedJWT.parse(
                    credential.idToken().orElseThrow(() -> refused("there is none, though one was asked for")));
            requireHeader(token, expected);
        } catch (ParseException e) {
            return CompletableFuture.failedFuture(refused("it is no signed JWT"));
        } catch (ProviderException e) {
            return CompletableFuture.failedFuture(e);
        }
        return keys.known(expected.jwksUri())
                .thenCompose(known -> isOfAnotherKey(token, candidates(token, known))
                        ? keys.refetched(expected.jwksUri())
                        : CompletableFuture.completedFuture(known))
                .thenApply(known -> {
                    requireSignature(token, candidates(token, known));
                    return claims(token, credential, expected);
                });
    }

    /** Who a token speaks of that was found valid before. */
    public static Optional<IdToken> trusted(String idToken) {
        try {
            JWTClaimsSet claims = SignedJWT.parse(idToken).getJWTClaimsSet();
            return claims.getIssuer() == null || claims.getSubject() == null
                    ? Optional.empty()
                    : Optional.of(
                            new IdToken(claims.getIssuer(), claims.getSubject(), Optional.empty(), Optional.empty()));
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    private static void requireHeader(SignedJWT token, Expectation expected) {
        String algorithm = token.getHeader().getAlgorithm().getName();
        if (!ALGORITHMS.contains(algorithm) || !algorithm.equals(expected.algorithm())) {
            throw refused("it is not signed with " + expected.algorithm()
                    + "; if the client was registered with another algorithm, set id_token_signed_response_alg");
        }
        // RFC 8725, section 3.11: a token of another kind, such as at+jwt, says so here.
        JOSEObjectType type = token.getHeader().getType();
        if (type != null && !type.equals(JOSEObjectType.JWT)) {
            throw refused("it is a JWT of another type");
        }
    }

    private static List<JWK> candidates(SignedJWT token, JWKSet keys) {
        return new JWKSelector(JWKMatcher.forJWSHeader(token.getHeader()))
                .select(keys).stream().limit(MAX_CANDIDATES).toList();
    }

    /** Whether the issuer may have a new key by now; where keys have no names, the signature alone tells. */
    private static boolean isOfAnotherKey(SignedJWT token, List<JWK> candidates) {
        return candidates.isEmpty() || (token.getHeader().getKeyID() == null && !isSigned(token, candidates));
    }

    private static void requireSignature(SignedJWT token, List<JWK> candidates) {
        if (candidates.isEmpty()) {
            throw refused("it is signed with a key that the issuer does not publish");
        }
        if (!isSigned(token, candidates)) {
            throw refused("its signature is wrong");
        }
    }

    private static boolean isSigned(SignedJWT token, List<JWK> candidates) {
        for (JWK key : candidates) {
            try {
                if (token.verify(verifier(key))) {
                    return true;
                }
            } catch (JOSEException e) {
                LOG.debug("A key cannot have signed the ID token; perhaps another has", e);
            }
        }
        return false;
    }

    private static JWSVerifier verifier(JWK key) throws JOSEException {
        if (key instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS) {
            return new RSASSAVerifier(rsa);
        }
        if (key instanceof ECKey ec) {
            return new ECDSAVerifier(ec);
        }
        throw new JOSEException("unsuitable key");
    }

    private IdToken claims(SignedJWT token, Credential credential, Expectation expected) {
        try {
            JWTClaimsSet claims = token.getJWTClaimsSet();
            requireParties(claims, expected);
            requireTimes(claims);
            if (expected.nonce().isPresent() && !equal(expected.nonce().get(), claims.getStringClaim("nonce"))) {
                throw refused("its nonce is not the login's");
            }
            String accessTokenHash = claims.getStringClaim("at_hash");
            if (accessTokenHash != null
                    && !accessTokenHash.equals(hash(expected.algorithm(), credential.accessToken()))) {
                throw refused("its at_hash is not the access token's");
            }
            return new IdToken(claims.getIssuer(), claims.getSubject(), account(claims), text(claims, "email"));
        } catch (ParseException e) {
            throw refused("a claim is not of its type");
        }
    }

    private static void requireParties(JWTClaimsSet claims, Expectation expected) throws ParseException {
        if (claims.getIssuer() == null
                || !expected.issuer().matcher(claims.getIssuer()).matches()) {
            throw refused("its issuer is another");
        }
        if (!claims.getAudience().contains(expected.clientId())) {
            throw refused("it is for another client");
        }
        String party = claims.getStringClaim("azp");
        if (party == null ? claims.getAudience().size() > 1 : !party.equals(expected.clientId())) {
            throw refused("it was issued to another client");
        }
        String subject = claims.getSubject();
        if (subject == null || subject.isEmpty() || subject.length() > MAX_SUBJECT) {
            throw refused("it has no proper subject");
        }
    }

    private void requireTimes(JWTClaimsSet claims) {
        Instant now = clock.instant();
        Date expires = claims.getExpirationTime();
        if (expires == null || !expires.toInstant().plus(SKEW).isAfter(now)) {
            throw refused("it has expired, or never does");
        }
        Date issued = claims.getIssueTime();
        if (issued == null || issued.toInstant().minus(SKEW).isAfter(now)) {
            throw refused("it was issued in the future, or at no time; is the clock of this machine right?");
        }
        Date begins = claims.getNotBeforeTime();
        if (begins != null && begins.toInstant().minus(SKEW).isAfter(now)) {
            throw refused("it is not valid yet");
        }
    }

    private static Optional<String> account(JWTClaimsSet claims) throws ParseException {
        for (String name : List.of("email", "preferred_username", "name")) {
            Optional<String> value = text(claims, name);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> text(JWTClaimsSet claims, String name) throws ParseException {
        return Optional.ofNullable(claims.getStringClaim(name)).filter(value -> !value.isEmpty());
    }

    /** OpenID Connect Core, section 3.1.3.6: the left half of the hash that the signature uses. */
    private static String hash(String algorithm, String accessToken) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-" + algorithm.substring(2)).digest(accessToken.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, hash.length / 2));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean equal(String expected, @org.jspecify.annotations.Nullable String shown) {
        return shown != null && MessageDigest.isEqual(expected.getBytes(US_ASCII), shown.getBytes(US_ASCII));
    }

    private static ProviderException refused(String why) {
        return new ProviderException(ProviderException.PROVIDER_ERROR, "the ID token is refused: " + why);
    }
}
