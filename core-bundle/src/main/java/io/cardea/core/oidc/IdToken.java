package io.cardea.core.oidc;

import io.cardea.oauth.provider.Profile;
import java.util.Optional;

/**
 * What a valid ID token says.
 *
 * @param issuer who vouches for it
 * @param subject the account's identifier there
 * @param account how a person knows the account; absent where it does not say
 * @param email the account's e-mail address; absent where it does not say
 */
public record IdToken(String issuer, String subject, Optional<String> account, Optional<String> email) {

    /** Whose it is. */
    public Profile profile() {
        return new Profile(Optional.of(subject), account, email, Optional.empty());
    }
}
