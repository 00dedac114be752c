package io.cardea.oauth.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Posts forms with client authentication (RFC 6749, section 2.3) and reads the answers of token endpoints and of those
 * that are alike: revocation (RFC 7009) and device authorization (RFC 8628).
 */
final class TokenEndpoint {

    private static final int LONGEST_DESCRIPTION = 300;
    private static final Set<String> SECRET_PARAMETERS =
            Set.of("code", "code_verifier", "refresh_token", "token", "device_code", "client_secret", "state");

    private final ProviderDefinition definition;

    TokenEndpoint(ProviderDefinition definition) {
        this.definition = definition;
    }

    /** Sends the form; the answer is a JSON object without {@code error}, or the stage fails. */
    CompletionStage<JsonObject> post(URI endpoint, Map<String, String> form, ProviderContext context) {
        Map<String, String> parameters = new LinkedHashMap<>(form);
        return context.send(request(endpoint, parameters)).thenApply(response -> {
            JsonObject answer = JsonObject.parse(success(response, parameters).body());
            // Some servers answer 200 with an error inside.
            answer.text("error").ifPresent(error -> {
                throw failure(error, answer, parameters);
            });
            return answer;
        });
    }

    /** Sends the form; nothing is read of the answer but whether it succeeded. */
    CompletionStage<Void> postForNothing(URI endpoint, Map<String, String> form, ProviderContext context) {
        Map<String, String> parameters = new LinkedHashMap<>(form);
        return context.send(request(endpoint, parameters)).thenAccept(response -> success(response, parameters));
    }

    private HttpRequest request(URI endpoint, Map<String, String> parameters) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded");
        String id = definition.clientId().orElseThrow(() -> notConfigured("client_id"));
        switch (definition.clientAuthentication()) {
            case NONE -> parameters.put("client_id", id);
            case CLIENT_SECRET_POST -> {
                parameters.put("client_id", id);
                parameters.put("client_secret", secret());
            }
            case CLIENT_SECRET_BASIC -> {
                // RFC 6749, section 2.3.1: both are form-encoded before they become user name and password.
                String pair = Form.encode(id) + ":" + Form.encode(secret());
                request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
            }
        }
        return request.POST(HttpRequest.BodyPublishers.ofString(Form.encode(parameters)))
                .build();
    }

    private String secret() {
        return definition.clientSecret().orElseThrow(() -> notConfigured("client_secret"));
    }

    private ProviderException notConfigured(String key) {
        return new ProviderException(
                "invalid_client", key + " of provider " + definition.name() + " is not configured");
    }

    /**
     * The answer, if its status says so.
     *
     * @param parameters what was sent; the failure repeats none of the secrets in it
     */
    HttpResponse<byte[]> success(HttpResponse<byte[]> response, Map<String, String> parameters) {
        if (response.statusCode() / 100 == 2) {
            return response;
        }
        JsonObject answer;
        try {
            answer = JsonObject.parse(response.body());
        } catch (ProviderException noJson) {
            throw new ProviderException(
                    ProviderException.PROVIDER_ERROR,
                    "the authorization server answered with HTTP status " + response.statusCode());
        }
        throw failure(answer.text("error").orElse(ProviderException.PROVIDER_ERROR), answer, parameters);
    }

    /** A server may echo what it was sent; that must not reach a page or a log. */
    private ProviderException failure(String error, JsonObject answer, Map<String, String> parameters) {
        Set<String> secrets = new HashSet<>();
        definition.clientSecret().ifPresent(secrets::add);
        SECRET_PARAMETERS.forEach(
                name -> Optional.ofNullable(parameters.get(name)).ifPresent(secrets::add));
        return new ProviderException(
                secrets.stream().anyMatch(error::contains) ? ProviderException.PROVIDER_ERROR : printable(error),
                answer.text("error_description")
                        .filter(description -> secrets.stream().noneMatch(description::contains))
                        .map(TokenEndpoint::printable)
                        .orElse("the authorization server refused"));
    }

    /** RFC 6749, section 5.2, allows printable ASCII only. */
    private static String printable(String text) {
        String cut = text.length() > LONGEST_DESCRIPTION ? text.substring(0, LONGEST_DESCRIPTION) + "..." : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
