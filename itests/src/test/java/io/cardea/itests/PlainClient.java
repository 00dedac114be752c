package io.cardea.itests;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;

/** A client of an {@link AuthorizationServerProcess} that is not Cardea: each request as the RFCs have it. */
final class PlainClient {

    static final String REDIRECT_URI = "http://127.0.0.1:7777/callback";
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("basic:basic-secret".getBytes(US_ASCII));

    private final HttpClient http = HttpClient.newHttpClient();
    private final String id;
    private final AuthorizationServerProcess server;
    private final ClientKey key;

    PlainClient(String id, AuthorizationServerProcess server, ClientKey key) {
        this.id = id;
        this.server = server;
        this.key = key;
    }

    URI authorizationUrl(String redirectUri) {
        try {
            byte[] challenge = MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(US_ASCII));
            return authorizationRequest(redirectUri)
                    .with(
                            "code_challenge",
                            Base64.getUrlEncoder().withoutPadding().encodeToString(challenge))
                    .with("code_challenge_method", "S256")
                    .url(server.url() + "/oauth2/authorize");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    URI authorizationUrlWithoutPkce() {
        return authorizationRequest(REDIRECT_URI).url(server.url() + "/oauth2/authorize");
    }

    private Form authorizationRequest(String redirectUri) {
        return new Form()
                .with("response_type", "code")
                .with("client_id", id)
                .with("redirect_uri", redirectUri)
                .with("scope", "openid profile email")
                .with("state", "a-state")
                .with("nonce", "a-nonce");
    }

    HttpResponse<String> tokens(String code, String verifier) {
        return post(
                "/oauth2/token",
                new Form()
                        .with("grant_type", "authorization_code")
                        .with("code", code)
                        .with("redirect_uri", REDIRECT_URI)
                        .with("code_verifier", verifier));
    }

    HttpResponse<String> refresh(String refreshToken) {
        return post(
                "/oauth2/token", new Form().with("grant_type", "refresh_token").with("refresh_token", refreshToken));
    }

    HttpResponse<String> revoke(String token) {
        return post("/oauth2/revoke", new Form().with("token", token));
    }

    HttpResponse<String> device(String scope) {
        return post("/oauth2/device_authorization", new Form().with("scope", scope));
    }

    HttpResponse<String> deviceTokens(String deviceCode) {
        return post(
                "/oauth2/token",
                new Form()
                        .with("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
                        .with("device_code", deviceCode));
    }

    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<String> post(String path, Form form) {
        URI endpoint = URI.create(server.url() + path);
        return send(
                switch (id) {
                    case "basic" -> form.post(endpoint).header("Authorization", BASIC);
                    case "post" ->
                        form.with("client_id", id)
                                .with("client_secret", "post-secret")
                                .post(endpoint);
                    case "jwt" ->
                        // Optional in RFC 7521 section 4.2, but the server insists.
                        form.with("client_id", id)
                                .with("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                                .with("client_assertion", key.assertion(id, server.url()))
                                .post(endpoint);
                    default -> form.with("client_id", id).post(endpoint);
                });
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
