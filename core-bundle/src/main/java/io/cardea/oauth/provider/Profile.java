package io.cardea.oauth.provider;

import java.util.Objects;
import java.util.Optional;

/**
 * Whose credential it is.
 *
 * @param subject the account's stable identifier at the provider ({@code sub} in OpenID Connect); absent when unknown
 * @param account how a person knows the account: display name or e-mail; absent when unknown
 */
public record Profile(Optional<String> subject, Optional<String> account) {

    /** Of a provider that does not tell. */
    public static final Profile UNKNOWN = new Profile(Optional.empty(), Optional.empty());

    /** @throws NullPointerException naming what is null */
    public Profile {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(account, "account");
    }
}
