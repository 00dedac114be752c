package io.cardea.oauth;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Logins without a browser on this machine: on another device, or by a code that a person pastes. Each is kept under a
 * random identifier, sealed on the disk, until some time after its end, and goes on after a restart; only so many at once.
 * Stages fail with {@link OAuthException}
 * and complete on any thread.
 */
@ProviderType
public interface Flows {

    /**
     * Begins a device authorization (RFC 8628) and polls until the person has answered.
     *
     * @param key the provider, and the connection that is to hold the credential
     * @param scopes what to ask for; empty for the provider's default
     */
    CompletionStage<DeviceLogin> beginDevice(ConnectionKey key, List<String> scopes);

    /**
     * Begins a login whose code a person pastes. The service shows it on a page where it has one; else it is in the address
     * of the page that the browser is sent to in the end, which need not load.
     */
    CompletionStage<ManualLogin> beginManual(LoginRequest request);

    /**
     * Ends a login that was begun with {@link #beginManual}. Text that cannot be right is refused with {@link
     * OAuthError#INVALID_REQUEST}, and another may be tried.
     *
     * @param pasted the code, the code and {@code state} as {@code code#state}, or the whole address that holds both
     */
    CompletionStage<Connection> complete(String flow, String pasted);

    /** How a login stands. Throws {@link OAuthException} with {@link OAuthError#UNKNOWN_FLOW} for one that is unknown. */
    FlowStatus status(String flow);
}
