package io.cardea.core.connection;

import io.cardea.core.oidc.IdToken;
import io.cardea.core.registry.PlainText;
import io.cardea.core.registry.ProviderRegistry;
import io.cardea.core.registry.ServingProvider;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.OAuthException;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Whose a credential is. */
final class Profiles {

    private static final int MAX_LENGTH = 256;

    private Profiles() {}

    /** @param idToken what the credential's ID token says, if it has one that is valid */
    static CompletableFuture<Profile> ofLogin(
            ServingProvider provider, Credential credential, Optional<IdToken> idToken) {
        return told(provider, credential).thenApply(profile -> person(provider, profile, idToken));
    }

    /** @param known as far as another program knows; a provider that is here knows better */
    static CompletableFuture<Profile> ofImport(
            ProviderRegistry providers, String provider, Credential credential, Profile known) {
        return providers
                .call(provider, present -> told(present, credential))
                .exceptionally(absent -> Profile.UNKNOWN)
                .thenApply(profile -> shown(profile.or(known)));
    }

    private static CompletableFuture<Profile> told(ServingProvider provider, Credential credential) {
        return provider.call("profile", (service, context) -> service.profile(credential, context))
                // The login has succeeded; that nobody knows whose it is must not undo it.
                .exceptionally(thrown -> Profile.UNKNOWN);
    }

    /** OpenID Connect Core, section 5.3.2: a userinfo answer about somebody else is another person's. */
    private static Profile person(ServingProvider provider, Profile profile, Optional<IdToken> idToken) {
        Optional<String> vouchedFor = idToken.map(IdToken::subject);
        if (vouchedFor.isPresent() && profile.subject().isPresent() && !vouchedFor.equals(profile.subject())) {
            throw new OAuthException(
                    OAuthError.PROVIDER_ERROR,
                    Optional.of(provider.info().name()),
                    "The provider's userinfo endpoint speaks of another person than its ID token");
        }
        return shown(profile.or(idToken.map(IdToken::profile).orElse(Profile.UNKNOWN)));
    }

    /** What a server says of a person is shown on a page; it need be neither a book nor a trick. */
    private static Profile shown(Profile said) {
        return new Profile(shown(said.subject()), shown(said.account()), shown(said.email()), shown(said.plan()));
    }

    private static Optional<String> shown(Optional<String> said) {
        return said.map(text -> PlainText.of(text, MAX_LENGTH));
    }
}
