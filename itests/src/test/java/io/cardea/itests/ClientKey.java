package io.cardea.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/** A key that signs JWTs, say of a client that authenticates by {@code private_key_jwt}; its public half is on the web. */
final class ClientKey implements AutoCloseable {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair pair;
    private final HttpServer web;

    ClientKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            pair = generator.generateKeyPair();
            web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
        byte[] jwkSet = jwkSetOf((RSAPublicKey) pair.getPublic()).getBytes(UTF_8);
        web.createContext("/jwks", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/jwk-set+json");
            exchange.sendResponseHeaders(200, jwkSet.length);
            exchange.getResponseBody().write(jwkSet);
            exchange.close();
        });
        web.start();
    }

    private static String jwkSetOf(RSAPublicKey key) {
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"n\":\"" + encoded(key.getModulus()) + "\",\"e\":\""
                + encoded(key.getPublicExponent()) + "\"}]}";
    }

    private static String encoded(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int sign = bytes[0] == 0 ? 1 : 0;
        return BASE64URL.encodeToString(Arrays.copyOfRange(bytes, sign, bytes.length));
    }

    /** Where the public key is. */
    String jwkSet() {
        return "http://127.0.0.1:" + web.getAddress().getPort() + "/jwks";
    }

    /** The private key as OpenSSL writes it: RFC 7468 section 10. */
    String pem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** The private key as a JWK: RFC 7518 section 6.3. */
    String jwk() {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) pair.getPrivate();
        return "{\"kty\":\"RSA\",\"n\":\"" + encoded(key.getModulus()) + "\",\"e\":\""
                + encoded(key.getPublicExponent())
                + "\",\"d\":\"" + encoded(key.getPrivateExponent()) + "\",\"p\":\"" + encoded(key.getPrimeP())
                + "\",\"q\":\"" + encoded(key.getPrimeQ()) + "\",\"dp\":\"" + encoded(key.getPrimeExponentP())
                + "\",\"dq\":\"" + encoded(key.getPrimeExponentQ()) + "\",\"qi\":\""
                + encoded(key.getCrtCoefficient()) + "\"}\n";
    }

    /** What proves at the audience that one is this client: RFC 7523 section 3. */
    String assertion(String clientId, String audience) {
        String claims = "{\"iss\":\"" + clientId + "\",\"sub\":\"" + clientId + "\",\"aud\":\"" + audience
                + "\",\"jti\":\"" + UUID.randomUUID() + "\",\"exp\":"
                + Instant.now().plusSeconds(60).getEpochSecond() + "}";
        return signed(claims);
    }

    /** A JWT with these claims, a JSON object: RFC 7519. */
    String signed(String claims) {
        String signed = encoded("{\"alg\":\"RS256\"}") + "." + encoded(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + BASE64URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String json) {
        return BASE64URL.encodeToString(json.getBytes(UTF_8));
    }

    @Override
    public void close() {
        web.stop(0);
    }
}
