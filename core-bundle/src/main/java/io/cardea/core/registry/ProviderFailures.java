package io.cardea.core.registry;

import io.cardea.core.oidc.KeysUnavailableException;
import io.cardea.core.outbound.OutboundException;
import io.cardea.core.thread.Failures;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.ProviderException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What callers are told of a provider's failures. What it says itself is not repeated, for it may quote a code or a token;
 * what Cardea found wrong with a server is.
 *
 * @param registered whose failures they are
 */
record ProviderFailures(RegisteredProvider registered) {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderFailures.class);
    // RFC 6749, section 5.2, and its relatives; a token looks different.
    private static final Pattern ERROR_CODE = Pattern.compile("[a-z_]{1,40}");

    /** What a call came to, and a line in the log where the provider itself is at fault. */
    OAuthException of(String what, Throwable thrown) {
        Throwable cause = Failures.cause(thrown);
        if (cause instanceof TimeoutException) {
            return told(OAuthError.PROVIDER_TIMEOUT, "The provider did not answer in time", cause);
        }
        if (cause instanceof OutboundException found) {
            boolean late = found.error().equals(ProviderException.PROVIDER_TIMEOUT)
                    || found.getCause() instanceof HttpConnectTimeoutException;
            OAuthError error = late ? OAuthError.PROVIDER_TIMEOUT : OAuthError.PROVIDER_ERROR;
            return told(error, doing(what) + found.reason(), found);
        }
        if (cause instanceof KeysUnavailableException && cause.getCause() instanceof OutboundException found) {
            return told(OAuthError.PROVIDER_ERROR, "The keys of the issuer cannot be had: " + found.reason(), cause);
        }
        if (cause instanceof ProviderException failed) {
            return switch (String.valueOf(failed.error())) {
                case ProviderException.PROVIDER_TIMEOUT ->
                    told(OAuthError.PROVIDER_TIMEOUT, "The provider did not answer in time", failed);
                case ProviderException.UNREACHABLE, ProviderException.TEMPORARILY_UNAVAILABLE ->
                    told(
                            OAuthError.PROVIDER_ERROR,
                            "The provider cannot be reached, is busy or being maintained; try again later",
                            failed);
                case ProviderException.PROVIDER_ERROR ->
                    told(OAuthError.PROVIDER_ERROR, "The provider gave no OAuth answer; the log may say more", failed);
                case "invalid_client" ->
                    told(
                            OAuthError.PROVIDER_ERROR,
                            "The provider refused (invalid_client): it does not recognize Cardea. Check client_id,"
                                    + " client_secret or private_key, and client_auth in the provider's configuration",
                            failed);
                case "invalid_grant" -> told(OAuthError.PROVIDER_ERROR, invalidGrant(what), failed);
                default -> told(OAuthError.PROVIDER_ERROR, "The provider refused" + code(failed), failed);
            };
        }
        Throwable harmless = withoutMessage(cause);
        LOG.error(
                "Provider {} ({} {}) is faulty: {} failed",
                registered.info().name(),
                registered.pluginName(),
                registered.pluginVersion(),
                what,
                harmless);
        return told(OAuthError.PROVIDER_ERROR, "The provider failed; the log has the details", harmless);
    }

    /** What was being done, unless the reason says so itself. */
    private static String doing(String what) {
        return switch (what) {
            case "exchange", "refresh", "pollDevice" -> "The token request failed: ";
            case "authorizeDevice" -> "The device authorization request failed: ";
            case "revoke" -> "The revocation request failed: ";
            case "profile" -> "The userinfo request failed: ";
            default -> "";
        };
    }

    private static String invalidGrant(String what) {
        return what.equals("exchange")
                ? "The provider refused the code (invalid_grant): it has expired or was used already."
                        + " Start the login again"
                : "The provider refused (invalid_grant)";
    }

    OAuthException told(OAuthError error, String description, Throwable cause) {
        return new OAuthException(error, Optional.of(registered.info().name()), description, cause, retryAfter(cause));
    }

    private static Optional<Duration> retryAfter(Throwable cause) {
        return cause instanceof ProviderException told && told.retryAfter().isPresent()
                ? Optional.of(Duration.ofSeconds(told.retryAfter().getAsLong()))
                : Optional.empty();
    }

    private static String code(ProviderException told) {
        String code = String.valueOf(told.error());
        return ERROR_CODE.matcher(code).matches() ? " (" + code + ")" : "";
    }

    /** A fault's message may quote what the provider was working on: a code, a URL with state, a token. */
    static Throwable withoutMessage(Throwable cause) {
        RuntimeException harmless = new RuntimeException(cause.getClass().getName());
        harmless.setStackTrace(cause.getStackTrace());
        return harmless;
    }
}
