package io.cardea.oauth.provider;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An OAuth 2.0 or OpenID Connect authorization server as Cardea knows it. Publish one as an OSGi service and people can
 * log in to it; withdraw the service and they no longer can. Most providers extend {@link StandardProvider}.
 *
 * <p><b>A provider's life.</b> It is <i>made</i> by Declarative Services, which hands its constructor the configuration;
 * a constructor that throws keeps this provider away and harms no other. It <i>arrives</i>: the registry asks once for
 * {@link #info()}, {@link #redirectUri()}, {@link #manualRedirectUri()}, {@link #allowedHosts()}, {@link
 * #idTokenSignedResponseAlg()} and {@link #idTokenIssuers()}, and from then on it is listed and used. To be made and asked should take no longer than
 * two seconds, for so long others wait; one that takes longer is named in the log, and arrives when it is done. It is
 * <i>used</i>: the methods below are called by many threads at once and must not block, {@link #metadata} and {@link
 * #authorizationUrl} mostly on the thread of the request itself; each answers with a stage that Cardea bounds in time. It
 * <i>leaves</i> when its bundle stops or its configuration changes: no call begins any more, and its bundle waits a while
 * for those that are under way; one that is still being made or asked is interrupted. When the service properties are
 * modified, it is asked again as when it arrived.
 *
 * <p><b>Failures.</b> A stage that completes with a {@link ProviderException} tells what happened in the terms of RFC
 * 6749. Anything else (another exception, {@code null}, no answer in time) is a fault of the provider: it is logged
 * with the bundle's name, the caller gets {@code provider_error}, and nobody else notices.
 *
 * <p>Cardea makes and checks {@code state}, the PKCE verifier and the redirect URI; it stores credentials and decides
 * when to refresh. A provider only translates, and keeps nothing.
 */
@ConsumerType
public interface OAuthProvider {

    /** Who this provider is and what it can do. Asked at arrival, must answer at once. */
    ProviderInfo info();

    /**
     * The authorization server's endpoints. A login remembers them and is completed only while they are the same.
     *
     * @param context sends requests, should the metadata have to be discovered (RFC 8414)
     */
    CompletionStage<ServerMetadata> metadata(ProviderContext context);

    /**
     * The URL of the authorization request (RFC 6749, section 4.1.1) to which the browser is sent: absolute, http or
     * https, and nothing but visible ASCII.
     *
     * @param request what Cardea decided for this login; {@code state}, redirect URI and code challenge must be sent on
     *     unchanged
     */
    CompletionStage<String> authorizationUrl(AuthorizationRequest request, ProviderContext context);

    /**
     * Exchanges an authorization code for a credential (RFC 6749, section 4.1.3). Called at most once for each code.
     */
    CompletionStage<Credential> exchange(AuthorizationCode code, ProviderContext context);

    /**
     * Gets a new access token (RFC 6749, section 6). Called only when the credential has a refresh token, never twice at
     * the same time for one connection.
     *
     * @return the new credential; where it has no refresh token, scopes or attributes, the old ones stay valid
     */
    default CompletionStage<Credential> refresh(Credential credential, ProviderContext context) {
        return unsupported("refreshing tokens");
    }

    /** Revokes the credential at the authorization server (RFC 7009). Already revoked counts as success. */
    default CompletionStage<Void> revoke(Credential credential, ProviderContext context) {
        return unsupported("revoking tokens");
    }

    /** Whose credential this is. A provider that cannot tell answers {@link Profile#UNKNOWN}. */
    default CompletionStage<Profile> profile(Credential credential, ProviderContext context) {
        return CompletableFuture.completedFuture(Profile.UNKNOWN);
    }

    /**
     * The redirect URI that the service insists on, where that is a port and path of this machine such as {@code
     * http://localhost:1455/auth/callback}; Cardea listens there while a login is under way. Absent for all others, to
     * which Cardea's own callback is registered.
     */
    default Optional<String> redirectUri() {
        return Optional.empty();
    }

    /**
     * The redirect URI of a login whose code a person copies from a page and pastes into Cardea. Absent where the
     * provider has no such page; then {@link ProviderInfo#flows()} does not name {@link Flow#MANUAL_CODE}.
     */
    default Optional<String> manualRedirectUri() {
        return Optional.empty();
    }

    /**
     * Begins a device authorization (RFC 8628, section 3.1).
     *
     * @param scopes what is asked for; empty for the provider's own default
     */
    default CompletionStage<DeviceAuthorization> authorizeDevice(List<String> scopes, ProviderContext context) {
        return unsupported("device authorization");
    }

    /**
     * Asks once whether the person has consented (RFC 8628, section 3.4). Fails with a {@link ProviderException} whose
     * error is {@code authorization_pending}, {@code slow_down}, {@code access_denied} or {@code expired_token} while
     * there is no credential. Cardea does the waiting.
     */
    default CompletionStage<Credential> pollDevice(DeviceAuthorization authorization, ProviderContext context) {
        return unsupported("device authorization");
    }

    /**
     * The only hosts that this provider's requests may go to and that a discovered endpoint may be on: names, or {@code
     * *.example.org} for all below one. Empty: any host.
     */
    default Set<String> allowedHosts() {
        return Set.of();
    }

    /**
     * The one algorithm that ID tokens of this client are signed with (OpenID Connect Dynamic Client Registration,
     * section 2): of the RS, PS and ES families, {@code RS256} unless the client was registered with another.
     */
    default String idTokenSignedResponseAlg() {
        return "RS256";
    }

    /**
     * The issuers whose ID tokens are this server's, where it issues them in the names of its tenants. Absent for all
     * others, where it is the issuer of the metadata alone (OpenID Connect Core, section 3.1.3.7).
     */
    default Optional<Pattern> idTokenIssuers() {
        return Optional.empty();
    }

    private <T> CompletionStage<T> unsupported(String what) {
        return CompletableFuture.failedFuture(
                new ProviderException(ProviderException.UNSUPPORTED, "this provider does not support " + what));
    }
}
