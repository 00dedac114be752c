package io.cardea.oauth.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts forms with client authentication (RFC 6749, section 2.3) and reads the answers of token endpoints and of those
 * that are alike: revocation (RFC 7009) and device authorization (RFC 8628).
 */
final class TokenEndpoint {

    // RFC 6585, section 4, and RFC 9110, section 15.6.4.
    private static final Set<Integer> BUSY = Set.of(429, 503);
    // RFC 6749, section 5.2: it has looked at the request after all.
    private static final Set<String> LOOKED_AT = Set.of(
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope");
    // RFC 6749, section 5.2, and its relatives; a token looks different.
    private static final Pattern ERROR_CODE = Pattern.compile("[a-z_]{1,40}");

    // What is the matter with the person, and not with the answer (RFC 8628, section 3.5).
    private static final Set<String> ORDINARY =
            Set.of("authorization_pending", "slow_down", "access_denied", "expired_token");

    private static final Set<String> CONTENT_TYPES = Set.of(
            "application/json",
            "application/xml",
            "application/x-www-form-urlencoded",
            "text/html",
            "text/plain",
            "text/xml");
    private static final String FORM = "application/x-www-form-urlencoded";

    private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);

    private final ProviderDefinition definition;

    TokenEndpoint(ProviderDefinition definition) {
        this.definition = definition;
    }

    /** Sends a token request in the server's dialect and reads an answer that is a JSON object without an error. */
    <T> CompletionStage<T> post(
            ServerMetadata server,
            URI endpoint,
            Map<String, String> form,
            ProviderContext context,
            Function<JsonObject, T> reading) {
        TokenDialect dialect = definition.tokenDialect();
        Map<String, String> parameters = new LinkedHashMap<>(form);
        HttpRequest.Builder request = authenticated(server, endpoint, parameters, context)
                .header("Content-Type", dialect.json() ? "application/json" : FORM);
        dialect.headers().forEach(request::setHeader);
        return context.send(request.POST(HttpRequest.BodyPublishers.ofString(
                                dialect.json() ? JsonObject.write(parameters) : Form.encode(parameters)))
                        .build())
                .thenApply(response -> read(
                        endpoint,
                        response,
                        answer -> answer.text(dialect.field("error")).map(dialect::error),
                        context,
                        reading));
    }

    /** Sends a form and reads an answer that is a JSON object without {@code error}. */
    <T> CompletionStage<T> postForm(
            ServerMetadata server,
            URI endpoint,
            Map<String, String> form,
            ProviderContext context,
            Function<JsonObject, T> reading) {
        TokenDialect dialect = definition.tokenDialect();
        return context.send(formRequest(server, endpoint, form, context))
                .thenApply(response ->
                        read(endpoint, response, answer -> answer.text("error").map(dialect::error), context, reading));
    }

    /**
     * Sends a form; nothing is read of the answer but whether it succeeded.
     *
     * @param done the errors that are as good as a success
     */
    CompletionStage<Void> postForNothing(
            ServerMetadata server,
            URI endpoint,
            Map<String, String> form,
            ProviderContext context,
            Predicate<String> done) {
        return context.send(formRequest(server, endpoint, form, context)).thenAccept(response -> {
            try {
                success(response, context);
            } catch (ProviderException refused) {
                if (!done.test(refused.error())) {
                    throw refused;
                }
            }
        });
    }

    private <T> T read(
            URI endpoint,
            HttpResponse<byte[]> response,
            Function<JsonObject, Optional<String>> refusal,
            ProviderContext context,
            Function<JsonObject, T> reading) {
        try {
            return reading.apply(answer(response, refusal, context));
        } catch (ProviderException failure) {
            if (!ORDINARY.contains(failure.error())) {
                LOG.warn(
                        "Provider {}: {} answered with HTTP status {} and {}: {}",
                        definition.name(),
                        endpoint.getHost(),
                        response.statusCode(),
                        contentType(response),
                        // Any other may have been made by a provider's bundle, and quote what it read.
                        failure instanceof UnusableAnswer unusable ? unusable.getMessage() : "refused" + code(failure));
            }
            throw failure;
        }
    }

    /** One of a few, for a header, too, may repeat what was sent. */
    private static String contentType(HttpResponse<?> response) {
        String type = response.headers()
                .firstValue("Content-Type")
                .map(header -> header.split(";", 2)[0].trim().toLowerCase(Locale.ROOT))
                .orElse("");
        return type.isEmpty() ? "no content type" : CONTENT_TYPES.contains(type) ? type : "an unusual content type";
    }

    private static String code(ProviderException failure) {
        return ERROR_CODE.matcher(failure.error()).matches() ? " (" + failure.error() + ")" : "";
    }

    /** @param refusal what an answer calls an error, in the terms of the RFCs */
    private static JsonObject answer(
            HttpResponse<byte[]> response, Function<JsonObject, Optional<String>> refusal, ProviderContext context) {
        JsonObject answer = JsonObject.parse(success(response, refusal, context).body());
        // Some servers answer 200 with an error inside.
        refusal.apply(answer).ifPresent(error -> {
            throw refused(error, 0);
        });
        return answer;
    }

    private HttpRequest formRequest(
            ServerMetadata server, URI endpoint, Map<String, String> form, ProviderContext context) {
        Map<String, String> parameters = new LinkedHashMap<>(form);
        return authenticated(server, endpoint, parameters, context)
                .header("Content-Type", FORM)
                .POST(HttpRequest.BodyPublishers.ofString(Form.encode(parameters)))
                .build();
    }

    /** A request that says who the client is, in a header or among the parameters. */
    private HttpRequest.Builder authenticated(
            ServerMetadata server, URI endpoint, Map<String, String> parameters, ProviderContext context) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint).header("Accept", "application/json");
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
            case PRIVATE_KEY_JWT -> {
                ClientAssertion assertion =
                        definition.clientAssertion().orElseThrow(() -> notConfigured("private_key"));
                parameters.put("client_id", id);
                parameters.put("client_assertion_type", ClientAssertion.TYPE);
                parameters.put(
                        "client_assertion",
                        assertion.sign(
                                id, audience(server, endpoint), context.clock().instant()));
            }
        }
        return request;
    }

    /**
     * OpenID Connect Core, section 9, wants the token endpoint; but an assertion that is sent to another server must be of
     * no use at the token endpoint.
     */
    private static String audience(ServerMetadata server, URI endpoint) {
        return server.tokenEndpoint()
                .filter(known -> known.getScheme().equals(endpoint.getScheme())
                        && known.getRawAuthority().equals(endpoint.getRawAuthority()))
                .orElse(endpoint)
                .toString();
    }

    private String secret() {
        return definition.clientSecret().orElseThrow(() -> notConfigured("client_secret"));
    }

    private ProviderException notConfigured(String key) {
        return new ProviderException(
                "invalid_client", key + " of provider " + definition.name() + " is not configured");
    }

    /** The answer, if its status says that it is one. */
    static HttpResponse<byte[]> success(HttpResponse<byte[]> response, ProviderContext context) {
        return success(response, answer -> answer.text("error"), context);
    }

    private static HttpResponse<byte[]> success(
            HttpResponse<byte[]> response, Function<JsonObject, Optional<String>> refusal, ProviderContext context) {
        if (response.statusCode() / 100 == 2) {
            return response;
        }
        boolean busy = BUSY.contains(response.statusCode());
        long retryAfter = busy ? RetryAfter.of(response, context.clock().instant()) : 0;
        throw error(response, refusal)
                // A server that is busy calls that as it likes.
                .filter(error -> !busy || LOOKED_AT.contains(error) || ORDINARY.contains(error))
                .map(error -> refused(error, retryAfter))
                .orElseGet(() -> new UnusableAnswer(
                        busy ? ProviderException.TEMPORARILY_UNAVAILABLE : ProviderException.PROVIDER_ERROR,
                        "the authorization server answered with HTTP status " + response.statusCode(),
                        retryAfter));
    }

    private static Optional<String> error(
            HttpResponse<byte[]> response, Function<JsonObject, Optional<String>> refusal) {
        try {
            JsonObject answer = JsonObject.parse(response.body());
            // A server that has it elsewhere may have one in its usual place, too.
            return refusal.apply(answer).or(() -> answer.text("error"));
        } catch (ProviderException noJson) {
            return Optional.empty();
        }
    }

    /**
     * The server's error code and nothing else that it says: a description may repeat, in any encoding, what it was sent,
     * and that must reach neither a page nor a log.
     */
    private static ProviderException refused(String error, long retryAfter) {
        return ERROR_CODE.matcher(error).matches()
                ? new ProviderException(error, "the authorization server refused: " + error, retryAfter)
                : new UnusableAnswer("the authorization server refused with an unusual error");
    }
}
